"""The same numbers in another arrangement; every pullback arranges them back."""

import numpy as np

from companion.gradients.tape import primitive


@primitive
def reshape(a, *, shape):
    """Arrange the same values in `shape`, row by row. Pullback: dc in the old shape."""
    before = a.shape
    return np.reshape(a, shape), lambda dc: dc.reshape(before)


@primitive
def permute(a, *, dims):
    """Reorder the axes: axis i of the result is axis ``dims[i]``. Pullback: the inverse order."""
    if sorted(axis % a.ndim if -a.ndim <= axis < a.ndim else -1 for axis in dims) != [
        *range(a.ndim)
    ]:
        raise ValueError(f"axes {tuple(dims)} are no order of {a.ndim} axes")
    back = np.argsort([axis % a.ndim for axis in dims])
    return np.transpose(a, dims), lambda dc: np.transpose(dc, back)


@primitive
def expand(a, *, shape):
    """Repeat `a` by broadcasting to `shape`, -1 for a length that stays. Pullback: dc, summed."""
    new = len(shape) - a.ndim
    if new < 0 or -1 in shape[:new]:
        raise ValueError(f"cannot expand to {tuple(shape)}")
    shape = [old if length == -1 else length
             for length, old in zip(shape, (*[1] * new, *a.shape), strict=True)]
    return np.broadcast_to(a, shape), lambda dc: dc


@primitive
def getitem(a, *, index):
    """Select ``a[index]``. Pullback: dc put back there, added where taken twice."""
    shape, dtype = a.shape, a.dtype

    def pullback(dc):
        da = np.zeros(shape, dtype)
        np.add.at(da, index, dc)
        return da

    return a[index], pullback


@primitive
def cat(*parts, dim=0):
    """Join along an existing axis. Pullback of each part: its slice of dc."""
    ends = np.cumsum([0, *(part.shape[dim] for part in parts)])

    def slice_of(start, stop):
        return lambda dc: np.take(dc, np.arange(start, stop), axis=dim)

    pullbacks = map(slice_of, ends[:-1], ends[1:])
    return np.concatenate(parts, axis=dim), *pullbacks


@primitive
def stack(*parts, dim=0):
    """Join along a new axis. Pullback of part i: entry i of dc along that axis."""

    def entry(i):
        return lambda dc: np.take(dc, i, axis=dim)

    return np.stack(parts, axis=dim), *map(entry, range(len(parts)))
