"""Beam search: go on with the few best beginnings of a sentence, instead of one.

Derived in the chapter :ref:`beam_search`.
"""

from typing import NamedTuple

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.translation.greedy import FIRST, LAST, check_sizes, next_log_probabilities
from companion.rnn.translation.rescoring import NO_PENALTY, ranked
from companion.training.engines import modes_kept


class Hypothesis(NamedTuple):
    """A translation that a search came upon.

    Attributes
    ----------
    tokens : tuple of int
        Without ``<start>`` and ``<end>``.
    log_p : float
        Logarithm of its probability, with that of ``<end>`` if it is complete.
    complete : bool
        False if the search was cut off before ``<end>``.
    """

    tokens: tuple
    log_p: float
    complete: bool


def beam_search(model, source_row, width, longest=40, length_penalty=NO_PENALTY):
    """Translate by going on with the most probable beginnings.

    Parameters
    ----------
    model : EncoderDecoder
        Or any model with its ``encode`` and ``decode``, whose memory is a NamedTuple of arrays with
        the hypotheses on their first axis.
    source_row : array_like of int
        (S,): tokens of one text.
    width : int
        Hypotheses at most. One that has ended keeps its place.
    longest : int
        Tokens at most, with ``<end>``.
    length_penalty : callable
        As from `companion.rnn.translation.rescoring.power_penalty`; it orders what was found. What
        is kept on the way does not depend on it, as hypotheses of the same length are compared.

    Returns
    -------
    list of Hypothesis
        At most `width`, at least 1; best first, complete ones before those cut off. Among equal
        ones the better beginning, then the smaller number of the token comes first.

    Raises
    ------
    ValueError
        If `width` or `longest` is no whole number from 1 on, or `source_row` is not one text with
        tokens.

    Notes
    -----
    Sutskever, Vinyals and Le (2014). Derived in the chapter :ref:`beam_search`.
    """
    check_sizes("beam_search", width=width, longest=longest)
    found = []
    with modes_kept(model), no_grad():
        model.eval()
        memory = model.encode(one_row(source_row))
        said, log_p = np.full((1, 1), FIRST), np.zeros(1)
        for _ in range(longest):
            more, memory = next_log_probabilities(model, memory, said[:, -1])
            total = log_p[:, None] + more
            rows, tokens = best_of(total, width - len(found))
            said, log_p = np.column_stack([said[rows], tokens]), total[rows, tokens]
            over = tokens == LAST
            found += hypotheses(said[over, :-1], log_p[over], True)
            said, log_p, memory = said[~over], log_p[~over], picked(memory, rows[~over])
            if not len(said):
                break
    return ranked(found + hypotheses(said, log_p, False), length_penalty)


def best_of(log_p, count):
    """Find the largest entries: (B, V) → their rows and columns, largest first, -∞ left out."""
    order = np.argsort(-log_p, axis=None, kind="stable")[:count]
    return np.divmod(order[np.isfinite(log_p.ravel()[order])], log_p.shape[1])


def picked(memory, rows):
    """Take rows of a memory, some perhaps twice."""
    return type(memory)(*(part[rows] for part in memory))


def hypotheses(said, log_p, complete):
    """Make a list of (B, 1 + T) tokens, ``<start>`` first, and their log-probabilities."""
    return [
        Hypothesis(tuple(row[1:]), value, complete)
        for row, value in zip(said.tolist(), log_p.tolist(), strict=True)
    ]


def one_row(source_row):
    """Check that it is one text: (S,) → (1, S)."""
    row = np.asarray(source_row)
    if row.ndim != 1 or not row.size or row.dtype.kind not in "iu":
        raise ValueError(
            f"search: source_row {row.dtype} {row.shape}; expected the numbers of one text's "
            "tokens, at least one"
        )
    return row[None]
