"""Which letter follows this one in the word? Attention against a mean, and one look against two.

Real words in which no letter stands twice, 6 to 10 letters long; after the word stands one of its
letters, and the answer is the letter that follows it in the word. Each way chooses its rate by
seeds that judge nothing. What came out is kept beside this file. To make it anew, from the top of
the repository::

    python -m companion.rnn.experiments.letter_after
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from companion.data.pronunciations import pronunciations
from companion.experiments.comparison import apart
from companion.gradients.grad_mode import no_grad
from companion.gradients.layers import Linear
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.module import Module
from companion.optimization.adam import Adam
from companion.rnn.attention.multi_head import MultiheadAttention
from companion.rnn.attention.positions import LearnedPositions
from companion.rnn.words.embedding import Embedding
from companion.training import manual_seed

FILE = Path(__file__).with_name("letter_after.json")
LETTERS, NONE, SIZE, LONGEST = 26, 26, 32, 10
RATES = (0.001, 0.003, 0.01)
TUNING, SEEDS = (100, 101), tuple(range(5))
UPDATES, BATCH, EVERY = 1200, 64, 50


class OneLook(Module):
    """Each place knows its letter and the one before; the last place looks at all and answers.

    Parameters
    ----------
    mean : bool
        Whether to look at all places alike instead, with the same weights.
    """

    def __init__(self, mean=False):
        self.letter, self.before = Embedding(LETTERS, SIZE), Embedding(LETTERS + 1, SIZE)
        self.attention = MultiheadAttention(SIZE, 1, batch_first=True)
        self.head, self.mean = Linear(SIZE, LETTERS), mean

    def forward(self, rows):
        """Score the answers: (N, T) → (N, 26); keeps the weights (N, T, T) as ``looked``."""
        before = np.roll(rows, 1, axis=1)
        before[:, [0, -1]] = NONE  # nothing stands before a word, and a question has no neighbour
        x = self.letter(rows) + self.before(before)
        if self.mean:
            x_mean = x.mean(axis=1, keepdims=True)
            y, self.looked = self.attention(x[:, -1:], x_mean, x_mean)
        else:
            y, self.looked = self.attention(x, x, x)
        return self.head((x + y)[:, -1])


class Looks(Module):
    """Each place knows its letter and its number; one or more layers of attention.

    Parameters
    ----------
    layers : int
        How many looks, one after the other.
    """

    def __init__(self, layers):
        self.letter, self.position = Embedding(LETTERS, SIZE), LearnedPositions(LONGEST + 1, SIZE)
        self.layers = [MultiheadAttention(SIZE, 1, batch_first=True) for _ in range(layers)]
        for number, layer in enumerate(self.layers):
            setattr(self, f"layer{number}", layer)
        self.head = Linear(SIZE, LETTERS)

    def forward(self, rows):
        """Score the answers: (N, T) → (N, 26); keeps the weights of all layers as ``looked``."""
        x, self.looked = self.position(self.letter(rows)), []
        for layer in self.layers:
            y, weights = layer(x, x, x)
            x = x + y
            self.looked.append(weights)
        return self.head(x[:, -1])


WAYS = {
    "mean": lambda: OneLook(mean=True),
    "one look": OneLook,
    "numbered, one look": lambda: Looks(1),
    "numbered, two looks": lambda: Looks(2),
}


@cache
def words():
    """Return words of 6 to 10 different letters: (about 22,000 to learn from, 1,000 to judge)."""
    fit = [w for w in pronunciations() if 6 <= len(w) <= LONGEST and len(set(w)) == len(w)]
    order = np.random.default_rng(0).permutation(len(fit))
    return [fit[k] for k in order[1000:]], [fit[k] for k in order[:1000]]


def numbers(texts):
    """Turn words of one length into numbers of letters from 0: (N, T)."""
    return np.array([list(text.encode("ascii")) for text in texts]) - ord("a")


def asked(texts, rng):
    """Ask for the letter after one of each word's letters.

    Parameters
    ----------
    texts : list of str
        N words of one length.
    rng : numpy.random.Generator
        Draws the letters.

    Returns
    -------
    rows : numpy.ndarray
        (N, T + 1): the words and the letters asked for.
    answers : numpy.ndarray
        (N,): the letters that follow.
    places : numpy.ndarray
        (N,): where the answers stand.
    """
    letters, each = numbers(texts), np.arange(len(texts))
    places = rng.integers(1, letters.shape[1], size=len(texts))
    rows = np.concatenate([letters, letters[each, places - 1][:, None]], axis=1)
    return rows, letters[each, places], places


@cache
def by_length():
    """Return the words to learn from, and those to judge by, as lists by their length."""
    return tuple(
        {n: [w for w in part if len(w) == n] for n in range(6, LONGEST + 1)} for part in words()
    )


def judged(model):
    """Return the share of right answers on the words that nobody learned from."""
    rng, right = np.random.default_rng(1), []
    with no_grad():
        for texts in by_length()[1].values():
            rows, answers, _ = asked(texts, rng)
            right.extend(model(rows).numpy().argmax(axis=1) == answers)
    return float(np.mean(right))


def train(way, rate, seed, updates=UPDATES):
    """Train one model with Adam on words drawn anew for each update.

    Returns
    -------
    model : Module
        What was trained.
    right : list of float
        Share of right answers, one for each `EVERY` updates.
    """
    if way not in WAYS:
        raise ValueError(f"letter_after: no way {way!r}; there are {', '.join(WAYS)}")
    manual_seed(seed)
    rng, model, right = np.random.default_rng(seed), WAYS[way](), []
    optimizer, loss = Adam(model.parameters(), lr=rate), CrossEntropyLoss()
    for update in range(1, updates + 1):
        texts = by_length()[0][int(rng.integers(6, LONGEST + 1))]
        drawn = rng.integers(len(texts), size=BATCH)
        rows, answers, _ = asked([texts[k] for k in drawn], rng)
        optimizer.zero_grad()
        loss(model(rows), answers).backward()
        optimizer.step()
        if update % EVERY == 0:
            right.append(judged(model))
    return model, right


def by_pairs():
    """Answer by counts of pairs alone: of the word's letters the most common after the one asked.

    Returns
    -------
    float
        Share of right answers on the words that nobody learned from.
    """
    counts = np.zeros((LETTERS, LETTERS))
    for texts in by_length()[0].values():
        letters = numbers(texts)
        np.add.at(counts, (letters[:, :-1], letters[:, 1:]), 1)
    rng, right = np.random.default_rng(1), []
    for texts in by_length()[1].values():
        rows, answers, _ = asked(texts, rng)
        there = np.zeros((len(rows), LETTERS), bool)
        np.put_along_axis(there, rows, True, axis=1)
        there[np.arange(len(rows)), rows[:, -1]] = False
        right.extend(np.where(there, counts[rows[:, -1]], -1).argmax(axis=1) == answers)
    return float(np.mean(right))


def contest(run=train, ways=tuple(WAYS), rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each way choose its rate on some seeds, and judge it on others.

    Returns
    -------
    dict
        Way → the mean share of each rate on the tuning seeds, the rate, the curves of the seeds.
    """
    apart("contest", tuning, seeds)
    found = {}
    for way in ways:
        tried = [np.mean([run(way, rate, s)[1][-1] for s in tuning]) for rate in rates]
        rate = rates[int(np.argmax(tried))]
        curves = [[round(v, 3) for v in run(way, rate, seed)[1]] for seed in seeds]
        found[way] = {"tried": [round(float(v), 3) for v in tried], "rate": rate, "right": curves}
        print(way, found[way]["tried"], rate, [curve[-1] for curve in curves], flush=True)
    return found


def stored():
    """Read what was found: as `contest`, and the share of `by_pairs`."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    found = {"ways": contest(), "pairs": by_pairs()}
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
