"""Known wrong answers to the exercises of the chapter on average precision."""

import numpy as np

from companion.exercises import wrong


@wrong("ap-by-hand", fails="test_precision_and_recall")
def judged_by_hand():
    """Exchanges the two."""
    return 3 / 5, 3 / 4, 0.5


@wrong("ap-by-hand", fails="test_the_area")
def judged_by_hand():
    """Takes each hit's own precision."""
    return 3 / 4, 3 / 5, (1 + 2 / 3 + 3 / 4) / 5


@wrong("ap-by-hand", fails="test_the_area")
def judged_by_hand():
    """Forgets objects that were never found."""
    return 3 / 4, 3 / 5, (1 + 3 / 4 + 3 / 4) / 3


@wrong("doubles-at-the-end", fails="test_doubles_at_the_end")
def with_doubles():
    """Forgets the order of the list."""
    return "fall"


@wrong("doubles-at-the-end", fails="test_doubles_at_the_end")
def with_doubles():
    """Counts doubles as hits."""
    return "rise"


@wrong("doubles-at-the-end", fails="test_doubles_at_the_end")
def with_doubles():
    """Gives a number."""
    return 0.0


@wrong("hits-of", fails="test_two_boxes_on_one_object")
def hits_of(overlaps, scores, threshold):
    """Counts doubles as hits."""
    return (overlaps >= threshold).any(axis=1)


@wrong("hits-of", fails="test_the_next_best_object")
def hits_of(overlaps, scores, threshold):
    """A box looks at its best object only."""
    hits, taken = np.zeros(len(scores), bool), set()
    if overlaps.size == 0:
        return hits
    for k in np.argsort(-scores, kind="stable"):
        best = int(np.argmax(overlaps[k]))
        if overlaps[k, best] >= threshold and best not in taken:
            taken.add(best)
            hits[k] = True
    return hits


def taken(overlaps, scores, threshold, choose=np.argmax, order=None):
    """Do what the exercise asks, with another choice or another order."""
    free, hits = np.array(overlaps), np.zeros(len(scores), bool)
    if free.size == 0:
        return hits
    for k in np.argsort(-scores, kind="stable") if order is None else order:
        best = choose(free[k])
        if free[k, best] >= threshold:
            hits[k] = True
            free[:, best] = -1
    return hits


@wrong("hits-of", fails="test_the_next_best_object")
def hits_of(overlaps, scores, threshold):
    """Takes the last of the objects with the same IoU."""
    return taken(overlaps, scores, threshold, lambda row: len(row) - 1 - row[::-1].argmax())


@wrong("hits-of", fails="test_the_next_best_object")
def hits_of(overlaps, scores, threshold):
    """Takes the first object that will do."""
    return taken(overlaps, scores, threshold, lambda row: (row >= threshold).argmax())


@wrong("hits-of", fails="test_two_boxes_on_one_object")
def hits_of(overlaps, scores, threshold):
    """Lets the box that fits best choose first."""
    fit = overlaps.max(axis=1, initial=0)
    return taken(overlaps, scores, threshold, order=np.argsort(-fit, kind="stable"))


@wrong("hits-of", fails="test_two_boxes_on_one_object")
def hits_of(overlaps, scores, threshold):
    """Asks for more than the threshold."""
    return taken(overlaps, scores, np.nextafter(threshold, 1))


@wrong("hits-of", fails="test_many_boxes_and_none")
def hits_of(overlaps, scores, threshold):
    """Takes the last of the boxes with the same score first."""
    return taken(overlaps, scores, threshold, order=np.argsort(scores, kind="stable")[::-1])


@wrong("hits-of", fails="test_two_boxes_on_one_object")
def hits_of(overlaps, scores, threshold):
    """Goes in the order of the input."""
    free, hits = np.array(overlaps), np.zeros(len(scores), bool)
    for k in range(len(scores)):
        best = np.argmax(free[k])
        if free[k, best] >= threshold:
            hits[k] = True
            free[:, best] = -1
    return hits


@wrong("hits-of", fails="test_many_boxes_and_none")
def hits_of(overlaps, scores, threshold):
    """Does not think of images without objects."""
    free, hits = np.array(overlaps), np.zeros(len(scores), bool)
    for k in np.argsort(-scores, kind="stable"):
        best = np.argmax(free[k])
        if free[k, best] >= threshold:
            hits[k] = True
            free[:, best] = -1
    return hits


@wrong("best-score", fails="test_the_best_score")
def best_score(scores, hits, objects):
    """Forgets to sort the hits."""
    f1 = 2 * np.cumsum(hits) / (np.arange(1, len(hits) + 1) + objects)
    return np.sort(scores)[::-1][np.argmax(f1)]


@wrong("best-score", fails="test_the_best_score")
def best_score(scores, hits, objects):
    """Takes the largest precision."""
    order = np.argsort(-scores)
    return scores[order][np.argmax(np.cumsum(hits[order]) / np.arange(1, len(hits) + 1))]


@wrong("best-score", fails="test_other_lists")
def best_score(scores, hits, objects):
    """Takes the hits for all objects."""
    order = np.argsort(-scores)
    found = np.cumsum(hits[order])
    return scores[order][np.argmax(2 * found / (np.arange(1, len(hits) + 1) + hits.sum()))]


@wrong("best-score", fails="test_the_best_score")
def best_score(scores, hits, objects):
    """Keeps all hits."""
    return scores[hits].min()


@wrong("best-score", fails="test_the_best_score")
def best_score(scores, hits, objects):
    """Divides 0 by 0 where there is no hit yet."""
    order = np.argsort(-scores)
    found = np.cumsum(hits[order])
    precision, recall = found / np.arange(1, len(found) + 1), found / objects
    return scores[order][np.argmax(2 * precision * recall / (precision + recall))]


@wrong("best-score", fails="test_the_best_score")
def best_score(scores, hits, objects):
    """Keeps the boxes below a score."""
    order = np.argsort(scores)
    found = np.cumsum(hits[order])
    return scores[order][np.argmax(2 * found / (np.arange(1, len(found) + 1) + objects))]


@wrong("best-score", fails="test_other_lists")
def best_score(scores, hits, objects):
    """Takes the smallest of equally good scores."""
    order = np.argsort(-scores)
    found = np.cumsum(hits[order])
    f1 = 2 * found / (np.arange(1, len(found) + 1) + objects)
    return scores[order][np.flatnonzero(f1 == f1.max())[-1]]


@wrong("best-score", fails="test_the_best_score")
def best_score(scores, hits, objects):
    """Adds precision and recall."""
    order = np.argsort(-scores)
    found = np.cumsum(hits[order])
    sums = found / np.arange(1, len(found) + 1) + found / objects
    return scores[order][np.argmax(sums)]
