"""BLEU: how many runs of words a translation shares with right ones.

Derived in the chapter :ref:`bleu`.
"""

from collections import Counter
from numbers import Integral
from typing import NamedTuple

import numpy as np


class Matches(NamedTuple):
    """What BLEU counts in a sentence, or in many.

    Attributes
    ----------
    matched : numpy.ndarray
        (order,) for n = 1, 2, …: n-grams of the translation that a right one has, clipped.
    total : numpy.ndarray
        (order,): all n-grams of the translation.
    length : int
        Tokens of the translation.
    wanted : int
        Tokens of the right translation whose length is nearest, of two equally near the shorter.
    """

    matched: np.ndarray
    total: np.ndarray
    length: int
    wanted: int


def ngrams(tokens, n):
    """Count the runs of `n` tokens.

    Parameters
    ----------
    tokens : sequence of str
        Of one text.
    n : int
        Length of a run, at least 1.

    Returns
    -------
    Counter
        Tuple of tokens → how often.

    Raises
    ------
    ValueError
        If `n` is no whole number from 1 on.
    """
    if not isinstance(n, Integral) or n < 1:
        raise ValueError(f"ngrams: n={n!r}; expected a whole number, at least 1")
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def matches(said, right, order=4):
    """Count what one translation shares with right ones.

    An n-gram counts at most as often as it stands in one of the right translations: it is
    *clipped*.

    Parameters
    ----------
    said : list of str
        Tokens of the translation; none are allowed.
    right : list of list of str
        Tokens of each right translation, at least one.
    order : int
        Longest n-gram.

    Returns
    -------
    Matches
        The counts.

    Raises
    ------
    ValueError
        If there is no right translation, a text is no list of tokens, or the order is below 1.
    """
    if not isinstance(order, Integral) or order < 1:
        raise ValueError(f"matches: order={order!r}; expected a whole number, at least 1")
    if len(right) == 0:
        raise ValueError("matches: no right translation to compare with")
    for text in (said, *right):
        if isinstance(text, str):
            raise ValueError(f"matches: {text!r} is one str; split it into tokens first")
    matched, total = np.zeros(order), np.zeros(order)
    for n in range(1, order + 1):
        allowed = Counter()
        for text in right:
            allowed |= ngrams(text, n)
        found = ngrams(said, n)
        matched[n - 1], total[n - 1] = (found & allowed).total(), found.total()
    wanted = min((len(text) for text in right), key=lambda size: (abs(size - len(said)), size))
    return Matches(matched, total, len(said), wanted)


def together(counts):
    """Add the counts of sentences.

    Parameters
    ----------
    counts : list of Matches
        At least one.

    Returns
    -------
    Matches
        Of the corpus.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not counts:
        raise ValueError("together: no sentence")
    return Matches(*(sum(part) for part in zip(*counts, strict=True)))


def brevity_penalty(length, wanted):
    """Return the factor for translations that are too short.

    Parameters
    ----------
    length, wanted : int
        Tokens said, and tokens of the right translations.

    Returns
    -------
    float
        1 if enough was said, else exp(1 - wanted / length); 0 if nothing was said.

    Raises
    ------
    ValueError
        If a length is negative or NaN.
    """
    if not (length >= 0 and wanted >= 0):
        raise ValueError(
            f"brevity_penalty: {length} tokens said, {wanted} wanted; expected 0 or more"
        )
    if length >= wanted:
        return 1.0
    return float(np.exp(1 - wanted / length)) if length else 0.0


def unsmoothed(matched, total):
    """Leave the counts as they are: one of 0 makes the score 0."""
    return matched, total


def floor(matched, total, value=0.1):
    """Put `value` in the place of a count of 0."""
    return np.where(matched == 0, value, matched), total


def add_k(matched, total, k=1):
    """Add `k` to both counts, except those of single tokens."""
    more = k * (np.arange(len(total)) > 0)
    return matched + more, total + more


def exponential(matched, total):
    """Put 1/2 in the place of the first count of 0, then 1/4, 1/8 and so on."""
    none = matched == 0
    return np.where(none, 0.5 ** np.cumsum(none), matched), total


SMOOTHINGS = {"none": unsmoothed, "floor": floor, "add-k": add_k, "exp": exponential}
"""Each maps matched and total n-grams, (order,) both, to counts whose quotients are taken."""


def precisions(counts, smoothing="exp"):
    """Return the share of n-grams that match, for each length.

    Parameters
    ----------
    counts : Matches
        Of a sentence or of a corpus.
    smoothing : str
        One of `SMOOTHINGS`, which have sacrebleu's names and default values.

    Returns
    -------
    numpy.ndarray
        (order,), from 0 to 1; NaN where there is no n-gram to count. All are 0 if nothing matches.

    Raises
    ------
    ValueError
        If there is no such smoothing.
    """
    if smoothing not in SMOOTHINGS:
        raise ValueError(f"BLEU: no smoothing {smoothing!r}; there are {', '.join(SMOOTHINGS)}")
    if not counts.matched.any():
        return np.zeros(len(counts.total))
    matched, total = SMOOTHINGS[smoothing](counts.matched, counts.total)
    return np.divide(matched, total, out=np.full(len(total), np.nan), where=total > 0)


def score(counts, shares):
    """Multiply the brevity penalty with the geometric mean of the shares, times 100."""
    if not shares.all():
        return 0.0
    factor = brevity_penalty(counts.length, counts.wanted)
    return 100.0 * factor * float(np.exp(np.log(shares).mean()))


def corpus_bleu(said, right, order=4, smoothing="exp"):
    """Score the translations of a corpus: counts are added first, then shares are taken.

    Parameters
    ----------
    said : list of list of str
        Tokens of each translation.
    right : list of list of list of str
        For each of them its right translations.
    order : int
        Longest n-gram.
    smoothing : str
        One of `SMOOTHINGS`.

    Returns
    -------
    float
        From 0 to 100.

    Raises
    ------
    ValueError
        If the numbers of texts differ, there is none, one has no right translation, or there is no
        such smoothing.

    Notes
    -----
    Papineni, Roukos, Ward and Zhu (2002); names and default values are those of sacrebleu, Post
    (2018). Derived in the chapter :ref:`bleu`.
    """
    if len(said) != len(right):
        raise ValueError(
            f"corpus_bleu: {len(said)} translations, right ones for {len(right)} sentences"
        )
    pairs = zip(said, right, strict=True)
    counts = together([matches(one, texts, order) for one, texts in pairs])
    return score(counts, np.nan_to_num(precisions(counts, smoothing)))


def sentence_bleu(said, right, order=4, smoothing="exp"):
    """Score one translation, over those lengths of n-grams that it has.

    That is what sacrebleu calls *effective order*.

    Parameters
    ----------
    said : list of str
        Tokens of the translation.
    right : list of list of str
        Tokens of each right translation, at least one.
    order : int
        Longest n-gram.
    smoothing : str
        One of `SMOOTHINGS`.

    Returns
    -------
    float
        From 0 to 100.

    Raises
    ------
    ValueError
        If there is no right translation, or no such smoothing.
    """
    counts = matches(said, right, order)
    shares = precisions(counts, smoothing)
    return score(counts, shares[~np.isnan(shares)])
