"""Penalties and their proximal steps: torch, SciPy's minimizers, closed forms."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize, minimize_scalar

from companion import optim
from companion.gradients.module import Parameter
from companion.gradients.tensor import Tensor
from companion.regularization.penalties import L1, L2, ElasticNet, Penalty
from companion.regularization.thresholds import project_l1, project_l2, soft_threshold

ALL = (L1(0.7), L2(0.7), ElasticNet(0.7, 0.3), ElasticNet(0.7, 0.0), ElasticNet(0.7, 1.0))


def arrays(seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in ((4, 3), (5,))]


@pytest.mark.parametrize("penalty", ALL)
def test_values_and_gradients_are_torch_s(penalty):
    ours = [Parameter(w) for w in arrays()]
    theirs = [torch.tensor(w, requires_grad=True) for w in arrays()]
    rho = {L1: 1.0, L2: 0.0}.get(type(penalty), getattr(penalty, "l1_ratio", None))
    one = sum(torch.linalg.vector_norm(w, 1) for w in theirs)
    two = sum(torch.linalg.vector_norm(w, 2) ** 2 for w in theirs)
    expected = 0.7 * (rho * one + (1 - rho) / 2 * two)
    found = penalty(ours)
    assert isinstance(found, Tensor)
    np.testing.assert_allclose(found.item(), expected.item(), rtol=1e-13)
    np.testing.assert_allclose(penalty(arrays()), expected.item(), rtol=1e-13)
    found.backward()
    expected.backward()
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-12)


def test_at_zero_the_engine_takes_a_subgradient_of_0():
    w = Parameter(np.zeros(3))
    L1(2.0)(w).backward()
    np.testing.assert_array_equal(w.grad, 0)


@pytest.mark.parametrize("penalty", ALL)
@pytest.mark.parametrize("rate", [0.1, 2.0])
def test_a_proximal_step_is_the_minimizer_that_scipy_finds(penalty, rate):
    for w in (-3.0, -0.4, 0.0, 0.05, 1.3):
        found = penalty.prox(np.array([w]), rate)
        best = minimize_scalar(
            lambda u, w=w: 0.5 * (u - w) ** 2 + rate * penalty(np.array([u])),
            bounds=(-4, 4), method="bounded", options={"xatol": 1e-10},
        )  # fmt: skip
        np.testing.assert_allclose(found, best.x, atol=1e-6)


def test_l2_in_the_cost_is_weight_decay_of_torch_s_sgd():
    w, twin = Parameter(arrays()[0]), torch.nn.Parameter(torch.tensor(arrays()[0]))
    ours, theirs = optim.SGD([w], lr=0.1), torch.optim.SGD([twin], lr=0.1, weight_decay=0.3)
    for _ in range(5):
        for step, cost in (
            (ours, (w * w * w).sum() + L2(0.3)(w)),
            (theirs, (twin * twin * twin).sum()),
        ):
            step.zero_grad()
            cost.backward()
            step.step()
    np.testing.assert_allclose(w.data, twin.detach().numpy(), rtol=1e-12)


def test_a_strength_for_each_of_many_networks():
    lam = np.array([0.0, 1.0, 10.0])[:, None, None]
    w = np.random.default_rng(1).normal(size=(3, 2, 2)).astype("float32")
    for kind in (L1, L2):
        each = [kind(float(k)).prox(a, 0.1) for k, a in zip(lam.ravel(), w, strict=True)]
        together = kind(lam).prox(w, 0.1)
        assert together.dtype == np.float32
        np.testing.assert_allclose(together, each, rtol=1e-6)
        alone = sum(kind(float(k))(a) for k, a in zip(lam.ravel(), w, strict=True))
        cost = kind(lam)(Parameter(w))
        assert cost.dtype == np.float32
        np.testing.assert_allclose(cost.item(), alone, rtol=1e-5)


@pytest.mark.parametrize("penalty", ALL)
def test_shrinking_changes_tensors_in_place_and_keeps_their_type(penalty):
    weights = [Parameter(w.astype("float32")) for w in arrays()]
    penalty.shrink(weights, 0.5)
    for w, before in zip(weights, arrays(), strict=True):
        assert w.dtype == np.float32
        np.testing.assert_allclose(w.data, penalty.prox(before, 0.5), atol=1e-6)


def test_nonsense_is_refused():
    for lam in (-1.0, np.nan, [0.1, -0.1]):
        with pytest.raises(ValueError, match="L2: lam is"):
            L2(lam)
    with pytest.raises(ValueError, match=r"l1_ratio is 1\.5"):
        ElasticNet(0.1, 1.5)
    with pytest.raises(ValueError, match="got no weights"):
        L1(0.1)([])
    with pytest.raises(NotImplementedError):
        Penalty(0.1)(np.ones(2))
    with pytest.raises(NotImplementedError):
        Penalty(0.1).prox(np.ones(2), 1.0)
    with pytest.raises(ValueError, match="threshold is -1"):
        soft_threshold(np.ones(2), -1)


def test_the_soft_threshold_is_torch_s_with_exact_zeros_and_extremes():
    x = np.array([-np.inf, -3, -1, -0.5, -0.0, 0.0, 1.0, 1 + 1e-15, 1e300, np.inf, np.nan])
    found = soft_threshold(x, 1.0)
    np.testing.assert_array_equal(found, torch.nn.functional.softshrink(torch.tensor(x), 1.0))
    np.testing.assert_array_equal(soft_threshold(x, 0.0)[:-1], x[:-1])
    assert not soft_threshold(x[1:-2], np.inf).any()
    assert soft_threshold([3, -1], 2).tolist() == [1.0, 0.0]
    assert soft_threshold(np.ones((0, 2)), 1.0).shape == (0, 2)
    assert soft_threshold(np.ones(3, "float32"), np.float64(0.5)).dtype == np.float32


@pytest.mark.parametrize(("project", "p"), [(project_l1, 1), (project_l2, 2)])
def test_a_projection_is_the_nearest_point_inside(project, p):
    rng = np.random.default_rng(2)
    for radius in (0.3, 1.0, 2.5):
        w = rng.normal(size=4) * 1.5
        found = project(w, radius)
        assert np.linalg.norm(found, p) <= radius * (1 + 1e-12)
        if p == 1:  # w = a - b with both at least 0, so that the constraint is smooth
            bound = {"type": "ineq", "fun": lambda z, r=radius: r - z.sum()}
            best = minimize(lambda z, w=w: np.sum((z[:4] - z[4:] - w) ** 2), np.full(8, 0.01),
                            bounds=[(0, None)] * 8, constraints=bound, tol=1e-14)  # fmt: skip
            expected = best.x[:4] - best.x[4:]
        else:
            expected = w * min(1, radius / np.sqrt(w @ w))
        np.testing.assert_allclose(found, expected, atol=2e-5)


def test_inside_the_ball_nothing_moves_and_a_radius_is_above_0():
    w = np.array([[0.1, -0.2], [0.0, 0.3]])
    for project in (project_l1, project_l2):
        np.testing.assert_array_equal(project(w, 1.0), w)
        assert project(w, 0.1).shape == (2, 2)
        for radius in (0, -1, np.nan):
            with pytest.raises(ValueError, match=f"{project.__name__}: radius is"):
                project(w, radius)
    np.testing.assert_allclose(project_l1([1.0, 1.0, 1.0], 1.5), 0.5)
