"""Skip-gram, CBOW, GloVe and counted vectors on the King James Bible, judged by groups of words.

Each learner chooses its settings by groups and seeds that judge nothing. The contest takes minutes;
what it found is kept beside this file and read by `stored`, with vectors of one run of skip-gram
and of GloVe, read by `stored_vectors`. To make it anew, from the top of the repository::

    python -m companion.rnn.experiments.word_contest
"""

import json
import time
from functools import cache, partial
from pathlib import Path

import numpy as np

from companion.data.verses import verses
from companion.data.word_vectors import WordVectors, counted_vectors
from companion.experiments.comparison import apart
from companion.rnn.experiments.word_groups import TUNING, kindred, of_a_kind
from companion.rnn.words.corpus import corpus_of
from companion.rnn.words.glove import glove
from companion.rnn.words.word2vec import word2vec

FILE = Path(__file__).with_name("word_contest.json")
VECTORS = Path(__file__).with_name("word_contest.npz")
WORDS = 3000
TUNING_SEED, SEEDS = 100, tuple(range(5))
RATES = [{"lr": rate} for rate in (0.05, 0.1, 0.2, 0.4)]
LEARNERS = {
    "skip-gram": (partial(word2vec, kind="skip-gram", epochs=3), RATES),
    "CBOW": (partial(word2vec, kind="CBOW", epochs=8), RATES),
    "GloVe": (
        partial(glove, window=5, epochs=8),
        [{**rate, "x_max": x_max} for x_max in (10.0, 100.0) for rate in RATES],
    ),
}
"""Name → how it learns, and the settings that it may choose from."""


@cache
def king_james():
    """Return the corpus of all verses with its 3,000 most frequent words."""
    return corpus_of(verses(), most=WORDS)


def judged(vectors, words):
    """Return both measures on the judging groups, rounded as they are stored."""
    return [round(kindred(vectors, words), 4), round(of_a_kind(vectors, words), 4)]


def contest(corpus, learners, seeds=SEEDS, tuning=TUNING_SEED, say=lambda *line: None):
    """Let each learner choose its settings, and judge it over seeds.

    Parameters
    ----------
    corpus : Corpus
        What all learn from.
    learners : dict
        As `LEARNERS`.
    seeds : sequence of int
        To judge by.
    tuning : int
        To choose the settings by, with the groups of `TUNING`.
    say : callable
        Gets what happens, as for `print`.

    Returns
    -------
    ways : dict
        Name → ``tried`` (measure with each setting), ``options``, ``judged`` (a pair for each
        seed), ``losses`` of the first seed and ``seconds`` of computing a run.
    first : dict
        Name → vectors of the first seed.

    Raises
    ------
    ValueError
        If a seed would tune and judge.
    """
    apart("word_contest", [tuning], seeds)
    ways, first = {}, {}
    for name, (learn, settings) in learners.items():
        tried = []
        for options in settings:
            found = learn(corpus, **options, seed=tuning)
            tried.append(round(kindred(found.vectors, corpus.words, TUNING), 4))
            say(name, options, tried[-1])
        options, begin = settings[int(np.argmax(tried))], time.process_time()
        runs = [learn(corpus, **options, seed=seed) for seed in seeds]
        ways[name] = {
            "tried": tried,
            "options": options,
            "judged": [judged(run.vectors, corpus.words) for run in runs],
            "losses": np.round(runs[0].losses, 4).tolist(),
            "seconds": round((time.process_time() - begin) / len(seeds), 1),
        }
        first[name] = runs[0].vectors
        say(name, ways[name]["judged"])
    return ways, first


def counted(corpus):
    """Judge counted vectors, and vectors by chance for each seed."""
    found = counted_vectors()
    number = found.numbers()
    rows = [number[word] for word in corpus.words]
    chance = [np.random.default_rng(s).normal(size=(len(corpus.words), 50)) for s in SEEDS]
    return {
        "counted": {"judged": [judged(found.vectors[rows], corpus.words)]},
        "chance": {"judged": [judged(vectors, corpus.words) for vectors in chance]},
    }


def stored():
    """Read what the contest found: name → its entry, as from `contest`.

    GloVe's has ``fifty epochs``, too: a pair of measures for the first seed, trained for longer.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def stored_vectors(name="skip-gram"):
    """Read vectors that the contest's first seed learned from the King James Bible.

    Parameters
    ----------
    name : {"skip-gram", "GloVe"}
        How they were learned.

    Returns
    -------
    WordVectors
        3,000 words in 50 dimensions, kept in half precision.

    Raises
    ------
    ValueError
        If there are none of that name.
    """
    with np.load(VECTORS, allow_pickle=False) as kept:
        if name == "words" or name not in kept:
            raise ValueError(f"stored_vectors: no {name!r}; there are {sorted(kept)[:-1]}")
        words = str(kept["words"]).split()
        return WordVectors(words, kept[name].astype(np.float32), f"{name} on the King James Bible")


def _main():
    """Run the contest and keep what it found."""
    corpus = king_james()

    def say(*line):
        print(*line, flush=True)

    ways, first = contest(corpus, LEARNERS, say=say)
    longer = glove(corpus, window=5, **ways["GloVe"]["options"], epochs=50, seed=SEEDS[0])
    ways["GloVe"]["fifty epochs"] = [judged(longer.vectors, corpus.words)]
    FILE.write_text(json.dumps(ways | counted(corpus)), encoding="utf-8")
    kept = {name: first[name].astype(np.float16) for name in ("skip-gram", "GloVe")}
    np.savez_compressed(VECTORS, words=" ".join(corpus.words), **kept)


if __name__ == "__main__":
    _main()
