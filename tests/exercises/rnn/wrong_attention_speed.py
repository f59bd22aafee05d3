"""Known wrong answers to the exercises on the page on the speed of attention."""

import numpy as np

from companion.exercises import wrong


@wrong("attention-crossing", fails="test_many_workers")
def crossing(workers, size):
    """Forgets the products with weights."""
    return 3 * workers / (2 * size)


@wrong("attention-crossing", fails="test_many_workers")
def crossing(workers, size):
    """One operation a step."""
    return max(0.0, (workers - 4 * size**2) / (2 * size))


@wrong("attention-crossing", fails="test_many_workers")
def crossing(workers, size):
    """Forgets to divide by the features."""
    return max(0.0, (3 * workers - 4 * size**2) / 2)


@wrong("attention-crossing", fails="test_few_workers")
def crossing(workers, size):
    """Returns a negative length."""
    return (3 * workers - 4 * size**2) / (2 * size)


@wrong("chunk-mask", fails="test_this_chunk_and_the_one_before")
def chunked(steps, size):
    """Looks ahead within its chunk."""
    chunk = np.arange(steps) // size
    return (chunk <= chunk[:, None]) & (chunk >= chunk[:, None] - 1)


@wrong("chunk-mask", fails="test_this_chunk_and_the_one_before")
def chunked(steps, size):
    """Its own chunk only."""
    place = np.arange(steps)
    chunk = place // size
    return (place <= place[:, None]) & (chunk == chunk[:, None])


@wrong("chunk-mask", fails="test_this_chunk_and_the_one_before")
def chunked(steps, size):
    """A window that slides."""
    behind = np.arange(steps)[:, None] - np.arange(steps)
    return (behind >= 0) & (behind < 2 * size)


@wrong("chunk-mask", fails="test_this_chunk_and_the_one_before")
def chunked(steps, size):
    """Everything before."""
    return np.tri(steps, dtype=bool)


@wrong("chunk-mask", fails="test_this_chunk_and_the_one_before")
def chunked(steps, size):
    """Rows and columns exchanged."""
    place = np.arange(steps)
    chunk = place // size
    return ((place <= place[:, None]) & (chunk >= chunk[:, None] - 1)).T


@wrong("merge-halves", fails="test_two_halves")
def merge(first, second):
    """Adds the sums as they are."""
    (m1, s1, y1), (m2, s2, y2) = first, second
    s = s1 + s2
    return np.maximum(m1, m2), s, (s1[:, None] * y1 + s2[:, None] * y2) / s[:, None]


@wrong("merge-halves", fails="test_two_halves")
def merge(first, second):
    """Takes the mean of the means."""
    (m1, s1, y1), (m2, s2, y2) = first, second
    m = np.maximum(m1, m2)
    return m, s1 * np.exp(m1 - m) + s2 * np.exp(m2 - m), (y1 + y2) / 2


@wrong("merge-halves", fails="test_two_halves")
def merge(first, second):
    """Does not divide."""
    (m1, s1, y1), (m2, s2, y2) = first, second
    m = np.maximum(m1, m2)
    w1, w2 = s1 * np.exp(m1 - m), s2 * np.exp(m2 - m)
    return m, w1 + w2, w1[:, None] * y1 + w2[:, None] * y2


@wrong("merge-halves", fails="test_two_halves")
def merge(first, second):
    """The larger maximum of all queries, not of each."""
    (m1, s1, y1), (m2, s2, y2) = first, second
    m = np.full_like(m1, max(m1.max(), m2.max()))
    w1, w2 = s1 * np.exp(m1 - m), s2 * np.exp(m2 - m)
    return m, w1 + w2, (w1[:, None] * y1 + w2[:, None] * y2) / (w1 + w2)[:, None]


@wrong("merge-halves", fails="test_large_scores")
def merge(first, second):
    """Exponentials of the maxima themselves."""
    (m1, s1, y1), (m2, s2, y2) = first, second
    w1, w2 = s1 * np.exp(m1), s2 * np.exp(m2)
    m = np.maximum(m1, m2)
    s = (w1 + w2) / np.exp(m)
    return m, s, (w1[:, None] * y1 + w2[:, None] * y2) / (w1 + w2)[:, None]


@wrong("merge-halves", fails="test_a_half_without_keys")
def merge(first, second):
    """Brings the second to the maximum of the first."""
    (m1, s1, y1), (m2, s2, y2) = first, second
    ratio = np.exp(np.minimum(m2 - m1, 0)), np.exp(np.minimum(m1 - m2, 0))
    w1, w2 = s1 * ratio[1], s2 * ratio[0]
    s = w1 + w2
    y = (y1 / (1 / w1)[:, None] + y2 * w2[:, None]) / s[:, None]
    return np.maximum(m1, m2), s, y * (w1 / w1)[:, None]


@wrong("merge-halves", fails="test_a_half_without_keys")
def merge(first, second):
    """Asks the first query only whether a half is empty."""
    (m1, s1, y1), (m2, s2, y2) = first, second
    if np.isinf(m1[0]):
        return m2, s2, y2
    if np.isinf(m2[0]):
        return m1, s1, y1
    m = np.maximum(m1, m2)
    first_of_both = 1 / (1 + s2 / s1 * np.exp(m2 - m1))
    s = s1 * np.exp(m1 - m) + s2 * np.exp(m2 - m)
    return m, s, first_of_both[:, None] * y1 + (1 - first_of_both)[:, None] * y2


@wrong("attention-crossing", fails="test_few_workers")
def crossing(workers, size):
    """Takes another limit for few workers."""
    return 0 if workers <= size**2 else (3 * workers - 4 * size**2) / (2 * size)


@wrong("attention-crossing", fails="test_many_workers")
def crossing(workers, size):
    """Takes lengths below 1 for none."""
    length = (3 * workers - 4 * size**2) / (2 * size)
    return length if length >= 1 else 0
