"""Anchor shapes: how alike sizes are, and k-means on 1 − IoU to choose a few of them."""

import numpy as np

from companion.detection.boxes.formats import as_boxes


def sizes_of(boxes):
    """Return width and height of each box, (N, 2); boxes are (N, 4), two corners each."""
    boxes = as_boxes(boxes)
    return boxes[:, 2:] - boxes[:, :2]


def size_iou(sizes, anchors):
    """Compare sizes with anchors as if all boxes had one centre: intersection over union.

    Parameters
    ----------
    sizes, anchors : array_like
        Widths and heights, (N, 2) and (A, 2), above 0.

    Returns
    -------
    numpy.ndarray
        (N, A), from 0 to 1.

    Raises
    ------
    ValueError
        If a shape is another, or a number is not finite and above 0.

    Notes
    -----
    Redmon and Farhadi (2017). Memory for three arrays (N, A). Chapter :ref:`anchors`.
    """
    sizes, anchors = as_sizes(sizes, "sizes"), as_sizes(anchors, "anchors")
    both = np.minimum(sizes[:, None], anchors[None]).prod(axis=-1)
    return both / (sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None] - both)


def kmeans_steps(sizes, start, most=100):
    """Cluster sizes by k-means on 1 − IoU, step by step.

    Parameters
    ----------
    sizes : array_like
        Widths and heights of objects, (N, 2).
    start : array_like
        First anchors, (A, 2).
    most : int
        Steps at most.

    Yields
    ------
    anchors : numpy.ndarray
        (A, 2), each the mean of the sizes that were nearest before; one without any stays.
    nearest : numpy.ndarray
        (N,) which anchor each size is nearest to now.

    Notes
    -----
    It ends when no size changes its anchor. The mean minimizes squared distances and not 1 − IoU,
    so that the mean IoU rises in most steps, not in every. Chapter :ref:`anchors`.
    """
    sizes, anchors = as_sizes(sizes, "sizes"), as_sizes(start, "anchors").copy()
    nearest = size_iou(sizes, anchors).argmax(axis=1)
    yield anchors.copy(), nearest
    for _ in range(most):
        for a in np.unique(nearest):
            anchors[a] = sizes[nearest == a].mean(axis=0)
        before, nearest = nearest, size_iou(sizes, anchors).argmax(axis=1)
        yield anchors.copy(), nearest
        if (before == nearest).all():
            return


def kmeans_anchors(sizes, count, seed=0, starts=10):
    """Choose anchors for objects of given sizes.

    Parameters
    ----------
    sizes : array_like
        Widths and heights, (N, 2).
    count : int
        How many anchors.
    seed : int
        Of the starts.
    starts : int
        How often to begin, each time with `count` different sizes; the highest mean IoU wins.

    Returns
    -------
    numpy.ndarray
        (count, 2), by growing area.

    Raises
    ------
    ValueError
        If there are not `count` different sizes.

    Notes
    -----
    Redmon and Farhadi (2017). Chapter :ref:`anchors`.
    """
    sizes = as_sizes(sizes, "sizes")
    different = np.unique(sizes, axis=0)
    if not 1 <= count <= len(different):
        raise ValueError(f"kmeans_anchors: {count} anchors from {len(different)} different sizes")
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(starts):
        start = different[rng.choice(len(different), count, replace=False)]
        *_, (anchors, _) = kmeans_steps(sizes, start)
        found.append((size_iou(sizes, anchors).max(axis=1).mean(), anchors))
    best = max(found, key=lambda pair: pair[0])[1]
    return best[np.argsort(best.prod(axis=1), kind="stable")]


def as_sizes(sizes, what="sizes"):
    """Read widths and heights as (N, 2) float64, or say which of them are none."""
    sizes = np.asarray(sizes, dtype=np.float64)
    sizes = sizes.reshape(0, 2) if sizes.shape == (0,) else sizes
    if sizes.ndim != 2 or sizes.shape[1] != 2:
        raise ValueError(f"{what}: shape {sizes.shape}; expected (N, 2), width and height")
    wrong = np.flatnonzero(~(np.isfinite(sizes) & (sizes > 0)).all(axis=1))
    if len(wrong):
        at = wrong[0]
        raise ValueError(f"{what}: number {at} is {sizes[at].tolist()}; expected above 0")
    return sizes
