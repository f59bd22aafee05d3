"""Checks of the exercises in the chapter on what vectors have learned of us."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.numeric import numbers_of
from companion.exercises.wording import kind_of

W, D = np.array([3.0, 1.0]), np.array([1.0, 2.0])


@check(
    "neutralize-by-hand",
    points=2,
    hints=(
        "Subtract what w has along the direction; scale the direction to length 1 first.",
        "(g · w) g = (d · w) / (d · d) · d, with d · w = 5 and d · d = 5.",
        "(3 - 1, 1 - 2)",
    ),
)
def test_the_neutral_vector(student):
    "(3, 1) without what it has along (1, 2)"
    got = numbers_of(student.neutral_vector(), (2,), "two numbers")
    expected = np.linalg.lstsq(D[:, None], W, rcond=None)
    expected = W - D * expected[0]
    mistakes = {
        "the direction has not length 1: divide by d · d": W - (D @ W) * D,
        "divide by d · d, the squared length": W - (D @ W) / np.sqrt(D @ D) * D,
        "that is what is taken away; return what is left": D,
        "subtract it, do not add it": W + D,
        "the length is not asked to be 1": expected / np.linalg.norm(expected),
    }
    assert_close(got, expected, mistakes=mistakes, rtol=1e-3, what="the vector")


A, B, HALF = np.array([1.0, 0.0]), np.array([0.28, -0.96]), 0.64


@check(
    "equalize-by-hand",
    hints=(
        "Begin with the middle of a and b, and drop its second number.",
        "The middle is (0.64, −0.48), so ν = (0.64, 0).",
        "the first number of both is 0.64",
    ),
)
def test_what_they_share(student):
    "what both have off the axis"
    got = numbers_of(student.even_pair(), (2, 2), "two pairs of numbers")
    mistakes = {
        "each keeps its own first number: both get the mean of the two": np.array([1, 0.28]),
        "ν is half of the sum": np.array([1.28, 1.28]),
    }
    shared = (A + B)[:1].repeat(2) / 2
    assert_close(got[:, 0], shared, mistakes=mistakes, rtol=1e-3, what="the first numbers")


@check(
    "equalize-by-hand",
    points=2,
    after="test_what_they_share",
    hints=(
        "Both vectors have length 1.",
        "The height is √(1 − 0.64²); who has more along g gets the positive one.",
        "a′ = (0.64, +0.768…), b′ = (0.64, −0.768…)",
    ),
)
def test_the_heights(student):
    "the two heights"
    got = numbers_of(student.even_pair(), (2, 2), "two pairs of numbers")
    height = np.sin(np.arccos(HALF))
    mistakes = {
        "a has 0 along g and b −0.96: a keeps the positive side": np.array([-height, height]),
        "take the root of 1 − ‖ν‖²": np.array([height**2, -(height**2)]),
        "the length of a′ is 1; half of the difference is not enough": np.array([0.48, -0.48]),
        "they keep what they had along g; that is to become even": np.array([0, -0.96]),
        "add the height to ν, which has 0 along g": np.array([height, -height]) - 0.48,
        "under the root stands the square of ν's length": np.array([0.6, -0.6]),
    }
    assert_close(
        got[:, 1],
        np.array([height, -height]),
        mistakes=mistakes,
        rtol=3e-3,
        what="the second numbers",
    )


NAMES = ("mother", "father", "both")


def named(student, place):
    got = student.nearer_to()
    is_several = isinstance(got, tuple | list | np.ndarray)
    assert is_several, f"expected a tuple of two words, got {kind_of(got)}"
    assert len(got) == 2, f"expected two words, got {len(got)}"
    word = got[place]
    assert isinstance(word, str), f"expected one of {NAMES}, got {kind_of(word)}"
    assert word in NAMES, f"expected one of {NAMES}, got {str(word)!r}"
    return word


def measured(along):
    """Who is nearer to a word with that lean, on an equalized pair in three dimensions."""
    mother, father, word = (0.6, 0.8, 0.0), (-0.6, 0.8, 0.0), (along, 0.5, 0.7)
    gap = round(float(np.dot(mother, word) - np.dot(father, word)), 9)
    return "both" if gap == 0 else NAMES[0 if gap > 0 else 1]


@check(
    "who-is-nearer",
    hints=(
        "What do the two words of an equalized pair still differ in?",
        "Only in what they have along g; and n has nothing there.",
        "a′ · n = ν · n = b′ · n",
    ),
)
def test_nearer_to_the_neutral_word(student):
    "who is nearer to n"
    assert named(student, 0) == measured(0.0), "work out a′ · n and b′ · n for g · n = 0"


@check(
    "who-is-nearer",
    hints=(
        "u was not neutralized.",
        "a′ · u − b′ · u = 2 h (g · u): which sign has it?",
        "g points to mother, and u lies on the other side",
    ),
)
def test_nearer_to_the_leaning_word(student):
    "who is nearer to u"
    assert named(student, 1) == measured(-0.2), "work out a′ · u − b′ · u for g · u = −0.2"


def drawn(seed, count, size):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, size)) * rng.gamma(2, 2, (count, 1)), rng.normal(size=size) * 3


def by_loops(words, direction, c=1.0):
    total = 0.0
    for w in words:
        total += abs(w @ direction / np.sqrt((w @ w) * (direction @ direction))) ** c
    return total / len(words)


@check(
    "direct-bias",
    hints=(
        "The cosine divides by both lengths.",
        "Take the absolute value of each cosine before the mean.",
        "np.mean(np.abs(words @ direction / lengths) ** c)",
    ),
)
def test_the_mean_of_cosines(student):
    "random words, c = 1"
    for seed, (count, size) in enumerate(((6, 3), (1, 2), (40, 50))):
        words, direction = drawn(seed, count, size)
        cosines = words @ direction / np.linalg.norm(words, axis=1) / np.linalg.norm(direction)
        expected = by_loops(words, direction)
        mistakes = {
            "take absolute values first: words of both sides must not cancel": cosines.mean(),
            "take absolute values of each word, not of the mean": abs(cosines.mean()),
            "divide by the lengths of the words": np.mean(
                abs(words @ direction) / np.linalg.norm(direction)
            ),
            "divide by the length of the direction": np.mean(abs(cosines))
            * np.linalg.norm(direction),
            "the mean, not the sum": abs(cosines).sum(),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, expected)}
        got = student.direct_bias(words, direction)
        assert_unchanged(student.direct_bias)
        assert_close(got, expected, mistakes=mistakes, rtol=1e-5, what="the direct bias")


@check(
    "direct-bias",
    after="test_the_mean_of_cosines",
    hidden=True,
    hints=(
        "c is the power of each absolute cosine.",
        "Raise before you take the mean.",
        "np.abs(cosines) ** c",
    ),
)
def test_strictness(student):
    "other values of c, short vectors, single precision"
    words, direction = drawn(7, 20, 5)
    for c in (0.5, 2.0, 3, 0):
        expected = by_loops(words, direction, c)
        mistakes = {"raise each cosine, not the mean": by_loops(words, direction) ** c}
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, expected)}
        got = student.direct_bias(words, direction, c)
        name = f"the direct bias for c = {c}"
        assert_close(got, expected, mistakes=mistakes, rtol=1e-5, what=name)
    got = student.direct_bias(words / 100, direction / 100)
    expected = by_loops(words, direction)
    assert_close(got, expected, rtol=5e-5, what="the direct bias of short vectors")
    got = student.direct_bias(words.astype(np.float32), direction.astype(np.float32), 2.0)
    assert_close(got, by_loops(words, direction, 2.0), rtol=1e-4, what="the direct bias")


def sets_of(seed, sizes, size=6):
    """Sets that differ along one direction, far from the origin, a little scattered."""
    rng = np.random.default_rng(seed)
    axis = rng.normal(size=size)
    axis /= np.linalg.norm(axis)
    return [
        3 * rng.normal(size=size)
        + np.linspace(-2, 2, k)[rng.permutation(k), None] * axis
        + 0.3 * rng.normal(size=(k, size))
        for k in sizes
    ]


def direction_of(rows):
    """Eigenvector of the largest eigenvalue, by the method for symmetric matrices."""
    rows = np.asarray(rows)
    return np.linalg.eigh(rows.T @ rows)[1][:, -1]


def centred(sets):
    return np.concatenate([s - s.mean(axis=0) for s in sets])


def of_length_one(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-9)


def judged(student, sets):
    got = numbers_of(student.shared_direction(sets), sets[0].shape[1:], "one direction (D,)")
    assert_unchanged(student.shared_direction)
    assert_close(np.linalg.norm(got), 1.0, rtol=1e-4, what="the length of the direction")
    joined = np.concatenate(sets)
    mistakes = {
        "centre each set at its own mean, not all rows at theirs": direction_of(
            joined - joined.mean(axis=0)
        ),
        "centre each set at its mean first": direction_of(joined),
        "that is the direction in which the sets differ least": np.linalg.eigh(
            centred(sets).T @ centred(sets)
        )[1][:, 0],
        "use all words of a set, not only the first two": direction_of(
            centred([s[:2] for s in sets])
        ),
        "each word counts alike, in a small set as in a large one": direction_of(
            np.concatenate([(s - s.mean(axis=0)) / np.sqrt(len(s)) for s in sets])
        ),
        "rows are not scaled to one length": direction_of(of_length_one(centred(sets))),
        "differences between all words count large sets too much": direction_of(
            np.concatenate([(s - s.mean(axis=0)) * np.sqrt(len(s)) for s in sets])
        ),
    }
    right = direction_of(centred(sets))
    # The sign does not matter: turn each towards the right one.
    got = got * (1 if got @ right >= 0 else -1)
    mistakes = {text: v * (1 if v @ right >= 0 else -1) for text, v in mistakes.items()}
    mistakes = {text: v for text, v in mistakes.items() if abs(v @ right) < 0.9999}
    assert_close(got, right, mistakes=mistakes, rtol=1e-3, atol=1e-4, what="the direction")


@check(
    "sets-of-words",
    points=3,
    hints=(
        "Where each set lies does not matter, only how its words differ.",
        "Subtract each set's mean, put all rows together, take the first row of Vᵀ.",
        "np.linalg.svd(rows, full_matrices=False)[2][0]",
    ),
)
def test_three_sets(student):
    "sets of two, three and four words"
    for seed in range(3):
        judged(student, sets_of(seed, (2, 3, 4)))


@check(
    "sets-of-words",
    after="test_three_sets",
    hidden=True,
    hints=(
        "Count every word alike, whether its set is small or large.",
        "One set of two words has only one direction: their difference.",
        "s - s.mean(axis=0) for each s",
    ),
)
def test_one_pair_and_many_words(student):
    "a single pair; sets of very different sizes; single precision"
    judged(student, sets_of(10, (2,)))
    judged(student, sets_of(11, (2, 12)))
    judged(student, sets_of(12, (3, 3), size=2))
    judged(student, [s.astype(np.float32) for s in sets_of(13, (4, 2, 3, 2), size=20)])
