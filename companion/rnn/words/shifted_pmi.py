"""What negative sampling learns where nothing holds it back: shifted mutual information.

Derived on the page :ref:`many_words`.
"""

import numpy as np
from scipy.special import expit


def pointwise_information(counts, power=1.0):
    """Return log(#(w, c) · T / (#(w) · #(c))) of a table of pairs, −∞ for pairs that never occur.

    Parameters
    ----------
    counts : array_like
        (V, U) how often word w and neighbour c make a pair.
    power : float
        Neighbours are counted as #(c)ᵖ: the share of c is #(c)ᵖ / Σ #ᵖ.

    Returns
    -------
    numpy.ndarray
        (V, U).

    Raises
    ------
    ValueError
        If a word or a neighbour makes no pair.
    """
    counts = np.asarray(counts, float)
    words, others = counts.sum(axis=1), counts.sum(axis=0)
    if not (words > 0).all() or not (others > 0).all():
        raise ValueError("pointwise_information: a word or a neighbour makes no pair; leave it out")
    noise = others**power / (others**power).sum()
    with np.errstate(divide="ignore"):
        return np.log(counts / (words[:, None] * noise))


def expected_loss(scores, counts, negatives, power=1.0):
    """Return the mean loss of negative sampling for each pair, and its gradient.

    Over all pairs and all draws it is Σ #(w, c) −log σ(x) + K #(w) P(c) −log σ(−x), divided by the
    number of pairs, with a score x of its own for each (w, c).

    Parameters
    ----------
    scores : numpy.ndarray
        (V, U).
    counts : array_like
        (V, U).
    negatives : float
        Noise words for each pair, K.
    power : float
        Of the noise distribution P(c), proportional to #(c)ᵖ.

    Returns
    -------
    loss : float
        In nats.
    gradient : numpy.ndarray
        (V, U).
    """
    counts = np.asarray(counts, float)
    share = counts.sum(axis=0) ** power
    noise = negatives * np.outer(counts.sum(axis=1), share / share.sum())
    total = counts.sum()
    loss = (counts * np.logaddexp(0, -scores) + noise * np.logaddexp(0, scores)).sum()
    gradient = noise * expit(scores) - counts * expit(-scores)
    return float(loss / total), gradient / total
