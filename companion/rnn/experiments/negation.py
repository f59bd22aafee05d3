"""Averages of word vectors against networks that read in order, on words they never met.

All but the softmax regression have about the same number of parameters, and each chooses its rate
by words that judge nothing. What came out is kept beside this file. To make it anew, from the top
of the repository::

    python -m companion.rnn.experiments.negation
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.batches import Batches
from companion.data.snippets import snippets
from companion.data.tone_sentences import KINDS, adjectives, made_sentences, split_words, together
from companion.data.word_tests import word_ratings
from companion.data.word_vectors import word_vectors
from companion.experiments.comparison import apart
from companion.faces.curves import auc
from companion.rnn.tone.readers import averager, reader, vectors_of
from companion.training import Schedule, fit, manual_seed, predict

FILE = Path(__file__).with_name("negation.json")
MOST = 60_000
WAYS = {
    "average": lambda nn: averager(nn),
    "average, hidden layer": lambda nn: averager(nn, hidden=83),
    "RNN": lambda nn: reader(nn, "RNN", hidden=45),
    "LSTM": lambda nn: reader(nn, "LSTM", hidden=16),
}
RATES = (0.002, 0.006, 0.02, 0.06)
TUNING, SEEDS = (100, 101), tuple(range(6))
OTHER_DENIALS = ("hardly", "nor")
"""Denials that no network learns from."""


def material(vectors, seed):
    """Make the sentences of one seed: to learn from, to choose by, to judge by.

    Parameters
    ----------
    vectors : WordVectors
        Of the words.
    seed : int
        Of the split of the words, and of the sentences.

    Returns
    -------
    train, val : tuple
        Word vectors (N, T, D) and tones (N,) of 4,000 and 1,200 sentences, all kinds mixed.
    test : Words
        Words that stand in none of them.
    """
    train, val, test = split_words(adjectives(word_ratings(), vectors.numbers()), seed)
    parts = []
    for words, each in ((train, 1000), (val, 300)):
        made = together(*(made_sentences(words, kind, each, seed) for kind in KINDS))
        parts.append((vectors_of(made.tokens, vectors), made.good))
    return *parts, test


def learned(nn, optim, way, data, rate, seed, *, epochs=8):
    """Train one network: Adam, its rate up and down once, batches of 64 sentences.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    way : str
        One of `WAYS`.
    data : tuple
        Word vectors (N, T, D) and tones (N,).
    rate : float
        Largest learning rate.
    seed : int
        Of weights and batches.
    epochs : int
        Passes over the sentences.

    Returns
    -------
    Module
        In evaluation mode.
    """
    manual_seed(seed)
    model, batches = WAYS[way](nn), Batches(*data, seed=seed)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * len(batches))
    fit(model, batches, nn.CrossEntropyLoss(), optimizer, epochs=epochs,
        callbacks=[Schedule(rates, "step")])  # fmt: skip
    return model.eval()


def right(model, x, good):
    """Return the share of sentences whose tone a model gets right."""
    return float((predict(model, x).argmax(axis=1) == good).mean())


def by_kind(model, words, vectors, seed, **options):
    """Judge a model by 500 new sentences of each kind.

    Returns
    -------
    list of float
        Share of right tones for each of `KINDS`.
    """
    found = []
    for kind in KINDS:
        made = made_sentences(words, kind, 500, 1000 + seed, **options)
        found.append(right(model, vectors_of(made.tokens, vectors), made.good))
    return found


def contest(run, ways=tuple(WAYS), rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each way choose its rate by the words to choose by, and judge it with other seeds.

    Parameters
    ----------
    run : callable
        ``run(way, rate, seed)`` returns a dict with ``val``, a share to make large, and others.
    ways, rates, tuning, seeds : sequence
        The grid.

    Returns
    -------
    dict
        Way → shares of each rate, the rate, and lists of what the seeds' runs returned.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    found = {}
    for way in ways:
        tried = [float(np.mean([run(way, r, s)["val"] for s in tuning])) for r in rates]
        rate = rates[int(np.argmax(tried))]
        runs = [run(way, rate, seed) for seed in seeds]
        kept = {name: np.round([one[name] for one in runs], 4).tolist() for name in runs[0]}
        found[way] = {"tried": np.round(tried, 4).tolist(), "rate": rate, **kept}
    return found


def stored():
    """Read what `contest` found: shares of each way's seeds.

    Returns
    -------
    dict
        Way → ``kinds``, ``other denials`` and one entry for each of `OTHER_DENIALS`: a row of
        shares for each seed; ``reviews`` and ``reviews AUC``: one number for each seed.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    nn, optim = import_module("companion.nn"), import_module("companion.optim")
    vectors, reviews = word_vectors(MOST), snippets()

    def run(way, rate, seed):
        train, val, test = material(vectors, seed)
        model = learned(nn, optim, way, train, rate, seed)
        found = {"val": right(model, *val)}
        if seed in SEEDS:
            found["kinds"] = by_kind(model, test, vectors, seed)
            found["other denials"] = by_kind(model, test, vectors, seed, denials=OTHER_DENIALS)
            for word in OTHER_DENIALS:
                found[word] = by_kind(model, test, vectors, seed, denials=(word,))
            x = vectors_of(reviews.tokens, vectors)
            bad, good = predict(model, x).T
            found["reviews"] = right(model, x, reviews.good)
            found["reviews AUC"] = auc(bad - good, reviews.good == 1)
        print(way, rate, seed, found, flush=True)
        return found

    FILE.write_text(json.dumps(contest(run)), encoding="utf-8")


if __name__ == "__main__":
    _main()
