"""Known wrong answers to the exercises of the chapter on anchors."""

import numpy as np

from companion.exercises import wrong


@wrong("which-anchor", fails="test_both_overlaps")
def which_anchor():
    """Counts the shared area twice."""
    return 100 / 400, 160 / 456, 1


@wrong("which-anchor", fails="test_both_overlaps")
def which_anchor():
    """Exchanges width and height."""
    return 1.0, 160 / 296, 0


@wrong("which-anchor", fails="test_both_overlaps")
def which_anchor():
    """Divides by the object's own area."""
    return 0.5, 0.8, 1


@wrong("which-anchor", fails="test_the_best_anchor")
def which_anchor():
    """Counts from 1."""
    return 0.333, 0.541, 2


@wrong("three-in-a-cell", fails="test_three_objects")
def objects_with_a_slot():
    """Lets the third take the free anchor."""
    return 3


@wrong("three-in-a-cell", fails="test_three_objects")
def objects_with_a_slot():
    """One box a cell."""
    return 1


@wrong("three-in-a-cell", fails="test_three_objects")
def objects_with_a_slot():
    """Names the anchors."""
    return "tall and wide"


@wrong("median-step", fails="test_new_anchors")
def median_step(sizes, anchors):
    """Takes the mean."""
    both = np.minimum(sizes[:, None], anchors[None]).prod(axis=2)
    areas = sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None]
    nearest = (both / (areas - both)).argmax(axis=1)
    new = np.array(anchors, dtype=float)
    for a in np.unique(nearest):
        new[a] = sizes[nearest == a].mean(axis=0)
    return new


@wrong("median-step", fails="test_new_anchors")
def median_step(sizes, anchors):
    """Measures plain distance."""
    nearest = ((sizes[:, None] - anchors[None]) ** 2).sum(axis=2).argmin(axis=1)
    new = np.array(anchors, dtype=float)
    for a in np.unique(nearest):
        new[a] = np.median(sizes[nearest == a], axis=0)
    return new


@wrong("median-step", fails="test_new_anchors")
def median_step(sizes, anchors):
    """Writes into what was given."""
    both = np.minimum(sizes[:, None], anchors[None]).prod(axis=2)
    areas = sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None]
    nearest = (both / (areas - both)).argmax(axis=1)
    for a in np.unique(nearest):
        anchors[a] = np.median(sizes[nearest == a], axis=0)
    return anchors


@wrong("median-step", fails="test_new_anchors")
def median_step(sizes, anchors):
    """Steps until nothing moves."""
    new, before = np.array(anchors, dtype=float), None
    while before is None or not np.array_equal(before, new):
        before = new.copy()
        both = np.minimum(sizes[:, None], new[None]).prod(axis=2)
        nearest = (both / (sizes.prod(axis=1)[:, None] + new.prod(axis=1) - both)).argmax(axis=1)
        for a in np.unique(nearest):
            new[a] = np.median(sizes[nearest == a], axis=0)
    return new


@wrong("median-step", fails="test_an_anchor_without_sizes")
def median_step(sizes, anchors):
    """Knows three anchors only."""
    both = np.minimum(sizes[:, None], anchors[None]).prod(axis=2)
    areas = sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None]
    nearest = (both / (areas - both)).argmax(axis=1)
    new = np.array(anchors, dtype=float)
    for a in range(3):
        if (nearest == a).any():
            new[a] = np.median(sizes[nearest == a], axis=0)
    return new


@wrong("median-step", fails="test_an_anchor_without_sizes")
def median_step(sizes, anchors):
    """Keeps whole numbers whole."""
    both = np.minimum(sizes[:, None], anchors[None]).prod(axis=2)
    areas = sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None]
    nearest = (both / (areas - both)).argmax(axis=1)
    new = anchors.copy()
    for a in np.unique(nearest):
        new[a] = np.median(sizes[nearest == a], axis=0)
    return new


@wrong("median-step", fails="test_an_anchor_without_sizes")
def median_step(sizes, anchors):
    """Gives an anchor without sizes the median of nothing."""
    both = np.minimum(sizes[:, None], anchors[None]).prod(axis=2)
    areas = sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None]
    nearest = (both / (areas - both)).argmax(axis=1)
    new = np.zeros(anchors.shape)
    for a in np.unique(nearest):
        new[a] = np.median(sizes[nearest == a], axis=0)
    return new


@wrong("anchor-labels", fails="test_labels_by_threshold")
def anchor_labels(overlaps, high, low):
    """Ignores none."""
    return (overlaps.max(axis=0) >= high).astype(int)


@wrong("anchor-labels", fails="test_labels_by_threshold")
def anchor_labels(overlaps, high, low):
    """Exchanges background and ignored."""
    most = overlaps.max(axis=0)
    return np.where(most >= high, 1, np.where(most < low, -1, 0))


@wrong("anchor-labels", fails="test_every_object_has_an_anchor")
def anchor_labels(overlaps, high, low):
    """Forgets the best anchor of each object."""
    if len(overlaps) == 0:
        return np.zeros(overlaps.shape[1], dtype=int)
    most = overlaps.max(axis=0)
    return np.where(most >= high, 1, np.where(most < low, 0, -1))


@wrong("anchor-labels", fails="test_every_object_has_an_anchor")
def anchor_labels(overlaps, high, low):
    """Gives an object that touches nothing all anchors."""
    if len(overlaps) == 0:
        return np.zeros(overlaps.shape[1], dtype=int)
    most = overlaps.max(axis=0)
    labels = np.where(most >= high, 1, np.where(most < low, 0, -1))
    labels[(overlaps == overlaps.max(axis=1, keepdims=True)).any(axis=0)] = 1
    return labels


def with_best(overlaps, labels, least=0):
    """Give each object its best anchors, from an IoU on."""
    best = overlaps.max(axis=1, keepdims=True)
    labels[((overlaps == best) & (overlaps > 0) & (overlaps >= least)).any(axis=0)] = 1
    return labels


@wrong("anchor-labels", fails="test_every_object_has_an_anchor")
def anchor_labels(overlaps, high, low):
    """Asks the best anchor of an object for an IoU of at least `low`."""
    most = overlaps.max(axis=0, initial=0)
    labels = np.where(most >= high, 1, np.where(most < low, 0, -1))
    return with_best(overlaps, labels, low) if len(overlaps) else labels


@wrong("anchor-labels", fails="test_every_object_has_an_anchor")
def anchor_labels(overlaps, high, low):
    """Takes `low` itself for background."""
    most = overlaps.max(axis=0, initial=0)
    labels = np.where(most >= high, 1, np.where(most <= low, 0, -1))
    return with_best(overlaps, labels) if len(overlaps) else labels


@wrong("anchor-labels", fails="test_labels_by_threshold")
def anchor_labels(overlaps, high, low):
    """Writes into the overlaps."""
    most = overlaps.max(axis=0, initial=0)
    labels = np.where(most >= high, 1, np.where(most < low, 0, -1))
    overlaps[overlaps == 0] = -1
    return with_best(overlaps, labels) if len(overlaps) else labels


@wrong("anchor-labels", fails="test_no_objects")
def anchor_labels(overlaps, high, low):
    """Takes the maximum of no rows."""
    most = overlaps.max(axis=0)
    labels = np.where(most >= high, 1, np.where(most < low, 0, -1))
    best = overlaps.max(axis=1, keepdims=True)
    labels[((overlaps == best) & (overlaps > 0)).any(axis=0)] = 1
    return labels


@wrong("how-much-focus", fails="test_smallest_gamma")
def smallest_gamma():
    """Stops too early."""
    return 1


@wrong("how-much-focus", fails="test_smallest_gamma")
def smallest_gamma():
    """Forgets the objects' own factor."""
    return 0


@wrong("how-much-focus", fails="test_smallest_gamma")
def smallest_gamma():
    """Takes the next one to be safe."""
    return 3
