"""What comes next: each text is its own teacher, shifted by one.

Derived in the chapter :ref:`language_models`.
"""

import numpy as np

from companion.data.batches import Batches
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.rnn.text.vocabulary import END, PAD, SPECIAL, START

LOSS = CrossEntropyLoss(ignore_index=SPECIAL.index(PAD))


def next_token_pairs(texts, vocabulary):
    """Turn texts into inputs and what should follow.

    Parameters
    ----------
    texts : list
        Tokens of each text; a str counts as its letters.
    vocabulary : Vocabulary
        That knows them.

    Returns
    -------
    inputs, targets : numpy.ndarray
        (N, T) int64: ``<start>`` and the text; the text and ``<end>``; ``<pad>`` behind both. T is
        the length of the longest text and one.

    Raises
    ------
    ValueError
        If there is no text, or one is empty or holds an unknown token.
    """
    rows = [vocabulary.encode(text) for text in texts]
    if not rows or min(map(len, rows)) < 1:
        raise ValueError("next_token_pairs: no text, or an empty one; leave empty texts out")
    start, end, pad = (vocabulary.number(token) for token in (START, END, PAD))
    inputs = np.full((len(rows), 1 + max(map(len, rows))), pad)
    targets = inputs.copy()
    for place, row in enumerate(rows):
        inputs[place, 0], inputs[place, 1 : len(row) + 1] = start, row
        targets[place, : len(row)], targets[place, len(row)] = row, end
    return inputs, targets


def next_token_batches(texts, vocabulary, batch_size=64, seed=0):
    """Cut texts into shuffled batches of inputs and targets, for `companion.training.fit`.

    Parameters
    ----------
    texts : list
        Tokens of each text.
    vocabulary : Vocabulary
        That knows them.
    batch_size : int
        Texts in a batch.
    seed : int
        Of the order.

    Returns
    -------
    Batches
        Of (N, T) inputs and targets.
    """
    inputs, targets = next_token_pairs(texts, vocabulary)
    return Batches(inputs, targets, batch_size=batch_size, seed=seed)


def next_token_loss(scores, targets):
    """Mean cross-entropy over all tokens that are no padding.

    Parameters
    ----------
    scores : Tensor
        (N, T, V).
    targets : array_like of int
        (N, T); ``<pad>`` is not counted.

    Returns
    -------
    Tensor
        One number, in nats for each token.
    """
    return LOSS(scores.reshape(-1, scores.shape[2]), np.asarray(targets).reshape(-1))
