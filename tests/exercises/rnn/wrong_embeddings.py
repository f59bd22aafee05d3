"""Known wrong answers to the exercises of the chapter on words as vectors."""

import numpy as np

from companion.exercises import wrong


@wrong("three-cosines", fails="test_the_same_direction")
def three_cosines():
    """Does not divide by the lengths."""
    return 18, 0, -8


@wrong("three-cosines", fails="test_the_same_direction")
def three_cosines():
    """Divides by one length."""
    return 6, 0, -8 / 3


@wrong("three-cosines", fails="test_the_other_two")
def three_cosines():
    """Loses the sign."""
    return 1, 0, 8 / 9


@wrong("three-cosines", fails="test_the_same_direction")
def three_cosines():
    """Gives angles."""
    return 0, 90, 152.7


@wrong("three-cosines", fails="test_the_other_two")
def three_cosines():
    """Rounds to one digit."""
    return 1, 0, -0.9


@wrong("rows-that-learn", fails="test_rows_with_gradient")
def gradient_of_table():
    """Counts a row once."""
    return [[0, 0], [1, 1], [0, 0], [0, 0], [1, 1], [0, 0]]


@wrong("rows-that-learn", fails="test_rows_without_gradient")
def gradient_of_table():
    """Gives all rows a gradient."""
    return [[1, 1], [1, 1], [1, 1], [1, 1], [3, 3], [1, 1]]


@wrong("rows-that-learn", fails="test_rows_with_gradient")
def gradient_of_table():
    """Averages over the tokens."""
    return [[0, 0], [0.25, 0.25], [0, 0], [0, 0], [0.75, 0.75], [0, 0]]


@wrong("rows-that-learn", fails="test_rows_with_gradient")
def gradient_of_table():
    """Leaves everything at zero."""
    return [[0, 0]] * 6


@wrong("rows-that-learn", fails="test_rows_with_gradient")
def gradient_of_table():
    """Counts rows from one."""
    return [[1, 1], [0, 0], [0, 0], [3, 3], [0, 0], [0, 0]]


@wrong("rows-that-learn", fails="test_rows_with_gradient")
def gradient_of_table():
    """Gives texts for numbers."""
    return [["0", "0"], ["1", "1"], ["0", "0"], ["0", "0"], ["3", "3"], ["0", "0"]]


@wrong("near-to-everything", fails="test_a_long_vector_does_not_win")
def nearest_by_angle(vectors, target):
    """The colleague's."""
    return int(np.argmax(vectors @ target))


@wrong("near-to-everything", fails="test_a_long_vector_does_not_win")
def nearest_by_angle(vectors, target):
    """Divides by the target's length only."""
    return int(np.argmax(vectors @ target / np.linalg.norm(target)))


@wrong("near-to-everything", fails="test_a_long_vector_does_not_win")
def nearest_by_angle(vectors, target):
    """Takes the smallest distance."""
    return int(np.argmin(np.linalg.norm(vectors - target, axis=1)))


@wrong("near-to-everything", fails="test_any_size")
def nearest_by_angle(vectors, target):
    """Takes the largest absolute cosine."""
    return int(np.argmax(abs(vectors @ target) / np.linalg.norm(vectors, axis=1)))


@wrong("near-to-everything", fails="test_any_size")
def nearest_by_angle(vectors, target):
    """Takes negative cosines for none."""
    best, found = 0, 0
    for k, vector in enumerate(vectors):
        score = vector @ target / np.linalg.norm(vector)
        if score > best:
            best, found = score, k
    return found


@wrong("near-to-everything", fails="test_any_size")
def nearest_by_angle(vectors, target):
    """Adds so much to the lengths that short rows lose."""
    return int(np.argmax(vectors @ target / (0.01 + np.linalg.norm(vectors, axis=1))))


@wrong("near-to-everything", fails="test_a_long_vector_does_not_win")
def nearest_by_angle(vectors, target):
    """Returns a list."""
    return [int(np.argmax(vectors @ target / np.linalg.norm(vectors, axis=1)))]


@wrong("rank-correlation", fails="test_without_ties")
def rank_agreement(one, other):
    """Correlates the values."""
    return float(np.corrcoef(one, other)[0, 1])


@wrong("rank-correlation", fails="test_without_ties")
def rank_agreement(one, other):
    """Takes the order for the ranks."""
    return float(np.corrcoef(np.argsort(one), np.argsort(other))[0, 1])


@wrong("rank-correlation", fails="test_with_ties")
def rank_agreement(one, other):
    """Gives equal values different ranks."""
    ranks = [np.argsort(np.argsort(values, kind="stable")) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


@wrong("rank-correlation", fails="test_with_ties")
def rank_agreement(one, other):
    """Gives equal values the lowest of their ranks."""
    ranks = [np.searchsorted(np.sort(values), values) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


@wrong("rank-correlation", fails="test_with_ties")
def rank_agreement(one, other):
    """Ranks absolute values."""

    def ranks(values):
        values = np.abs(values)
        ordered = np.sort(values)
        return np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right")

    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


@wrong("rank-correlation", fails="test_with_ties")
def rank_agreement(one, other):
    """Cannot tell large values apart in single precision."""

    def ranks(values):
        values = np.asarray(values, np.float32)
        ordered = np.sort(values)
        return np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right")

    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


@wrong("rank-correlation", fails="test_with_ties")
def rank_agreement(one, other):
    """Takes close values for equal ones."""

    def ranks(values):
        values = np.round(values, 8)
        ordered = np.sort(values)
        return np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right")

    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


@wrong("rank-correlation", fails="test_with_ties")
def rank_agreement(one, other):
    """Uses the formula that holds only without ties."""

    def ranks(values):
        ordered = np.sort(values)
        return (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right")) / 2

    apart = ranks(one) - ranks(other)
    return 1 - 6 * float(apart @ apart) / (len(one) * (len(one) ** 2 - 1))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Adds."""
    score = unit @ (unit[b] + unit[c] - unit[a])
    score[[a, b, c]] = -9
    return int(np.argmax(score))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Lets the given words answer."""
    s = (1 + unit[[a, b, c]] @ unit.T) / 2
    return int(np.argmax(s[1] * s[2] / (s[0] + 0.001)))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Does not shift the cosines."""
    s = unit[[a, b, c]] @ unit.T
    score = s[1] * s[2] / (s[0] + 0.001)
    score[[a, b, c]] = -np.inf
    return int(np.argmax(score))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Ignores a."""
    s = (1 + unit[[a, b, c]] @ unit.T) / 2
    score = s[1] * s[2]
    score[[a, b, c]] = -1
    return int(np.argmax(score))


@wrong("three-cos-mul", fails="test_small_tables")
def three_cos_mul(unit, a, b, c):
    """Sets the given words to 0, which another word may have, too."""
    s = (1 + unit[[a, b, c]] @ unit.T) / 2
    score = s[1] * s[2] / (s[0] + 0.001)
    score[[a, b, c]] = 0
    return int(np.argmax(score))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Adds nothing to the likeness to a."""
    s = (1 + unit[[a, b, c]] @ unit.T) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        score = s[1] * s[2] / s[0]
    score[[a, b, c]] = -1
    return int(np.argmax(score))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Adds 0.001 after dividing."""
    s = (1 + unit[[a, b, c]] @ unit.T) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        score = s[1] * s[2] / s[0] + 0.001
    score[[a, b, c]] = -1
    return int(np.argmax(score))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Does not halve."""
    s = 1 + unit[[a, b, c]] @ unit.T
    score = s[1] * s[2] / (s[0] + 0.001)
    score[[a, b, c]] = -1
    return int(np.argmax(score))


@wrong("three-cos-mul", fails="test_against_the_definition")
def three_cos_mul(unit, a, b, c):
    """Adds ten times as much."""
    s = (1 + unit[[a, b, c]] @ unit.T) / 2
    score = s[1] * s[2] / (s[0] + 0.01)
    score[[a, b, c]] = -1
    return int(np.argmax(score))
