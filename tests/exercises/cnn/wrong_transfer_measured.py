"""Known wrong answers to the exercises in depth on borrowed networks."""

import numpy as np

from companion.exercises import wrong


@wrong("drifting-average", fails="test_where_the_average_is")
def running_mean():
    """After one batch."""
    return 1.4


@wrong("drifting-average", fails="test_where_the_average_is")
def running_mean():
    """Exchanges the shares."""
    return 4.96


@wrong("drifting-average", fails="test_where_the_average_is")
def running_mean():
    """Adds the same amount twice."""
    return 1.8


@wrong("clear-winner", fails="test_clear_and_scattered")
def clear_winner(errors):
    """The lowest median wins."""
    return min(errors, key=lambda name: np.median(errors[name]))


@wrong("clear-winner", fails="test_clear_and_scattered")
def clear_winner(errors):
    """Must be ahead in every seed."""
    best = min(errors, key=lambda name: np.median(errors[name]))
    clear = all((errors[best] < errors[n]).all() for n in errors if n != best)
    return best if clear else "none"


@wrong("clear-winner", fails="test_clear_and_scattered")
def clear_winner(errors):
    """Bands must not overlap."""
    best = min(errors, key=lambda name: np.median(errors[name]))
    clear = all(errors[best].max() < errors[n].min() for n in errors if n != best)
    return best if clear else "none"


@wrong("clear-winner", fails="test_ties_and_the_input")
def clear_winner(errors):
    """Counts ties as wins."""
    best = min(errors, key=lambda name: np.median(errors[name]))
    for n in errors:
        if np.sum(errors[best] <= errors[n]) < len(errors[n]) - 1:
            return "none"
    return best
