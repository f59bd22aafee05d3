"""Perplexity: among how many equally likely tokens a model hesitates on average.

Derived in the chapter :ref:`language_models`.
"""

import numpy as np

from companion.rnn.language.next_token import next_token_pairs
from companion.training.fit import predict


def perplexity(log_probabilities):
    """Return e to the mean surprise.

    Parameters
    ----------
    log_probabilities : array_like
        Natural logarithms of the probabilities that a model gave to the tokens that came; any
        shape, at least one.

    Returns
    -------
    float
        At least 1; the number of tokens for a model that finds all alike; infinite where something
        came that it held impossible.

    Raises
    ------
    ValueError
        If there is none, one is above 0, or one is not a number.
    """
    given = np.asarray(log_probabilities, float).ravel()
    if not given.size or np.isnan(given).any() or (given > 1e-9).any():
        raise ValueError(
            "perplexity: expected logarithms of probabilities, at least one, none above 0"
        )
    with np.errstate(over="ignore"):
        return float(np.exp(-given.mean()))


def log_probabilities(model, texts, vocabulary):
    """Return what a model gives to the tokens of texts, and to their ends.

    Parameters
    ----------
    model : LanguageModel
        Of either engine: (N, T) tokens → (N, T, V) scores.
    texts : list
        Tokens of each text.
    vocabulary : Vocabulary
        That knows them.

    Returns
    -------
    list of numpy.ndarray
        For each text the logarithm of the probability of each of its tokens and of its end,
        (length + 1,).
    """
    inputs, targets = next_token_pairs(texts, vocabulary)
    scores = predict(model, inputs, batch_size=256).astype(float)
    scores -= scores.max(axis=2, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=2, keepdims=True))
    found = np.take_along_axis(scores, targets[..., None], axis=2)[..., 0]
    return [row[: len(text) + 1] for row, text in zip(found, texts, strict=True)]


def perplexity_of(model, texts, vocabulary):
    """Return the `perplexity` of a model on texts: all tokens and ends count alike."""
    return perplexity(np.concatenate(log_probabilities(model, texts, vocabulary)))
