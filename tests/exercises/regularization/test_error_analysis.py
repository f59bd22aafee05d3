"""Checks of the exercises in the chapter on error analysis."""

from itertools import combinations

import numpy as np
from sklearn import metrics

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of


def three_of(student):
    """The learner's three numbers."""
    got = student.ceilings_by_hand()
    assert isinstance(got, tuple), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got


@check(
    "ceiling-by-hand",
    hints=(
        "A ceiling is the error times the share of the mistakes.",
        "The share of cut off is 20 of 50, that of thin 12 of 50; the error is 8.",
        "8 · 20/50 and 8 · 12/50",
    ),
)
def test_the_two_ceilings(student):
    "the ceilings of cut off and of thin"
    got = three_of(student)
    for value, count, name in zip(got[:2], (20, 12), ("cut off", "thin"), strict=True):
        mistakes = {
            "this is the share of the mistakes": 100 * count / 50,
            "the share is that of the mistakes, not of all tags": 8 * count / 32,
            "in percent, please": 0.08 * count / 50,
            "this is the error that is left": 8 - 8 * count / 50,
        }
        assert_close(value, 8 * count / 50, rtol=0.01, mistakes=mistakes, what=f"the one of {name}")


@check(
    "ceiling-by-hand",
    hints=(
        "Count the mistakes that have neither tag.",
        "4 mistakes have both tags; 20 + 12 counts them twice.",
        "50 - (20 + 12 - 4) = 22 mistakes are left",
    ),
)
def test_what_is_left_without_both(student):
    "the error left when both categories are cured"
    mistakes = {
        "the 4 with both tags were counted twice": 8 * 18 / 50,
        "this is what is gained, not what is left": 8 * 28 / 50,
        "in percent, please": 0.0352,
    }
    got = three_of(student)[2]
    assert_close(got, 8 * 22 / 50, rtol=0.01, mistakes=mistakes, what="the error left")


@check(
    "fewer-mistakes",
    hints=(
        "The standard error is √(p(1 - p)/n).",
        "Put n = 100 and n = 25 in and divide.",
        "√(100/25)",
    ),
)
def test_a_quarter_of_the_mistakes(student):
    "the standard error with 25 mistakes, against that with 100, by drawing samples"
    draws = np.random.default_rng(0).binomial(np.array([[100], [25]]), 0.3, size=(2, 4000))
    ratio = np.divide(*(draws / [[100], [25]]).std(axis=1)[::-1])
    words = {"the same": 1, "twice": 2, "four times": 4}
    expected = min(words, key=lambda word: abs(words[word] - ratio))
    mistakes = {
        "the number of mistakes stands under a root": "four times",
        "fewer mistakes tell less": "the same",
    }
    assert_close(student.with_fewer_mistakes(), expected, mistakes=mistakes, what="the answer")


def tables():
    """Tables of mistakes: plain, overlapping, with many untagged ones, and drawn at random."""
    yield [{"blurry"}] * 43 + [{"dark"}] * 12 + [{"label"}] * 8 + [set()] * 37, 0.10
    yield [{"blurry", "dark"}] * 3 + [{"dark"}] * 2 + [{"blurry"}, {"small"}], 0.25
    yield [{"a", "b", "c"}, {"c"}, {"c", "a"}, set(), set()], 0.02
    rng = np.random.default_rng(5)
    for _ in range(4):
        weights = rng.random(5)
        yield [
            {name for name, w in zip("pqrst", weights, strict=True) if rng.random() < w}
            for _ in range(30)
        ], float(rng.uniform(0.01, 0.4))


def pair_of(got, what):
    """Check that the answer is a pair."""
    assert isinstance(got, tuple | list), f"expected {what}, got {kind_of(got)}"
    assert len(got) == 2, f"expected {what}, got {len(got)} values"
    return got


@check(
    "largest-ceiling",
    points=2,
    hints=(
        "The category with most mistakes has the largest ceiling.",
        "Count each tag over all sets; a mistake with two tags counts for both.",
        "counts[category] = counts.get(category, 0) + 1",
    ),
)
def test_the_category_with_the_largest_ceiling(student):
    "the category, over several tables with overlapping tags"
    for tags, error in tables():
        listed = [sorted(given) for given in tags]
        got = pair_of(student.largest_ceiling(listed, error), "a category and an error")
        names = sorted(set().union(*tags))
        counts = [sum(name in given for given in tags) for name in names]
        single = [sum(given == {name} for given in tags) for name in names]
        mistakes = {
            "this one has the smallest ceiling": names[int(np.argmin(counts))],
            "mistakes with several tags count as well": names[int(np.argmax(single))],
        }
        assert_close(got[0], names[int(np.argmax(counts))], mistakes=mistakes, what="the category")


@check(
    "largest-ceiling",
    hints=(
        "Cured means that its mistakes are gone, and no others.",
        "The share is the count divided by the number of mistakes, len(tags).",
        "error * (1 - counts[best] / len(tags))",
    ),
)
def test_the_error_that_is_left(student):
    "the error left, over several tables with overlapping tags"
    for tags, error in tables():
        listed = [sorted(given) for given in tags]
        got = pair_of(student.largest_ceiling(listed, error), "a category and an error")
        names = sorted(set().union(*tags))
        most = max(sum(name in given for given in tags) for name in names)
        n, all_tags, tagged = len(tags), sum(map(len, tags)), sum(map(bool, tags))
        mistakes = {
            "the count was divided by the number of tags": error * (1 - most / all_tags),
            "mistakes without a tag count as mistakes, too": error * (1 - most / tagged),
            "this is the ceiling, not what is left": error * most / n,
            "this is a share of the mistakes; multiply by the error": 1 - most / n,
            "the share of the mistakes is not yet a part of the error": error - most / n,
        }
        expected = error * (n - most) / n
        mistakes = {t: v for t, v in mistakes.items() if abs(v - expected) > 1e-9}
        assert_close(got[1], expected, mistakes=mistakes, what="the error left")


@check(
    "largest-ceiling",
    hidden=True,
    hints=(
        "What if two categories are equally frequent, or no mistake has a tag?",
        "Order by count and then by name; an empty table has no largest.",
        "min(counts, key=lambda c: (-counts[c], c))",
    ),
)
def test_equals_and_empty_tables(student):
    "of equals the first in the alphabet, and (None, error) without any tag"
    tags = [["zebra"], ["ant"], ["zebra", "ant"], ["cow"]]
    got = pair_of(student.largest_ceiling(tags, 0.2), "a category and an error")
    assert_close(got[0], "ant", mistakes={"this is the other of two equals": "zebra"},
                 what="the category")
    got = pair_of(student.largest_ceiling([[], []], 0.2), "None and the error")
    assert got[0] is None, f"without any tag there is no category; got {got[0]!r}"
    assert_close(got[1], 0.2, what="the error left without any tag")


@check(
    "confused-pair",
    points=2,
    hints=(
        "4 taken for 9 and 9 taken for 4 are the same pair.",
        "Put the smaller of the two classes first, and count equal pairs among the mistakes.",
        "low, high = np.minimum(true, predicted), np.maximum(true, predicted)",
    ),
)
def test_the_pair_confused_most_often_either_way(student):
    "the pair and its count, for several classifiers"
    for seed, classes in ((0, 4), (1, 6), (2, 10)):
        rng = np.random.default_rng(seed)
        true = rng.integers(classes, size=200)
        near = np.where(rng.random(200) < 0.4, (true + rng.integers(1, classes, 200)), true)
        predicted = np.where((true < 2) & (rng.random(200) < 0.5), 1 - true, near % classes)
        true = np.append(true, [3] * 109)
        predicted = np.append(predicted, [2] * 9 + [3] * 100)
        table = metrics.confusion_matrix(true, predicted)
        both = np.triu(table + table.T, 1)
        a, b = np.unravel_index(both.argmax(), both.shape)
        np.fill_diagonal(table, 0)
        i, j = np.unravel_index(table.argmax(), table.shape)
        mistakes = {
            "count both directions": (int(min(i, j)), int(max(i, j)), int(table.max())),
            "this is the true class and the predicted one": (int(i), int(j), int(table.max())),
        }
        got = student.confused_pair(true, predicted)
        assert_close(got, (int(a), int(b), int(both.max())), mistakes=mistakes, what="the answer")


@check(
    "confused-pair",
    hidden=True,
    hints=(
        "What if there are no mistakes, or two pairs are equal?",
        "Check for mistakes first; take the pair that is smallest of equals.",
        "if not wrong.any(): return None",
    ),
)
def test_no_mistakes_and_equal_pairs(student):
    "None when all are right, and of equals the smallest pair"
    right = np.array([3, 1, 2])
    got = student.confused_pair(right, right)
    assert got is None, f"all are right; expected None, got {got!r}"
    got = student.confused_pair(np.array([5, 2, 8, 1]), np.array([2, 5, 1, 8]))
    assert_close(got, (1, 8, 2), mistakes={"this is the other pair": (2, 5, 2)}, what="the answer")
    got = student.confused_pair(np.array([1, 1, 4, 30]), np.array([30, 17, 4, 30]))
    mistakes = {"of equal pairs with one smaller class, the other one decides": (1, 30, 1)}
    assert_close(got, (1, 17, 1), mistakes=mistakes, what="the answer for classes up to 30")


def left_without(tags, *cured):
    """Share of the mistakes that has none of the tags."""
    return sum(not given & set(cured) for given in tags) / len(tags)


@check(
    "two-cures",
    points=2,
    hints=(
        "A mistake with both tags is cured once, not twice.",
        "Try every pair of categories and count the mistakes that have neither tag.",
        "sum(a not in t and b not in t for t in tags)",
    ),
)
def test_the_best_two_and_what_is_left(student):
    "the best two categories and the error left, where the two largest overlap"
    overlapping = [{"dark", "blurry"}] * 8 + [{"dark"}, {"blurry"}] + [{"small"}] * 4 + [set()]
    # The category with the largest ceiling is not among the best two.
    between = [{"a", "b"}] * 2 + [{"a", "c"}] * 2 + [{"b"}, {"c"}, set()]
    for tags, error in [(overlapping, 0.15), (between, 0.2), *list(tables())]:
        listed = [sorted(given) for given in tags]
        got = pair_of(student.best_two(listed, error), "two categories and an error")
        pairs = [*combinations(sorted(set().union(*tags)), 2)]
        left = [error * left_without(tags, *pair) for pair in pairs]
        best = int(np.argmin(left))
        sizes = {n: sum(n in given for given in tags) for n in sorted(set().union(*tags))}
        largest = tuple(sorted(sorted(sizes, key=lambda n, s=sizes: -s[n])[:2]))
        added = error * (1 - sum(sizes[n] for n in largest) / len(tags))
        mistakes = {
            "the two largest ceilings overlap": [largest, error * left_without(tags, *largest)],
            "ceilings that overlap do not add up": [largest, added],
            "either tag is enough, both are not needed": [
                pairs[best],
                error * (1 - sum({*pairs[best]} <= given for given in tags) / len(tags)),
            ],
        }
        expected = [pairs[best], left[best]]
        mistakes = {t: v for t, v in mistakes.items() if v[0] != pairs[best] or v[1] != left[best]}
        assert_close([tuple(got[0]), got[1]], expected, mistakes=mistakes, what="the answer")


@check(
    "two-cures",
    hidden=True,
    hints=(
        "What if two pairs leave the same error?",
        "Go through the pairs in alphabetical order and keep the first of equals.",
        "names = sorted({name for given in tags for name in given})",
    ),
)
def test_equal_pairs(student):
    "of equal pairs the first in the alphabet"
    tags = [["z"], ["y"], ["x"], ["w"]]
    got = pair_of(student.best_two(tags, 0.4), "two categories and an error")
    assert_close([tuple(got[0]), got[1]], [("w", "x"), 0.2], what="the answer")
