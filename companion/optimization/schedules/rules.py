"""The classic decays as plain functions of the step, to be used with `LambdaLR`."""


def inverse_time(decay):
    """Decay like 1/t: the factor 1 / (1 + decay · t).

    Parameters
    ----------
    decay : float
        At least 0; after 1/decay steps the rate is half the base rate.

    Returns
    -------
    callable
        Step, from 0 → factor. ``LambdaLR(optimizer, inverse_time(0.1))`` puts it to work.

    Raises
    ------
    ValueError
        If `decay` is negative.

    Notes
    -----
    Robbins and Monro (1951) asked for a rate that falls like this. Chapter
    :ref:`schedules_compared`.
    """
    if not decay >= 0:
        raise ValueError(f"inverse_time: decay is {decay}; expected a number of at least 0")
    return lambda t: 1 / (1 + decay * t)


def inverse_square_root(offset=1):
    """Decay like 1/√t: the factor √(offset / (offset + t)).

    Parameters
    ----------
    offset : float
        Above 0; after 3 · offset steps the rate is half the base rate. With 1 the rate of step t
        is the base rate divided by √(t + 1), the k/√t of many notes counted from 1.

    Returns
    -------
    callable
        Step, from 0 → factor. ``LambdaLR(optimizer, inverse_square_root())`` puts it to work.

    Raises
    ------
    ValueError
        If `offset` is not above 0.

    Notes
    -----
    Chapter :ref:`schedules_compared`.
    """
    if not offset > 0:
        raise ValueError(f"inverse_square_root: offset is {offset}; expected a number above 0")
    return lambda t: (offset / (offset + t)) ** 0.5


def by_hand(table):
    """Follow a table made by hand: from each step on, the factor that stands there.

    Parameters
    ----------
    table : dict
        Step → factor from this step on, for instance ``{0: 1.0, 30: 0.1, 45: 0.02}``; step 0 must
        be there.

    Returns
    -------
    callable
        Step, from 0 → factor.

    Raises
    ------
    ValueError
        If the table does not say what to do at step 0.

    Notes
    -----
    Chapter :ref:`schedules_compared`.
    """
    if 0 not in table:
        raise ValueError(f"by_hand: the table begins at step {min(table, default=None)}; add 0")
    steps = sorted(table)
    return lambda t: table[max(step for step in steps if step <= t)]
