"""Many small networks trained at once: one array holds the same weight of all of them."""

import numpy as np

from companion.gradients.layers import Linear
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.tape import no_grad
from companion.gradients.tensor import Tensor


class SideBySide:
    """Classifiers of one shape, each with weights and settings of its own, trained in step.

    A trial of a search does not need the others, so their matrices can be stacked and multiplied in
    one call. The numbers are those of training each alone, up to rounding.

    Parameters
    ----------
    models : iterable of Sequential
        K networks of fully connected layers (with a bias) and activations without parameters.
    lr, momentum, weight_decay : float or array_like
        Settings of gradient descent as in `companion.optim.SGD`, one number for all or (K,).

    Attributes
    ----------
    parameters : list of Tensor
        Weights (K, in, out) and biases (K, 1, out), first layer first.

    Notes
    -----
    Used in the chapter :ref:`tuning`.
    """

    def __init__(self, models, lr, momentum=0.0, weight_decay=0.0):
        models = list(models)
        self.layers = [_stack(layers) for layers in zip(*models, strict=True)]
        stacked = [layer for layer in self.layers if isinstance(layer, tuple)]
        self.parameters = [parameter for layer in stacked for parameter in layer]
        self.velocities = [np.zeros_like(p.data) for p in self.parameters]
        dtype = self.parameters[0].data.dtype
        self.lr, self.momentum, self.weight_decay = (
            np.broadcast_to(np.asarray(option, dtype=dtype), len(models)).reshape(-1, 1, 1)
            for option in (lr, momentum, weight_decay)
        )

    def scores(self, X):
        """Scores of all networks: X (N, D) to a tensor (K, N, classes)."""
        for layer in self.layers:
            X = X @ layer[0] + layer[1] if isinstance(layer, tuple) else layer(X)
        return X

    def step(self, X, y):
        """Update every network once with the batch X (N, D), y (N,).

        A network that diverges goes on with infinite or NaN weights and disturbs no other.
        """
        for p in self.parameters:
            p.grad = None
        with np.errstate(over="ignore", invalid="ignore"):
            self._costs(X, y).sum().backward()
            for p, v in zip(self.parameters, self.velocities, strict=True):
                v *= self.momentum
                v += p.grad + self.weight_decay * p.data
                p.data -= self.lr * v

    def losses(self, X, y):
        """Mean cross-entropy of each network, (K,) float; infinity where it diverged."""
        with no_grad(), np.errstate(over="ignore", invalid="ignore"):
            costs = self._costs(X, y).data.astype(float)
        return np.where(np.isfinite(costs), costs, np.inf)

    def _costs(self, X, y):
        z = self.scores(X)
        models, examples, classes = z.shape
        each = CrossEntropyLoss(reduction="none")(
            z.reshape(models * examples, classes), np.tile(y, models)
        )
        return each.reshape(models, examples).mean(axis=1)


def _stack(layers):
    """Stack one layer of all networks: weights and biases, or the activation itself."""
    first = layers[0]
    if not isinstance(first, Linear):
        if any(True for _ in first.parameters()):
            raise ValueError(
                f"SideBySide: cannot stack {type(first).__name__}; use Linear layers and "
                "activations without parameters"
            )
        return first
    weights = np.stack([layer.weight.data.T for layer in layers])
    biases = np.stack([layer.bias.data[None] for layer in layers])
    return Tensor(weights, requires_grad=True), Tensor(biases, requires_grad=True)
