"""Exponentially weighted averages: a memory that forgets at a constant rate."""


def average_(average, value, beta):
    """Move a running average towards a new value, in place: a ← βa + (1-β)v.

    Parameters
    ----------
    average : numpy.ndarray
        The average so far, overwritten.
    value : numpy.ndarray
        What is new, of the same shape.
    beta : float
        Weight of the past, from 0 to below 1: about 1/(1-β) values count.

    Notes
    -----
    Derived in the chapter :ref:`momentum`.
    """
    average *= beta
    average += (1 - beta) * value
