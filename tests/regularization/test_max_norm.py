"""Max-norm is torch's renorm, and the projection: nothing allowed lies nearer."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from companion import nn, optim
from companion.data.batches import Batches
from companion.gradients.generator import manual_seed
from companion.regularization.max_norm import MaxNorm, max_norm
from companion.training import fit


@pytest.mark.parametrize(
    ("shape", "axis", "dim"), [((5, 7), 1, 0), ((5, 7), 0, 1), ((4, 3, 2, 2), (1, 2, 3), 0)]
)
@pytest.mark.parametrize("limit", [0.5, 2.0, 50.0])
def test_equals_torch_s_renorm(shape, axis, dim, limit):
    """Up to the 10⁻⁷ that torch adds to each norm before it divides."""
    weight = np.random.default_rng(1).normal(size=shape) * 2
    theirs = torch.renorm(torch.tensor(weight), 2, dim, limit).numpy()
    np.testing.assert_allclose(max_norm(weight, limit, axis), theirs, rtol=1e-6)


def test_is_the_nearest_point_of_the_ball_by_scipy():
    rng = np.random.default_rng(2)
    for w in rng.normal(size=(4, 3)) * 2:
        inside = {"type": "ineq", "fun": lambda v: 1.0 - v @ v}
        found = minimize(lambda v, w=w: np.sum((v - w) ** 2), np.zeros(3), constraints=inside)
        np.testing.assert_allclose(max_norm(w[None], 1.0)[0], found.x, atol=1e-5)


def test_a_projection_projects_once_and_never_pulls_apart():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 50, 6)) * 2
    once, other = max_norm(a, 1.5), max_norm(b, 1.5)
    np.testing.assert_allclose(max_norm(once, 1.5), once, rtol=1e-14)
    before, after = (np.linalg.norm(u - v, axis=1) for u, v in ((a, b), (once, other)))
    assert np.all(after <= before + 1e-12)


def test_short_rows_stay_bit_for_bit_and_the_input_is_left_alone():
    weight = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    kept = weight.copy()
    out = max_norm(weight, 1.0)
    np.testing.assert_array_equal(weight, kept)
    np.testing.assert_array_equal(out[1:], kept[1:])
    np.testing.assert_allclose(out[0], [0.6, 0.8], rtol=1e-15)


def test_extreme_weights():
    huge = max_norm(np.array([[3e200, 4e200], [3e-200, 4e-200]]), 1.0)
    np.testing.assert_allclose(huge, [[0.6, 0.8], [3e-200, 4e-200]], rtol=1e-14)
    assert not max_norm(np.ones((2, 3)), 0.0).any()
    assert max_norm(np.ones((0, 3)), 1.0).shape == (0, 3)
    assert max_norm(np.ones((3, 0)), 1.0).shape == (3, 0)
    assert max_norm(np.ones((2, 3), np.float32), 1.0).dtype == np.float32


@pytest.mark.parametrize("limit", [-1.0, float("nan")])
def test_a_limit_that_is_no_length_is_named(limit):
    with pytest.raises(ValueError, match=r"limit is .*; expected a length"):
        max_norm(np.ones((2, 2)), limit)
    with pytest.raises(ValueError, match=r"limit is .*; expected a length"):
        MaxNorm(limit)


def test_as_a_callback_it_holds_the_rows_after_every_update_and_not_the_biases():
    manual_seed(1)
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(40, 5)).astype("float32"), rng.integers(3, size=40)
    model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3))
    free = model.state_dict()

    def learn(*callbacks):
        model.load_state_dict(free)
        fit(
            model,
            Batches(X, y, batch_size=10, seed=0),
            nn.CrossEntropyLoss(),
            optim.SGD(model.parameters(), lr=2.0),
            epochs=10,
            callbacks=callbacks,
        )
        return [np.linalg.norm(p.data, axis=-1).max() for p in model.parameters()]

    without, held = learn(), learn(MaxNorm(0.7))
    assert min(without[0], without[2]) > 1
    assert max(held[0], held[2]) <= 0.7 * (1 + 1e-6)
    assert held[1] > 0.7
