"""The cost of logistic regression: torch's derivatives, scikit-learn's minimum."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from companion.optimization.second_order.logistic import LogisticCost
from companion.optimization.second_order.newton import newton
from tests.optimization.second_order.problems import ABOVE, PATIENTS

X, Y = PATIENTS.numpy(), ABOVE.numpy()


@pytest.mark.parametrize("penalty", [0.0, 0.3])
@pytest.mark.parametrize("size", [0.0, 1.0, 300.0])
def test_derivatives_are_torch_s(size, penalty):
    theta = size * np.random.default_rng(0).normal(size=11)
    v = np.random.default_rng(1).normal(size=11)
    cost = LogisticCost(X, Y, penalty)

    def formula(t):
        losses = torch.nn.functional.binary_cross_entropy_with_logits(PATIENTS @ t, ABOVE)
        return losses + penalty / 2 * (t @ t)

    t = torch.tensor(theta)
    derivatives = torch.autograd.functional
    assert cost.value(theta) == pytest.approx(formula(t).item(), rel=1e-12)
    gradient, hessian = derivatives.jacobian(formula, t), derivatives.hessian(formula, t).numpy()
    np.testing.assert_allclose(cost.gradient(theta), gradient, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(cost.hessian(theta), hessian, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(cost.product(theta, v), hessian @ v, rtol=1e-10, atol=1e-12)


def test_the_minimum_is_scikit_learn_s():
    found = newton(*_parts(LogisticCost(X, Y, 0.01)), np.zeros(11), tolerance=1e-12)
    theirs = LogisticRegression(C=1 / (0.01 * len(Y)), fit_intercept=False, tol=1e-12)
    theirs.fit(X, Y)
    np.testing.assert_allclose(found.x, theirs.coef_[0], atol=1e-5)


def _parts(cost):
    return cost.value, cost.gradient, cost.hessian


def test_errors():
    with pytest.raises(ValueError, match="penalty is -1; expected at least 0"):
        LogisticCost(X, Y, -1)
    with pytest.raises(ValueError, match="y holds -1; expected only 0 and 1"):
        LogisticCost(X, 2 * Y - 1)
    with pytest.raises(ValueError, match=r"X is .* and y is"):
        LogisticCost(X, Y[:-1])
