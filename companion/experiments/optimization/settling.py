"""Steps until a walk over a landscape has settled at the bottom, and the numbers that make it."""

import numpy as np


def steps_to_settle(heights, lowest, share=1e-3):
    """Count the steps until a walk stays within a share of its drop above the lowest point.

    Parameters
    ----------
    heights : array_like
        Heights on the way, (steps + 1, ...): of one walk or of many side by side.
    lowest : float
        Height of the minimum.
    share : float
        What is allowed above it, as a share of the drop from the start.

    Returns
    -------
    numpy.ndarray
        Steps of each walk, (...); infinity if it had not settled at the end.
    """
    heights = np.asarray(heights, dtype=float)
    over = ~(heights <= lowest + share * (heights[0] - lowest))  # NaN is over as well
    steps = len(heights) - np.argmax(over[::-1], axis=0)
    return np.where(over[-1], np.inf, np.where(over.any(axis=0), steps, 0))


def best_numbers(settle, rates, momenta):
    """Find the rate and the momentum with the fewest steps, in the median over starts.

    Parameters
    ----------
    settle : callable
        ``settle(rate, momentum)`` returns the steps of each start, (S,).
    rates, momenta : array_like
        What to try, each with each.

    Returns
    -------
    tuple of float
        The best rate and momentum; of equals the first in the order of the momenta.

    Notes
    -----
    Used in the chapter :ref:`momentum_rates`.
    """
    pairs = [(float(rate), float(mu)) for mu in momenta for rate in rates]
    return min(pairs, key=lambda pair: np.median(settle(*pair)))
