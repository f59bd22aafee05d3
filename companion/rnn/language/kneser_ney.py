"""Interpolated Kneser–Ney smoothing: count less, and ask shorter histories in how many places.

Derived in the chapter :ref:`language_models`.
"""

from collections import Counter, defaultdict

from companion.rnn.language.ngrams import NGramModel, ngram_counts
from companion.rnn.text.vocabulary import START


def places_counted(counts, order):
    """Let shorter histories count different tokens in front instead of occurrences.

    Parameters
    ----------
    counts : dict of Counter
        As from `companion.rnn.language.ngrams.ngram_counts` with the same order.
    order : int
        The longest run, whose counts stay as they are.

    Returns
    -------
    dict of Counter
        For each history shorter than ``order - 1``: before how many different tokens ``history +
        token`` stood. Nothing stands before ``<start>``, so histories that begin with it keep
        their counts.
    """
    found = defaultdict(Counter)
    for history, following in counts.items():
        if len(history) == order - 1 or history[:1] == (START,):
            found[history] += following
        if history:
            found[history[1:]].update(dict.fromkeys(following, 1))
    return dict(found)


class KneserNey(NGramModel):
    """N-grams of all orders up to n, each with a discount, mixed from the longest to the shortest.

    P(w | h) = max(c(h w) - D, 0) / c(h) + D t(h) / c(h) · P(w | h without its first token), with
    t(h) for the number of different tokens seen after h. c counts occurrences for the longest
    histories, and different tokens in front for the shorter ones. Below the empty history all
    tokens are alike.

    Parameters
    ----------
    texts, vocabulary, order
        As for `companion.rnn.language.ngrams.NGramModel`.
    discount : float
        D, above 0 and at most 1, the same for all orders.

    Raises
    ------
    ValueError
        If the discount is out of range.

    Notes
    -----
    Kneser and Ney (1995), interpolated as by Chen and Goodman (1999). Derived in the chapter
    :ref:`language_models`.
    """

    def __init__(self, texts, vocabulary, order, discount=0.75):
        if not 0 < discount <= 1:
            raise ValueError(f"KneserNey: discount {discount}; expected above 0, at most 1")
        super().__init__(texts, vocabulary, order)
        self.discount = discount

    def _counts(self, texts):
        return places_counted(ngram_counts(texts, self.order), self.order)

    def _given(self, history, token):
        p = 1 / len(self.possible)
        for begin in range(len(history), -1, -1):
            if history[begin:] not in self._tables:
                break
            following, total = self._tables[history[begin:]]
            kept = max(following[token] - self.discount, 0)
            p = (kept + self.discount * len(following) * p) / total
        return p
