"""Frequent words now and then: sub-sampling.

Derived in the chapter :ref:`word2vec`.
"""

import numpy as np


def keep_probabilities(counts, threshold=1e-3):
    """Return the chance with which each word is kept: min(1, √(t / f)) for its share f.

    Parameters
    ----------
    counts : array_like
        (V,) how often each word occurs.
    threshold : float
        t, above 0: rarer words are always kept.

    Returns
    -------
    numpy.ndarray
        (V,) from 0 to 1.

    Raises
    ------
    ValueError
        If the threshold is not above 0, or a count is.

    Notes
    -----
    Mikolov et al. (2013), equation 5: a word is thrown away with the probability 1 − √(t / f). The
    program word2vec keeps a little more, √(t / f) + t / f.
    """
    counts = np.asarray(counts, float)
    if not threshold > 0 or not (counts > 0).all():
        raise ValueError(f"keep_probabilities: threshold {threshold}; expected all above 0")
    return np.minimum(1, np.sqrt(threshold * counts.sum() / counts))


def thinned(corpus, threshold, rng):
    """Throw away tokens of frequent words by chance, so that windows reach farther.

    Parameters
    ----------
    corpus : Corpus
        All tokens.
    threshold : float
        As for `keep_probabilities`.
    rng : numpy.random.Generator
        Decides for each token anew.

    Returns
    -------
    Corpus
        With fewer tokens; counts stay those of all.
    """
    keep = keep_probabilities(corpus.counts, threshold)
    return corpus.only(rng.random(len(corpus.tokens)) < keep[corpus.tokens])
