"""What the project on names is handed: first weights, batches of an epoch, a judge.

Used in :ref:`own_generator`; the learner's own functions do the rest. What the companion's own
layers reach from several first weights is kept beside this file. To make it anew, from the top of
the repository::

    python -m companion.rnn.experiments.own_generator
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.first_names import split_names
from companion.gradients.shaping import stack
from companion.rnn.language.model import LanguageModel
from companion.rnn.language.next_token import next_token_batches, next_token_loss
from companion.rnn.language.perplexity import perplexity_of
from companion.rnn.text.vocabulary import Vocabulary

FILE = Path(__file__).with_name("own_generator.json")
SEEDS = tuple(range(5))
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


def whole(model, inputs, targets):
    """Return the loss of a batch; its gradient goes back to the first letter."""
    return next_token_loss(model(inputs), targets)


def forgetful(model, inputs, targets):
    """Return the same loss; its gradient never goes further back than one letter."""
    state, scores = None, []
    for t in range(inputs.shape[1]):
        now, state = model.advance(inputs[:, [t]], state)
        state = tuple(part.detach() for part in state)
        scores.append(now[:, 0])
    return next_token_loss(stack(*scores, dim=1), targets)


def trained(weights, names, vocabulary, epochs=EPOCHS, loss=whole):
    """Train the companion's own layers as the page does: Adam, a falling rate, no clip.

    Parameters
    ----------
    weights : list of numpy.ndarray
        As `first_weights` draws them.
    names : list of str
        To learn from.
    vocabulary : Vocabulary
        Of the letters.
    epochs : int
        Passes over the names.
    loss : callable
        `whole` or `forgetful`.

    Returns
    -------
    LanguageModel
        In evaluation mode.
    """
    model = as_model(weights).train()
    optimizer = import_module("companion.optim").Adam(model.parameters())
    for epoch in range(epochs):
        optimizer.param_groups[0]["lr"] = rate_of(epoch, epochs)
        for inputs, targets in epoch_batches(names, vocabulary, epoch):
            optimizer.zero_grad()
            loss(model, inputs, targets).backward()
            optimizer.step()
    return model.eval()


def stored():
    """Read what `trained` reached on the names that judge.

    Returns
    -------
    dict
        ``whole`` and ``forgetful``: one perplexity for each of `SEEDS`.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    names = split_names()
    vocabulary, found = Vocabulary.of(names.train), {}
    for loss in (whole, forgetful):
        reached = found[loss.__name__] = []
        for seed in SEEDS:
            model = trained(
                first_weights(len(vocabulary), seed), names.train, vocabulary, loss=loss
            )
            reached.append(round(perplexity_of(model, names.test, vocabulary), 3))
            print(loss.__name__, seed, reached[-1], flush=True)
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
