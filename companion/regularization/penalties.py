"""Penalties on weights: what is added to a cost, and the proximal step that belongs to it."""

import numpy as np

from companion.gradients.tensor import Tensor
from companion.regularization.thresholds import soft_threshold


class Penalty:
    """Base of the penalties: a number for a list of weights, small where the weights are small.

    A subclass says what one array costs (`of`) and how a proximal step moves it (`prox`).

    Parameters
    ----------
    lam : float or array_like
        Strength λ, at least 0. An array broadcasts with the weights, such as a λ for each of R
        networks side by side, (R, 1, 1).

    Raises
    ------
    ValueError
        If λ is negative or NaN.
    """

    def __init__(self, lam):
        if not np.all(np.asarray(lam) >= 0):
            raise ValueError(f"{type(self).__name__}: lam is {lam}; expected at least 0")
        self.lam = np.asarray(lam) if np.ndim(lam) else float(lam)

    def _lam(self, w):
        """Return λ in the precision of the weights."""
        return self.lam if isinstance(self.lam, float) else self.lam.astype(w.dtype)

    def of(self, w):
        """Return what one array or tensor of weights costs."""
        raise NotImplementedError(f"{type(self).__name__} does not say what weights cost")

    def prox(self, w, rate):
        """Return the minimizer of ½‖u - w‖² + rate · penalty(u) over u, of the shape of `w`.

        Parameters
        ----------
        w : array_like
            Weights after a gradient step of the cost without the penalty.
        rate : float
            Learning rate η of that step, at least 0.

        Returns
        -------
        numpy.ndarray
            Weights of the same shape and type.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how to shrink")

    def __call__(self, weights):
        """Add up what the weights cost.

        Parameters
        ----------
        weights : Tensor, numpy.ndarray or a list of them
            Usually the matrices of a network, without the biases.

        Returns
        -------
        Tensor or float
            A tensor, to be added to a cost, where tensors are given.

        Raises
        ------
        ValueError
            If the list is empty.
        """
        weights = [weights] if isinstance(weights, Tensor | np.ndarray) else list(weights)
        if not weights:
            raise ValueError(
                f"{type(self).__name__}: got no weights; pass those whose size shall cost something"
            )
        first, *others = (self.of(w) for w in weights)
        return sum(others, first)

    def shrink(self, weights, rate):
        """Take the proximal step for a list of tensors, in place: to be called after each update.

        Parameters
        ----------
        weights : list of Tensor
            Changed in place.
        rate : float
            Learning rate η of the update.
        """
        for w in weights:
            w.data = np.asarray(self.prox(w.data, rate), dtype=w.data.dtype)


class L2(Penalty):
    """Half the squared Euclidean norm, ½λ Σ w²: every weight is pulled in proportion to its size.

    Its gradient is λw. Used in ridge regression (Hoerl and Kennard, 1970) and, in gradient descent,
    the same as weight decay. Derived in the chapter :ref:`penalties`.
    """

    def of(self, w):
        """Return ½λ Σ w²."""
        return (self._lam(w) * w * w).sum() * 0.5

    def prox(self, w, rate):
        """Divide by 1 + ηλ."""
        w = np.asarray(w)
        w = w if np.issubdtype(w.dtype, np.floating) else w.astype(float)
        return w / (1 + rate * self._lam(w))


class L1(Penalty):
    """Sum of absolute values, λ Σ abs(w): every weight other than 0 is pulled equally hard.

    The gradient is λ sign(w) where w is not 0; at 0 each number from -λ to λ is a subgradient, and
    the engine takes 0. Used in the lasso (Tibshirani, 1996). Derived in the chapter
    :ref:`penalties`.
    """

    def of(self, w):
        """Return λ Σ abs(w)."""
        return (self._lam(w) * abs(w)).sum()

    def prox(self, w, rate):
        """Move by ηλ towards 0, and no further: soft threshold."""
        return soft_threshold(w, rate * self.lam)


class ElasticNet(Penalty):
    """A mixture, λ (ρ Σ abs(w) + ½(1 - ρ) Σ w²): exact zeros, and similar features share.

    Parameters
    ----------
    lam : float or array_like
        λ, as for `Penalty`.
    l1_ratio : float
        Share ρ of the absolute values, from 0 (`L2`) to 1 (`L1`).

    Raises
    ------
    ValueError
        If λ is negative or ρ not between 0 and 1.

    Notes
    -----
    Zou and Hastie (2005). Derived in the chapter :ref:`sparsity`.
    """

    def __init__(self, lam, l1_ratio=0.5):
        super().__init__(lam)
        if not 0 <= l1_ratio <= 1:
            raise ValueError(f"ElasticNet: l1_ratio is {l1_ratio}; expected a number from 0 to 1")
        self.l1_ratio = l1_ratio

    def _parts(self):
        return L1(self.l1_ratio * self.lam), L2((1 - self.l1_ratio) * self.lam)

    def of(self, w):
        """Return λ (ρ Σ abs(w) + ½(1 - ρ) Σ w²)."""
        one, two = self._parts()
        return one.of(w) + two.of(w)

    def prox(self, w, rate):
        """Soft threshold at ηλρ, then divide by 1 + ηλ(1 - ρ)."""
        one, two = self._parts()
        return two.prox(one.prox(w, rate), rate)

