"""A name, or its letters in another order? Four ways to look at a word, each at its own rate.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To make it
anew, from the top of the repository::

    python -m companion.rnn.experiments.shuffled_names

Told in the chapter :ref:`recurrent`.
"""

import json
from pathlib import Path

import numpy as np

from companion.data.batches import Batches
from companion.data.first_names import first_names, split_names
from companion.experiments.comparison import apart
from companion.gradients.activations import tanh
from companion.gradients.layers import Linear
from companion.gradients.losses.binary_cross_entropies import BCEWithLogitsLoss
from companion.gradients.module import Module
from companion.optimization.adam import Adam
from companion.rnn.recurrence.layers import RNN
from companion.rnn.text.vocabulary import Vocabulary
from companion.rnn.words.embedding import Embedding
from companion.training import fit, manual_seed, predict

FILE = Path(__file__).with_name("shuffled_names.json")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
TUNING, SEEDS, EPOCHS = (100, 101), tuple(range(5)), 8
LETTERS = Vocabulary("abcdefghijklmnopqrstuvwxyz")
LONGEST, HIDDEN = 11, 32


class NameReader(Module):
    """Reads a word letter by letter and scores its last state: (N, T) letters → (N, 1)."""

    def __init__(self, hidden=HIDDEN):
        self.embedding = Embedding(len(LETTERS), 16)
        self.recurrence = RNN(16, hidden, batch_first=True)
        self.head = Linear(hidden, 1)

    def states(self, words):
        """Return the state after each letter, (N, T, H)."""
        return self.recurrence(self.embedding(words))[0]

    def forward(self, words):
        """Score the state after the last letter: below 0 shuffled, above 0 a name."""
        last = (words > 0).sum(axis=1) - 1
        return self.head(self.states(words)[np.arange(len(words)), last])


class Features(Module):
    """Scores numbers that were made of a word in a fixed way, with one hidden layer."""

    def __init__(self, features, width, hidden=HIDDEN):
        self.features = features
        self.hidden, self.head = Linear(width, hidden), Linear(hidden, 1)

    def forward(self, words):
        """Score words: (N, T) → (N, 1)."""
        return self.head(tanh(self.hidden(self.features(words).astype(np.float32))))


def in_places(words):
    """Mark each letter at its place: (N, T) → (N, T · V); a place after the end stays empty."""
    marks = np.eye(len(LETTERS))[words]
    marks[..., 0] = 0
    return marks.reshape(len(words), -1)


def in_a_bag(words):
    """Count the letters, wherever they stand: (N, T) → (N, V)."""
    return in_places(words).reshape(*words.shape, -1).sum(axis=1)


def at_the_end(words):
    """Mark the last letter: (N, T) → (N, V)."""
    last = words[np.arange(len(words)), (words > 0).sum(axis=1) - 1]
    return np.eye(len(LETTERS))[last]


WAYS = {
    "bag of letters": lambda: Features(in_a_bag, len(LETTERS)),
    "last letter": lambda: Features(at_the_end, len(LETTERS)),
    "fixed places": lambda: Features(in_places, LONGEST * len(LETTERS)),
    "recurrent": NameReader,
}


def encoded(words):
    """Turn words of at most eleven letters into their numbers, (N, 11) int64, 0 after the end.

    Raises
    ------
    ValueError
        If there is no word, one is empty or too long, or holds another letter than a … z.
    """
    words = list(words)
    if not words or min(map(len, words)) < 1 or max(map(len, words)) > LONGEST:
        raise ValueError(f"encoded: expected at least one word, each of 1 to {LONGEST} letters")
    rows = np.zeros((len(words), LONGEST), np.int64)
    for row, word in zip(rows, words, strict=True):
        row[: len(word)] = LETTERS.encode(word)
    return rows


def shuffled(name, rng, names=frozenset()):
    """Put the letters of a name into another order that is no name; None if a hundred all are."""
    for _ in range(100):
        other = "".join(rng.permutation(list(name)))
        if other != name and other not in names:
            return other
    return None


def both_spellings(names, seed):
    """Set each name beside its letters in another order.

    Parameters
    ----------
    names : list of str
        The names; the few whose letters have no other order that is no name are left out.
    seed : int
        Of the orders.

    Returns
    -------
    words : numpy.ndarray
        (2N, 11): the N names that are left, then each of them shuffled.
    is_name : numpy.ndarray
        (2N, 1) float32: 1 or 0.
    """
    rng, known = np.random.default_rng(seed), frozenset(first_names())
    pairs = [(name, shuffled(name, rng, known)) for name in names]
    kept = [pair for pair in pairs if pair[1]]
    labels = np.repeat(np.float32([1, 0]), len(kept))[:, None]
    return encoded([word for side in zip(*kept, strict=True) for word in side]), labels


def learn(make, rate, seed, epochs=EPOCHS):
    """Train one way on the training names of a split.

    Parameters
    ----------
    make : callable
        Makes the model, as the values of `WAYS` do.
    rate : float
        Of Adam.
    seed : int
        Of split, orders of letters, weights and batches.
    epochs : int
        Passes over the words.

    Returns
    -------
    Module
        That scores (N, 11) words.
    """
    words, is_name = both_spellings(split_names(seed=seed).train, seed)
    manual_seed(seed)
    model = make()
    batches = Batches(words, is_name, batch_size=64, seed=seed)
    optimizer = Adam(model.parameters(), rate)
    fit(model, batches, BCEWithLogitsLoss(), optimizer, epochs=epochs, progress=False)
    return model


def accuracy(model, names, seed):
    """Share of names and shuffled names that a model tells right; a score of 0 is half right."""
    words, is_name = both_spellings(names, seed)
    # Each word once: equal words must get equal scores, to the last bit.
    score = np.concatenate([predict(model, word[None]) for word in words])
    right = np.where(is_name > 0, score > 0, score < 0) + 0.5 * (score == 0)
    return float(right.mean())


def contest(ways=tuple(WAYS), rates=RATES, tuning=TUNING, seeds=SEEDS, epochs=EPOCHS):
    """Let each way choose its rate by development names, and judge it by test names.

    Returns
    -------
    dict
        Way → "tried": mean accuracy with each rate, "rate", "accuracy" of each seed, "parameters".

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    found = {}
    for way in ways:
        tried = [
            np.mean([_judged(way, rate, seed, "val", epochs) for seed in tuning]) for rate in rates
        ]
        rate = rates[int(np.argmax(tried))]
        judged = [_judged(way, rate, seed, "test", epochs) for seed in seeds]
        found[way] = {
            "tried": np.round(tried, 4).tolist(),
            "rate": rate,
            "accuracy": np.round(judged, 4).tolist(),
            "parameters": sum(p.numel() for p in WAYS[way]().parameters()),
        }
    return found


def _judged(way, rate, seed, part, epochs):
    names = getattr(split_names(seed=seed), part)
    return accuracy(learn(WAYS[way], rate, seed, epochs), names, seed + 1000)


def stored():
    """Read what the contest found, as `contest` returns it."""
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    FILE.write_text(json.dumps(contest()) + "\n", encoding="utf-8")
