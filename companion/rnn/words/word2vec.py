"""Two tables of vectors, learned from neighbours: skip-gram and CBOW with negative sampling.

Derived in the chapter :ref:`word2vec`.
"""

from typing import NamedTuple

import numpy as np

from companion.rnn.words.bags import bag_means
from companion.rnn.words.negative_sampling import shared_noise
from companion.rnn.words.noise import drawn_words, noise_distribution
from companion.rnn.words.sparse_rows import RowAdagrad, row_gradient
from companion.rnn.words.subsampling import thinned
from companion.rnn.words.windows import window_bags, window_pairs


class Learned(NamedTuple):
    """Vectors of words and how their loss went.

    Attributes
    ----------
    vectors : numpy.ndarray
        (V, D) float32, of the words that are given: the table that is kept.
    outputs : numpy.ndarray
        (V, D) of the words that are asked for.
    losses : numpy.ndarray
        Mean loss of each tenth of an epoch.
    """

    vectors: np.ndarray
    outputs: np.ndarray
    losses: np.ndarray


def skip_gram_examples(tokens, texts, window, rng):
    """Give the centre, ask for a neighbour: bags of one word (P, 1) and answers (P,)."""
    centres, neighbours, _ = window_pairs(tokens, texts, window, rng)
    return centres[:, None], neighbours


EXAMPLES = {"skip-gram": skip_gram_examples, "CBOW": window_bags}


def word2vec(
    corpus,
    kind="skip-gram",
    *,
    dimensions=50,
    window=5,
    negatives=5,
    shared=32,
    threshold=1e-3,
    power=0.75,
    lr=0.1,
    epochs=3,
    batch_size=1000,
    seed=0,
):
    """Learn vectors of words from their neighbours.

    Parameters
    ----------
    corpus : Corpus
        The text.
    kind : {"skip-gram", "CBOW"}
        Whether a neighbour is to be told from the centre, or the centre from the mean of its
        neighbours.
    dimensions : int
        Length D of a vector.
    window : int
        Neighbours to either side at most; each centre draws its own window.
    negatives : int
        Noise words for each example, K.
    shared : int
        Noise words that a batch draws for all its examples; together they count as K each.
    threshold : float
        Of sub-sampling, drawn anew for each epoch.
    power : float
        Of the noise distribution.
    lr : float
        Learning rate of Adagrad on the rows in use.
    epochs, batch_size, seed : int
        As usual.

    Returns
    -------
    Learned
        Both tables.

    Raises
    ------
    ValueError
        If the kind is unknown, or no word has a neighbour.

    Notes
    -----
    Mikolov et al. (2013). Derived in the chapter :ref:`word2vec`.
    """
    if kind not in EXAMPLES:
        raise ValueError(f"word2vec: kind {kind!r}; expected one of {sorted(EXAMPLES)}")
    rng = np.random.default_rng(seed)
    shape = len(corpus.words), dimensions
    given = ((rng.random(shape) - 0.5) / dimensions).astype(np.float32)
    asked = np.zeros(shape, np.float32)
    movers = RowAdagrad(given, lr), RowAdagrad(asked, lr)
    noise = noise_distribution(corpus.counts, power)
    losses = []
    for _ in range(epochs):
        kept = thinned(corpus, threshold, rng)
        bags, answers = EXAMPLES[kind](kept.tokens, kept.texts, window, rng)
        if not len(answers):
            raise ValueError("word2vec: no word has a neighbour; give longer texts")
        order, each = rng.permutation(len(answers)), np.empty(len(answers), np.float32)
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            drawn = drawn_words(noise, shared, rng)
            each[batch] = step(given, asked, movers, bags[batch], answers[batch], drawn, negatives)
        losses += [part.mean() for part in np.array_split(each[order], 10) if len(part)]
    return Learned(given, asked, np.array(losses))


def step(given, asked, movers, bags, answers, drawn, negatives):
    """Learn from one batch, in place.

    Parameters
    ----------
    given, asked : numpy.ndarray
        (V, D) tables.
    movers : pair of RowAdagrad
        Optimizers of the two tables.
    bags : numpy.ndarray
        (N, W) words that are given, −1 where there is none.
    answers : numpy.ndarray
        (N,) the word asked for.
    drawn : numpy.ndarray
        (M,) noise words.
    negatives : int
        For how many noise words they stand.

    Returns
    -------
    numpy.ndarray
        (N,) losses before the step.
    """
    v, to_rows = bag_means(given, bags)
    loss, back = shared_noise(v, asked[answers], asked[drawn], negatives)
    dv, du, dn = back(np.ones_like(loss))
    used = np.concatenate([answers, drawn])
    movers[1].step(asked, row_gradient(used, np.concatenate([du, dn])))
    movers[0].step(given, to_rows(dv))
    return loss
