"""How probable a model finds whole sentences, by the yardstick of the search.

Derived in the chapter :ref:`beam_search`.
"""

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.translation.greedy import FIRST, LAST, NEVER
from companion.rnn.translation.pairs import PADDING, Pairs
from companion.training.engines import modes_kept


def sentence_log_probabilities(model, sources, sentences):
    """Score given sentences, all in one pass.

    Parameters
    ----------
    model : EncoderDecoder
        Or any model that maps `companion.rnn.translation.pairs.Pairs` to scores (N, T, V).
    sources : list of array_like of int
        Tokens of each text that is read.
    sentences : list of sequence of int
        Tokens of each translation, without ``<start>`` and ``<end>``; it may be empty.

    Returns
    -------
    numpy.ndarray
        (N,) float64: logarithms of the probabilities, each with that of ``<end>``. ``<pad>``,
        ``<start>`` and ``<unknown>`` have none, as in the search.

    Raises
    ------
    ValueError
        If there is no text, the numbers of texts differ, a text to read is empty, or a sentence
        holds padding or something that is no token.
    """
    lengths = [len(source) for source in sources]
    if len(lengths) != len(sentences) or min(lengths, default=0) < 1:
        raise ValueError(
            f"sentence_log_probabilities: {len(lengths)} texts of {min(lengths, default=0)} tokens "
            f"or more, {len(sentences)} sentences; expected as many, with tokens to read"
        )
    for sentence in map(whole, sentences):
        if (sentence == PADDING).any():
            raise ValueError(
                f"sentence_log_probabilities: {sentence.tolist()} holds padding, {PADDING}; pass "
                "each sentence without it"
            )
    said = _rows([[FIRST, *sentence] for sentence in sentences])
    following = _rows([[*sentence, LAST] for sentence in sentences])
    with modes_kept(model), no_grad():
        model.eval()
        scores = model(Pairs(_rows(sources), said)).numpy().astype(float)
    here = following != PADDING
    scores[..., NEVER] = -np.inf
    scores -= scores.max(axis=2, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=2, keepdims=True))
    chosen = np.take_along_axis(scores, following[..., None], axis=2)[..., 0]
    return np.where(here, chosen, 0).sum(axis=1)


def whole(tokens):
    """Check that they are numbers of tokens: a sequence → (T,) int64."""
    row = np.asarray(tokens)
    if row.ndim != 1 or (row.size and (row.dtype.kind not in "iu" or row.min() < 0)):
        raise ValueError(f"sentence {tokens!r}: expected the whole numbers of its tokens, in a row")
    return row.astype(np.int64)


def _rows(lists):
    """Put lists of numbers into one array, padding behind."""
    found = np.full((len(lists), max(map(len, lists))), PADDING)
    for place, row in enumerate(lists):
        found[place, : len(row)] = whole(row)
    return found
