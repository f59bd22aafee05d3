"""Networks as functions of one vector: torch's numbers, no work twice, SciPy can minimize them."""

import numpy as np
import pytest
import torch
from scipy.optimize import check_grad, minimize

from companion import nn
from companion.gradients.generator import manual_seed
from companion.optimization.second_order.flat import flatten
from companion.optimization.second_order.lbfgs import lbfgs

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 3)), RNG.integers(4, size=40)


def network(dtype="double", hidden=5):
    manual_seed(0)
    model = nn.Sequential(nn.Linear(3, hidden), nn.Tanh(), nn.Linear(hidden, 4))
    return getattr(model, dtype)()


def flat(dtype="double"):
    inputs = X if dtype == "double" else X.astype(np.float32)
    return flatten(network(dtype), nn.CrossEntropyLoss(), inputs, Y)


@pytest.mark.usefixtures("unperturbed")
def test_value_and_gradient_are_torch_s():
    ours = flat()
    theta = RNG.normal(size=len(ours.theta))
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 4))
    theirs = theirs.double()
    torch.nn.utils.vector_to_parameters(torch.tensor(theta), theirs.parameters())
    cost = torch.nn.functional.cross_entropy(theirs(torch.tensor(X)), torch.tensor(Y))
    cost.backward()
    expected = torch.cat([p.grad.ravel() for p in theirs.parameters()])
    assert ours.value(theta) == pytest.approx(cost.item(), rel=1e-12)
    np.testing.assert_allclose(ours.gradient(theta), expected, rtol=1e-10, atol=1e-14)
    assert check_grad(ours.value, ours.gradient, theta) < 1e-6


def test_vector_and_parameters_are_the_same_numbers():
    ours = flat()
    theta = ours.theta
    parameters = list(ours.model.parameters())
    np.testing.assert_array_equal(theta, np.concatenate([p.data.ravel() for p in parameters]))
    ours.load(2 * theta)
    np.testing.assert_array_equal(ours.theta, 2 * theta)
    assert [p.shape for p in parameters] == [(5, 3), (5,), (4, 5), (4,)]
    theta[:] = 0
    assert ours.theta.all(), "theta is a copy"


def test_a_gradient_after_a_value_costs_no_second_forward_pass():
    ours, runs = flat(), []
    ours.model.register_forward_hook(lambda *a: runs.append(1))
    theta = ours.theta
    ours.value(theta)
    first = ours.gradient(theta)
    assert len(runs) == 1
    np.testing.assert_array_equal(ours.gradient(theta), first)  # the graph is gone: run again
    assert len(runs) == 2
    ours.value(theta)
    ours.gradient(theta + 1)  # elsewhere
    assert len(runs) == 4
    ours.value(theta)
    theta += 1  # the caller's array changed behind our back
    np.testing.assert_allclose(ours.gradient(theta), flat().gradient(theta), rtol=1e-12)
    ours.value(theta)
    ours.load(theta + 1)
    np.testing.assert_allclose(ours.gradient(theta), flat().gradient(theta), rtol=1e-12)


def test_scipy_and_lbfgs_find_the_same_cost():
    """One layer: a convex cost, whose minimum is the same from every start, on any machine."""
    manual_seed(0)
    ours = flatten(nn.Linear(3, 4).double(), nn.CrossEntropyLoss(), X, Y)
    start = ours.theta
    found = lbfgs(ours.value, ours.gradient, start, tolerance=1e-6)
    theirs = minimize(ours.value, start, jac=ours.gradient, method="L-BFGS-B", tol=1e-12)
    assert found.converged, found.message
    assert found.value < 0.98 * ours.value(start)
    assert found.value == pytest.approx(theirs.fun, rel=1e-9)
    ours.load(found.x)
    np.testing.assert_array_equal(ours.theta, found.x)


def test_single_precision_stays_single():
    ours = flat("float")
    theta = ours.theta
    assert theta.dtype == np.float64
    assert ours.gradient(theta).dtype == np.float64
    assert all(p.dtype == np.float32 for p in ours.model.parameters())
    np.testing.assert_allclose(ours.gradient(theta), flat().gradient(theta), atol=1e-6)


def test_a_parameter_that_does_not_matter_has_gradient_zero():
    class Half(nn.Module):
        def __init__(self):
            self.used, self.idle = nn.Linear(3, 4).double(), nn.Linear(2, 1).double()

        def forward(self, x):
            return self.used(x)

    ours = flatten(Half(), nn.CrossEntropyLoss(), X, Y)
    gradient = ours.gradient(ours.theta)
    assert gradient[:16].all()
    np.testing.assert_array_equal(gradient[16:], 0)


def test_errors():
    with pytest.raises(ValueError, match="the model has no parameters"):
        flatten(nn.Tanh(), nn.MSELoss(), X, X)
    with pytest.raises(ValueError, match=r"theta has shape \(3,\); the model has 44 parameters"):
        flat().value(np.zeros(3))
