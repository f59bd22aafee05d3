"""Checks of the exercises in the chapter on average precision."""

import numpy as np

from companion.detection.average_precision import Judged, average_precision, precision_recall
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def three_of(student):
    got = student.judged_by_hand()
    known = isinstance(got, tuple | list | np.ndarray)
    assert known, f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected precision, recall and AP, got {len(got)} values"
    return got


def by_the_companion():
    hits = np.array([True, False, True, True])
    precision, recall = precision_recall(Judged(np.arange(4, 0, -1.0), hits, 5))
    return precision[-1], recall[-1], average_precision(precision, recall, None)


@check(
    "ap-by-hand",
    hints=(
        "Precision: of the boxes, how many are hits? Recall: of the objects, how many are hit?",
        "Three of four boxes are hits; there are five objects.",
        "3 / 4 and 3 / 5",
    ),
)
def test_precision_and_recall(student):
    "precision and recall after all boxes"
    right = by_the_companion()[:2]
    mistakes = {"precision and recall are exchanged": right[::-1]}
    got = tuple(three_of(student)[:2])
    assert_close(got, right, rtol=5e-3, mistakes=mistakes, what="precision and recall")


@check(
    "ap-by-hand",
    hints=(
        "At each recall counts the best precision reached there or further on.",
        "The precisions 1, 1/2, 2/3, 3/4 become 1, 3/4, 3/4, 3/4.",
        "1/5 · 1 + 2/5 · 3/4",
    ),
)
def test_the_area(student):
    "average precision"
    mistakes = {
        "each hit counts with its own precision, not the best to come": (1 + 2 / 3 + 3 / 4) / 5,
        "the sum is divided by the hits; objects never found count too": (1 + 3 / 4 + 3 / 4) / 3,
        "that is the mean of the precisions": (1 + 1 / 2 + 2 / 3 + 3 / 4) / 4,
    }
    right = by_the_companion()[2]
    assert_close(three_of(student)[2], right, rtol=5e-3, mistakes=mistakes, what="AP")


@check(
    "doubles-at-the-end",
    hints=(
        "Where in the list do the doubles come?",
        "They are misses after the last hit. Which recalls lie further on?",
        "No recall is reached after them, so no precision of theirs counts.",
    ),
)
def test_doubles_at_the_end(student):
    "what becomes of AP"
    words = ("fall", "stay", "rise")
    got = student.with_doubles()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    hits = np.array([True, True, False, True])
    twice = np.concatenate([hits, np.zeros(4, bool)])
    old, new = (
        average_precision(*precision_recall(Judged(np.zeros(len(h)), h, 3)), None)
        for h in (hits, twice)
    )
    right = words[1 + int(np.sign(new - old))]
    assert got == right, "write down precision and recall before and after the doubles"


def hits_by_rule(overlaps, scores, threshold):
    """Each box in turn looks through the objects that nobody has."""
    taken, hits = set(), [False] * len(scores)
    for k in sorted(range(len(scores)), key=lambda k: (-scores[k], k)):
        free = [m for m in range(overlaps.shape[1]) if m not in taken]
        if free:
            best = max(free, key=lambda m: (overlaps[k, m], -m))
            if overlaps[k, best] >= threshold:
                taken.add(best)
                hits[k] = True
    return np.array(hits, dtype=bool)


def slips(overlaps, scores, threshold):
    """What the usual mistakes give."""
    order = np.argsort(-scores, kind="stable")
    inputs = hits_by_rule(overlaps, -np.arange(len(scores)), threshold)
    above = hits_by_rule(overlaps, scores, np.nextafter(threshold, 1))
    return {
        "an object may be taken only once": (overlaps >= threshold).any(axis=1),
        "the surest box chooses first, wherever it stands and however well others fit": inputs,
        "an IoU of exactly `threshold` is enough": above,
        "the answer is sorted by score; keep the order of the input": hits_by_rule(
            overlaps, scores, threshold
        )[order],
    }


@check(
    "hits-of",
    hints=(
        "The surest box chooses first, and what it takes is gone.",
        "Walk through np.argsort(-scores), and remember which objects are free.",
        "free[:, best] = -1 after box k took the object best",
    ),
)
def test_two_boxes_on_one_object(student):
    "two boxes on one object, one on another, one on none"
    overlaps = np.array([[0.8, 0.1], [0.6, 0.0], [0.0, 0.5], [0.4, 0.2]])
    scores = np.array([0.7, 0.9, 0.5, 0.95])
    right = hits_by_rule(overlaps, scores, 0.5)
    got = student.hits_of(overlaps, scores, 0.5)
    assert_close(got, right, mistakes=slips(overlaps, scores, 0.5), what="the hits")
    assert_unchanged(student.hits_of)


@check(
    "hits-of",
    after="test_two_boxes_on_one_object",
    hints=(
        "A box whose best object is gone may still take another one.",
        "Look for the best among the free objects, not among all.",
        "best = np.argmax(free[k]), where taken columns hold -1",
    ),
)
def test_the_next_best_object(student):
    "a box whose best object is taken, and one that two objects suit"
    scores = np.array([0.9, 0.8])
    for slip, overlaps in (
        ("a box whose best object is gone may take another", [[0.9, 0.6], [0.8, 0.7]]),
        ("take the best of the free objects, not the first that will do", [[0.6, 0.9], [0.7, 0.2]]),
        ("of objects with the same IoU the first is taken", [[0.7, 0.7], [0.8, 0.1]]),
    ):
        right = hits_by_rule(np.array(overlaps), scores, 0.5)
        mistakes = {slip: right ^ np.array([False, True])}
        got = student.hits_of(np.array(overlaps), scores, 0.5)
        assert_close(got, right, mistakes=mistakes, what=f"the hits for overlaps {overlaps}")


@check(
    "hits-of",
    hidden=True,
    after="test_two_boxes_on_one_object",
    hints=(
        "No boxes, no objects, and equal scores must work as well.",
        "np.argmax of nothing is an error: return early.",
        "if free.size == 0: return hits",
    ),
)
def test_many_boxes_and_none(student):
    "images without boxes, without objects, with many of both"
    rng = np.random.default_rng(2)
    for count, objects in ((0, 3), (4, 0), (0, 0), (30, 12), (8, 20)):
        overlaps, scores = rng.random((count, objects)), rng.integers(0, 5, count) / 4
        got = student.hits_of(overlaps, scores, 0.7)
        right = hits_by_rule(overlaps, scores, 0.7)
        assert_close(got, right, what=f"the hits of {count} boxes and {objects} objects")


def by_all_thresholds(scores, hits, objects, measure):
    """Try each score as the least one."""
    best, chosen = -1.0, None
    for least in sorted(scores, reverse=True):
        kept = scores >= least
        value = measure(hits[kept].sum() / kept.sum(), hits[kept].sum() / objects)
        if value > best + 1e-12:
            best, chosen = value, least
    return chosen


def f1(precision, recall):
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def judged(seed, count, objects):
    rng = np.random.default_rng(seed)
    scores = rng.permutation(count) / count + 0.001
    hits = (rng.random(count) < scores) & (np.cumsum(np.ones(count)) <= count)
    hits[np.flatnonzero(hits)[objects:]] = False
    return scores, hits


@check(
    "best-score",
    hints=(
        "Sort, count hits on the way down, compute F1 at each box.",
        "After k boxes with h hits: P = h / k, R = h / objects, so F1 = 2 h / (k + objects).",
        "scores[order][np.argmax(f1)]",
    ),
)
def test_the_best_score(student):
    "ten boxes, five objects"
    scores = np.array([0.71, 0.66, 0.86, 0.56, 0.81, 0.91, 0.46, 0.51, 0.76, 0.61])
    hits = np.array([True, False, True, False, True, False, True, False, False, False])
    right = by_all_thresholds(scores, hits, 5, f1)
    mistakes = {
        "that is the largest score; is F1 NaN there, before the first hit?": 0.91,
        "keep the boxes above a score, not those below": -by_all_thresholds(-scores, hits, 5, f1),
        "that is the largest F1; return the score": 0.6,
        "that is the number of boxes, not a score": float((scores >= right).sum()),
        "the hits must be sorted along with the scores": np.sort(scores)[::-1][
            np.argmax(2 * np.cumsum(hits) / (np.arange(1, 11) + 5))
        ],
        "that is where precision is largest": by_all_thresholds(scores, hits, 5, lambda p, r: p),
        "that is where recall is largest": by_all_thresholds(scores, hits, 5, lambda p, r: r),
    }
    got = student.best_score(scores, hits, 5)
    assert_close(got, right, mistakes=mistakes, what="the least score")
    assert_unchanged(student.best_score)


@check(
    "best-score",
    hidden=True,
    after="test_the_best_score",
    hints=(
        "Recall is a share of the objects, not of the hits.",
        "Objects that no box finds lower recall everywhere.",
        "objects stands in the denominator, k + objects; of equal F1 argmax finds the first",
    ),
)
def test_other_lists(student):
    "many lists, with objects that nobody found, and two scores that are equally good"
    for seed in range(12):
        objects = (4, 15, 40)[seed % 3]
        scores, hits = judged(seed, 25, objects)
        right = by_all_thresholds(scores, hits, objects, f1)
        assert_close(student.best_score(scores, hits, objects), right, what="the least score")
    # With two objects one box, a hit, is as good as all four with two hits: F1 is 2/3.
    got = student.best_score(np.array([0.2, 0.8, 0.6, 0.4]), np.array([1, 1, 0, 0]) == 1, 2)
    mistakes = {"of scores with the same F1 return the largest": 0.2}
    assert_close(got, 0.8, mistakes=mistakes, what="the least score where two are equally good")
