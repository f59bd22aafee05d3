"""Known wrong answers to the exercises on the page about choosing among many words."""

import numpy as np

from companion.exercises import wrong


@wrong("tree-by-hand", fails="test_questions_for_a_token")
def mean_questions():
    """All words count alike."""
    return (1 + 3 + 3 + 3 + 3) / 5


@wrong("tree-by-hand", fails="test_questions_for_a_token")
def mean_questions():
    """A balanced tree."""
    return (2 * (10 + 5 + 4) + 3 * (3 + 2)) / 24


@wrong("tree-by-hand", fails="test_questions_for_a_token")
def mean_questions():
    """The sum instead of the mean."""
    return 52


@wrong("way-probability", fails="test_three_trees")
def log_probabilities(h, weight, ways):
    """Ignores the turns."""
    scores = weight @ h
    return np.array([sum(-np.logaddexp(0, -scores[n]) for n, _ in way) for way in ways])


@wrong("way-probability", fails="test_three_trees")
def log_probabilities(h, weight, ways):
    """Probabilities, not logarithms."""
    scores = weight @ h
    return np.array([np.prod([1 / (1 + np.exp(-t * scores[n])) for n, t in way]) for way in ways])


@wrong("way-probability", fails="test_three_trees")
def log_probabilities(h, weight, ways):
    """Only the last turn."""
    scores = weight @ h
    return np.array([-np.logaddexp(0, -way[-1][1] * scores[way[-1][0]]) for way in ways])


@wrong("way-probability", fails="test_large_scores")
def log_probabilities(h, weight, ways):
    """Overflows."""
    scores = weight @ h
    with np.errstate(all="ignore"):
        return np.array([sum(np.log(1 / (1 + np.exp(-t * scores[n]))) for n, t in w) for w in ways])


def shifted(counts, negatives, power=1.0, sign=-1):
    noise = counts.sum(axis=0) ** power
    chance = np.outer(counts.sum(axis=1), noise / noise.sum())
    return np.log(counts / chance) + sign * np.log(negatives)


@wrong("best-scores", fails="test_noise_as_words_occur")
def best_scores(counts, negatives, power):
    """Without the shift."""
    return shifted(counts, 1, power)


@wrong("best-scores", fails="test_noise_as_words_occur")
def best_scores(counts, negatives, power):
    """Adds log K."""
    return shifted(counts, negatives, power, sign=1)


@wrong("best-scores", fails="test_noise_as_words_occur")
def best_scores(counts, negatives, power):
    """As a softmax would."""
    return np.log(counts / counts.sum(axis=1, keepdims=True)) - np.log(negatives)


@wrong("best-scores", fails="test_other_powers")
def best_scores(counts, negatives, power):
    """Ignores the power."""
    return shifted(counts, negatives)
