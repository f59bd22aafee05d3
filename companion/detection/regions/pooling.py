"""Features of a fixed size out of any box: pooling over whole cells, and reading between them."""

import sys

import numpy as np

from companion.detection.boxes.formats import as_boxes
from companion.gradients.tape import primitive


def roi_pool(features, boxes, owners, size, scale):
    """Cut each box out of its feature map in whole cells and keep the largest value of each bin.

    Parameters
    ----------
    features : Tensor, torch.Tensor or array_like
        (N, C, H, W).
    boxes : array_like
        (K, 4): two corners each, in pixels of the image.
    owners : array_like
        (K,) int: which of the N images a box lies in.
    size : int
        Bins along each side of the result.
    scale : float
        Cells a pixel: 1 / stride of the map.

    Returns
    -------
    Tensor or torch.Tensor
        (K, C, size, size).

    Raises
    ------
    ValueError
        If boxes are not boxes, an owner is no image, or size or scale is not above 0.

    Notes
    -----
    Girshick (2015). Corners are rounded to cells, halves up; what lies outside the map is cut off,
    and at least one cell is left. Chapter :ref:`proposals`.
    """
    boxes, owners = _checked("roi_pool", features, boxes, owners, size, scale)
    spans = cells_of(boxes, features.shape[2:], scale)
    if "torch" in sys.modules and isinstance(features, sys.modules["torch"].Tensor):
        return _torch_pool(features, owners, spans, size)
    return pool_regions(features, owners=owners, spans=spans, size=size)


def roi_align(features, boxes, owners, size, scale, samples=2):
    """Read features at points between the cells, evenly over each box, and average them in bins.

    Parameters
    ----------
    features, boxes, owners, size, scale
        As for `roi_pool`.
    samples : int
        Points along each side of a bin.

    Returns
    -------
    Tensor or torch.Tensor
        (K, C, size, size), differentiable in the features.

    Raises
    ------
    ValueError
        As for `roi_pool`; if `samples` is below 1.

    Notes
    -----
    He et al. (2017). The weights of the cells are those of `between`, one matrix for the rows and
    one for the columns of each box. Memory for K × C × H × W numbers. Chapter :ref:`proposals`.
    """
    boxes, owners = _checked("roi_align", features, boxes, owners, size, scale)
    if samples < 1:
        raise ValueError(f"roi_align: {samples} samples a bin; expected at least 1")
    columns, rows = (
        between(boxes[:, k], boxes[:, k + 2], length, size, scale, samples)
        for k, length in ((0, features.shape[3]), (1, features.shape[2]))
    )
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(features, torch.Tensor):
        across, down = (
            torch.from_numpy(m).to(features.device, features.dtype) for m in (columns, rows)
        )
        which = torch.from_numpy(owners).to(features.device)
        return down[:, None] @ features[which] @ across[:, None].transpose(2, 3)
    return align_regions(features, owners=owners, rows=rows, columns=columns)


def cells_of(boxes, shape, scale):
    """Round boxes to whole cells of a map: (K, 4) int64, first and past last; see `roi_pool`."""
    high, wide = shape
    cells = np.floor(np.clip(boxes * scale, -1.0, max(high, wide) + 1.0) + 0.5).astype(np.int64)
    first = np.clip(cells[:, :2], 0, [wide - 1, high - 1])
    return np.hstack([first, np.clip(cells[:, 2:], first + 1, [wide, high])])


def between(low, high, length, size, scale, samples=2):
    """Weights with which the cells along one axis go into the bins of each box.

    Parameters
    ----------
    low, high : array_like
        (K,): where boxes begin and end, in pixels.
    length : int
        Cells along the axis.
    size, scale, samples
        As for `roi_align`.

    Returns
    -------
    numpy.ndarray
        (K, size, length). The value of a cell belongs to its middle; between two middles the weight
        goes over from one to the other, beyond the outer ones it stays, and a point more than half
        a cell outside the map counts as 0.
    """
    low, high = (np.asarray(side, dtype=np.float64) * scale for side in (low, high))
    share = (np.arange(size * samples) + 0.5) / (size * samples)
    at = low[:, None] + share * (high - low)[:, None] - 0.5
    inside = (at >= -1) & (at <= length)
    at = np.clip(at, 0, length - 1)
    weights = np.maximum(1 - np.abs(at[..., None] - np.arange(length)), 0) * inside[..., None]
    return weights.reshape(len(low), size, samples, length).mean(axis=2)


@primitive
def align_regions(features, *, owners, rows, columns):
    """Each region: rows @ features of its image @ columnsᵀ, for each channel.

    Pullback: rowsᵀ @ dout @ columns, added up over the regions of an image.
    """
    rows, columns = (m[:, None].astype(features.dtype) for m in (rows, columns))
    out = rows @ features[owners] @ columns.swapaxes(2, 3)

    def pullback(dout):
        back = np.zeros(features.shape, features.dtype)
        np.add.at(back, owners, rows.swapaxes(2, 3) @ dout @ columns)
        return back

    return out, pullback


@primitive
def pool_regions(features, *, owners, spans, size):
    """Largest value in each bin of each region.

    Pullback: dout goes to the cell that had it, the first one of several.
    """
    count, channels = len(owners), features.shape[1]
    out = np.empty((count, channels, size, size), features.dtype)
    place = np.empty(out.shape, np.int64)
    wide = features.shape[3]
    for k, (n, (x1, y1, x2, y2)) in enumerate(zip(owners, spans, strict=True)):
        for i, (top, bottom) in enumerate(_bins(y1, y2, size)):
            for j, (left, right) in enumerate(_bins(x1, x2, size)):
                flat = features[n, :, top:bottom, left:right].reshape(channels, -1)
                best = flat.argmax(axis=1)
                out[k, :, i, j] = flat[np.arange(channels), best]
                row, column = np.divmod(best, right - left)
                place[k, :, i, j] = (top + row) * wide + left + column

    def pullback(dout):
        back = np.zeros((*features.shape[:2], features.shape[2] * wide), features.dtype)
        channel = np.arange(channels)[None, :, None, None]
        np.add.at(back, (np.asarray(owners)[:, None, None, None], channel, place), dout)
        return back.reshape(features.shape)

    return out, pullback


def _bins(first, last, size):
    """First cell and past the last of each bin; neighbours share one if it does not divide."""
    edges = np.arange(size + 1) * (last - first) / size
    low, high = np.floor(edges[:-1]).astype(int), np.ceil(edges[1:]).astype(int)
    return list(zip(first + low, first + high, strict=True))


def _torch_pool(features, owners, spans, size):
    torch = sys.modules["torch"]
    regions = [
        torch.nn.functional.adaptive_max_pool2d(features[n, :, y1:y2, x1:x2], size)
        for n, (x1, y1, x2, y2) in zip(owners.tolist(), spans.tolist(), strict=True)
    ]
    return torch.stack(regions) if regions else features.new_zeros(
        (0, features.shape[1], size, size)
    )


def _checked(name, features, boxes, owners, size, scale):
    boxes, owners = as_boxes(boxes), np.asarray(owners, dtype=np.int64).reshape(-1)
    if len(features.shape) != 4:
        raise ValueError(f"{name}: features of shape {features.shape}; expected (N, C, H, W)")
    if len(owners) != len(boxes):
        raise ValueError(f"{name}: {len(owners)} owners for {len(boxes)} boxes; expected one each")
    wrong = owners[(owners < 0) | (owners >= features.shape[0])]
    if len(wrong):
        raise ValueError(f"{name}: there is no image {wrong[0]} among {features.shape[0]}")
    if size < 1 or not scale > 0:
        raise ValueError(f"{name}: size {size} and scale {scale}; expected above 0")
    return boxes, owners
