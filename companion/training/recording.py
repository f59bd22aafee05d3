"""What happens inside a network: statistics of each layer's output and gradient.

For networks of both engines, through their forward hooks. Used first in the chapter
:ref:`vanishing`.
"""

from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from companion.gradients.clipping import joint_norm
from companion.training.engines import to_numpy

NONE = float("nan")


class LayerStatistics(NamedTuple):
    """One call of one layer. What was not computed is NaN.

    Attributes
    ----------
    name : str
        Name of the layer in the model, such as ``"2"``.
    kind : str
        Its class, such as ``"Linear"``.
    mean, std : float
        Mean and standard deviation of its output, over examples and units. Here and below, the
        deviation of what is not finite is NaN.
    spread : float
        Standard deviation of its output over the examples alone, as root mean square over the
        units: what tells one example from another.
    zeros : float
        Share of outputs that are exactly 0.
    gradient_norm, gradient_std : float
        Of the gradient with respect to its output.
    weight_gradient_norm : float
        Norm of the gradient of its ``weight``, if it has one.
    """

    name: str
    kind: str
    mean: float
    std: float
    spread: float
    zeros: float
    gradient_norm: float
    gradient_std: float
    weight_gradient_norm: float


class Recording:
    """The layers that were called, in order; see `record`."""

    def __init__(self):
        self._calls = []

    def statistics(self):
        """Summarize every call: a list of `LayerStatistics`, first layer first."""
        return [_row(*call) for call in self._calls]

    def _hook(self, name):
        def note(module, inputs, output):
            if output.requires_grad:
                output.retain_grad()
            a = _array(output)
            # Now: a later layer may overwrite its input.
            measured = a.mean(), _std(a), _std(a, axis=0), 1 - np.count_nonzero(a) / a.size
            self._calls.append((name, module, output, [*map(float, measured)]))

        return note


@contextmanager
def record(model):
    """Record what the layers of `model` put out, and the gradients that come back to them.

    Layers are the modules without modules inside. Each call of each layer is one entry, so run one
    forward and one backward pass inside the ``with``, and read the statistics after it::

        with record(model) as layers:
            loss(model(X), y).backward()
        layers.statistics()

    Parameters
    ----------
    model : companion.nn.Module or torch.nn.Module
        The network; its layers return one tensor each.

    Yields
    ------
    Recording
        Filled as the layers are called. The hooks are gone at the end, also after an error.
    """
    recording = Recording()
    layers = [(n, m) for n, m in model.named_modules() if not any(True for _ in m.children())]
    handles = [module.register_forward_hook(recording._hook(name)) for name, module in layers]
    try:
        yield recording
    finally:
        for handle in handles:
            handle.remove()


def _row(name, module, output, measured):
    gradient, weight = output.grad, getattr(getattr(module, "weight", None), "grad", None)
    back = [NONE, NONE]
    if gradient is not None:
        gradient = _array(gradient)
        back = [joint_norm([gradient]), _std(gradient)]
    own = NONE if weight is None else joint_norm([_array(weight)])
    return LayerStatistics(name, type(module).__name__, *measured, *back, own)


def _std(values, axis=None):
    """Compute the standard deviation over `axis`, as root mean square over the other axes."""
    if not values.ndim and axis is not None:
        return NONE
    with np.errstate(invalid="ignore"):  # infinity minus infinity is NaN, as documented
        return _root_mean_square(values - values.mean(axis=axis))


def _root_mean_square(values):
    """Scale first if squares would vanish or overflow."""
    size = float(np.abs(values).max(initial=0.0))
    if not 0 < size < np.inf:
        return size
    if not 1e-100 < size < 1e100:
        return size * _root_mean_square(values / size)
    return float(np.vdot(values, values) / values.size) ** 0.5


def _array(tensor):
    """Values of a tensor of either engine in float64, in which small gradients do not vanish."""
    return to_numpy(tensor).astype(np.float64)
