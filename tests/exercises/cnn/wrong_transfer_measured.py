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


@wrong("clear-winner", fails="test_ties_and_the_input")
def clear_winner(errors):
    """Asks for four wins in five."""
    best = min(errors, key=lambda name: np.median(errors[name]))
    others = [errors[name] for name in errors if name != best]
    return best if all(np.mean(errors[best] < e) >= 0.8 for e in others) else "none"


@wrong("clear-winner", fails="test_ties_and_the_input")
def clear_winner(errors):
    """Allows a single exception against all ways together."""
    best = min(errors, key=lambda name: np.median(errors[name]))
    lost = sum(np.sum(errors[best] >= errors[name]) for name in errors if name != best)
    return best if lost <= 1 else "none"


@wrong("clear-winner", fails="test_ties_and_the_input")
def clear_winner(errors):
    """Never looks at the medians."""
    for best in errors:
        ahead = [np.sum(errors[best] < errors[name]) for name in errors if name != best]
        if all(n >= len(errors[best]) - 1 for n in ahead):
            return best
    return "none"


@wrong("clear-winner", fails="test_ties_and_the_input")
def clear_winner(errors):
    """Takes the lowest mean."""
    best = min(errors, key=lambda name: np.mean(errors[name]))
    ahead = [np.sum(errors[best] < errors[name]) for name in errors if name != best]
    return best if all(n >= len(errors[best]) - 1 for n in ahead) else "none"
