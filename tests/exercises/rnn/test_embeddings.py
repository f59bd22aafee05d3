"""Checks of the exercises in the chapter on words as vectors."""

import numpy as np
from scipy.stats import pearsonr, spearmanr

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.numeric import numbers_of
from companion.exercises.wording import kind_of, likely_line

ONE, OTHERS = (1, 2, 2), ((2, 4, 4), (2, -2, 1), (-2, -1, -2))


def cosine(a, b):
    a, b = np.array(a, float), np.array(b, float)
    return a @ b / np.sqrt((a @ a) * (b @ b))


def assert_cosine(student, place, name, mistakes):
    """Compare one of the three; two digits are enough."""
    got = numbers_of(student.three_cosines(), (3,), "three numbers")[place]
    a, b = np.array(ONE, float), np.array(OTHERS[place], float)
    right = cosine(a, b)
    mistakes = {
        **mistakes,
        "that is the distance; the cosine asks for the angle": np.linalg.norm(a - b),
        "that is the angle in degrees; its cosine is asked": np.degrees(np.arccos(right)),
        "that is the angle in radians; its cosine is asked": np.arccos(right),
    }
    mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, right, atol=1e-3)}
    assert_close(got, right, mistakes=mistakes, rtol=2e-3, atol=1e-3, what=f"the {name} cosine")


def assert_row(got, right, mistakes):
    """Compare the number of a row, which is no quantity: near is as wrong as far."""
    whole = np.ndim(got) == 0 and np.asarray(got).dtype.kind in "iu"
    assert whole, f"expected the number of a row, an int, got {kind_of(got)}"
    likely = next((text for text, row in mistakes.items() if row == got), "")
    assert got == right, f"The row is {int(got)}; expected {right}.{likely_line(likely)}"


@check(
    "three-cosines",
    hints=(
        "The cosine does not depend on lengths.",
        "(2, 4, 4) is twice (1, 2, 2).",
        "the first cosine is 1",
    ),
)
def test_the_same_direction(student):
    "the cosine with (2, 4, 4)"
    mistakes = {
        "divide the product by both lengths": 18,
        "divide by both lengths, not by one": 18 / 3,
    }
    assert_cosine(student, 0, "first", mistakes)


@check(
    "three-cosines",
    hints=(
        "Multiply number by number and add; then divide by the lengths.",
        "1 · 2 + 2 · (−2) + 2 · 1, and 1 · (−2) + 2 · (−1) + 2 · (−2); all lengths are 3.",
        "0 and -8 / 9",
    ),
)
def test_the_other_two(student):
    "the cosines with (2, −2, 1) and (−2, −1, −2)"
    assert_cosine(student, 1, "second", {})
    mistakes = {
        "the vectors point away from each other: the sign is negative": 8 / 9,
        "divide by both lengths": -8,
        "divide by both lengths, 3 · 3": -8 / 3,
    }
    assert_cosine(student, 2, "third", mistakes)


def gradient():
    table = np.zeros((6, 2))
    np.add.at(table, [4, 1, 4, 4], 1.0)
    return table


@check(
    "rows-that-learn",
    hints=(
        "The loss is the sum of all numbers taken: each number taken sends back 1.",
        "Row 4 was taken three times, and gradients of several uses add up.",
        "row 1: [1, 1], row 4: [3, 3]",
    ),
)
def test_rows_with_gradient(student):
    "the rows that were taken"
    got = numbers_of(student.gradient_of_table(), (6, 2), "six rows of two numbers")
    mistakes = {
        "a row taken three times gets the sum of three gradients": np.ones((2, 2)),
        "the gradients of one row add up, they are not averaged": np.ones((2, 2)) / [[1], [3]],
        "the loss is a sum, not a mean: of four tokens": gradient()[[1, 4]] / 4,
        "the loss is a sum, not a mean": gradient()[[1, 4]] / 8,
        "these rows were taken; the first row has the number 0": np.zeros((2, 2)),
    }
    assert_close(got[[1, 4]], gradient()[[1, 4]], mistakes=mistakes, what="rows 1 and 4")


@check(
    "rows-that-learn",
    after="test_rows_with_gradient",
    hints=(
        "Which rows were taken?",
        "A row that was not taken cannot change the loss.",
        "rows 0, 2, 3 and 5 are zero",
    ),
)
def test_rows_without_gradient(student):
    "the rows that were not taken"
    got = numbers_of(student.gradient_of_table(), (6, 2), "six rows of two numbers")
    assert_close(got[[0, 2, 3, 5]], np.zeros((4, 2)), what="the gradient of rows 0, 2, 3 and 5")


def spread(seed, count, size):
    """Vectors of very different lengths; the best angle is clearly ahead."""
    rng = np.random.default_rng(seed)
    while True:
        vectors = rng.normal(size=(count, size)) * rng.gamma(1, 3, (count, 1)) + 0.01
        target = rng.normal(size=size)
        angles = [cosine(v, target) for v in vectors]
        if count == 1 or np.diff(np.sort(angles)[-2:])[0] > 1e-3:
            return vectors, target, int(np.argmax(angles))


@check(
    "near-to-everything",
    hints=(
        "What does the length of a row do to its product?",
        "Divide each product by the length of the row.",
        "np.argmax(vectors @ target / np.linalg.norm(vectors, axis=1))",
    ),
)
def test_a_long_vector_does_not_win(student):
    "a long vector at another angle"
    vectors = np.array([[10.0, 10.0], [0.1, 0.0], [0.0, 0.2]])
    for target, right in (([1.0, 0.1], 1), ([0.0, 1.0], 2), ([2.0, 2.1], 0)):
        target = np.array(target)
        product = int(np.argmax(vectors @ target))
        near = int(np.argmin(np.linalg.norm(vectors - target, axis=1)))
        mistakes = {
            "the longest vector wins every product; divide by the lengths": product,
            "that row has the smallest distance; the angle is asked": near,
        }
        got = student.nearest_by_angle(vectors, target)
        assert_unchanged(student.nearest_by_angle)
        assert_row(got, right, mistakes)


@check(
    "near-to-everything",
    after="test_a_long_vector_does_not_win",
    hidden=True,
    hints=(
        "Any number of rows and any D.",
        "The length of each row is np.linalg.norm(vectors, axis=1), shape (V,).",
        "largest cosine, not largest absolute cosine",
    ),
)
def test_any_size(student):
    "many rows, one row, single precision, very short rows, words on the far side"
    for seed, (count, size) in enumerate(((50, 8), (1, 3), (7, 1000), (30, 2), (30, 2))):
        vectors, target, right = spread(seed, count, size)
        got = student.nearest_by_angle(vectors.astype(np.float32), target.astype(np.float32))
        assert_row(got, right, {})
    far = "a cosine of −1 is as far as can be"
    for vectors, right, text in (
        ([[-1.0, -1.0], [1.0, 0.5]], 1, far),
        ([[-1.0, -2.0], [-3.0, -1.0], [-1.0, -9.0]], 2, "all cosines may be negative"),
        ([[0.0, 2.0], [1e-4, 1.1e-4]], 1, "a very short row may be the nearest, too"),
    ):
        got = student.nearest_by_angle(np.array(vectors), np.array([3.0, 3.0]))
        assert_row(got, right, {text: 0})


@check(
    "rank-correlation",
    points=2,
    hints=(
        "Replace each value by its rank, then take the common correlation.",
        "The rank of a value is the number of smaller values (+ 1, which changes nothing).",
        "np.corrcoef(ranks(one), ranks(other))[0, 1]",
    ),
)
def test_without_ties(student):
    "values that all differ"
    rng = np.random.default_rng(0)
    for count in (2, 5, 40):
        one = rng.permutation(count) + 0.25
        other = np.exp(one / 3) * rng.lognormal(0, 2, count)
        expected = spearmanr(one, other).statistic
        mistakes = {
            "that is the correlation of the values; take their ranks": pearsonr(one, other)[0],
            "the sign is wrong": -expected,
            "np.argsort gives the order, not the ranks; sort it once more": pearsonr(
                np.argsort(one), np.argsort(other)
            )[0],
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, expected)}
        got = student.rank_agreement(one, other)
        assert_unchanged(student.rank_agreement)
        assert_close(got, expected, mistakes=mistakes, rtol=1e-6, what="the correlation")


@check(
    "rank-correlation",
    after="test_without_ties",
    hidden=True,
    hints=(
        "Equal values must get equal ranks.",
        "They share the mean of the ranks they would have had: 1, 2.5, 2.5, 4.",
        "number of smaller values + (number of equal values − 1) / 2",
    ),
)
def test_with_ties(student):
    "equal values, negative, tiny and large ones, lists of whole numbers"
    rng = np.random.default_rng(1)
    cases = [([1, 2, 2, 3], [10, 20, 30, 5]), ([0, 1], [5, 5.5]), ([1, 1, 2], [3, 1, 1])]
    cases += [(rng.integers(0, 4, 30), rng.integers(0, 3, 30) + 0.5) for _ in range(4)]
    # Ranks know no scale: negative, tiny and large values, and ties between fractions.
    cases += [([-3, -1, 2, 2, 0], [0.3, -0.2, 0.3, 0.1, -5])]
    cases += [(rng.integers(-3, 4, 20) / 4, rng.integers(-9, 9, 20) / 1e12)]
    cases += [((10**9 + rng.integers(0, 9, 20)).tolist(), rng.normal(size=20))]
    for one, other in cases:
        got = student.rank_agreement(one, other)
        assert_close(got, spearmanr(one, other).statistic, rtol=1e-6, what="the correlation")


def by_loops(unit, a, b, c, add=False, given=False, raw=False, more=0.001):
    """Score each word by the definition."""
    best, found = -np.inf, None
    for x in range(len(unit)):
        if not given and x in (a, b, c):
            continue
        s = [float(unit[x] @ unit[k]) for k in (a, b, c)]
        s = s if raw else [(1 + v) / 2 for v in s]
        score = s[2] + s[1] - s[0] if add else s[1] * s[2] / (s[0] + more)
        if score > best + 1e-12:
            best, found = score, x
    return found


def table(seed, count, size):
    rng = np.random.default_rng(seed)
    unit = rng.normal(size=(count, size))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    a, b, c = (int(k) for k in rng.permutation(count)[:3])
    if seed % 2:  # b is near a, so nothing leads away from c
        unit[b] = unit[a] + 0.1 * rng.normal(size=size)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    return unit, a, b, c


def clear(*question):
    """Whether the best score is ahead of the next by more than rounding."""
    unit, a, b, c = question
    s = (1 + unit[[a, b, c]] @ unit.T) / 2
    score = np.delete(s[1] * s[2] / (s[0] + 0.001), [a, b, c])
    return len(score) == 1 or np.diff(np.sort(score)[-2:])[0] > 1e-4


def opposite(t):
    """A word opposite to a, at the cosine −t with b and c, and another word between b and c."""
    rest, half = np.sqrt(1 - t * t), np.sqrt(0.5)
    rows = [[1, 0, 0], [t, rest, 0], [t, 0, rest], [-1, 0, 0], [0, half, half], [0, -1, 0]]
    return np.array(rows, float), 0, 1, 2


@check(
    "three-cos-mul",
    points=3,
    hints=(
        "Work out the three likenesses of every word first.",
        "s = (1 + unit[[a, b, c]] @ unit.T) / 2 has a row for each given word.",
        "s[1] * s[2] / (s[0] + 0.001), then leave a, b, c out and take np.argmax",
    ),
)
def test_against_the_definition(student):
    "random directions, and a word opposite to a"
    questions = [table(seed, 40, 5) for seed in range(12)]
    # Much less than 0.001 lets the opposite word win, much more does not.
    questions = [q for q in questions if clear(*q)]
    questions += [opposite(t) for t in (0.973, 0.956, 0.89)]
    for question in questions:
        right = by_loops(*question)
        unit, a, b, c = question
        mistakes = {
            "that is 3CosAdd": by_loops(*question, add=True),
            "the given words may not be answers": by_loops(*question, given=True),
            "shift the cosines to (1 + cos) / 2": by_loops(*question, raw=True),
            "divide by the likeness to a, not to c": by_loops(unit, c, b, a),
            "divide by the likeness to a, not to b": by_loops(unit, b, a, c),
            "add 0.001 to the likeness to a before you divide": by_loops(*question, more=1e-9),
            "s is half of 1 + cos, then add 0.001": by_loops(*question, more=0.0005),
            "the number added is 0.001": by_loops(*question, more=0.01),
        }
        got = student.three_cos_mul(*question)
        assert_unchanged(student.three_cos_mul)
        assert_row(got, right, mistakes)


@check(
    "three-cos-mul",
    after="test_against_the_definition",
    hidden=True,
    hints=(
        "Think of the smallest table.",
        "With four words only one can be the answer, however bad it is.",
        "the score of the given words must be below every other: scores can be 0",
    ),
)
def test_small_tables(student):
    "four words, sixty words, single precision, an answer with the score 0"
    for seed in range(20, 26):
        unit, a, b, c = table(seed, 4, 3)
        given = {f"row {k} was given": k for k in (a, b, c)}
        got = student.three_cos_mul(unit.astype(np.float32), a, b, c)
        assert_row(got, by_loops(unit, a, b, c), given)
    for seed in range(40, 50):
        unit, a, b, c = table(seed, 60, 20)
        if clear(unit, a, b, c):
            got = student.three_cos_mul(unit.astype(np.float32), a, b, c)
            assert_row(got, by_loops(unit, a, b, c), {})
    unit = np.array([[1.0, 0], [0, 1], [-1, 0], [1, 0]])
    mistakes = {"the given words may not be answers, also if all others score 0": 2}
    got = student.three_cos_mul(unit, 0, 1, 2)
    assert_row(got, 3, mistakes)
