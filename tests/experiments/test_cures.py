"""Remedies do what they say: masks, shifts, penalties, and a treated network equals torch's."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.digits import ThreeWay
from companion.experiments.regularization import cures
from companion.experiments.regularization.small_sets import network, own_sets
from companion.gradients.tensor import Tensor

SIZES = (6, 5, 4, 3)


def data():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 6)).astype("float32"), rng.integers(3, size=30)
    return ThreeWay(X[:10], y[:10], X[10:20], y[10:20], X[20:], y[20:])


def test_masks_keep_the_mean_and_the_share_and_rest_in_evaluation():
    layer, x = cures.Masked(0.3), Tensor(np.ones((400, 100), "float32"))
    out = layer.train()(x).numpy()
    np.testing.assert_allclose(np.unique(out), [0, 1 / 0.7], rtol=1e-6)
    np.testing.assert_allclose([np.mean(out == 0), out.mean()], [0.3, 1.0], atol=0.01)
    np.testing.assert_array_equal(layer.eval()(x).numpy(), x.numpy())
    assert out.dtype == np.float32


def test_the_gradient_passes_where_a_unit_was_kept():
    x = Tensor(np.ones((20, 5)), requires_grad=True)
    out = cures.Masked(0.5).train()(x)
    out.sum().backward()
    np.testing.assert_array_equal(x.grad, out.numpy())


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2])
def test_a_rate_that_leaves_nothing_is_refused(rate):
    with pytest.raises(ValueError, match="expected a share from 0 to below 1"):
        cures.Masked(rate)


def test_a_shifted_image_is_the_padded_one_cut_out_somewhere():
    rng = np.random.default_rng(1)
    images = rng.random((50, 25)).astype("float32")
    moved, labels = cures.shifted(1, side=5)(images, np.arange(50), rng)
    np.testing.assert_array_equal(labels, np.arange(50))
    seen = set()
    for before, after in zip(images, moved, strict=True):
        found = [
            (i, j)
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            if np.array_equal(after, _moved(before.reshape(5, 5), i, j).ravel())
        ]
        assert len(found) == 1
        seen.update(found)
    assert len(seen) == 9


def _moved(image, down, right):
    """Roll, then clear what came round the edge."""
    out = np.roll(image, (down, right), (0, 1))
    for axis, by in enumerate((down, right)):
        edge = np.arange(by) if by > 0 else np.arange(5 + by, 5)
        if by:
            out[(edge if axis == 0 else slice(None)), (edge if axis == 1 else slice(None))] = 0
    return out


def test_no_shift_changes_nothing_and_too_large_ones_are_refused():
    x = np.arange(32.0).reshape(2, 16)
    same, _ = cures.shifted(0, side=4)(x, None, np.random.default_rng(0))
    np.testing.assert_array_equal(same, x)
    with pytest.raises(ValueError, match="most is 4; expected 0 to 3 pixels"):
        cures.shifted(4, side=4)


def test_the_penalty_is_the_sum_of_squares():
    weights = [Tensor(np.array([[1.0, -2.0]])), Tensor(np.array([[3.0]]))]
    assert cures.squares(0.5)(weights).item() == 7.0


def test_a_treated_network_ends_where_torch_ends():
    parts = data()
    found = cures.treated(
        [4], parts, lambda p: optim.SGD(p, lr=0.1), sizes=SIZES, activation=nn.Tanh, size=8,
        epochs=3, batch=8, penalty=cures.squares(0.01),
    )  # fmt: skip
    (X,), (y,) = own_sets([4], 8, parts)
    twin = torch.nn.Sequential(*[
        torch.nn.Linear(6, 5), torch.nn.Tanh(), torch.nn.Linear(5, 4), torch.nn.Tanh(),
        torch.nn.Linear(4, 3),
    ])
    start = network(4, SIZES, activation=nn.Tanh).state_dict()
    twin.load_state_dict({k: torch.tensor(v) for k, v in start.items()})
    step = torch.optim.SGD(twin.parameters(), lr=0.1)
    for _ in range(3):
        step.zero_grad()
        loss = torch.nn.functional.cross_entropy(twin(torch.tensor(X)), torch.tensor(y))
        decay = sum((p**2).sum() for k, p in twin.named_parameters() if "weight" in k)
        (loss + 0.01 * decay).backward()
        step.step()
    with torch.no_grad():
        scores = twin(torch.tensor(parts.X_dev))
    expected = torch.softmax(scores, dim=1).numpy()
    got = cures.probabilities(found.networks, parts.X_dev)
    np.testing.assert_allclose(got[0], expected, atol=1e-5)
    np.testing.assert_allclose(found.dev, np.mean(expected.argmax(1) != parts.y_dev))
    cross = torch.nn.functional.cross_entropy(scores, torch.tensor(parts.y_dev))
    np.testing.assert_allclose(found.dev_loss, cross.item(), rtol=1e-4)


def test_masked_units_are_between_the_layers_and_huge_scores_give_probabilities():
    found = cures.treated(
        [0, 1], data(), lambda p: optim.SGD(p, lr=0.0), sizes=SIZES, masked=0.5, size=6, epochs=1
    )
    assert found.train.shape == found.dev.shape == (2,)
    assert not any(layer.training for layer in found.networks._layers if hasattr(layer, "rate"))
    for parameter in found.networks.parameters():
        parameter.data *= 1e4
    P = cures.probabilities(found.networks, data().X_dev)
    np.testing.assert_allclose(P.sum(axis=-1), 1)
