"""How much two boxes overlap: intersection over union, and three measures that see farther."""

import numpy as np

from companion.detection.boxes.formats import as_boxes, box_area


def box_iou(boxes1, boxes2):
    """Compare each box of one set with each of another: intersection over union.

    Parameters
    ----------
    boxes1, boxes2 : array_like
        (N, 4) and (M, 4), two corners each.

    Returns
    -------
    numpy.ndarray
        (N, M), from 0 (apart) to 1 (equal). Two boxes whose union has no area get 0.

    Raises
    ------
    ValueError
        If the boxes are not boxes.

    Notes
    -----
    Takes memory for six arrays of (N, M) numbers: 5,000 × 5,000 boxes in float32 are 0.6 GB. The
    measure is Jaccard's index of two sets of points. Chapter :ref:`overlap`.
    """
    both, union = _areas(as_boxes(boxes1, "boxes1"), as_boxes(boxes2, "boxes2"))
    return _ratio(both, union)


def generalized_box_iou(boxes1, boxes2):
    """Compare boxes by IoU less the empty share of the box around both.

    Parameters
    ----------
    boxes1, boxes2 : array_like
        (N, 4) and (M, 4), two corners each.

    Returns
    -------
    numpy.ndarray
        (N, M), from −1 (far apart) to 1 (equal): it falls further where boxes do not touch.

    Raises
    ------
    ValueError
        If the boxes are not boxes.

    Notes
    -----
    GIoU of Rezatofighi et al. (2019). Chapter :ref:`box_losses`.
    """
    boxes1, boxes2 = as_boxes(boxes1, "boxes1"), as_boxes(boxes2, "boxes2")
    both, union = _areas(boxes1, boxes2)
    around = np.prod(_around(boxes1, boxes2), axis=-1)
    return _ratio(both, union) - _ratio(around - union, around)


def distance_box_iou(boxes1, boxes2):
    """Compare boxes by IoU less the squared distance of their centres.

    Parameters
    ----------
    boxes1, boxes2 : array_like
        (N, 4) and (M, 4), two corners each.

    Returns
    -------
    numpy.ndarray
        (N, M): IoU − (distance of centres / diagonal of the box around both)².

    Raises
    ------
    ValueError
        If the boxes are not boxes.

    Notes
    -----
    DIoU of Zheng et al. (2020). Chapter :ref:`box_losses`.
    """
    boxes1, boxes2 = as_boxes(boxes1, "boxes1"), as_boxes(boxes2, "boxes2")
    apart = _middle(boxes1)[:, None] - _middle(boxes2)[None]
    diagonal = (_around(boxes1, boxes2) ** 2).sum(axis=-1)
    return _ratio(*_areas(boxes1, boxes2)) - _ratio((apart**2).sum(axis=-1), diagonal)


def complete_box_iou(boxes1, boxes2):
    """Compare boxes as `distance_box_iou` does, less a term for unlike proportions.

    Parameters
    ----------
    boxes1, boxes2 : array_like
        (N, 4) and (M, 4), two corners each.

    Returns
    -------
    numpy.ndarray
        (N, M): DIoU − α v with v = 4/π² (difference of the angles of the diagonals)² and
        α = v / (1 − IoU + v).

    Raises
    ------
    ValueError
        If the boxes are not boxes.

    Notes
    -----
    CIoU of Zheng et al. (2020). A box without height counts as upright or flat by its width alone;
    one without any size has angle 0. Chapter :ref:`box_losses`.
    """
    boxes1, boxes2 = as_boxes(boxes1, "boxes1"), as_boxes(boxes2, "boxes2")
    iou = _ratio(*_areas(boxes1, boxes2))
    unlike = 4 / np.pi**2 * (_angle(boxes1)[:, None] - _angle(boxes2)[None]) ** 2
    return distance_box_iou(boxes1, boxes2) - _ratio(unlike**2, 1 - iou + unlike)


def _areas(boxes1, boxes2):
    """Area of intersection and union of each pair, two arrays (N, M)."""
    low = np.maximum(boxes1[:, None, :2], boxes2[None, :, :2])
    high = np.minimum(boxes1[:, None, 2:], boxes2[None, :, 2:])
    both = np.prod(np.maximum(high - low, 0), axis=-1)
    return both, box_area(boxes1)[:, None] + box_area(boxes2)[None] - both


def _around(boxes1, boxes2):
    """Width and height of the box around each pair, (N, M, 2)."""
    low = np.minimum(boxes1[:, None, :2], boxes2[None, :, :2])
    return np.maximum(boxes1[:, None, 2:], boxes2[None, :, 2:]) - low


def _middle(boxes):
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _angle(boxes):
    return np.arctan2(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])


def _ratio(above, below):
    """Divide, with 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
