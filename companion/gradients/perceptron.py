"""The perceptron: online, averaged, and as gradient descent on the whole set.

Derived in the chapters :ref:`perceptron` and :ref:`perceptron_convergence`. Labels are -1 and +1;
all arrays are plain NumPy.
"""

import numpy as np

from companion.gradients.hyperplane import fit_each_other, labelled


class Perceptron:
    """Rosenblatt's perceptron, taught online: one example at a time.

    Parameters
    ----------
    dim : int
        Number of features D.
    lr : float
        Learning rate η > 0. From zero weights it scales w and b but changes no decision.

    Attributes
    ----------
    w : numpy.ndarray
        Weights, (D,), zero at first.
    b : float
        Bias.
    mistakes : int
        Updates made so far.

    Notes
    -----
    On a mistake, y (w·x + b) ≤ 0: w ← w + η y x and b ← b + η y. Source: Rosenblatt (1958).
    """

    def __init__(self, dim, lr=1.0):
        if not lr > 0:
            raise ValueError(f"Perceptron: lr is {lr}; expected a positive number")
        self.w, self.b, self.lr, self.mistakes = np.zeros(dim), 0.0, lr, 0

    def decision(self, X):
        """Return w·x + b for each row of X: (N, D) → (N,)."""
        return np.asarray(X) @ self.w + self.b

    def predict(self, X):
        """Return -1 or +1 for each row of X; a point on the hyperplane counts as +1."""
        return np.where(self.decision(X) >= 0, 1.0, -1.0)

    def update(self, x, y):
        """Learn from one example; return whether it was a mistake."""
        if y * (x @ self.w + self.b) > 0:
            return False
        self.w = self.w + self.lr * y * x
        self.b += self.lr * y
        self.mistakes += 1
        return True

    def fit(self, X, y, max_epochs=1000, seed=None):
        """Go through the examples until an epoch has no mistake.

        Parameters
        ----------
        X : array_like
            Points, (N, D).
        y : array_like
            Labels -1 or +1, (N,).
        max_epochs : int
            Give up after so many passes.
        seed : int, optional
            Mix the order anew each epoch; without it the order is that of X.

        Returns
        -------
        list of int
            Mistakes in each epoch; the last is 0 if the data were separated.

        Raises
        ------
        ValueError
            If a label is not -1 or +1, or shapes do not fit.
        """
        X, y = labelled(X, y, (-1, 1))
        fit_each_other(X, self.w)
        rng = np.random.default_rng(seed)
        counts = []
        while len(counts) < max_epochs:
            order = range(len(X)) if seed is None else rng.permutation(len(X))
            counts.append(sum(self.update(X[i], y[i]) for i in order))
            if counts[-1] == 0:
                break
        return counts


class AveragedPerceptron(Perceptron):
    """Perceptron whose answer is the mean of the weights after every example seen.

    Parameters
    ----------
    dim : int
        Number of features D.
    lr : float
        Learning rate η > 0.

    Attributes
    ----------
    w_mean, b_mean : numpy.ndarray, float
        Mean weights and bias, used by `decision`.

    Notes
    -----
    Source: Freund and Schapire (1999), the averaged form. The sum is kept lazily: an update at
    time t counts for all later times, so each example costs one comparison more, not one sum more.
    """

    def __init__(self, dim, lr=1.0):
        super().__init__(dim, lr)
        self._seen, self._w_late, self._b_late = 0, np.zeros(dim), 0.0

    @property
    def w_mean(self):
        """Mean weights over all examples seen, (D,)."""
        return self.w - self._w_late / max(self._seen, 1)

    @property
    def b_mean(self):
        """Mean bias over all examples seen."""
        return self.b - self._b_late / max(self._seen, 1)

    def decision(self, X):
        """Return w̄·x + b̄ for each row of X: (N, D) → (N,)."""
        return np.asarray(X) @ self.w_mean + self.b_mean

    def update(self, x, y):
        """Learn from one example; return whether the current weights were mistaken."""
        mistaken = super().update(x, y)
        if mistaken:
            # The change was not there for the examples before this one.
            self._w_late = self._w_late + self._seen * self.lr * y * x
            self._b_late += self._seen * self.lr * y
        self._seen += 1
        return mistaken


def perceptron_loss(w, X, y):
    """Perceptron criterion J(w) = -Σ y w·x over the mistaken examples, and its gradient.

    Parameters
    ----------
    w : array_like
        Weights, (D,); put a 1 in front of each x to have a bias.
    X : array_like
        Points, (N, D).
    y : array_like
        Labels -1 or +1, (N,).

    Returns
    -------
    loss : float
        Zero exactly when no example is strictly on the wrong side.
    gradient : numpy.ndarray
        -Σ y x over the examples with y w·x ≤ 0, (D,).

    Raises
    ------
    ValueError
        If a label is not -1 or +1, or shapes do not fit.
    """
    X, y = labelled(X, y, (-1, 1))
    w = np.asarray(w, dtype=float)
    fit_each_other(X, w)
    margins = y * (X @ w)
    wrong = margins <= 0
    return float(np.abs(margins[wrong]).sum()), -(y[wrong] @ X[wrong])


def batch_perceptron(X, y, lr=1.0, max_steps=1000):
    """Perceptron by gradient descent on the whole set at once.

    Parameters
    ----------
    X : array_like
        Points, (N, D); put a column of ones in front to have a bias.
    y : array_like
        Labels -1 or +1, (N,).
    lr : float
        Learning rate η > 0.
    max_steps : int
        Give up after so many steps.

    Returns
    -------
    w : numpy.ndarray
        Weights, (D,).
    losses : list of float
        J before each step; the last is 0 if the data were separated.
    """
    X, y = labelled(X, y, (-1, 1))
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(max_steps):
        loss, gradient = perceptron_loss(w, X, y)
        losses.append(loss)
        if not gradient.any():
            break
        w = w - lr * gradient
    return w, losses
