"""Tensors with their operators: this table says which operator is which primitive.

Import `Tensor` from here; ``companion.gradients.tape`` holds the mechanism alone.
"""

import math
import operator
from itertools import pairwise

from companion.gradients import arithmetic, elementwise, reductions, shaping
from companion.gradients.tape import Tensor, no_grad, primitive

__all__ = ["Tensor", "no_grad", "primitive"]

ARITHMETIC = ("add", "sub", "mul", "pow", "matmul")
ELEMENTWISE = ("exp", "log", "sqrt", "abs", "sin", "cos")
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
REDUCTIONS = ("sum", "mean", "max", "min", "logsumexp", "var", "norm", "cumsum")


def _swapped(operation):
    """Make the operator for when the tensor stands on the right, as in ``2 - x``."""
    return lambda self, other: operation(other, self)


def _sizes(given):
    """Accept ``reshape(2, 3)`` and ``reshape((2, 3))``."""
    return tuple(given[0]) if len(given) == 1 and isinstance(given[0], (tuple, list)) else given


def _values(given):
    return given.data if isinstance(given, Tensor) else given


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


def _transpose(self, dim0, dim1):
    """Return the tensor with two axes swapped."""
    if self.ndim == 0:
        return self  # a number has no axis; 0 and -1 are taken for it, as in torch
    order = [*range(self.ndim)]
    order[dim0], order[dim1] = order[dim1], order[dim0]
    return self.permute(order)


def _unsqueeze(self, dim):
    """Return the tensor with a further axis of length 1 at `dim`."""
    if not -self.ndim - 1 <= dim <= self.ndim:
        raise ValueError(f"unsqueeze: no place {dim} among {self.ndim} axes")
    shape = list(self.shape)
    shape.insert(dim % (self.ndim + 1), 1)
    return self.reshape(shape)


def _squeeze(self, dim=None):
    """Return the tensor without its axes of length 1, or without `dim` if that has length 1."""
    if dim is None or self.ndim == 0:
        return self.reshape([n for n in self.shape if n != 1])
    chosen = {axis % self.ndim for axis in ((dim,) if isinstance(dim, int) else dim)}
    return self.reshape([n for k, n in enumerate(self.shape) if n != 1 or k not in chosen])


def _split(self, split_size, dim=0):
    """Return the parts of `split_size` entries along `dim` (the last may be smaller), or of sizes.

    `split_size` is a number, or a list of sizes that sum to the length of the axis.
    """
    n = self.shape[dim]
    if isinstance(split_size, int):
        if split_size < 1:
            raise ValueError(f"split: parts of {split_size}; expected at least 1")
        split_size = [min(split_size, n - start) for start in range(0, n, split_size)]
    if sum(split_size) != n:
        raise ValueError(f"split: {split_size} sum to {sum(split_size)}, the axis has {n}")
    ends = [sum(split_size[:k]) for k in range(len(split_size) + 1)]
    before = (slice(None),) * (dim % self.ndim)
    return tuple(self[(*before, slice(*ends_of))] for ends_of in pairwise(ends))


def _chunk(self, chunks, dim=0):
    """Return at most `chunks` parts along `dim`, equal but for the last."""
    if chunks < 1:
        raise ValueError(f"chunk: {chunks} parts; expected at least 1")
    return self.split(max(1, -(-self.shape[dim] // chunks)), dim)


def _std(self, axis=None, correction=1, keepdims=False):
    """Return the root of `var`."""
    return self.var(axis=axis, correction=correction, keepdims=keepdims).sqrt()


def _argmax(self, axis=None, keepdims=False):
    """Return where the largest value is, the first of equal ones; no gradient."""
    return Tensor(self.data.argmax(axis=axis, keepdims=keepdims))


def _argmin(self, axis=None, keepdims=False):
    """Return where the smallest value is, the first of equal ones; no gradient."""
    return Tensor(self.data.argmin(axis=axis, keepdims=keepdims))


def _masked_fill(self, mask, value):
    """Return the values with `value` where `mask` holds; there the gradient is 0."""
    return elementwise.where(mask, value, self)


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
    "view": _reshape,  # the engine has no strides to keep, so both are one
    "transpose": _transpose,
    "squeeze": _squeeze,
    "unsqueeze": _unsqueeze,
    "split": _split,
    "chunk": _chunk,
    "std": _std,
    "argmax": _argmax,
    "argmin": _argmin,
    "masked_fill": _masked_fill,
    "gather": lambda self, dim, index: shaping.gather(self, dim=dim, index=_values(index)),
    "flip": lambda self, *dims: shaping.flip(self, dims=_sizes(dims)),
    "flatten": _flatten,
    "clip": _clip,
    "T": property(_transposed),
}

for name, method in METHODS.items():
    setattr(Tensor, name, method)
