"""A small model of language that has read the Psalms, word by word.

Its training takes minutes; its weights are kept beside this file, in half precision. To make them
anew, from the top of the repository::

    python -m companion.rnn.experiments.psalms
"""

from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.batches import Batches
from companion.data.verses import verses
from companion.experiments.stored_weights import with_weights
from companion.rnn.language.model import LanguageModel
from companion.rnn.language.next_token import next_token_loss, next_token_pairs
from companion.rnn.language.perplexity import perplexity_of
from companion.rnn.text.tokenizers import words
from companion.rnn.text.vocabulary import PAD, SPECIAL, UNKNOWN, Vocabulary
from companion.training import Schedule, fit, manual_seed

WEIGHTS = Path(__file__).with_name("psalms.npz")
RAREST, HELD_OUT = 3, 250
RATE, EPOCHS, DROPOUT = 0.01, 12, 0.3


def psalms():
    """Cut the Psalms into words, and hold some verses out.

    Returns
    -------
    train, val : list of list of str
        Words and punctuation of each verse; words that occur less than three times in all the
        Psalms are ``<unknown>``. 250 verses, drawn at random, are in `val`.
    vocabulary : Vocabulary
        That knows them.
    """
    texts = [words(verse) for verse in verses("Psalms")]
    vocabulary = Vocabulary.of(texts, rarest=RAREST)
    known = [[word if word in vocabulary else UNKNOWN for word in text] for text in texts]
    order = np.random.default_rng(0).permutation(len(known))
    train, val = order[HELD_OUT:], order[:HELD_OUT]
    return [known[i] for i in train], [known[i] for i in val], vocabulary


def new_reader(vocabulary, dropout=0.0):
    """Make the network, not trained yet: an LSTM with 128 numbers of state, 64 for each word."""
    return LanguageModel(len(vocabulary), 128, "LSTM", embedding_dim=64, dropout=dropout)


def learned(optim, texts, vocabulary, *, epochs=EPOCHS, rate=RATE, seed=0):
    """Train the network.

    Parameters
    ----------
    optim : module
        ``companion.optim``.
    texts : list of list of str
        As from `psalms`.
    vocabulary : Vocabulary
        That knows them.
    epochs : int
        With batches of 32 verses, each cut to its longest verse.
    rate : float
        Largest rate of Adam; it goes up and down once.
    seed : int
        Of weights, batches and dropout.

    Returns
    -------
    model : LanguageModel
        In evaluation mode.
    history : History
        Of its training.
    """
    manual_seed(seed)
    model = new_reader(vocabulary, DROPOUT)
    pairs = next_token_pairs(texts, vocabulary)
    batches = Batches(*pairs, batch_size=32, seed=seed, transform=_without_padding)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * len(batches))
    history = fit(model, batches, next_token_loss, optimizer, epochs=epochs,
                  callbacks=[Schedule(rates, "step")])  # fmt: skip
    return model.eval(), history


def psalms_model():
    """Make the network whose weights are kept.

    Returns
    -------
    model : LanguageModel
        In evaluation mode.
    vocabulary : Vocabulary
        Its words.
    """
    vocabulary = psalms()[2]
    with np.load(WEIGHTS) as kept:
        return with_weights(new_reader(vocabulary), kept), vocabulary


def _without_padding(inputs, targets, rng):
    """Cut a batch to its longest text."""
    longest = (targets != SPECIAL.index(PAD)).sum(axis=1).max()
    return inputs[:, :longest], targets[:, :longest]


def _main():
    train, val, vocabulary = psalms()
    model, _ = learned(import_module("companion.optim"), train, vocabulary)
    for texts in (train, val):
        print(perplexity_of(model, texts, vocabulary))
    state = model.state_dict()
    np.savez(WEIGHTS, **{name: np.asarray(value, np.float16) for name, value in state.items()})


if __name__ == "__main__":
    _main()
