"""Speed as a ratio: all sides timed in turns in the same run, the median of the quotients."""

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


def in_turns(works, rounds, repeats):
    """Seconds of each of several works by name, (rounds,) each.

    Whatever else the machine does hits all sides of a round alike, so that the quotients of a
    round mean something even where its seconds do not.
    """
    for work in works.values():
        for _ in range(repeats):
            work()
    taken = [{name: seconds(w, repeats) for name, w in works.items()} for _ in range(rounds)]
    return {name: [one[name] for one in taken] for name in works}


def over(one, other):
    """Median over the rounds of the time of one side over that of the other."""
    return median(a / b for a, b in zip(one, other, strict=True))


def median_ratio(ours, theirs, rounds=21, repeats=20):
    """Time of `ours` over time of `theirs`, with the median seconds of each."""
    taken = in_turns({"ours": ours, "theirs": theirs}, rounds, repeats)
    medians = (median(taken[side]) for side in ("ours", "theirs"))
    return over(taken["ours"], taken["theirs"]), *medians
