"""How good is a map of classes? Pixels are counted once; every score is read from the counts."""

import numpy as np


def pixel_confusion(truth, found, classes, ignore=None):
    """Count pixels by their true class and the class that was found.

    Parameters
    ----------
    truth, found : array_like of int
        One shape, such as (N, H, W).
    classes : int
        Number of classes K, ground included.
    ignore : int, optional
        Pixels with this true class are not counted, such as 255 for the borders in Pascal VOC.

    Returns
    -------
    numpy.ndarray
        (K, K) int64, row = true class, column = found class. Counts of several batches may be
        added.

    Raises
    ------
    ValueError
        If the shapes differ, or a class is no integer from 0 to K − 1.

    Notes
    -----
    Memory is that of the two maps. Chapter :ref:`segmentation`.
    """
    truth, found = np.asarray(truth), np.asarray(found)
    if truth.shape != found.shape:
        raise ValueError(
            f"pixel_confusion: maps of {truth.shape} and {found.shape}; expected one shape "
            "(scores become classes by argmax over their axis 1)"
        )
    counted = np.ones(truth.shape, bool) if ignore is None else truth != ignore
    truth, found = truth[counted], found[counted]
    for name, values in (("true", truth), ("found", found)):
        if values.size and values.dtype.kind not in "iub":
            raise ValueError(f"pixel_confusion: {name} classes are {values.dtype}, not integers")
        if values.size and not (values.min() >= 0 and values.max() < classes):
            wrong = values[(values < 0) | (values >= classes)][0]
            raise ValueError(
                f"pixel_confusion: a {name} class is {wrong}; expected from 0 to {classes - 1} "
                "(ignore= leaves one out)"
            )
    pairs = truth.astype(np.int64) * classes + found.astype(np.int64)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def pixel_accuracy(counts):
    """Return the share of pixels whose class is right; NaN where there is no pixel.

    Parameters
    ----------
    counts : array_like
        (K, K), from `pixel_confusion`.

    Returns
    -------
    float
        From 0 to 1.
    """
    counts = _square(counts, "pixel_accuracy")
    return _ratio(np.trace(counts), counts.sum()).item()


def class_iou(counts):
    """Return the intersection over union of each class (the Jaccard index).

    Parameters
    ----------
    counts : array_like
        (K, K), from `pixel_confusion`.

    Returns
    -------
    numpy.ndarray
        (K,) from 0 to 1: pixels that are and were found to be of the class, by those that are or
        were found to be. NaN for a class that neither map has.

    Notes
    -----
    Chapter :ref:`segmentation`.
    """
    hits, true, found = _hits(counts, "class_iou")
    return _ratio(hits, true + found - hits)


def class_dice(counts):
    """Return the Dice coefficient of each class (its F₁ score).

    Parameters
    ----------
    counts : array_like
        (K, K), from `pixel_confusion`.

    Returns
    -------
    numpy.ndarray
        (K,) from 0 to 1; NaN for a class that neither map has. With an IoU of J it is 2J / (1 + J).

    Notes
    -----
    Dice (1945). Chapter :ref:`segmentation`.
    """
    hits, true, found = _hits(counts, "class_dice")
    return _ratio(2 * hits, true + found)


def mean_iou(counts, skip=()):
    """Return the mean of `class_iou` over the classes that one of the maps has.

    Parameters
    ----------
    counts : array_like
        (K, K), from `pixel_confusion`, best over all images of a set.
    skip : sequence of int
        Classes that are left out, such as 0 for the ground.

    Returns
    -------
    float
        From 0 to 1; NaN where no class is left.
    """
    each = np.delete(class_iou(counts), list(skip))
    each = each[~np.isnan(each)]
    return float(each.mean()) if len(each) else float("nan")


def _square(counts, name):
    counts = np.asarray(counts)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"{name}: counts of shape {counts.shape}; expected (K, K)")
    return counts


def _hits(counts, name):
    counts = _square(counts, name)
    return np.diagonal(counts), counts.sum(axis=1), counts.sum(axis=0)


def _ratio(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.divide(a, b, out=np.full(b.shape, np.nan), where=b > 0)
