"""Known wrong answers to the exercises on the page that compares all ways to a smaller network."""

import numpy as np

from companion.exercises import wrong


@wrong("four-ways-to-store", fails="test_as_they_are_and_in_eight_bits")
def bytes_of_the_layer():
    """Counts bits for bytes."""
    return 32 * 512 * 256, 98304, 49152, 8 * 512 * 256


@wrong("four-ways-to-store", fails="test_one_weight_in_eight")
def bytes_of_the_layer():
    """Forgets the places."""
    return 524288, 65536, 49152, 131072


@wrong("four-ways-to-store", fails="test_two_thin_layers")
def bytes_of_the_layer():
    """Forgets the second layer."""
    return 524288, 98304, 32768, 131072


@wrong("worth-a-look", fails="test_five_versions")
def not_beaten(errors, costs):
    """Returns all versions."""
    return [int(i) for i in np.argsort(costs)]


@wrong("worth-a-look", fails="test_five_versions")
def not_beaten(errors, costs):
    """Keeps the order of the arrays."""
    e, c = np.asarray(errors), np.asarray(costs)
    return [
        i
        for i in range(len(e))
        if not ((e <= e[i]) & (c <= c[i]) & ((e < e[i]) | (c < c[i]))).any()
    ]


@wrong("worth-a-look", fails="test_equal_versions")
def not_beaten(errors, costs):
    """Calls a version beaten only if another is better in both."""
    e, c = np.asarray(errors), np.asarray(costs)
    order = np.argsort(c, kind="stable")
    return [int(i) for i in order if not ((e < e[i]) & (c < c[i])).any()]


@wrong("worth-a-look", fails="test_equal_versions")
def not_beaten(errors, costs):
    """Lets equal versions beat each other."""
    e, c = np.asarray(errors), np.asarray(costs)
    order = np.argsort(c, kind="stable")
    return [int(i) for i in order if ((e <= e[i]) & (c <= c[i])).sum() == 1]


@wrong("worth-a-look", fails="test_equal_versions")
def not_beaten(errors, costs):
    """Compares only with the neighbour in the order of costs."""
    order = sorted(range(len(costs)), key=lambda i: (costs[i], errors[i]))
    good = [order[0]]
    for before, i in zip(order, order[1:], strict=False):
        same = errors[i] == errors[before] and costs[i] == costs[before]
        if errors[i] < errors[before] or same:
            good.append(i)
    return good


@wrong("worth-a-look", fails="test_many_versions")
def not_beaten(errors, costs):
    """Sorts with an order that may mix versions of equal cost."""
    points = list(zip(errors, costs, strict=True))
    return [
        int(i)
        for i in np.argsort(costs)
        if not any(e <= errors[i] and c <= costs[i] and (e, c) != points[i] for e, c in points)
    ]
