"""Which finished translation to give: penalties for short ones, and for what was not looked at.

Derived in the chapters :ref:`beam_search` and :ref:`beam_or_model`.
"""

from numbers import Real

import numpy as np


def power_penalty(alpha):
    """Divide log-probabilities by T^alpha.

    Parameters
    ----------
    alpha : float
        From 0, which changes nothing, to 1, which compares means for each token.

    Returns
    -------
    callable
        Maps a number of tokens, with ``<end>``, to what is divided by.

    Raises
    ------
    ValueError
        If `alpha` is negative or not finite.

    Notes
    -----
    Derived in the chapter :ref:`beam_search`.
    """
    return _penalty("power_penalty", alpha, lambda lengths: lengths)


def wu_penalty(alpha):
    """Divide log-probabilities by ((5 + T) / 6)^alpha.

    Parameters
    ----------
    alpha : float
        At least 0.

    Returns
    -------
    callable
        Maps a number of tokens, with ``<end>``, to what is divided by.

    Raises
    ------
    ValueError
        If `alpha` is negative or not finite.

    Notes
    -----
    Wu and others (2016). Derived in the chapter :ref:`beam_or_model`.
    """
    return _penalty("wu_penalty", alpha, lambda lengths: (5 + lengths) / 6)


def _penalty(name, alpha, base):
    if not isinstance(alpha, Real) or not 0 <= alpha < np.inf:
        raise ValueError(f"{name}: alpha={alpha!r}; expected a number from 0 on")

    def divisor(lengths):
        lengths = np.asarray(lengths, float)
        if lengths.size and not lengths.min() >= 1:
            raise ValueError(f"{name}: length {lengths.min():g}; expected at least 1, for <end>")
        return base(lengths) ** alpha

    return divisor


NO_PENALTY = power_penalty(0)
"""Compares log-probabilities as they are."""


def coverage_penalty(weights, beta):
    """Find what was looked at too little.

    Parameters
    ----------
    weights : array_like
        (T, S): attention weights of each token said, for each token read; no padding.
    beta : float
        How much it counts.

    Returns
    -------
    float
        beta · Σₛ log min(1, Σₜ weights): 0 if the looks at each token read add up to 1 or more, -∞
        if there was no look at one.

    Raises
    ------
    ValueError
        If there is no token, a weight is negative or not finite, or `beta` is.

    Notes
    -----
    Wu and others (2016). Derived in the chapter :ref:`beam_or_model`.
    """
    weights = np.asarray(weights, float)
    if weights.ndim != 2 or not weights.size or not 0 <= weights.min() <= weights.max() < np.inf:
        raise ValueError(
            f"coverage_penalty: weights {weights.shape}; expected (T, S), none below 0, all finite"
        )
    if not 0 <= beta < np.inf:
        raise ValueError(f"coverage_penalty: beta={beta}; expected a number from 0 on")
    if beta == 0:
        return 0.0
    with np.errstate(divide="ignore"):
        return float(beta * np.log(np.minimum(weights.sum(axis=0), 1)).sum())


def ranked(hypotheses, length_penalty=NO_PENALTY):
    """Order finished hypotheses anew.

    Parameters
    ----------
    hypotheses : list of Hypothesis
        As from `companion.rnn.translation.beam.beam_search`.
    length_penalty : callable
        As `power_penalty` and `wu_penalty` make it.

    Returns
    -------
    list of Hypothesis
        Complete ones first, then by log-probability over penalty; equal ones as they were.
    """
    scores = [h.log_p / float(length_penalty(len(h.tokens) + h.complete)) for h in hypotheses]
    order = sorted(range(len(scores)), key=lambda k: (not hypotheses[k].complete, -scores[k]))
    return [hypotheses[k] for k in order]
