"""Checks of the exercises in the chapter on the tone of texts."""

from collections import Counter

import numpy as np
from scipy.stats import pearsonr

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

X, Y = np.array([-2.0, 0, 2]), np.array([-3.0, 0, 3])


def three(student):
    got = student.three_numbers()
    expected = "expected three numbers"
    assert isinstance(got, tuple | list | np.ndarray), f"{expected}, got {kind_of(got)}"
    got = list(got.ravel()) if isinstance(got, np.ndarray) else got
    assert len(got) == 3, f"{expected}, got {len(got)}"
    # A weight may come as an array of one number.
    return [v.item() if isinstance(v, np.ndarray) and v.size == 1 else v for v in got]


@check(
    "ridge-tone",
    hints=(
        "Without a penalty it is the line of least squares.",
        "w is the mean of x · y divided by the mean of x².",
        "(12 / 3) / (8 / 3), and b is the mean of y",
    ),
)
def test_without_penalty(student):
    "w and b with λ = 0"
    w, b, _ = three(student)
    right = np.polyfit(X, Y, 1)
    mistakes = {
        "that is x over y": 1 / right[0],
        "that is the mean of x · y": (X * Y).mean(),
        "the order is w, b, w with the penalty": 0.0,
    }
    assert_close(w, right[0], mistakes=mistakes, what="the weight w")
    mistakes = {"the order is w, b, w with the penalty": right[0]}
    mistakes |= {"b comes second, w with the penalty third": 1.0}
    assert_close(b, 0.0, mistakes=mistakes, what="the constant b")


@check(
    "ridge-tone",
    hints=(
        "The penalty is added to the mean of x².",
        "8/3 + 4/3 = 4",
        "w = 4 / 4",
    ),
)
def test_with_penalty(student):
    "w with λ = 4/3"
    lam = 4 / 3
    right = (X * Y).mean() / ((X**2).mean() + lam)
    mistakes = {
        "the penalty stands beside the mean of x², not beside the sum": (X * Y).sum()
        / ((X**2).sum() + lam),
        "a penalty makes w smaller": (X * Y).mean() / ((X**2).mean() - lam),
        "divide by 8/3 + 4/3, not by 1 + 4/3": 1.5 / (1 + lam),
        "that is w without the penalty": 1.5,
        "the order is w, b, w with the penalty": 0.0,
    }
    assert_close(three(student)[2], right, mistakes=mistakes, what="the weight w with the penalty")


def sentences(seed, n, steps, d, behind):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, steps + 1, n)
    x = rng.normal(size=(n, steps, d))
    x[np.arange(steps) >= lengths[:, None]] = behind
    return x, lengths


def means(x, lengths):
    return np.array([sum(row[t] for t in range(n)) / n for row, n in zip(x, lengths, strict=True)])


@check(
    "average-of-words",
    hints=(
        "Each sentence has a length of its own to divide by.",
        "row[:n] is what is there.",
        "row[:n].mean(axis=0) for each row and its n",
    ),
)
def test_padding_of_zeros(student):
    "padding is zero"
    for seed, (n, steps, d) in enumerate(((3, 5, 2), (1, 1, 1), (4, 6, 1))):
        x, lengths = sentences(seed, n, steps, d, 0.0)
        right = means(x, lengths)
        mistakes = {
            "divide by each sentence's own length": x.mean(axis=1),
            "divide the sums by the lengths": x.sum(axis=1),
        }
        mistakes = {k: v for k, v in mistakes.items() if not np.allclose(v, right)}
        got = student.averages(x, lengths)
        assert_unchanged(student.averages)
        assert_close(got, right, mistakes=mistakes, what="the array of averages")


@check(
    "average-of-words",
    points=2,
    after="test_padding_of_zeros",
    hints=(
        "Do not let the padding into the sum.",
        "A mask times NaN is NaN; cut, or use np.where.",
        "x[n, :lengths[n]].mean(axis=0)",
    ),
)
def test_padding_of_anything(student):
    "padding is 7, NaN or infinite; words may be zero vectors, or like the padding"
    for seed, behind in enumerate((7.0, np.nan, np.inf)):
        x, lengths = sentences(seed + 5, 4, 6, 3, behind)
        lengths[0] = max(lengths[0], 2)
        x[0, :2] = [[0.5], [0.0]]
        x[0, 2 : lengths[0]] = 1.0
        if behind == 7:
            lengths[1] = 4
            x[1] = [[7.0], [1.0], [7.0], [2.0], [7.0], [7.0]]
        got = student.averages(x, lengths)
        assert_unchanged(student.averages)
        assert_close(got, means(x, lengths), what=f"the array of averages with padding {behind}")


def rated(seed, n, k):
    rng = np.random.default_rng(seed)
    real = rng.normal(0, 2, n)[:, None]
    return np.clip(np.round(real + rng.normal(0, 0.5 + np.arange(k) / 3, (n, k))), -4, 4).astype(
        int
    )


def agreements(given):
    rest = [np.delete(given, k, axis=1).mean(axis=1) for k in range(given.shape[1])]
    return np.array([pearsonr(a, b).statistic for a, b in zip(given.T, rest, strict=True)])


@check(
    "one-and-the-rest",
    points=2,
    hints=(
        "For each column: the column, and the mean of all other columns.",
        "np.delete(given, k, axis=1) leaves one out, np.corrcoef(a, b)[0, 1] compares.",
        "np.corrcoef(given[:, k], np.delete(given, k, 1).mean(axis=1))[0, 1]",
    ),
)
def test_ten_people(student):
    "ten people, against SciPy"
    given = rated(0, 60, 10)
    with_all = [np.corrcoef(a, given.mean(axis=1))[0, 1] for a in given.T]
    one_by_one = (np.corrcoef(given.T).sum(axis=1) - 1) / 9
    right = agreements(given)
    mistakes = {
        "leave the person out of the mean": np.array(with_all),
        "people stand in the columns, words in the rows": agreements(given.T),
        "correlate with the mean of the others, not with each of them": one_by_one,
    }
    got = student.agreement(given)
    assert_unchanged(student.agreement)
    assert_close(got, right, mistakes=mistakes, what="the array of correlations")


@check(
    "one-and-the-rest",
    hidden=True,
    after="test_ten_people",
    hints=(
        "There may be two people only, or one who rates the other way round.",
        "With two, the others are one person. Correlations may be negative.",
        "given = np.array(given, float) copies; np.asarray(given, float) does not",
    ),
)
def test_other_sizes(student):
    "two people, three, few words, somebody who disagrees; whole numbers and others"
    for seed, (n, k) in enumerate(((20, 2), (5, 3), (40, 7), (30, 4))):
        given = rated(seed + 3, n, k).astype((float, int, np.float32, float)[seed])
        if seed != 1:
            given += np.random.default_rng(seed).choice([0, 0.25, 0.5], given.shape)
        if seed > 1:
            given[:, 1] *= -1
        got = student.agreement(given)
        assert_unchanged(student.agreement)
        what = f"the array of correlations of {k} people, {n} words"
        assert_close(got, agreements(given.astype(float)), what=what, rtol=1e-4, atol=1e-5)


def blind(one, other):
    """Whether averages of one-hot vectors are equal: then those of all vectors are."""
    words = sorted({*one, *other})
    counts = [np.array([tokens.count(w) for w in words]) for tokens in (one, other)]
    return bool((counts[0] * len(other) == counts[1] * len(one)).all())


def said(student, one, other):
    got = student.same_average(one.split(), other.split())
    assert isinstance(got, bool | np.bool_), f"expected True or False, got {kind_of(got)}"
    assert_unchanged(student.same_average)
    return bool(got)


def shown(text):
    """The words, or how often each occurs when they are many."""
    if len(text) < 30:
        return repr(text)
    return "(" + ", ".join(f"{n} × {word}" for word, n in Counter(text.split()).items()) + ")"


def assert_said(student, one, other, remark):
    got, right = said(student, one, other), blind(one.split(), other.split())
    assert got == right, f"{shown(one)} and {shown(other)}: got {got}; {remark}"


@check(
    "same-average",
    hints=(
        "An average does not know the order.",
        "Compare how often each word occurs.",
        "sorted(one) == sorted(other) is enough for the same length",
    ),
)
def test_orders(student):
    "the same words in another order, and other words"
    for one, other in (
        ("not cruel but kind", "not kind but cruel"),
        ("a b c", "c a b"),
        ("not kind", "kind"),
        ("a a b", "a b b"),
        ("good", "bad"),
        ("good", "good"),
        ("so so good", "so good good"),
        # Other words of the same letters, and words whose places in the alphabet have one mean.
        ("a dog", "a god"),
        ("a c", "b b"),
    ):
        assert_said(student, one, other, "look at how often each word occurs")


@check(
    "same-average",
    points=2,
    after="test_orders",
    hints=(
        "Are equal lengths needed?",
        "An average divides by the length: shares count, not numbers.",
        "one.count(w) * len(other) == other.count(w) * len(one)",
    ),
)
def test_repeated(student):
    "sentences of different lengths"
    for one, other in (
        ("so so good good", "so good"),
        ("good good good", "good"),
        ("a b a b a b", "b a b a"),
        ("a a b b c", "a b c"),
        ("a a a b", "a b"),
        ("x", "x y"),
        ("x y", "x"),
        # Thirds, whose quotients are not exact in binary.
        ("a b c " * 23, "c b a " * 29),
        ("a " * 49 + "b", "a " * 98 + "b b"),
        # Quotients that are near, or equal when they are rounded down.
        ("a " * 99 + "b", "a " * 100 + "b"),
        ("a a a b b", "a b"),
        ("a a a b b", "a a a a a b b b b"),
    ):
        assert_said(student, one, other, "compare shares of words, exactly")


RATING = {"good": 1.9, "bad": -2.5, "kind": 2.4, "cruel": -2.8, "no": -1.2}
DENIALS = ["not", "never", "no"]


def by_positions(tokens, rating, denials):
    """Each rated word: the denials since the rated word before it."""
    at = [k for k, word in enumerate(tokens) if word in rating and word not in denials]
    total = 0.0
    for before, place in zip([-1, *at], at, strict=False):
        count = sum(word in denials for word in tokens[before + 1 : place])
        total += rating[tokens[place]] * (-0.74) ** count
    return total


def tone(student, text, mistakes=None, rating=RATING, denials=DENIALS):
    tokens = text.split()
    got = student.tone_of(tokens, rating, denials)
    assert_unchanged(student.tone_of)
    right = by_positions(tokens, rating, denials)
    mistakes = {k: v for k, v in (mistakes or {}).items() if abs(v - right) > 1e-6}
    assert_close(got, right, mistakes=mistakes, what=f"the tone of {text!r}")


@check(
    "denied-tone",
    points=2,
    hints=(
        "Carry along by what the next rated word is to be multiplied.",
        "A denial multiplies it by −0.74; a rated word uses it and sets it back to 1.",
        "factor *= -0.74; later total += factor * rating[word]; factor = 1.0",
    ),
)
def test_sentences(student):
    "plain, denied, and both in one sentence"
    tone(student, "the film was good")
    tone(student, "it was not very good", {"a denial reaches over words without a rating": 1.9})
    tone(
        student,
        "not cruel but kind",
        {
            "a denial reaches the next rated word only": -0.74 * (2.4 - 2.8),
            "a denied rating counts −0.74 times, not −1 times": 2.8 + 2.4,
        },
    )
    tone(student, "kind and not cruel", {"a denial reaches what follows, not what came": -4.9})
    tone(student, "good and good and never bad")
    tone(student, "good and not good", {"this word stands there twice": 2 * 1.9})
    tone(student, "never dull but kind", {"“but” does nothing": 2.4})


@check(
    "denied-tone",
    points=2,
    hidden=True,
    after="test_sentences",
    hints=(
        "What of two or three denials, of one at the end, of no rated word, of a rating of 0?",
        "Denials multiply, are whole words, and are given; a word that is both counts as denial.",
        "if word in denials comes first, then elif word in rating",
    ),
)
def test_odd_sentences(student):
    "several denials, one far off or at the end, a rated one, other denials, nothing at all"
    tone(student, "not never good", {"two denials turn twice": -0.74 * 1.9})
    tone(student, "good not")
    tone(student, "no good", {"a rated denial is a denial only": -1.2 - 0.74 * 1.9})
    tone(student, "the film")
    tone(student, "")
    tone(student, "not the film bad cruel never kind")
    tone(student, "not fine", rating={"fine": 3.0})
    tone(student, "no not never good", {"each of three denials turns": 0.74**2 * 1.9})
    tone(student, "not not good", {"each denial turns, also the same word again": -0.74 * 1.9})
    tone(student, "not no good", {"a rated denial multiplies like others": -0.74 * 1.9})
    tone(student, "good no", {"a rated denial is a denial only": 1.9 - 1.2})
    tone(student, "never in all these long years was it good", {"a denial reaches far": 1.9})
    tone(student, "nothing known wasn't notably good")
    remark = {"the ratings are those that are given": 1.9 + 0.74 * 2.5}
    tone(student, "good and not bad", remark, rating={"good": 0.5, "bad": -1.25, "and": 3})
    zero = {"okay": 0.0, "good": 1.9}
    tone(student, "not okay good", {"a rating of 0 is a rating, too": -0.74 * 1.9}, zero)
    remark = {"the denials are those that are given": 1.9 + 0.74 * 2.5}
    tone(student, "hardly good not bad", remark, denials=["hardly", "nor"])
    tone(student, "not good", {"the denials are those that are given": -0.74 * 1.9}, denials=[])
