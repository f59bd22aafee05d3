"""Pushed and shuffled digits are those of loops and of scikit-image; runs are those of torch."""

import numpy as np
import pytest
import torch
from skimage.transform import AffineTransform, warp

from companion import nn, optim
from companion.data.batches import Batches
from companion.data.digits import digits
from companion.experiments.cnn import digit_readers as readers
from companion.training import manual_seed


def test_each_image_is_pushed_by_its_own_draw():
    images = np.random.default_rng(0).random((9, 2, 7, 6))
    found, labels = readers.pushed(images, "labels", np.random.default_rng(1), limit=3)
    down, right = np.random.default_rng(1).integers(-3, 4, size=(2, 9))
    assert labels == "labels"
    for n in range(9):
        for c in range(2):
            move = AffineTransform(translation=(right[n], down[n])).inverse
            expected = warp(images[n, c], move, order=0, cval=0)
            np.testing.assert_array_equal(found[n, c], expected)
    assert len(set(zip(down, right, strict=True))) > 4


def test_pushed_by_nothing_is_a_copy_and_none_will_do():
    images = np.ones((2, 1, 3, 3), "float32")
    found, _ = readers.pushed(images, None, np.random.default_rng(0), limit=0)
    np.testing.assert_array_equal(found, images)
    assert found.dtype == np.float32
    assert not np.shares_memory(found, images)
    assert readers.pushed(images[:0], None, np.random.default_rng(0))[0].shape == (0, 1, 3, 3)


def test_images_without_channels_are_refused():
    with pytest.raises(ValueError, match=r"\(2, 3, 3\); expected \(N, C, H, W\)"):
        readers.pushed(np.ones((2, 3, 3)), None, np.random.default_rng(0))


def test_all_images_are_shuffled_alike_and_nothing_is_lost():
    X = digits().X_train[:5]
    order = np.random.default_rng(2).permutation(784)
    found = readers.as_images(X, order)
    assert found.shape == (5, 1, 28, 28)
    for k in (0, 300, 783):
        np.testing.assert_array_equal(found[:, 0, k // 28, k % 28], X[:, order[k]])
    np.testing.assert_array_equal(readers.as_images(X).reshape(5, 784), X)


@pytest.mark.parametrize(
    ("X", "order", "message"),
    [
        (np.zeros((2, 10)), None, "10 pixels make no square"),
        (np.zeros((2, 9)), [0] * 9, "each of the 9 places once"),
        (np.zeros((2, 9)), range(8), "each of the 9 places once"),
    ],
)
def test_what_makes_no_images(X, order, message):
    with pytest.raises(ValueError, match=message):
        readers.as_images(X, order)


def test_the_rate_falls_along_a_line_to_zero():
    rates = []

    class Watched(optim.SGD):
        def step(self):
            rates.append(self.param_groups[0]["lr"])
            super().step()

    X, y = np.zeros((8, 3), "float32"), np.zeros(8, int)
    readers.trained(
        nn.Linear(3, 2), Batches(X, y, batch_size=4), nn.CrossEntropyLoss(),
        lambda p: Watched(p, lr=0.4), epochs=2, fade=True,
    )  # fmt: skip
    np.testing.assert_allclose(rates, [0.4, 0.3, 0.2, 0.1])


def test_both_engines_misread_the_same_digits():
    data = digits()
    X, y = readers.as_images(data.X_train[:200]), data.y_train[:200]
    manual_seed(3)
    start = nn.Sequential(nn.Flatten(), nn.Linear(784, 10)).state_dict()

    def made(engine):
        model = engine.Sequential(engine.Flatten(), engine.Linear(784, 10))
        as_values = torch.tensor if engine is torch.nn else np.asarray
        model.load_state_dict({name: as_values(value) for name, value in start.items()})
        return model

    found = [
        readers.errors(
            {"one": (lambda seed, engine=engine: made(engine), lambda p, sgd=sgd: sgd(p, lr=0.1))},
            lambda seed: Batches(X, y, batch_size=20, seed=seed),
            (readers.as_images(data.X_test), data.y_test), loss, 3, seeds=[0, 1],
        )["one"]
        for engine, sgd, loss in (
            (nn, optim.SGD, nn.CrossEntropyLoss()),
            (torch.nn, torch.optim.SGD, torch.nn.CrossEntropyLoss()),
        )
    ]  # fmt: skip
    assert found[0].shape == (2,)
    np.testing.assert_allclose(found[0], found[1], atol=0.003)
    assert found[0].max() < 0.4
