"""How many objects have a proposal? What a second stage can find at most."""

import numpy as np

from companion.detection.boxes.overlap import box_iou


def proposal_recall(proposed, truths, counts, iou_threshold=0.5):
    """Return the share of all objects that have a proposal among the first few of their image.

    Parameters
    ----------
    proposed : list of array_like
        Boxes of each image, (K, 4), best first.
    truths : list of array_like
        Boxes of its objects, (M, 4).
    counts : sequence of int
        Numbers of proposals an image.
    iou_threshold : float
        Least IoU of an object and its proposal; one proposal may serve two objects.

    Returns
    -------
    numpy.ndarray
        (len(counts),), from 0 to 1.

    Raises
    ------
    ValueError
        If there are not as many lists as images, or no objects.

    Notes
    -----
    Hosang et al. (2016). Chapter :ref:`proposals`.
    """
    if len(proposed) != len(truths):
        raise ValueError(f"proposal_recall: {len(proposed)} lists, but {len(truths)} images")
    first = [np.empty(0)]
    for boxes, objects in zip(proposed, truths, strict=True):
        hit = box_iou(boxes, objects) >= iou_threshold
        hit = np.vstack([hit, np.ones(hit.shape[1], dtype=bool)])
        first.append(np.where(hit[:-1].any(axis=0), hit.argmax(axis=0), np.inf))
    first = np.concatenate(first)
    if not len(first):
        raise ValueError("proposal_recall: no image has an object, so there is nothing to find")
    return np.array([(first < count).mean() for count in counts])
