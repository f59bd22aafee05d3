"""Repeat what stood three places before, trained on short rows and asked on longer ones.

One layer of attention with one head that may not look ahead. It can solve this by positions alone.
Each kind of positions chooses its rate by seeds that judge nothing, on rows of the length it is
trained on. What came out is kept beside this file. To make it anew, from the top of the
repository::

    python -m companion.rnn.experiments.far_places
"""

import json
from pathlib import Path

import numpy as np

from companion.experiments.comparison import apart
from companion.gradients.grad_mode import no_grad
from companion.gradients.layers import Linear
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.module import Module
from companion.optimization.adam import Adam
from companion.rnn.attention.positions import LearnedPositions, rotary, sinusoidal_positions
from companion.rnn.attention.scaled_dot_product import attention_weights
from companion.rnn.words.embedding import Embedding
from companion.training import manual_seed

FILE = Path(__file__).with_name("far_places.json")
KINDS = ("none", "learned", "sinusoidal", "rotary")
SYMBOLS, SIZE, BACK, SHORT, ROOM = 8, 32, 3, 16, 128
LENGTHS = (16, 20, 24, 32, 48, 64, 96, 128)
RATES = (0.001, 0.003, 0.01, 0.03)
TUNING, SEEDS = (100, 101), tuple(range(5))
UPDATES, BATCH, EVERY = 1000, 32, 50


class Repeater(Module):
    """One look back at each place of a row.

    Parameters
    ----------
    kind : str
        One of `KINDS`: how a place knows where it stands.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """

    def __init__(self, kind):
        if kind not in KINDS:
            raise ValueError(f"Repeater: no kind {kind!r}; there are {', '.join(KINDS)}")
        self.kind, self.symbol = kind, Embedding(SYMBOLS, SIZE)
        self.table = LearnedPositions(ROOM, SIZE) if kind == "learned" else None
        self.query, self.key, self.value = (Linear(SIZE, SIZE, bias=False) for _ in range(3))
        self.head = Linear(SIZE, SYMBOLS)

    def forward(self, rows):
        """Score what is to be repeated at each place: (N, T) → (N, T, 8); keeps ``looked``."""
        x = self.symbol(rows)
        if self.kind == "learned":
            x = self.table(x)
        elif self.kind == "sinusoidal":
            x = x + sinusoidal_positions(rows.shape[1], SIZE)
        q, k = self.query(x), self.key(x)
        if self.kind == "rotary":
            q, k = rotary(q), rotary(k)
        self.looked = attention_weights(q, k, is_causal=True)
        return self.head(self.looked @ self.value(x))


def drawn(count, length, rng):
    """Draw rows of symbols, (N, T), and what stood three places before, (N, T - 3)."""
    rows = rng.integers(SYMBOLS, size=(count, length))
    return rows, rows[:, :-BACK]


def judged(model, length, count=64):
    """Return the share of right answers at the last four places of rows of one length."""
    rows, answers = drawn(count, length, np.random.default_rng(length))
    with no_grad():
        given = model(rows).numpy().argmax(axis=-1)
    return float(np.mean(given[:, -4:] == answers[:, -4:]))


def train(kind, rate, seed, updates=UPDATES):
    """Train one layer with Adam on rows drawn anew for each update.

    Returns
    -------
    model : Repeater
        What was trained.
    loss : float
        Mean loss of the last `EVERY` updates.
    """
    manual_seed(seed)
    rng, model, costs = np.random.default_rng(seed), Repeater(kind), []
    optimizer, loss = Adam(model.parameters(), lr=rate), CrossEntropyLoss()
    for _ in range(updates):
        rows, answers = drawn(BATCH, SHORT, rng)
        optimizer.zero_grad()
        scores = model(rows)[:, BACK:]
        cost = loss(scores.reshape(-1, SYMBOLS), answers.ravel())
        cost.backward()
        optimizer.step()
        costs.append(cost.item())
    return model, float(np.mean(costs[-EVERY:]))


def contest(run=train, kinds=KINDS, rates=RATES, tuning=TUNING, seeds=SEEDS, lengths=LENGTHS):
    """Let each kind choose its rate on some seeds, and judge it on others, at several lengths.

    Returns
    -------
    dict
        Kind → the mean loss of each rate on the tuning seeds, the rate, and the share of right
        answers of each seed at each length.
    """
    apart("contest", tuning, seeds)
    found = {}
    for kind in kinds:
        tried = [float(np.mean([run(kind, rate, s)[1] for s in tuning])) for rate in rates]
        rate = rates[int(np.nanargmin(tried))]
        models = [run(kind, rate, seed)[0] for seed in seeds]
        right = [[round(judged(model, n), 3) for n in lengths] for model in models]
        found[kind] = {"tried": [round(v, 4) for v in tried], "rate": rate, "right": right}
        print(kind, found[kind], flush=True)
    return found


def stored():
    """Read what `contest` found."""
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    FILE.write_text(json.dumps(contest()), encoding="utf-8")
