"""Speed as a ratio: both sides timed in turns in the same run, the median of the quotients."""

import time
from statistics import median


def seconds(work, repeats):
    """Mean seconds of one call, over `repeats` calls in a row."""
    # The threads of the library timed before wait actively for a while; let them go to sleep.
    time.sleep(0.2)
    work()
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - start) / repeats


def median_ratio(ours, theirs, rounds=21, repeats=20):
    """Time of `ours` over time of `theirs`, with the median seconds of each.

    Whatever else the machine does hits both sides of a round alike, so that the quotient of a
    round means something even where its seconds do not.
    """
    for _ in range(repeats):
        ours(), theirs()
    pairs = [(seconds(ours, repeats), seconds(theirs, repeats)) for _ in range(rounds)]
    mine, other = zip(*pairs, strict=True)
    return median(a / b for a, b in pairs), median(mine), median(other)
