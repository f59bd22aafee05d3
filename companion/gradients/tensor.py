"""Tensors with their operators: this table says which operator is which primitive.

Import `Tensor` from here; ``companion.gradients.tape`` holds the mechanism alone.
"""

import math
import operator

from companion.gradients import arithmetic, elementwise, reductions, shaping
from companion.gradients.tape import Tensor, no_grad, primitive

__all__ = ["Tensor", "no_grad", "primitive"]

ARITHMETIC = ("add", "sub", "mul", "pow", "matmul")
ELEMENTWISE = ("exp", "log", "sqrt", "abs", "sin", "cos")
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
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


def _flatten(self, start_dim=0, end_dim=-1):
    """Return the tensor with the axes from `start_dim` to `end_dim` joined into one."""
    if self.ndim == 0:
        return self.reshape(1)
    first, last = (axis + self.ndim if axis < 0 else axis for axis in (start_dim, end_dim))
    if not 0 <= first <= last < self.ndim:
        raise ValueError(f"flatten: no axes from {start_dim} to {end_dim} in {self.shape}")
    joined = math.prod(self.shape[first : last + 1])
    return self.reshape(*self.shape[:first], joined, *self.shape[last + 1 :])


def _clip(self, min=None, max=None):
    """Return the values limited to [min, max]; bounds may be numbers, arrays or tensors."""
    out = self
    for bound, beyond in ((min, operator.lt), (max, operator.gt)):
        if isinstance(bound, Tensor):
            out = elementwise.where(beyond(out.data, bound.data), bound, out)
    numbers = [None if isinstance(bound, Tensor) else bound for bound in (min, max)]
    low, high = numbers
    return out if low is high is None else elementwise.clip(out, min=low, max=high)


def _compared(compare):
    """Make the operator that compares number with number, as torch does; no gradient."""
    return lambda self, other: Tensor(
        compare(self.data, other.data if isinstance(other, Tensor) else other)
    )


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
    **{f"__{name}__": _compared(getattr(operator, name)) for name in COMPARISONS},
    "__hash__": object.__hash__,  # a tensor is a key by what it is, not by its values
    "__getitem__": _getitem,
    **{name: getattr(elementwise, name) for name in ELEMENTWISE},
    **{name: getattr(reductions, name) for name in REDUCTIONS},
    "reshape": _reshape,
    "permute": _permute,
    "expand": _expand,
    "flatten": _flatten,
    "clip": _clip,
    "T": property(_transposed),
}

for name, method in METHODS.items():
    setattr(Tensor, name, method)
