"""Checks of the exercises in the chapter on what to do next."""

import numpy as np
from scipy.stats import binom
from sklearn.metrics import f1_score

from companion.exercises import assert_close, assert_raises, assert_unchanged, check
from companion.exercises.wording import kind_of

WORDS = ("bias", "variance", "mismatch", "dev set")


def three_of(got, what):
    """The learner's three answers, checked for being three."""
    assert isinstance(got, (tuple, list)), f"expected three {what}, got {kind_of(got)}"
    assert len(got) == 3, f"expected three {what}, got {len(got)}"
    return got


def named(*errors):
    """The word for the first gap of at least 0.03 and half of the largest, in thousandths."""
    chain = [round(1000 * e) for e in errors]
    gaps = [chain[k + 1] - chain[k] for k in range(4)]
    return WORDS[next(k for k in range(4) if 2 * gaps[k] >= max(60, max(gaps)))]


@check(
    "three-projects",
    points=2,
    hints=(
        "Take the differences of neighbours first.",
        "A: 0.08, 0.10, 0.01, 0. B: 0.01, 0.01, 0.08, 0.03. Which come up to half of the largest?",
        "In A the first gap is 0.08, and half of the largest is 0.05.",
    ),
)
def test_projects_a_and_b(student):
    "the first gap that matters in projects A and B"
    got = three_of(student.three_projects(), "words")
    mistakes = {"that is the largest gap; an earlier one matters as well": "variance"}
    expected = named(0.02, 0.10, 0.20, 0.21, 0.21)
    assert_close(got[0], expected, mistakes=mistakes, what="project A")
    mistakes = {
        "a training error of 0.10 is near human error here": "bias",
        "0.03 reaches the tolerance, but an earlier gap matters": "dev set",
    }
    expected = named(0.09, 0.10, 0.11, 0.19, 0.22)
    assert_close(got[1], expected, mistakes=mistakes, what="project B")


@check(
    "three-projects",
    hints=(
        "A gap that goes down never matters.",
        "C has the gaps -0.01, 0.06, -0.01 and 0.13; half of the largest is 0.065.",
        "0.06 is less than 0.065",
    ),
)
def test_project_c(student):
    "the first gap that matters in project C"
    got = three_of(student.three_projects(), "words")
    mistakes = {
        "0.06 stays below half of the largest gap, 0.065": "variance",
        "the training error lies below human error: no bias left to avoid": "bias",
    }
    expected = named(0.05, 0.04, 0.10, 0.09, 0.22)
    assert_close(got[2], expected, mistakes=mistakes, what="project C")


@check(
    "four-hundred",
    hints=(
        "The standard error is the root of p(1 - p)/n.",
        "p(1 - p) = 0.16, and the root of 0.16/400 is 0.4/20; then times 2√2, about 2.83.",
        "0.02 and 2.83 · 0.02",
    ),
)
def test_standard_error_and_visible_difference(student):
    "the standard error and the smallest difference that stands out"
    got = three_of(student.four_hundred(), "numbers")
    s = binom.std(400, 0.2) / 400
    mistakes = {
        "this is the variance; take its root": s**2,
        "p(1 - p) stands under the root as well": 0.16 / 20,
        "the root of p alone": np.sqrt(0.2 / 400),
        "this is the deviation of the number of mistakes, not of their share": s * 400,
    }
    assert_close(got[0], s, rtol=0.01, mistakes=mistakes, what="the standard error")
    mistakes = {
        "both errors vary: the difference has the variance twice": 2 * s,
        "the variances add, not the deviations: √2, not 2": 4 * s,
        "this is one standard error of the difference, not two": np.sqrt(2) * s,
    }
    expected = 2 * np.sqrt(2) * s
    assert_close(got[1], expected, rtol=0.02, mistakes=mistakes, what="the visible difference")


@check(
    "four-hundred",
    hints=(
        "How does the standard error depend on n?",
        "It shrinks with the root of n.",
        "4 · 400",
    ),
)
def test_examples_for_half_the_difference(student):
    "how many examples see half of the difference"
    got = three_of(student.four_hundred(), "numbers")
    mistakes = {"twice the examples shrink the error by √2 only": 800, "fewer see less": 100}
    assert_close(got[2], 1600.0, mistakes=mistakes, what="the number of examples")


@check(
    "thousand-coins",
    hints=(
        "One coin has a standard error of √(0.25/100).",
        "The best of a thousand lies about three standard errors out; the test set is new to it.",
        "0.5 - 3 · 0.05 on the dev set, and 0.5 on the test set",
    ),
)
def test_the_best_of_a_thousand(student):
    "dev and test error of the best of a thousand coins, by tossing them"
    rng = np.random.default_rng(0)
    dev = rng.binomial(100, 0.5, size=(200, 1000)).min(axis=1).mean() / 100
    pairs = [(0.05, 0.05), (0.05, 0.5), (0.35, 0.35), (0.35, 0.5), (0.5, 0.5)]
    best = min(pairs, key=lambda pair: abs(pair[0] - dev) + abs(pair[1] - 0.5))
    mistakes = {
        "the test set has not chosen: there a coin is a coin": "0.35 and 0.35",
        "one coin gets 0.50; the best of a thousand gets less": "0.50 and 0.50",
        "0.05 is the standard error": "0.05 and 0.50",
    }
    expected = f"{best[0]:.2f} and {best[1]:.2f}"
    assert_close(student.best_coin(), expected, mistakes=mistakes, what="the answer")


def stored(n):
    """Examples that tell their place and their label: sorted by class."""
    y = np.arange(n) * 4 // n
    return np.stack([np.arange(n) + 0.5, y], axis=1), y


def four_of(student, X, y, n, seed):
    """The learner's four arrays, checked for their shapes."""
    got = student.put_aside(X, y, n, seed)
    assert isinstance(got, (tuple, list)), f"expected four arrays, got {kind_of(got)}"
    assert len(got) == 4, f"expected four arrays, got {len(got)}"
    sizes = [len(part) for part in got]
    N = len(X)
    swapped = " (the set put aside comes last)" if sizes == [n, n, N - n, N - n] else ""
    mixed = " (the order is X, y, X, y)" if sizes == [N - n, n, N - n, n] else ""
    assert sizes == [N - n, N - n, n, n], (
        f"expected {N - n}, {N - n}, {n} and {n} examples, got {sizes}{swapped}{mixed}"
    )
    return [np.asarray(part) for part in got]


@check(
    "put-aside",
    hints=(
        "Every example goes into exactly one of the two sets, with its own label.",
        "Draw one order of all places, and index inputs and labels with the same parts of it.",
        "order = rng.permutation(len(X)); aside, rest = order[:n], order[n:]",
    ),
)
def test_each_example_once_with_its_label(student):
    "no example is in both sets or in none, and inputs keep their labels"
    for N, n, seed in ((40, 10, 0), (7, 6, 3)):
        X, y = stored(N)
        X_train, y_train, X_aside, y_aside = four_of(student, X, y, n, seed)
        places = np.sort(np.concatenate([X_train[:, 0], X_aside[:, 0]]))
        both = np.intersect1d(X_train[:, 0], X_aside[:, 0])
        assert not len(both), f"{len(both)} of {N} examples are in both sets"
        assert_close(places, X[:, 0], what="all examples of both sets, sorted")
        labels = np.concatenate([X_train[:, 1], X_aside[:, 1]])
        kept = (labels == np.concatenate([y_train, y_aside])).all()
        assert kept, "an input has got the label of another: index both with the same places"


@check(
    "put-aside",
    hints=(
        "The examples may be stored by class or by date.",
        "Shuffle the places before you cut, with a generator made from the seed.",
        "np.random.default_rng(seed).permutation(len(X))",
    ),
)
def test_drawn_at_random_by_the_seed(student):
    "all classes are put aside, the same seed gives the same sets, another seed others"
    X, y = stored(400)
    first = four_of(student, X, y, 100, 1)
    assert_unchanged(student.put_aside)
    classes = np.bincount(first[3], minlength=4)
    assert classes.min() >= 8, f"of four equal classes {classes.tolist()} were put aside: shuffle"
    again, other = four_of(student, X, y, 100, 1), four_of(student, X, y, 100, 2)
    assert np.array_equal(first[2], again[2]), "the same seed gave two different sets"
    assert not np.array_equal(first[2], other[2]), "two seeds gave the same set"


@check(
    "put-aside",
    hidden=True,
    hints=(
        "Which n leave one of the two sets empty?",
        "n = 0 puts nothing aside; n = len(X) leaves nothing to learn from.",
        "if not 1 <= n < len(X): raise ValueError(...)",
    ),
)
def test_no_set_is_empty(student):
    "a ValueError if one of the sets would be empty"
    X, y = stored(8)
    for n in (0, 8, 9, -1):
        assert_raises(student.put_aside, X, y, n, 0, error="ValueError")


def fast(errors, ms, n, times=2.0):
    """Place of the fastest model within some standard errors, by sorting."""
    low = np.min(errors)
    limit = low + times * binom.std(n, low) / n
    order = np.lexsort((errors, ms))
    return int(next(k for k in order if errors[k] <= limit))


@check(
    "fastest-as-good",
    points=2,
    hints=(
        "First find which models are as good, then the fastest among them.",
        "The limit is the lowest error plus two of its standard errors; it may be met exactly.",
        "limit = lowest + 2 * np.sqrt(lowest * (1 - lowest) / n)",
    ),
)
def test_the_fastest_within_two_standard_errors(student):
    "the fastest model whose error is at most two standard errors above the lowest"
    errors, ms = [0.30, 0.118, 0.112, 0.105, 0.10], [0.1, 1.0, 2.0, 5.0, 40.0]
    for n in (100, 1000, 2000, 10**6):
        expected = fast(errors, ms, n)
        mistakes = {
            "within one standard error only": fast(errors, ms, n, times=1.0),
            "the lowest error, but not the fastest": 4,
            "the fastest of all, however bad": 0,
        }
        mistakes = {text: k for text, k in mistakes.items() if k != expected}
        got = student.fastest_as_good(errors, ms, n)
        assert_close(got, expected, mistakes=mistakes, what=f"the place for n = {n:,}")
    mistakes = {"the standard error is that of the lowest error, not of each model's own": 0}
    got = student.fastest_as_good([0.122, 0.10], [1.0, 2.0], 800)
    assert_close(got, 1, mistakes=mistakes, what="the place for errors 0.122 and 0.10")


@check(
    "fastest-as-good",
    hints=(
        "What if two good models are equally fast?",
        "Compare pairs of time and error.",
        "min(good, key=lambda k: (ms[k], errors[k]))",
    ),
)
def test_of_equally_fast_ones_the_better(student):
    "of equally fast models the one with the lower error; a lowest error of 0 has no slack"
    got = student.fastest_as_good([0.11, 0.10, 0.12], [3.0, 3.0, 3.0], 400)
    assert_close(got, 1, mistakes={"equally fast: take the lower error": 0}, what="the place")
    got = student.fastest_as_good([0.01, 0.0, 0.0], [1.0, 7.0, 6.0], 100)
    assert_close(got, 2, what="the place when the lowest error is 0")


def scores_of(counts):
    """F₁ of each class by scikit-learn, from the examples behind the counts."""
    pairs = [(i, j) for (i, j), c in np.ndenumerate(counts) for _ in range(int(c))]
    y, predicted = np.array(pairs).T
    return f1_score(y, predicted, labels=range(len(counts)), average=None, zero_division=0)


def pair_of(got):
    """The learner's pair, checked for being one."""
    assert isinstance(got, (tuple, list)), f"expected a class and its F1, got {kind_of(got)}"
    assert len(got) == 2, f"expected a class and its F1, got {len(got)} values"
    return got


@check(
    "worst-class",
    points=2,
    hints=(
        "F1 of a class needs its hits, all of its row, and all of its column.",
        "With h hits P = h/column and R = h/row; simplify 2PR/(P + R).",
        "2 * h / (row + column)",
    ),
)
def test_the_lowest_f1_of_the_classes(student):
    "the class with the lowest F1, and that F1"
    for counts in (
        [[50, 5, 5], [20, 30, 0], [1, 2, 37]],
        [[8, 2, 0, 0], [9, 1, 0, 0], [0, 0, 12, 3], [5, 0, 1, 4]],
    ):
        counts = np.array(counts)
        f1, hits = scores_of(counts), counts.diagonal()
        recall, precision = hits / counts.sum(axis=1), hits / counts.sum(axis=0)
        worst = int(f1.argmin())
        got = pair_of(student.worst_class(counts))
        assert_close(got[0], worst, what="the class")
        mistakes = {
            "this is its recall": recall[worst],
            "this is its precision": precision[worst],
            "this is the ordinary mean of precision and recall": (recall + precision)[worst] / 2,
            "the factor 2 is missing": f1[worst] / 2,
        }
        assert_close(got[1], f1[worst], mistakes=mistakes, what=f"F1 of class {worst}")


@check(
    "worst-class",
    hidden=True,
    hints=(
        "What if a class has no hits, or never occurs?",
        "Without a hit F1 is 0; a class whose row and column are both empty is left out.",
        "f1 = np.where(met > 0, 2 * hits / np.maximum(met, 1), np.inf)",
    ),
)
def test_classes_without_hits_or_examples(student):
    "a class without hits has F1 = 0, one that never occurs is left out"
    got = pair_of(student.worst_class(np.array([[4, 1, 0], [3, 0, 0], [0, 0, 9]])))
    assert_close(got[0], 1, what="the class without a hit")
    assert_close(got[1], 0.0, what="its F1")
    got = pair_of(student.worst_class(np.array([[0, 0, 0], [0, 7, 1], [0, 1, 9]])))
    assert_close(got[0], 1, mistakes={"class 0 never occurs": 0}, what="the class")
    assert_close(got[1], 14 / 16, what="its F1")
    got = pair_of(student.worst_class(np.array([[5, 2], [0, 0]])))
    assert_close(got[0], 1, what="a class that is called but never occurs")
    got = pair_of(student.worst_class(np.array([[5, 0], [2, 0]])))
    assert_close(got[0], 1, what="a class that occurs but is never called")
    assert_close(got[1], 0.0, what="its F1")
