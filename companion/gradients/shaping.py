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
    once = all(isinstance(i, (int, slice, type(None), type(...))) for i in _parts_of(index))

    def pullback(dc):
        da = np.zeros(shape, dtype)
        if once:
            da[index] = dc
        else:
            np.add.at(da, index, dc)
        return da

    return a[index], pullback


def _parts_of(index):
    return index if isinstance(index, tuple) else (index,)


@primitive
def gather(a, *, dim, index):
    """Take along `dim` the entries that `index` names: ``c[i][j] = a[index[i][j]][j]``, dim 0.

    Pullback: dc put back where it came from, added where taken twice. `index` has the axes of a,
    and is at most as long along the others.
    """
    index = np.asarray(index)
    if index.size == 0:
        return np.empty(index.shape, a.dtype), lambda dc: np.zeros_like(a)
    if a.ndim == 0:
        return a.reshape(1)[index], lambda dc: np.sum(dc).reshape(())
    if index.ndim != a.ndim:
        raise ValueError(f"index has {index.ndim} axes; expected {a.ndim}, as many as the tensor")
    if not (index.min() >= 0 and index.max() < a.shape[dim]):
        wrong = index[(index < 0) | (index >= a.shape[dim])][0]
        raise ValueError(f"index {wrong} in an axis of length {a.shape[dim]}")
    places = list(np.indices(index.shape, sparse=True))
    places[dim] = index
    places = tuple(places)

    def pullback(dc):
        da = np.zeros_like(a)
        np.add.at(da, places, dc)
        return da

    return a[places], pullback


@primitive
def flip(a, *, dims):
    """Reverse the order along `dims`. Pullback: dc, reversed."""
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    return np.flip(a, dims), lambda dc: np.flip(dc, dims)


@primitive
def pad(a, *, pad, mode="constant", value=0.0):
    """Put a border around: `pad` is (before, after) of the last axis, then of the last but one, ….

    `mode` is "constant", "reflect" (without the edge), "replicate" or "circular". Pullback: dc
    inside; what a border copied is added where it came from.
    """
    if len(pad) % 2 or len(pad) > 2 * a.ndim:
        raise ValueError(f"pad {tuple(pad)} has {len(pad)} numbers; expected two for each axis")
    kinds = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    if mode not in kinds:
        raise ValueError(f"mode is {mode!r}; choose one of {[*kinds]}")
    if min(pad, default=0) < 0:
        raise ValueError(f"pad {tuple(pad)} has a negative number; select with an index instead")
    widths = [(0, 0)] * (a.ndim - len(pad) // 2)
    widths += [(pad[k], pad[k + 1]) for k in range(len(pad) - 2, -1, -2)]
    if mode == "constant":
        inside = tuple(slice(b, b + n) for (b, _), n in zip(widths, a.shape, strict=True))
        return np.pad(a, widths, constant_values=value), lambda dc: dc[inside]
    for axis, (widest, n) in enumerate(zip(map(max, widths), a.shape, strict=True)):
        most = {"reflect": max(n - 1, 0), "circular": n}.get(mode, widest if n else 0)
        if widest > most:
            raise ValueError(
                f"{mode}: a border of {widest} at axis {axis} of length {n}; at most {most} fit"
            )
    sources = zip(map(np.arange, a.shape), widths, strict=True)
    places = np.ix_(*(np.pad(source, w, mode=kinds[mode]) for source, w in sources))

    def pullback(dc):
        da = np.zeros_like(a)
        np.add.at(da, places, dc)
        return da

    return a[places], pullback


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
