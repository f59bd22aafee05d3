"""Logistic regression: a network without a hidden layer.

Derived in the chapter :ref:`perceptron_convergence`. Labels are 0 and 1.
"""

import numpy as np
from scipy.special import expit

from companion.gradients.hyperplane import fit_each_other, labelled


class LogisticRegression:
    """Logistic regression by gradient descent: a network without a hidden layer.

    Parameters
    ----------
    w : array_like
        Initial weights, (D,); zero is fine here.
    b : float
        Initial bias.

    Attributes
    ----------
    w, b : numpy.ndarray, float
        Current weights and bias.
    """

    def __init__(self, w, b=0.0):
        self.w, self.b = np.array(w, dtype=float), float(b)

    def predict_proba(self, X):
        """Return P(y = 1 | x) = σ(w·x + b) for each row of X: (N, D) → (N,)."""
        return expit(np.asarray(X) @ self.w + self.b)

    def loss(self, X, y):
        """Return the mean cross-entropy, its gradient for w (D,) and for b.

        Raises
        ------
        ValueError
            If a label is not 0 or 1, or shapes do not fit.
        """
        return self._loss(*self._checked(X, y))

    def _checked(self, X, y):
        X, y = labelled(X, y, (0, 1))
        fit_each_other(X, self.w)
        return X, y

    def _loss(self, X, y):
        z = X @ self.w + self.b
        # logaddexp(0, z) is log(1 + e^z) without an overflow.
        cost = np.mean(np.logaddexp(0, z) - y * z)
        error = (expit(z) - y) / len(y)
        return float(cost), error @ X, float(error.sum())

    def fit(self, X, y, lr=0.1, steps=1000):
        """Descend the mean cross-entropy.

        Parameters
        ----------
        X : array_like
            Points, (N, D).
        y : array_like
            Labels 0 or 1, (N,).
        lr : float
            Learning rate η.
        steps : int
            Number of updates.

        Returns
        -------
        numpy.ndarray
            Cost before each update, (steps,).
        """
        X, y = self._checked(X, y)
        costs = np.empty(steps)
        for step in range(steps):
            costs[step], dw, db = self._loss(X, y)
            self.w -= lr * dw
            self.b -= lr * db
        return costs
