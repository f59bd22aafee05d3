"""Known wrong answers to the exercises of the chapter on error analysis."""

from itertools import combinations

import numpy as np

from companion.exercises import wrong


@wrong("ceiling-by-hand", fails="test_the_two_ceilings")
def ceilings_by_hand():
    """Divides by the number of tags."""
    return 8 * 20 / 32, 8 * 12 / 32, 3.52


@wrong("ceiling-by-hand", fails="test_the_two_ceilings")
def ceilings_by_hand():
    """Gives the shares of the mistakes."""
    return 40, 24, 3.52


@wrong("ceiling-by-hand", fails="test_what_is_left_without_both")
def ceilings_by_hand():
    """Adds the two ceilings."""
    return 3.2, 1.92, 2.88


@wrong("ceiling-by-hand", fails="test_what_is_left_without_both")
def ceilings_by_hand():
    """Gives what is gained."""
    return 3.2, 1.92, 4.48


@wrong("fewer-mistakes", fails="test_a_quarter_of_the_mistakes")
def with_fewer_mistakes():
    """Forgets the root."""
    return "four times"


@wrong("fewer-mistakes", fails="test_a_quarter_of_the_mistakes")
def with_fewer_mistakes():
    """Takes the share for all that matters."""
    return "the same"


@wrong("fewer-mistakes", fails="test_a_quarter_of_the_mistakes")
def with_fewer_mistakes():
    """Answers with a number."""
    return 2


def counted(tags):
    counts = {}
    for given in tags:
        for category in given:
            counts[category] = counts.get(category, 0) + 1
    return counts


@wrong("largest-ceiling", fails="test_the_error_that_is_left")
def largest_ceiling(tags, error):
    """Divides by the number of tags."""
    counts = counted(tags)
    if not counts:
        return None, error
    best = min(counts, key=lambda c: (-counts[c], c))
    return best, error * (1 - counts[best] / sum(counts.values()))


@wrong("largest-ceiling", fails="test_the_error_that_is_left")
def largest_ceiling(tags, error):
    """Leaves out mistakes without a tag."""
    counts = counted(tags)
    if not counts:
        return None, error
    best = min(counts, key=lambda c: (-counts[c], c))
    return best, error * (1 - counts[best] / sum(bool(given) for given in tags))


@wrong("largest-ceiling", fails="test_the_error_that_is_left")
def largest_ceiling(tags, error):
    """Returns the ceiling."""
    counts = counted(tags)
    if not counts:
        return None, error
    best = min(counts, key=lambda c: (-counts[c], c))
    return best, error * counts[best] / len(tags)


@wrong("largest-ceiling", fails="test_the_category_with_the_largest_ceiling")
def largest_ceiling(tags, error):
    """Counts only mistakes with a single tag."""
    counts = counted([given for given in tags if len(given) == 1])
    if not counts:
        return None, error
    best = min(counts, key=lambda c: (-counts[c], c))
    return best, error * (1 - counts[best] / len(tags))


@wrong("largest-ceiling", fails="test_equals_and_empty_tables")
def largest_ceiling(tags, error):
    """Takes the last of equals."""
    counts = counted(tags)
    if not counts:
        return None, error
    best = max(counts, key=lambda c: (counts[c], c))
    return best, error * (1 - counts[best] / len(tags))


@wrong("largest-ceiling", fails="test_equals_and_empty_tables")
def largest_ceiling(tags, error):
    """Does not think of an empty table."""
    counts = counted(tags)
    best = min(counts, key=lambda c: (-counts[c], c))
    return best, error * (1 - counts[best] / len(tags))


@wrong("confused-pair", fails="test_the_pair_confused_most_often_either_way")
def confused_pair(true, predicted):
    """Looks at one direction only."""
    wrong = true != predicted
    if not wrong.any():
        return None
    pairs, counts = np.unique(
        np.stack([true[wrong], predicted[wrong]]), axis=1, return_counts=True
    )
    best = counts.argmax()
    a, b = sorted(int(k) for k in pairs[:, best])
    return a, b, int(counts[best])


@wrong("confused-pair", fails="test_no_mistakes_and_equal_pairs")
def confused_pair(true, predicted):
    """Does not think of a perfect classifier."""
    wrong = true != predicted
    low, high = np.minimum(true, predicted)[wrong], np.maximum(true, predicted)[wrong]
    pairs, counts = np.unique(np.stack([low, high]), axis=1, return_counts=True)
    best = counts.argmax()
    return int(pairs[0, best]), int(pairs[1, best]), int(counts[best])


@wrong("confused-pair", fails="test_no_mistakes_and_equal_pairs")
def confused_pair(true, predicted):
    """Takes the first pair that it meets."""
    counts = {}
    for a, b in zip(true.tolist(), predicted.tolist(), strict=True):
        if a != b:
            pair = (min(a, b), max(a, b))
            counts[pair] = counts.get(pair, 0) + 1
    return (*max(counts, key=counts.get), max(counts.values())) if counts else None


@wrong("confused-pair", fails="test_the_pair_confused_most_often_either_way")
def confused_pair(true, predicted):
    """Counts the right answers too."""
    if (true == predicted).all():
        return None
    low, high = np.minimum(true, predicted), np.maximum(true, predicted)
    pairs, counts = np.unique(np.stack([low, high]), axis=1, return_counts=True)
    best = counts.argmax()
    return int(pairs[0, best]), int(pairs[1, best]), int(counts[best])


@wrong("confused-pair", fails="test_no_mistakes_and_equal_pairs")
def confused_pair(true, predicted):
    """Counts on ten classes."""
    table = np.zeros((10, 10), dtype=int)
    np.add.at(table, (np.minimum(true, predicted), np.maximum(true, predicted)), 1)
    np.fill_diagonal(table, 0)
    a, b = np.unravel_index(table.argmax(), table.shape)
    return (int(a), int(b), int(table.max())) if table.any() else None


@wrong("confused-pair", fails="test_no_mistakes_and_equal_pairs")
def confused_pair(true, predicted):
    """Looks at the smaller class of equal pairs only."""
    counts = {}
    for a, b in zip(true.tolist(), predicted.tolist(), strict=True):
        if a != b:
            pair = (min(a, b), max(a, b))
            counts[pair] = counts.get(pair, 0) + 1
    best = max(counts, key=lambda pair: (counts[pair], -pair[0]), default=None)
    return (*best, counts[best]) if best else None


@wrong("two-cures", fails="test_the_best_two_and_what_is_left")
def best_two(tags, error):
    """Takes the two largest ceilings."""
    counts = counted(tags)
    a, b = sorted(sorted(counts, key=lambda c: (-counts[c], c))[:2])
    return (a, b), error * sum(a not in t and b not in t for t in tags) / len(tags)


@wrong("two-cures", fails="test_the_best_two_and_what_is_left")
def best_two(tags, error):
    """Adds the two ceilings."""
    counts = counted(tags)
    a, b = sorted(sorted(counts, key=lambda c: (-counts[c], c))[:2])
    return (a, b), error * (1 - (counts[a] + counts[b]) / len(tags))


@wrong("two-cures", fails="test_the_best_two_and_what_is_left")
def best_two(tags, error):
    """Cures only what has both tags."""
    names = sorted(set().union(*tags))
    left = {p: sum(not {*p} <= set(t) for t in tags) for p in combinations(names, 2)}
    best = min(left, key=left.get)
    return best, error * left[best] / len(tags)


@wrong("two-cures", fails="test_the_best_two_and_what_is_left")
def best_two(tags, error):
    """Takes the largest ceiling first, then the best one beside it."""
    names = sorted(set().union(*tags))
    first = max(names, key=lambda c: sum(c in t for t in tags))
    rest = [t for t in tags if first not in t]
    second = max((c for c in names if c != first), key=lambda c: sum(c in t for t in rest))
    left = sum(second not in t for t in rest)
    return tuple(sorted((first, second))), error * left / len(tags)


@wrong("two-cures", fails="test_equal_pairs")
def best_two(tags, error):
    """Keeps the last of equals."""
    names = sorted(set().union(*tags))
    left = {p: sum(not {*p} & set(t) for t in tags) for p in combinations(names, 2)}
    best = min(reversed(list(left)), key=left.get)
    return best, error * left[best] / len(tags)
