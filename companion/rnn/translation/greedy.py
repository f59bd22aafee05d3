"""Say the most probable token, then the next.

Derived in the chapter :ref:`seq2seq`.
"""

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.text.vocabulary import END, PAD, SPECIAL, START, UNKNOWN
from companion.training.engines import modes_kept

NEVER = [SPECIAL.index(token) for token in (PAD, START, UNKNOWN)]
FIRST, LAST = SPECIAL.index(START), SPECIAL.index(END)


def next_log_probabilities(model, memory, tokens):
    """Take one step: tell what may follow the tokens that were just said.

    Parameters
    ----------
    model : EncoderDecoder
        Or any model with its ``decode``.
    memory : Memory
        After what was said before.
    tokens : array_like of int
        (N,): what was just said, ``<start>`` at first.

    Returns
    -------
    log_p : numpy.ndarray
        (N, V) float64; -∞ for ``<pad>``, ``<start>`` and ``<unknown>``, which are never said.
    memory : Memory
        Afterwards.
    """
    scores, memory = model.decode(memory, np.asarray(tokens)[:, None])
    scores = scores.numpy()[:, -1].astype(float)
    scores[:, NEVER] = -np.inf
    scores -= scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), memory


def greedy(model, source, longest=40):
    """Translate by taking the most probable token at each step.

    Parameters
    ----------
    model : EncoderDecoder
        Or any model with its ``encode`` and ``decode``.
    source : array_like of int
        (N, S), as `companion.rnn.translation.pairs.padded` makes it.
    longest : int
        Tokens at most.

    Returns
    -------
    list of list of int
        Tokens of each translation, without ``<end>``.

    Raises
    ------
    ValueError
        If `longest` is below 1.
    """
    if longest < 1:
        raise ValueError(f"greedy: longest={longest}; expected at least 1")
    said = []
    with modes_kept(model), no_grad():
        model.eval()
        memory = model.encode(np.asarray(source))
        tokens = np.full(len(source), FIRST)
        for _ in range(longest):
            log_p, memory = next_log_probabilities(model, memory, tokens)
            tokens = log_p.argmax(axis=1)
            said.append(tokens)
            if all((np.array(said) == LAST).any(axis=0)):
                break
    rows = np.array(said).T.tolist()
    return [row[: row.index(LAST)] if LAST in row else row for row in rows]
