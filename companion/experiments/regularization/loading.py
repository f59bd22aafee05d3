"""Who waits for whom while batches are made: a timetable in closed form, and one on the clock."""

import time
from typing import NamedTuple

import numpy as np
from scipy import ndimage

from companion.data.batches import Batches


class Bar(NamedTuple):
    """One piece of work in a timetable.

    Attributes
    ----------
    who : int
        0 for the process that trains, 1, 2, … for the workers.
    what : {"make", "step"}
        Making a batch, or learning from it.
    batch : int
        Number of the batch.
    start, end : float
        When, in the unit of the durations.
    """

    who: int
    what: str
    batch: int
    start: float
    end: float


def timetable(make, step, batches, workers, ahead=2):
    """Say who does what when, if making a batch and learning from it always take the same time.

    Parameters
    ----------
    make, step : float
        How long it takes to make a batch, and to learn from it.
    batches, workers : int
        How many.
    ahead : int
        Batches that each worker may have ready, as in `companion.data.workers.in_order`.

    Returns
    -------
    list of Bar
        In the order of the batches.
    """
    bars, now = [], 0.0  # now: when the training process is free
    free = np.zeros(workers)
    asked = [0.0] * (workers * ahead)  # when each batch was asked for
    for k in range(batches):
        if workers:
            who = int(free.argmin())
            begin = max(free[who], asked[k])
            free[who] = ready = begin + make
            bars.append(Bar(who + 1, "make", k, begin, ready))
        else:
            ready = now + make
            bars.append(Bar(0, "make", k, now, ready))
        begin = max(now, ready)
        asked.append(begin)
        now = begin + step
        bars.append(Bar(0, "step", k, begin, now))
    return bars


def elastic(images, labels, rng, strength=6.0, smooth=8.0):
    """Warp each image (N, H, W) along a random smooth field: some milliseconds of work an image.

    Parameters
    ----------
    images, labels : numpy.ndarray
        Images (N, H, W), and what goes with them.
    rng : numpy.random.Generator
        Where the fields are drawn from.
    strength, smooth : float
        Size of the moves in pixels, and over how many pixels they change.

    Returns
    -------
    tuple of numpy.ndarray
        Images of the same shape, and the labels as they were.
    """
    warped = np.empty_like(images)
    for n, image in enumerate(images):
        field = [ndimage.gaussian_filter(rng.normal(size=image.shape), smooth) for _ in range(2)]
        moves = [strength * f / np.abs(f).max() for f in field]
        at = np.indices(image.shape) + moves
        warped[n] = ndimage.map_coordinates(image, at, order=3, mode="nearest")
    return warped, labels


def seconds_per_epoch(images, workers, transform=elastic, batch_size=4, repeats=3):
    """Time one epoch of batches, in which nothing is learned.

    Parameters
    ----------
    images : numpy.ndarray
        (N, H, W).
    workers : int
        As for `companion.data.batches.Batches`.
    transform : callable
        ``transform(images, labels, rng)``.
    batch_size, repeats : int
        Images in a batch, and epochs to time; the fastest counts.

    Returns
    -------
    float
        Seconds, with starting and ending the workers.
    """
    batches = Batches(
        images, np.arange(len(images)), batch_size=batch_size, transform=transform, workers=workers
    )
    taken = []
    for epoch in range(repeats):
        start = time.perf_counter()
        for _ in batches.epoch(epoch):
            pass
        taken.append(time.perf_counter() - start)
    return min(taken)
