"""Tensors with their operators: this table says which operator is which primitive.

Import `Tensor` from here; ``companion.gradients.tape`` holds the mechanism alone.
"""

from companion.gradients import arithmetic, elementwise, reductions, shaping
from companion.gradients.tape import Tensor, no_grad, primitive

__all__ = ["Tensor", "no_grad", "primitive"]

ARITHMETIC = ("add", "sub", "mul", "pow", "matmul")
ELEMENTWISE = ("exp", "log", "sqrt", "abs", "sin", "cos", "clip")
REDUCTIONS = ("sum", "mean", "max", "min", "logsumexp")


def _swapped(operation):
    """Make the operator for when the tensor stands on the right, as in ``2 - x``."""
    return lambda self, other: operation(other, self)


def _sizes(given):
    """Accept ``reshape(2, 3)`` and ``reshape((2, 3))``."""
    return tuple(given[0]) if len(given) == 1 and isinstance(given[0], (tuple, list)) else given


def _getitem(self, index):
    return shaping.getitem(self, index=index)


def _reshape(self, *shape):
    """Return the same values in `shape`; one length may be -1 and follows from the rest."""
    return shaping.reshape(self, shape=_sizes(shape))


def _permute(self, *dims):
    """Return the tensor with its axes in the order `dims`."""
    return shaping.permute(self, dims=_sizes(dims))


def _expand(self, *shape):
    """Return the tensor repeated by broadcasting to `shape`."""
    return shaping.expand(self, shape=_sizes(shape))


def _flatten(self, start_dim=0):
    """Return the tensor with all axes from `start_dim` on joined into one."""
    return self.reshape(*self.shape[:start_dim], -1)


def _transposed(self):
    """Return the tensor with its axes in reverse order."""
    return self.permute(*reversed(range(self.ndim)))


METHODS = {
    **{f"__{name}__": getattr(arithmetic, name) for name in ARITHMETIC},
    **{f"__r{name}__": _swapped(getattr(arithmetic, name)) for name in ARITHMETIC},
    "__truediv__": arithmetic.div,
    "__rtruediv__": _swapped(arithmetic.div),
    "__neg__": arithmetic.neg,
    "__abs__": elementwise.abs,
    "__getitem__": _getitem,
    **{name: getattr(elementwise, name) for name in ELEMENTWISE},
    **{name: getattr(reductions, name) for name in REDUCTIONS},
    "reshape": _reshape,
    "permute": _permute,
    "expand": _expand,
    "flatten": _flatten,
    "T": property(_transposed),
}

for name, method in METHODS.items():
    setattr(Tensor, name, method)
