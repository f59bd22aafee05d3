"""The most probable sentence of all, without a doubt: exact search.

Derived in the chapter :ref:`beam_or_model`.
"""

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.translation.beam import Hypothesis, beam_search, hypotheses, one_row, picked
from companion.rnn.translation.greedy import FIRST, LAST, next_log_probabilities
from companion.training.engines import modes_kept


def most_probable(model, source_row, longest=40, most=200_000):
    """Find the sentence that a model finds most probable.

    A sentence is at most as probable as any of its beginnings. So a beginning that is no more
    probable than some whole sentence need not be gone on with. At most 1/p beginnings of each
    length are more probable than p.

    Parameters
    ----------
    model : EncoderDecoder
        As in `companion.rnn.translation.beam.beam_search`.
    source_row : array_like of int
        (S,): tokens of one text.
    longest : int
        Tokens at most, with ``<end>``.
    most : int
        Beginnings of one length at most.

    Returns
    -------
    Hypothesis
        Complete.

    Raises
    ------
    ValueError
        If `longest` is below 1, or `source_row` is not one text with tokens.
    RuntimeError
        If there are more beginnings than `most`.

    Notes
    -----
    Stahlberg and Byrne (2019), who go through them depth first. Derived in the chapter
    :ref:`beam_or_model`.
    """
    best = beam_search(model, source_row, 10, longest)[0]
    if not best.complete:
        best = Hypothesis((), -np.inf, False)
    with modes_kept(model), no_grad():
        model.eval()
        memory = model.encode(one_row(source_row))
        said, log_p = np.full((1, 1), FIRST), np.zeros(1)
        for _ in range(longest):
            more, memory = next_log_probabilities(model, memory, said[:, -1])
            total = log_p[:, None] + more
            first = int(total[:, LAST].argmax())
            if total[first, LAST] > best.log_p:
                best = hypotheses(said[[first]], total[[first], LAST], True)[0]
            total[:, LAST] = -np.inf
            rows, tokens = np.nonzero(total > best.log_p)
            if len(rows) > most:
                raise RuntimeError(
                    f"most_probable: {len(rows)} beginnings of one length; too many for an exact "
                    f"search with most={most}"
                )
            if not len(rows):
                break
            said, log_p = np.column_stack([said[rows], tokens]), total[rows, tokens]
            memory = picked(memory, rows)
    return best
