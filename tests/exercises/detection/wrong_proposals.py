"""Known wrong answers to the exercises of the chapter on proposals."""

import numpy as np

from companion.exercises import wrong


@wrong("rounded-to-cells", fails="test_where_it_begins")
def pixels_looked_at():
    """Rounds down."""
    return 16, 64


@wrong("rounded-to-cells", fails="test_where_it_begins")
def pixels_looked_at():
    """Stays in cells."""
    return 2, 5


@wrong("rounded-to-cells", fails="test_where_it_ends")
def pixels_looked_at():
    """Rounds the left end only."""
    return 32, 75


@wrong("runs-of-the-body", fails="test_runs")
def runs():
    """Exchanges the two."""
    return 1, 2000


@wrong("runs-of-the-body", fails="test_runs")
def runs():
    """Thinks that Fast R-CNN is only quicker at the same work."""
    return 2000, 2000


@wrong("runs-of-the-body", fails="test_runs")
def runs():
    """Thinks that both share the body."""
    return 1, 1


@wrong("read-between", fails="test_inside")
def read_between(values, at):
    """Puts the middle of cell i at i."""
    place = np.clip(at, 0, len(values) - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, len(values) - 1)
    return (1 - place + low) * values[low] + (place - low) * values[high]


@wrong("read-between", fails="test_inside")
def read_between(values, at):
    """Takes the nearest cell."""
    return values[np.clip(np.floor(at).astype(int), 0, len(values) - 1)]


@wrong("read-between", fails="test_the_ends")
def read_between(values, at):
    """Has no room for anything but whole numbers."""
    place, out = np.clip(at - 0.5, 0, len(values) - 1), np.empty(len(at), values.dtype)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, len(values) - 1)
    out[:] = (1 - place + low) * values[low] + (place - low) * values[high]
    return out


@wrong("read-between", fails="test_the_ends")
def read_between(values, at):
    """Goes on in a straight line beyond the ends."""
    place = at - 0.5
    low = np.clip(np.floor(place).astype(int), 0, max(len(values) - 2, 0))
    high = np.minimum(low + 1, len(values) - 1)
    return (1 - place + low) * values[low] + (place - low) * values[high]


@wrong("out-of-reach", fails="test_within_reach")
def needed(overlaps, threshold):
    """Counts from 0."""
    return (overlaps >= threshold).argmax(axis=0)


@wrong("out-of-reach", fails="test_within_reach")
def needed(overlaps, threshold):
    """Takes the best proposal."""
    return np.where(overlaps.max(axis=0) >= threshold, overlaps.argmax(axis=0) + 1, 0)


def first(hit):
    """Do what the exercise asks, once it is said what is good enough."""
    if not len(hit):
        return np.zeros(hit.shape[1], dtype=int)
    return np.where(hit.any(axis=0), hit.argmax(axis=0) + 1, 0)


@wrong("out-of-reach", fails="test_within_reach")
def needed(overlaps, threshold):
    """Asks for more than the threshold."""
    return first(overlaps > threshold)


@wrong("out-of-reach", fails="test_within_reach")
def needed(overlaps, threshold):
    """Knows one threshold only."""
    return first(overlaps >= 0.5)


@wrong("out-of-reach", fails="test_within_reach")
def needed(overlaps, threshold):
    """Lets a proposal reach only the object that it overlaps most."""
    most = overlaps.max(axis=1, keepdims=True, initial=0)
    return first((overlaps >= threshold) & (overlaps == most))


@wrong("out-of-reach", fails="test_within_reach")
def needed(overlaps, threshold):
    """Writes into the overlaps."""
    overlaps[overlaps < threshold] = 0
    return first(overlaps > 0)


@wrong("out-of-reach", fails="test_out_of_reach")
def needed(overlaps, threshold):
    """Forgets objects that are not reached."""
    return (overlaps >= threshold).argmax(axis=0) + 1


@wrong("out-of-reach", fails="test_no_proposals")
def needed(overlaps, threshold):
    """Forgets that there may be no proposals."""
    hit = overlaps >= threshold
    return np.where(hit.any(axis=0), hit.argmax(axis=0) + 1, 0)
