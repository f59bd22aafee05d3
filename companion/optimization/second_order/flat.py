"""A network and its data as a function of one vector."""

import numpy as np


class Flat:
    """The cost of a model on fixed data, as a function of all its parameters in one vector.

    Made by `flatten`. A gradient asked for where the value was computed last costs a backward pass
    only.

    Attributes
    ----------
    theta : numpy.ndarray
        The parameters as the model holds them now, a float64 copy, (n,).
    """

    def __init__(self, model, loss, X, y):
        self.model, self.loss, self.X, self.y = model, loss, X, y
        self.parameters = list(model.parameters())
        if not self.parameters:
            raise ValueError("flatten: the model has no parameters")
        self.sizes = [p.data.size for p in self.parameters]
        self._at = self._cost = None

    @property
    def theta(self):
        """All parameters in one float64 vector, in the order of ``model.parameters()``, (n,)."""
        return np.concatenate([p.data.ravel() for p in self.parameters]).astype(np.float64)

    def load(self, theta):
        """Put a vector into the model.

        Parameters
        ----------
        theta : array_like
            All parameters, (n,).

        Raises
        ------
        ValueError
            If it has not as many entries as the model has parameters.
        """
        theta = np.asarray(theta)
        if theta.shape != (sum(self.sizes),):
            raise ValueError(
                f"theta has shape {theta.shape}; the model has {sum(self.sizes)} parameters"
            )
        parts = np.split(theta, np.cumsum(self.sizes)[:-1])
        for p, part in zip(self.parameters, parts, strict=True):
            p.data = part.reshape(p.shape).astype(p.dtype)
        self._at = None

    def value(self, theta):
        """Return the cost at `theta`, as a float; the model holds `theta` afterwards."""
        self._forward(theta)
        return float(self._cost.item())

    def gradient(self, theta):
        """Return the gradient of the cost at `theta`, (n,) float64."""
        if self._at is None or not np.array_equal(self._at, theta):
            self._forward(theta)
        for p in self.parameters:
            p.grad = None
        self._cost.backward()
        self._at = None  # the graph is used up
        grads = (np.zeros(p.shape) if p.grad is None else p.grad for p in self.parameters)
        return np.concatenate([np.ravel(g) for g in grads]).astype(np.float64)

    def _forward(self, theta):
        self.load(theta)
        self._cost = self.loss(self.model(self.X), self.y)
        self._at = np.array(theta)


def flatten(model, loss, X, y):
    """Turn a model, a loss and data into a function of one vector.

    Parameters
    ----------
    model : companion.nn.Module
        The network. In float64 (``model.double()``) gradients can become small enough for a tight
        tolerance; in float32 they stay at their rounding errors, near 10⁻⁷ of their size.
    loss : callable
        ``loss(model(X), y)`` is a tensor with one number.
    X, y : array_like
        All the data, of the types that model and loss take.

    Returns
    -------
    Flat
        Its ``value``, ``gradient`` and ``theta`` are what the methods of this package ask for, and
        ``load`` puts a result back.

    Raises
    ------
    ValueError
        If the model has no parameters.

    Notes
    -----
    Used in the chapter :ref:`second_order`.
    """
    return Flat(model, loss, X, y)
