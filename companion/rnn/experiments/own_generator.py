"""What the project on names is handed: first weights, batches of an epoch, a judge.

Used in :ref:`own_generator`; the learner's own functions do the rest.
"""

import numpy as np

from companion.rnn.language.model import LanguageModel
from companion.rnn.language.next_token import next_token_batches
from companion.rnn.language.perplexity import perplexity_of

SIZE, DIM = 96, 32
EPOCHS, RATE = 10, 0.006
ASKED = 7.1
"""The perplexity on new names that is asked for; counting three or four letters stays above it."""


def first_weights(tokens, seed=0, size=SIZE, dim=DIM):
    """Draw the weights that a project begins with.

    Parameters
    ----------
    tokens : int
        Size V of the vocabulary.
    seed : int
        Of what is drawn.
    size, dim : int
        Length H of the state, and E of a token's vector.

    Returns
    -------
    list of numpy.ndarray
        Float32: table (V, E), weights from vectors (4H, E) and from states (4H, H), biases (4H,),
        weights (V, H) and biases (V,) of the scores. Gates stand in the order input, forget, cell,
        output.
    """
    rng = np.random.default_rng(seed)
    shapes = [(4 * size, dim), (4 * size, size), (4 * size,), (tokens, size), (tokens,)]
    drawn = [rng.uniform(-1, 1, shape) / np.sqrt(size) for shape in shapes]
    drawn[2] = drawn[2] + rng.uniform(-1, 1, shapes[2]) / np.sqrt(size)
    return [array.astype(np.float32) for array in (rng.normal(size=(tokens, dim)), *drawn)]


def epoch_batches(names, vocabulary, epoch, batch_size=32):
    """Return the batches of one epoch, a list of (inputs, targets), in an order of its own."""
    batches = next_token_batches(names, vocabulary, batch_size=batch_size)
    return [(inputs, targets) for inputs, targets in batches.epoch(epoch)]


def rate_of(epoch, epochs=EPOCHS):
    """Return the learning rate of an epoch: it falls in equal steps from `RATE` towards zero."""
    return RATE * (1 - epoch / epochs)


def as_model(weights):
    """Return the model of language that has these weights.

    Parameters
    ----------
    weights : list of numpy.ndarray
        Six, as `first_weights` draws them.

    Returns
    -------
    LanguageModel
        In evaluation mode, of the precision of the first.

    Raises
    ------
    ValueError
        If there are not six, or shapes do not fit each other.
    """
    if len(weights) != 6:
        raise ValueError(f"as_model: {len(weights)} weights; expected six")
    table, w_ih, w_hh, b, w_out, b_out = (np.asarray(weight) for weight in weights)
    model = LanguageModel(len(table), w_hh.shape[-1], "LSTM", embedding_dim=table.shape[-1])
    if table.dtype == np.float64:
        model.double()
    names = list(model.state_dict())
    arrays = [table, w_ih, w_hh, b, np.zeros_like(b), w_out, b_out]
    model.load_state_dict(dict(zip(names, arrays, strict=True)))
    return model.eval()


def judged(weights, names, vocabulary):
    """Return the perplexity that these weights reach on names."""
    return perplexity_of(as_model(weights), names, vocabulary)
