"""Beam search for many texts side by side: the same answers in a fraction of the time.

Derived in the chapter :ref:`beam_search`.
"""

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.translation.beam import best_of, hypotheses, one_row, picked
from companion.rnn.translation.greedy import FIRST, LAST, check_sizes, next_log_probabilities
from companion.rnn.translation.pairs import PADDING
from companion.rnn.translation.rescoring import NO_PENALTY, ranked
from companion.training.engines import modes_kept

TOGETHER = 32


def beam_searches(model, sources, width, longest=40, length_penalty=NO_PENALTY):
    """Translate many texts, each with a beam of its own.

    Parameters
    ----------
    model, width, longest, length_penalty
        As in `companion.rnn.translation.beam.beam_search`.
    sources : list of array_like of int
        Tokens of each text.

    Returns
    -------
    list of list of Hypothesis
        What `companion.rnn.translation.beam.beam_search` finds for each.

    Raises
    ------
    ValueError
        If `width` or `longest` is no whole number from 1 on, or a source is not one text with
        tokens.

    Notes
    -----
    Derived in the chapter :ref:`beam_search`.
    """
    check_sizes("beam_searches", width=width, longest=longest)
    rows = [one_row(source)[0] for source in sources]
    found = []
    with modes_kept(model), no_grad():
        model.eval()
        for start in range(0, len(rows), TOGETHER):
            found += _together(model, rows[start : start + TOGETHER], width, longest)
    return [ranked(one, length_penalty) for one in found]


def _together(model, sources, width, longest):
    """Search for some texts; rows of one text lie side by side, best first."""
    source = np.full((len(sources), max(map(len, sources))), PADDING)
    for k, row in enumerate(sources):
        source[k, : len(row)] = row
    memory, owner = model.encode(source), np.arange(len(sources))
    said, log_p = np.full((len(sources), 1), FIRST), np.zeros(len(sources))
    found = [[] for _ in sources]
    for _ in range(longest):
        more, memory = next_log_probabilities(model, memory, said[:, -1])
        total = log_p[:, None] + more
        rows, tokens = _best_of_each(total, owner, [width - len(one) for one in found])
        said, log_p = np.column_stack([said[rows], tokens]), total[rows, tokens]
        owner, over = owner[rows], tokens == LAST
        for k, one in zip(owner[over], hypotheses(said[over, :-1], log_p[over], True), strict=True):
            found[k].append(one)
        said, log_p, owner = said[~over], log_p[~over], owner[~over]
        memory = picked(memory, rows[~over])
        if not len(said):
            break
    for k, one in zip(owner, hypotheses(said, log_p, False), strict=True):
        found[k].append(one)
    return found


def _best_of_each(total, owner, counts):
    """Find the largest entries among the rows of each text."""
    parts = []
    for k in np.unique(owner):
        first, last = np.searchsorted(owner, (k, k + 1))
        rows, tokens = best_of(total[first:last], counts[k])
        parts.append((first + rows, tokens))
    rows, tokens = zip(*parts, strict=True)
    return np.concatenate(rows), np.concatenate(tokens)
