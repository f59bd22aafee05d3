"""Where does a word begin? Reading Psalms without spaces in one direction, in both, and deeper.

All ways have about the same number of parameters, and each chooses its rate on a seed that judges
nothing. What came out, and the weights of two networks, are kept beside this file. To make them
anew, from the top of the repository::

    python -m companion.rnn.experiments.word_starts
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.batches import Batches
from companion.data.clauses import UNKNOWN_STARTS, split_clauses
from companion.experiments.comparison import apart
from companion.experiments.stored_weights import with_weights
from companion.rnn.tagging.tagger import delayed, tagger, tagging_loss
from companion.training import Schedule, fit, manual_seed, predict
from companion.training.engines import to_numpy

FILE = Path(__file__).with_name("word_starts.json")
WEIGHTS = Path(__file__).with_name("word_starts.npz")
WAYS = {
    "one direction": ({"hidden_size": 64}, 0),
    "two layers": ({"hidden_size": 38, "num_layers": 2}, 0),
    "4 letters later": ({"hidden_size": 64}, 4),
    "both directions": ({"hidden_size": 43, "bidirectional": True}, 0),
    "both, two layers": ({"hidden_size": 23, "num_layers": 2, "bidirectional": True}, 0),
}
"""Name → options of `tagger`, and by how many letters the answer comes later."""
KEPT = ("one direction", "both directions")
"""Ways whose network of the first seed is kept."""
RATES = (0.005, 0.015, 0.045)
TUNING, SEEDS = (100,), tuple(range(5))
EPOCHS = 5


def learned(nn, optim, way, rate, seed, *, epochs=EPOCHS, most=None):
    """Train one network: Adam, its rate up and down once, batches of 64 clauses.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    way : str
        One of `WAYS`.
    rate : float
        Largest learning rate.
    seed : int
        Of split, weights and batches.
    epochs : int
        Passes over the clauses.
    most : int, optional
        How many clauses to learn from; by default all of the split.

    Returns
    -------
    Module
        In evaluation mode.
    """
    options, later = WAYS[way]
    manual_seed(seed)
    model = tagger(nn, **options)
    inputs, labels = delayed(split_clauses(seed=seed)[0], later)
    data = Batches(inputs[:most], labels[:most], batch_size=64, seed=seed)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * len(data))
    fit(model, data, tagging_loss(nn), optimizer, epochs=epochs,
        callbacks=[Schedule(rates, "step")])  # fmt: skip
    return model.eval()


def error(model, data, later=0):
    """Return the share of letters whose label is wrong, first letters of clauses not counted.

    Parameters
    ----------
    model : Module
        Of either engine.
    data : RunTogether
        To judge by.
    later : int
        By how many letters the answer comes later.

    Returns
    -------
    float
        From 0 to 1.
    """
    said = predict(model, delayed(data, later)[0])[:, later:].argmax(axis=2)
    counted = data.starts != UNKNOWN_STARTS
    counted[:, 0] = False
    return float((said != data.starts)[counted].mean())


def contest(run, ways=tuple(WAYS), rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each way choose its rate, and judge it with other seeds.

    Parameters
    ----------
    run : callable
        ``run(way, rate, seed)`` returns errors on the clauses to choose by and to judge by.
    ways, rates, tuning, seeds : sequence
        The grid.

    Returns
    -------
    dict
        Way → errors of each rate, the rate, and the errors of the seeds.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    found = {}
    for way in ways:
        tried = [float(np.mean([run(way, rate, seed)[0] for seed in tuning])) for rate in rates]
        rate = rates[int(np.argmin(tried))]
        errors = [round(run(way, rate, seed)[1], 4) for seed in seeds]
        found[way] = {"tried": np.round(tried, 4).tolist(), "rate": rate, "errors": errors}
    return found


def stored():
    """Read what `contest` found."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def kept_tagger(nn, way):
    """Make the network of the first seed as it came out of the contest.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    way : str
        One of `KEPT`.

    Returns
    -------
    Module
        In evaluation mode; its split is ``split_clauses(seed=0)``.

    Raises
    ------
    ValueError
        If none is kept for that way.
    """
    if way not in KEPT:
        raise ValueError(f"kept_tagger: way {way!r}; kept are {', '.join(KEPT)}")
    model = tagger(nn, **WAYS[way][0])
    with np.load(WEIGHTS) as kept:
        return with_weights(model, {name: kept[f"{way}.{name}"] for name in model.state_dict()})


def _main():
    nn, optim = import_module("companion.nn"), import_module("companion.optim")
    weights = {}

    def run(way, rate, seed):
        model = learned(nn, optim, way, rate, seed)
        if way in KEPT and seed == SEEDS[0]:
            state = model.state_dict()
            weights.update({f"{way}.{name}": to_numpy(w) for name, w in state.items()})
        _, val, test = split_clauses(seed=seed)
        found = [error(model, data, WAYS[way][1]) for data in (val, test)]
        print(way, rate, seed, found, flush=True)
        return found

    FILE.write_text(json.dumps(contest(run)), encoding="utf-8")
    np.savez_compressed(WEIGHTS, **weights)


if __name__ == "__main__":
    _main()
