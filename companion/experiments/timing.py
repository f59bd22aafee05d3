"""How long things take, compared with each other on a machine that does other things too."""

import timeit


def fastest(works, *, rounds=6, number=20, timer=timeit.default_timer):
    """Time several pieces of work in turns and keep the fastest run of each.

    Parameters
    ----------
    works : dict
        Name → function without arguments.
    rounds : int
        How often each has its turn. Each round begins one further, so that no work always comes
        first or follows the same other one.
    number : int
        Calls in a turn.
    timer : callable
        Clock, in seconds.

    Returns
    -------
    dict
        Name → seconds a call took in the fastest turn. What else the machine does only ever
        lengthens a turn, so the fastest says most.
    """
    names = list(works)
    taken = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            taken[name].append(timeit.timeit(works[name], number=number, timer=timer) / number)
    return {name: min(times) for name, times in taken.items()}
