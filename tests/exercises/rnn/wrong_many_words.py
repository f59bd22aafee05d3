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


@wrong("way-probability", fails="test_several_trees")
def log_probabilities(h, weight, ways):
    """Ignores the turns."""
    scores = weight @ h
    return np.array([sum(-np.logaddexp(0, -scores[n]) for n, _ in way) for way in ways])


@wrong("way-probability", fails="test_several_trees")
def log_probabilities(h, weight, ways):
    """Probabilities, not logarithms."""
    scores = weight @ h
    return np.array([np.prod([1 / (1 + np.exp(-t * scores[n])) for n, t in way]) for way in ways])


@wrong("way-probability", fails="test_several_trees")
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


@wrong("best-scores", fails="test_noise_as_words_occur")
def best_scores(counts, negatives, power):
    """Adds a little to each count."""
    return shifted(counts + 1e-3, negatives, power)


@wrong("best-scores", fails="test_other_powers")
def best_scores(counts, negatives, power):
    """Knows the powers 0, 3/4 and 1 only."""
    return shifted(counts, negatives, {0.0: 0, 1.0: 1}.get(power, 0.75))


@wrong("best-scores", fails="test_other_powers")
def best_scores(counts, negatives, power):
    """Takes the power of the words, too."""
    words, noise = counts.sum(axis=1) ** power, counts.sum(axis=0) ** power
    chance = np.outer(words / words.sum(), noise / noise.sum())
    return np.log(counts / counts.sum() / chance) - np.log(negatives)


@wrong("way-probability", fails="test_several_trees")
def log_probabilities(h, weight, ways):
    """Four turns at most."""
    scores = weight @ h
    return np.array([sum(-np.logaddexp(0, -t * scores[n]) for n, t in way[:4]) for way in ways])


@wrong("way-probability", fails="test_several_trees")
def log_probabilities(h, weight, ways):
    """Logarithms to base 2."""
    scores = weight @ h
    return np.array([sum(-np.logaddexp2(0, -t * scores[n]) for n, t in way) for way in ways])


@wrong("way-probability", fails="test_large_scores")
def log_probabilities(h, weight, ways):
    """Takes min(z, 0) for large scores, which is not yet true for 12."""
    z = [[t * (weight[n] @ h) for n, t in way] for way in ways]
    with np.errstate(all="ignore"):
        return np.array([sum(min(a, 0) if abs(a) > 10 else -np.log1p(np.exp(-a)) for a in way)
                         for way in z])  # fmt: skip


@wrong("way-probability", fails="test_large_scores")
def log_probabilities(h, weight, ways):
    """Keeps probabilities above a floor, which is too high for scores of −60."""

    def log_sigmoid(z):
        return z if z < -100 else np.log(max(1e-12, 1 / (1 + np.exp(-z))))

    return np.array([sum(log_sigmoid(t * (weight[n] @ h)) for n, t in way) for way in ways])


@wrong("best-scores", fails="test_other_powers")
def best_scores(counts, negatives, power):
    """Drops the part of a count behind the point."""
    with np.errstate(all="ignore"):
        return shifted(counts.astype(int), negatives, power)
