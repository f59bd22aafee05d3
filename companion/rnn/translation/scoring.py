"""How probable a model finds a given translation.

Derived in the chapter :ref:`seq2seq`.
"""

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.translation.pairs import PADDING
from companion.training.engines import modes_kept


def token_log_probabilities(model, pairs, following):
    """Return the logarithm of the probability of each token, given what was read and said before.

    Parameters
    ----------
    model : EncoderDecoder
        Or any model that maps `Pairs` to scores (N, T, V).
    pairs : Pairs
        Texts to read, and the translations with ``<start>`` before them.
    following : array_like of int
        (N, T): the translations with ``<end>`` behind them, then padding.

    Returns
    -------
    numpy.ndarray
        (N, T) float64; 0 on padding, so that the sum of a row is the logarithm of the probability
        of the whole translation.

    Raises
    ------
    ValueError
        If `following` has another shape than what is said, or holds something that is no token.
    """
    following = np.asarray(following)
    if following.shape != np.shape(pairs.said):
        raise ValueError(
            f"token_log_probabilities: following {following.shape}, said {np.shape(pairs.said)}; "
            "expected the same shape, as next_token_pairs makes them"
        )
    if following.dtype.kind not in "iu":
        raise ValueError(
            f"token_log_probabilities: following of type {following.dtype}; expected the whole "
            "numbers of tokens"
        )
    with modes_kept(model), no_grad():
        model.eval()
        scores = model(pairs).numpy().astype(float)
    if following.size and not 0 <= following.min() <= following.max() < scores.shape[2]:
        raise ValueError(
            f"token_log_probabilities: tokens {following.min()} … {following.max()}; the model "
            f"scores 0 … {scores.shape[2] - 1}"
        )
    scores -= scores.max(axis=2, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=2, keepdims=True))
    chosen = np.take_along_axis(scores, following[..., None], axis=2)[..., 0]
    return np.where(following == PADDING, 0.0, chosen)
