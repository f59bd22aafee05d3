"""Say the most probable token, then the next.

Derived in the chapter :ref:`seq2seq`.
"""

from numbers import Integral

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.text.vocabulary import END, PAD, SPECIAL, START, UNKNOWN
from companion.training.engines import modes_kept

NEVER = [SPECIAL.index(token) for token in (PAD, START, UNKNOWN)]
FIRST, LAST = SPECIAL.index(START), SPECIAL.index(END)


def check_sizes(name, **sizes):
    """Check that they are whole numbers from 1 on."""
    if any(not isinstance(size, Integral) or size < 1 for size in sizes.values()):
        given = ", ".join(f"{key}={size!r}" for key, size in sizes.items())
        raise ValueError(f"{name}: {given}; expected whole numbers, at least 1")


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
        If `longest` is no whole number from 1 on, or `source` is no such array.
    """
    check_sizes("greedy", longest=longest)
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
