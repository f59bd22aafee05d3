"""The cost of logistic regression with all its derivatives: a real function to minimize."""

import numpy as np
from scipy.special import expit

from companion.gradients.hyperplane import labelled


class LogisticCost:
    """Mean cross-entropy of logistic regression plus ½λ‖θ‖², as a function of θ.

    Parameters
    ----------
    X : array_like
        Inputs, (N, D); a column of ones makes room for a bias.
    y : array_like
        Labels 0 or 1, (N,).
    penalty : float
        λ, at least 0.

    Attributes
    ----------
    start : numpy.ndarray
        Zeros, (D,), where a search may begin.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, shapes do not fit, or the penalty is negative.

    Notes
    -----
    Derived in the chapters :ref:`perceptron_convergence` (value and gradient) and
    :ref:`second_order`.
    """

    def __init__(self, X, y, penalty=0.0):
        if not penalty >= 0:
            raise ValueError(f"penalty is {penalty}; expected at least 0")
        self.X, self.y = labelled(X, y, (0, 1))
        self.penalty, self.start = penalty, np.zeros(self.X.shape[1])

    def value(self, theta):
        """Return the cost, a float."""
        z = self.X @ theta
        # logaddexp(0, z) is log(1 + e^z) without an overflow.
        losses = np.logaddexp(0, z) - self.y * z
        return float(np.mean(losses) + 0.5 * self.penalty * (theta @ theta))

    def gradient(self, theta):
        """Return the gradient, (D,)."""
        error = expit(self.X @ theta) - self.y
        return self.X.T @ error / len(self.y) + self.penalty * theta

    def hessian(self, theta):
        """Return the matrix of second derivatives, (D, D)."""
        p = expit(self.X @ theta)
        weighted = self.X.T * (p * (1 - p) / len(self.y))
        return weighted @ self.X + self.penalty * np.eye(len(theta))

    def product(self, theta, v):
        """Return the Hessian times a vector v (D,), without the matrix."""
        p = expit(self.X @ theta)
        return self.X.T @ (p * (1 - p) * (self.X @ v)) / len(self.y) + self.penalty * v
