"""Where might something be? Regions of like pixels, merged step by step, each with its box."""

from typing import NamedTuple

import numpy as np

BINS = 16
"""Bins of the histogram of each colour."""


class Regions(NamedTuple):
    """All regions that grouping has made, first the smallest pieces, then the merged ones.

    Attributes
    ----------
    boxes : numpy.ndarray
        (K, 4) float64: corners x₁, y₁, x₂, y₂ in pixels.
    sizes : numpy.ndarray
        (K,) int64: pixels.
    histograms : numpy.ndarray
        (K, D): share of the pixels in each bin of each colour; each row adds up to 1.
    parents : numpy.ndarray
        (K,) int64: the region it was merged into; −1 for the last.
    """

    boxes: np.ndarray
    sizes: np.ndarray
    histograms: np.ndarray
    parents: np.ndarray


def segments(image, scale=100.0, sigma=0.5, smallest=20):
    """Cut an image into pieces of like pixels by Felzenszwalb's graph.

    Parameters
    ----------
    image : array_like
        (H, W), (1, H, W) or (H, W, 3), from 0 to 1.
    scale : float
        Larger values prefer larger pieces.
    sigma : float
        Width of the Gaussian that smooths first, in pixels.
    smallest : int
        Pieces with fewer pixels join a neighbour.

    Returns
    -------
    numpy.ndarray
        (H, W) int64: number of the piece of each pixel, from 0 without gaps.

    Raises
    ------
    ModuleNotFoundError
        If scikit-image is missing.
    ValueError
        If the image has another shape or holds NaN.

    Notes
    -----
    Felzenszwalb and Huttenlocher (2004), as scikit-image computes it. Chapter :ref:`proposals`.
    """
    from skimage.segmentation import felzenszwalb  # takes a second to import

    picture = _picture("segments", image)
    found = felzenszwalb(picture, scale=scale, sigma=sigma, min_size=smallest, channel_axis=-1)
    return found.astype(np.int64)


def grouped(labels, image, bins=BINS):
    """Merge the two neighbouring regions that are most alike, again and again, until one is left.

    Parameters
    ----------
    labels : array_like
        (H, W) int: number of the piece of each pixel, from 0 without gaps; see `segments`.
    image : array_like
        (H, W), (1, H, W) or (H, W, 3), from 0 to 1.
    bins : int
        Bins of the histogram of each colour.

    Returns
    -------
    Regions
        R pieces and R − 1 merged regions.

    Raises
    ------
    ValueError
        If labels and image do not fit, or a number below the highest has no pixel.

    Notes
    -----
    Selective search of Uijlings et al. (2013) without its measure of texture. Memory for R² numbers
    at most. Chapter :ref:`proposals`.
    """
    labels, picture = np.asarray(labels), _picture("grouped", image)
    if labels.shape != picture.shape[:2]:
        raise ValueError(f"grouped: labels {labels.shape} for an image {picture.shape[:2]}")
    regions = _pieces(labels, picture, bins)
    parents = [-1] * len(regions)
    near, area = _neighbours(labels, len(regions)), labels.size
    alike = {
        (a, b): similarity(regions[a], regions[b], area) for a in near for b in near[a] if a < b
    }
    while alike:
        a, b = max(alike, key=alike.get)
        new = len(regions)
        regions.append(_merged(regions[a], regions[b]))
        parents[a] = parents[b] = new
        parents.append(-1)
        near[new] = (near.pop(a) | near.pop(b)) - {a, b}
        alike = {pair: value for pair, value in alike.items() if not {a, b} & set(pair)}
        for other in near[new]:
            near[other] = (near[other] - {a, b}) | {new}
            alike[other, new] = similarity(regions[other], regions[new], area)
    return Regions(*map(np.array, zip(*regions, strict=True)), np.array(parents))


def similarity(one, other, area):
    """How alike two neighbouring regions are: by colour, and better the smaller and closer.

    Parameters
    ----------
    one, other : tuple
        Box x₁, y₁, x₂, y₂, number of pixels, and histogram of each.
    area : int
        Pixels of the whole image.

    Returns
    -------
    float
        From about 0 to 3, a sum of three: what the histograms have in common; the share of the
        image outside both; and the share outside of the gaps in the box around both.

    Notes
    -----
    Uijlings et al. (2013), section 3.2. Chapter :ref:`proposals`.
    """
    (box, size, histogram), (box2, size2, histogram2) = one, other
    x1, y1, x2, y2 = _around(box, box2)
    colour = np.minimum(histogram, histogram2).sum()
    gaps = (x2 - x1) * (y2 - y1) - size - size2
    return float(colour + (1 - (size + size2) / area) + (1 - gaps / area))


def proposals(image, scales=(50.0,), sigma=0.5, smallest=10, least=3):
    """Propose boxes in which something might be: those of all regions, the last merged ones first.

    Parameters
    ----------
    image : array_like
        (H, W), (1, H, W) or (H, W, 3), from 0 to 1.
    scales, sigma, smallest
        As for `segments`; one grouping for each scale.
    least : float
        Least width and height in pixels.

    Returns
    -------
    numpy.ndarray
        (K, 4) float64, no two alike. Groupings take turns, each from its last region backwards, so
        from coarse to fine. None where nothing is as large as `least`.

    Raises
    ------
    ModuleNotFoundError
        If scikit-image is missing.
    ValueError
        If the image has another shape or holds NaN, or there is no scale.

    Notes
    -----
    In the manner of selective search (Uijlings et al., 2013), which makes more groupings and
    shuffles the order a little. Chapter :ref:`proposals`.
    """
    if not len(scales):
        raise ValueError("proposals: no scales; give at least one")
    made = [grouped(segments(image, scale, sigma, smallest), image).boxes for scale in scales]
    age = np.concatenate([np.arange(len(boxes))[::-1] for boxes in made])
    boxes = np.concatenate(made)[np.argsort(age, kind="stable")]
    boxes = boxes[(boxes[:, 2:] - boxes[:, :2] >= least).all(axis=1)]
    return boxes[np.sort(np.unique(boxes, axis=0, return_index=True)[1])]


def _picture(name, image):
    picture = np.asarray(image, dtype=np.float64)
    picture = picture[0] if picture.ndim == 3 and len(picture) == 1 else picture
    picture = picture[..., None] if picture.ndim == 2 else picture
    if picture.ndim != 3 or picture.shape[2] not in (1, 3) or not picture.size:
        raise ValueError(
            f"{name}: an image of shape {np.shape(image)}; expected (H, W), (1, H, W) or (H, W, 3)"
        )
    if not np.isfinite(picture).all():
        raise ValueError(f"{name}: the image holds NaN or infinite values")
    return picture


def _pieces(labels, picture, bins):
    """Box, size and histogram of each piece."""
    flat, count = labels.ravel(), labels.max() + 1
    sizes = np.bincount(flat, minlength=count)
    if labels.min() < 0 or not sizes.all():
        raise ValueError("grouped: labels must number the pieces from 0 without gaps")
    rows, columns = (index.ravel() for index in np.indices(labels.shape))
    boxes = np.tile(np.array([np.inf, np.inf, 0.0, 0.0]), (count, 1))
    for k, at in ((0, columns), (1, rows)):
        np.minimum.at(boxes[:, k], flat, at)
        np.maximum.at(boxes[:, k + 2], flat, at + 1)
    colours = picture.shape[2]
    level = np.minimum((np.clip(picture, 0, 1) * bins).astype(int), bins - 1).reshape(-1, colours)
    spots = (flat[:, None] * colours + np.arange(colours)) * bins + level
    counts = np.bincount(spots.ravel(), minlength=count * colours * bins).reshape(count, -1)
    return list(zip(boxes, sizes, counts / (sizes[:, None] * colours), strict=True))


def _merged(one, other):
    """Box, size and histogram of two regions together."""
    (box, size, histogram), (box2, size2, histogram2) = one, other
    both = size + size2
    return _around(box, box2), both, (size * histogram + size2 * histogram2) / both


def _neighbours(labels, count):
    """Map the number of a piece to the set of those that touch it at the side, above or below."""
    pairs = np.concatenate([
        np.stack([labels[:, :-1].ravel(), labels[:, 1:].ravel()], axis=1),
        np.stack([labels[:-1].ravel(), labels[1:].ravel()], axis=1),
    ])  # fmt: skip
    near = {k: set() for k in range(count)}
    for a, b in np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0):
        near[int(a)].add(int(b))
        near[int(b)].add(int(a))
    return near


def _around(one, other):
    return np.concatenate([np.minimum(one[:2], other[:2]), np.maximum(one[2:], other[2:])])
