"""Speed as a ratio: all sides timed in turns in the same run, the median of the quotients."""

import time
from statistics import median

import torch
from threadpoolctl import threadpool_limits


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


def row_of(name, engines, threads, rounds=9, repeats=5):
    """A row of a table: milliseconds of each engine on one thread, ratios on one and on more."""
    row = {"operation": name, "milliseconds": {}, "ratios": {}}
    for count in threads:
        torch.set_num_threads(count)
        with threadpool_limits(count):
            taken = in_turns(engines, rounds, repeats)
        row["ratios"][str(count)] = over(taken["companion"], taken["torch"])
        if count == 1:
            row["milliseconds"] = {e: 1e3 * median(times) for e, times in taken.items()}
    print("", name, *(f"{e} {t:.2f} ms" for e, t in row["milliseconds"].items()), end="; ")
    print(*(f"ratio {ratio:.2f} with {n}" for n, ratio in row["ratios"].items()))
    return row


def median_ratio(ours, theirs, rounds=21, repeats=20):
    """Time of `ours` over time of `theirs`, with the median seconds of each."""
    taken = in_turns({"ours": ours, "theirs": theirs}, rounds, repeats)
    medians = (median(taken[side]) for side in ("ours", "theirs"))
    return over(taken["ours"], taken["theirs"]), *medians
