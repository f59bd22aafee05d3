"""Processor time of one update, for several programs in turns.

Used in the chapter :ref:`frameworks`.
"""

import time

import numpy as np


def seconds_per_update(run, few=3, many=23):
    """Processor seconds of one update, without what a run costs once.

    Parameters
    ----------
    run : callable
        ``run(n)`` prepares and makes n updates.
    few, many : int
        Updates of two runs; in the difference of their times the preparation cancels.

    Returns
    -------
    float
        Seconds. Other programs on the machine do not count.

    Raises
    ------
    ValueError
        If `many` is not greater than `few`.
    """
    if many <= few:
        raise ValueError(f"seconds_per_update: many is {many}; expected more than few, {few}")
    began = time.process_time()
    run(few)
    between = time.process_time()
    run(many)
    return (time.process_time() - between - (between - began)) / (many - few)


def in_turns(runs, rounds=3):
    """Time several programs in turns, so that a slow moment of the machine hits all alike.

    Parameters
    ----------
    runs : dict
        Name → callable, as for `seconds_per_update`.
    rounds : int
        How often each is timed.

    Returns
    -------
    dict of numpy.ndarray
        Name → seconds per update, (rounds,).
    """
    spent = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            spent[name].append(seconds_per_update(run))
    return {name: np.array(seconds) for name, seconds in spent.items()}
