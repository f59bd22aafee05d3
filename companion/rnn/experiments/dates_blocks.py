"""Dates as people write them, read by attention alone and by recurrence with attention.

Both learn the same dates for as many epochs; each chooses its rate on a seed that judges nothing.
It takes some minutes; what came out is kept beside this file. To make it anew, from the top of the
repository (a name such as "Transformer" behind it makes that part alone)::

    python -m companion.rnn.experiments.dates_blocks
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.human_dates import human_dates
from companion.experiments.comparison import apart
from companion.rnn.attention.scores import AdditiveAttention
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.text.vocabulary import Vocabulary
from companion.rnn.transformer.encoder_decoder import Transformer
from companion.rnn.translation.encoder_decoder import AttentiveEncoderDecoder
from companion.rnn.translation.greedy import greedy
from companion.rnn.translation.pairs import padded, translation_batches
from companion.training import Schedule, fit, manual_seed

FILE = Path(__file__).with_name("dates_blocks.json")
LEARNED, HELD_OUT, EPOCHS = 2500, 400, 4
RATES = {"Transformer": (0.003, 0.006, 0.012), "GRU with attention": (0.003, 0.006, 0.012)}
TUNING, SEEDS = (100,), (0, 1, 2)


def new_network(name, sources, targets):
    """Make one, not trained yet: one block of 64 features on each side, or GRUs of 48."""
    if name == "Transformer":
        return Transformer(sources, targets)
    return AttentiveEncoderDecoder(sources, targets, AdditiveAttention(48, 96, 48), 48, 32)


def learned(optim, name, *, rate, epochs=EPOCHS, seed=0, count=LEARNED):
    """Train one network.

    Parameters
    ----------
    optim : module
        ``companion.optim``.
    name : str
        One of `RATES`.
    rate : float
        Largest rate of Adam; it goes up and down once.
    epochs : int
        With batches of 64 dates.
    seed : int
        Of dates, weights and batches.
    count : int
        Dates to learn.

    Returns
    -------
    model : Module
        The network.
    right : float
        Share of held-out dates that it writes without a mistake.
    """
    human, iso = human_dates(count + HELD_OUT, seed)
    sources, targets = Vocabulary.of(human), Vocabulary.of(iso)
    manual_seed(seed)
    model = new_network(name, len(sources), len(targets))
    batches = translation_batches(human[:count], iso[:count], sources, targets, seed=seed)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * len(batches))
    fit(model, batches, next_token_loss, optimizer, epochs=epochs,
        callbacks=[Schedule(rates, "step")])  # fmt: skip
    said = greedy(model, padded(human[count:], sources), longest=12)
    right = [
        "".join(targets.decode(row)) == true for row, true in zip(said, iso[count:], strict=True)
    ]
    return model, float(np.mean(right))


def contest(optim, name):
    """Choose the rate of one network on a seed of its own, then judge other seeds."""
    apart("dates_blocks", TUNING, SEEDS)
    tried = []
    for rate in RATES[name]:
        tried.append((learned(optim, name, rate=rate, seed=TUNING[0])[1], rate))
        print(name, *tried[-1], flush=True)
    rate = max(tried)[1]
    runs = [learned(optim, name, rate=rate, seed=seed) for seed in SEEDS]
    weights = sum(p.data.size for p in runs[0][0].parameters())
    return {"tried": tried, "rate": rate, "weights": weights, "right": [r for _, r in runs]}


def stored():
    """Read what was found.

    Returns
    -------
    dict
        Name → rates tried, rate, weights, and for each seed the share of dates that are right.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main(parts):
    optim = import_module("companion.optim")
    found = stored() if FILE.exists() else {}
    for name in parts or RATES:
        found[name] = contest(optim, name)
        print(name, found[name], flush=True)
        FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
