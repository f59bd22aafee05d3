"""Known wrong answers to the exercises of the chapter on trigger words."""

import numpy as np

from companion.exercises import wrong


@wrong("firings-by-hand", fails="test_when_it_fires")
def firings_by_hand():
    """Does not smooth."""
    return [1, 6, 9], 0, 2


@wrong("firings-by-hand", fails="test_when_it_fires")
def firings_by_hand():
    """Does not sleep."""
    return [2, 7, 8, 9, 10, 11], 1, 5


@wrong("firings-by-hand", fails="test_when_it_fires")
def firings_by_hand():
    """Wants more than the threshold."""
    return [7, 10], 1, 1


@wrong("firings-by-hand", fails="test_delay_and_alarms")
def firings_by_hand():
    """Takes the last firing for the word's as well."""
    return [2, 7, 10], 1, 1


@wrong("firings-by-hand", fails="test_delay_and_alarms")
def firings_by_hand():
    """Counts the delay from 1."""
    return [2, 7, 10], 2, 2


def filled(starts, ends, count, hold, shift=0):
    labels, weights = np.zeros(count), np.ones(count)
    for start, end in zip(starts, ends, strict=True):
        weights[start:end] = 0
        labels[end + shift : end + shift + hold] = 1
    return labels, weights


@wrong("labels-and-weights", fails="test_labels")
def labels_and_weights(starts, ends, count, hold):
    """Begins a frame late."""
    labels, weights = filled(starts, ends, count, hold, 1)
    return labels, np.maximum(labels, weights)


@wrong("labels-and-weights", fails="test_labels")
def labels_and_weights(starts, ends, count, hold):
    """Labels the word itself."""
    _, weights = filled(starts, ends, count, hold)
    return 1 - weights, np.ones(count)


@wrong("labels-and-weights", fails="test_labels")
def labels_and_weights(starts, ends, count, hold):
    """Labels a single frame."""
    labels, weights = filled(starts, ends, count, 1)
    return labels, np.maximum(labels, weights)


@wrong("labels-and-weights", fails="test_labels")
def labels_and_weights(starts, ends, count, hold):
    """Knows the first word only."""
    labels, weights = filled(starts[:1], ends[:1], count, hold)
    return labels, np.maximum(labels, weights)


@wrong("labels-and-weights", fails="test_labels")
def labels_and_weights(starts, ends, count, hold):
    """Falls over the end."""
    labels, weights = np.zeros(count), np.ones(count)
    for start, end in zip(starts, ends, strict=True):
        for t in range(start, end):
            weights[t] = 0
        for t in range(end, end + hold):
            labels[t] = weights[t] = 1
    return labels, weights


@wrong("labels-and-weights", fails="test_weights")
def labels_and_weights(starts, ends, count, hold):
    """Lets a label within the next word not count."""
    return filled(starts, ends, count, hold)


@wrong("labels-and-weights", fails="test_weights")
def labels_and_weights(starts, ends, count, hold):
    """Sets weights word by word, so that the next word wipes them out."""
    labels, weights = np.zeros(count), np.ones(count)
    for start, end in zip(starts, ends, strict=True):
        weights[start:end] = 0
        labels[end : end + hold] = 1
        weights[end : end + hold] = 1
    return labels, weights


@wrong("labels-and-weights", fails="test_weights")
def labels_and_weights(starts, ends, count, hold):
    """Counts every frame."""
    return filled(starts, ends, count, hold)[0], np.ones(count)


@wrong("missed-and-false", fails="test_words_far_apart")
def missed_and_false(fired, ends, frames, per_second, late):
    """Counts alarms, not their rate."""
    waiting, false = list(ends), 0
    for at in fired:
        near = [end for end in waiting if 0 <= at - end <= late]
        if near:
            waiting.remove(near[0])
        else:
            false += 1
    return (len(waiting) / len(ends) if ends else 0.0), false


@wrong("missed-and-false", fails="test_words_far_apart")
def missed_and_false(fired, ends, frames, per_second, late):
    """Lets a firing before the end count."""
    waiting, false = list(ends), 0
    for at in fired:
        near = [end for end in waiting if abs(at - end) <= late]
        if near:
            waiting.remove(near[0])
        else:
            false += 1
    return (len(waiting) / len(ends) if ends else 0.0), false * 60 * per_second / frames


@wrong("missed-and-false", fails="test_words_far_apart")
def missed_and_false(fired, ends, frames, per_second, late):
    """Divides by no words."""
    waiting, false = list(ends), 0
    for at in fired:
        near = [end for end in waiting if 0 <= at - end <= late]
        if near:
            waiting.remove(near[0])
        else:
            false += 1
    return len(waiting) / len(ends), false * 60 * per_second / frames


@wrong("missed-and-false", fails="test_words_and_firings_in_a_crowd")
def missed_and_false(fired, ends, frames, per_second, late):
    """Lets a word be detected again and again."""
    hit = {end for end in ends for at in fired if 0 <= at - end <= late}
    false = sum(not any(0 <= at - end <= late for end in ends) for at in fired)
    missed = 1 - len(hit) / len(ends) if ends else 0.0
    return missed, false * 60 * per_second / frames


@wrong("missed-and-false", fails="test_words_and_firings_in_a_crowd")
def missed_and_false(fired, ends, frames, per_second, late):
    """Takes the latest word within reach."""
    waiting, false = list(ends), 0
    for at in fired:
        near = [end for end in waiting if 0 <= at - end <= late]
        if near:
            waiting.remove(near[-1])
        else:
            false += 1
    return (len(waiting) / len(ends) if ends else 0.0), false * 60 * per_second / frames


@wrong("missed-and-false", fails="test_words_far_apart")
def missed_and_false(fired, ends, frames, per_second, late):
    """Takes words out of the list that it was given."""
    false, count = 0, len(ends)
    for at in fired:
        near = [end for end in ends if 0 <= at - end <= late]
        if near:
            ends.remove(near[0])
        else:
            false += 1
    return (len(ends) / count if count else 0.0), false * 60 * per_second / frames


@wrong("choose-threshold", fails="test_a_threshold")
def choose_threshold(thresholds, missed, false, limit):
    """Ignores the misses."""
    quiet = [t for t, f in zip(thresholds, false, strict=True) if f <= limit]
    return max(quiet, default=None)


@wrong("choose-threshold", fails="test_a_threshold")
def choose_threshold(thresholds, missed, false, limit):
    """Ignores the limit."""
    return -min((m, -t) for t, m in zip(thresholds, missed, strict=True))[1]


@wrong("choose-threshold", fails="test_a_threshold")
def choose_threshold(thresholds, missed, false, limit):
    """Must stay below the limit."""
    quiet = [(m, -t) for t, m, f in zip(thresholds, missed, false, strict=True) if f < limit]
    return -min(quiet)[1] if quiet else None


@wrong("choose-threshold", fails="test_ties_and_nothing")
def choose_threshold(thresholds, missed, false, limit):
    """Takes the lowest of equals."""
    quiet = [(m, t) for t, m, f in zip(thresholds, missed, false, strict=True) if f <= limit]
    return min(quiet)[1] if quiet else None


@wrong("choose-threshold", fails="test_ties_and_nothing")
def choose_threshold(thresholds, missed, false, limit):
    """Takes the quietest if none is quiet enough."""
    quiet = [(m, -t) for t, m, f in zip(thresholds, missed, false, strict=True) if f <= limit]
    if not quiet:
        return max(thresholds)
    return -min(quiet)[1]


@wrong("choose-threshold", fails="test_a_threshold")
def choose_threshold(thresholds, missed, false, limit):
    """Takes the lowest threshold within the limit, as if misses always grew with it."""
    quiet = [t for t, f in zip(thresholds, false, strict=True) if f <= limit]
    return min(quiet, default=None)


@wrong("labels-and-weights", fails="test_labels")
def labels_and_weights(starts, ends, count, hold):
    """Knows two words and no more."""
    labels, weights = filled(starts[:2], ends[:2], count, hold)
    return labels, np.maximum(labels, weights)


@wrong("labels-and-weights", fails="test_labels")
def labels_and_weights(starts, ends, count, hold):
    """Labels one frame at least."""
    labels, weights = filled(starts, ends, count, max(hold, 1))
    return labels, np.maximum(labels, weights)


@wrong("choose-threshold", fails="test_a_threshold")
def choose_threshold(thresholds, missed, false, limit):
    """Takes a share of 0 for one that is not known yet."""
    fewest = best = None
    for t, m, f in zip(thresholds, missed, false, strict=True):
        if f <= limit and (not fewest or m < fewest or (m == fewest and t > best)):
            fewest, best = m, t
    return best


@wrong("choose-threshold", fails="test_a_threshold")
def choose_threshold(thresholds, missed, false, limit):
    """Takes a threshold of 0 for none."""
    quiet = [(m, -t) for t, m, f in zip(thresholds, missed, false, strict=True) if f <= limit]
    return (-min(quiet)[1] or None) if quiet else None
