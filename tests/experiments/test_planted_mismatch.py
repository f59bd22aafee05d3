"""Sets without common digits, and alterations that do what they say."""

import numpy as np
import pytest
import torch

from companion.data.digits import train_dev_test
from companion.experiments.regularization import planted_mismatch as planted
from companion.experiments.regularization.small_sets import network, own_sets
from companion.experiments.side_by_side import SideBySide


def test_the_four_sets_share_no_digit_and_leave_the_test_part_alone():
    sets = planted.four_sets([3, 4], size=300, n=200)
    assert [X.shape for X, _ in sets] == [(2, 300, 784)] + [(2, 200, 784)] * 3
    for k in range(2):
        rows = [row.tobytes() for X, _ in sets for row in X[k]]
        assert len(set(rows)) == 900
        assert not set(rows) & {row.tobytes() for row in train_dev_test().X_test}
    np.testing.assert_array_equal(sets.train[0], own_sets([3, 4], 300)[0])


def test_each_digit_keeps_its_label():
    data = train_dev_test()
    label = {row.tobytes(): int(y) for row, y in zip(
        np.concatenate([data.X_train, data.X_dev]),
        np.concatenate([data.y_train, data.y_dev]), strict=True)}  # fmt: skip
    for X, y in planted.four_sets([5], size=50, n=60):
        assert [label[row.tobytes()] for row in X[0]] == y[0].tolist()


def test_too_many_digits_are_refused():
    with pytest.raises(ValueError, match="3000 digits to learn from and three times 400"):
        planted.four_sets([0], size=3000, n=400)
    with pytest.raises(ValueError, match="three times 0"):
        planted.four_sets([0], n=0)


def test_turned_digits_are_torch_s():
    X = train_dev_test().X_train[:6].reshape(2, 3, 784)
    got = planted.rotated(X, 25)
    assert got.shape == X.shape
    assert got.dtype == np.float32
    c, s = np.cos(np.radians(25)), np.sin(np.radians(25))
    where = torch.tensor([[c, -s, 0], [s, c, 0]], dtype=torch.float32).expand(6, 2, 3)
    grid = torch.nn.functional.affine_grid(where, (6, 1, 28, 28), align_corners=True)
    pictures = torch.tensor(X.reshape(6, 1, 28, 28))
    theirs = torch.nn.functional.grid_sample(pictures, grid, align_corners=True)
    np.testing.assert_allclose(got.reshape(-1), theirs.numpy().reshape(-1), atol=1e-4)
    np.testing.assert_array_equal(planted.rotated(X, 0), X)


def test_noise_has_its_deviation_and_fading_its_contrast():
    X = train_dev_test().X_train[:50]
    noise = planted.noisy(X, 0.3) - X
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert abs(noise.mean()) < 0.01
    np.testing.assert_array_equal(planted.noisy(X, 0.0), X)
    np.testing.assert_allclose(planted.faded(X, 1), 0.5)
    np.testing.assert_array_equal(planted.faded(X, 0), X)
    assert np.ptp(planted.faded(X, 0.4)) == pytest.approx(0.6)
    assert planted.faded(X, 0.4).dtype == np.float32


def test_only_dev_and_test_set_are_altered():
    sets = planted.four_sets([1, 2], size=40, n=50)
    networks = SideBySide([network(seed) for seed in (1, 2)])
    plain = planted.four_errors(networks, sets)
    blank = planted.four_errors(networks, sets, lambda X: np.zeros_like(X))
    assert list(plain) == ["train", "train_dev", "dev", "test"]
    for name in ("train", "train_dev"):
        np.testing.assert_array_equal(plain[name], blank[name])
    for name in ("dev", "test"):  # one class for all: a share of other classes
        classes = networks(sets.dev[0][:, :1] * 0).numpy().argmax(axis=-1)
        np.testing.assert_allclose(blank[name], np.mean(getattr(sets, name)[1] != classes, axis=1))
