"""Ways to choose triplets against each other, each at its own rate, judged by unseen people.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To make it
anew, from the top of the repository::

    python -m companion.faces.experiments.mining_contest
"""

import json
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.people import halved, parted, people
from companion.experiments.comparison import apart
from companion.faces import mining
from companion.faces.curves import auc, equal_error_rate
from companion.faces.experiments.learned import encodings_of, learn, moved_a_little
from companion.faces.pairs import pairs_of
from companion.faces.triplets import triplet_loss

FILE = Path(__file__).with_name("mining_contest.json")
WAYS = ("random", "all", "batch-all", "batch-hard", "semi-hard")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
TUNING, SEEDS = (100, 101), tuple(range(6))
MARGIN = 0.3
SIDES = {
    "margin 0.1": ("semi-hard", {"margin": 0.1}),
    "margin 1": ("semi-hard", {"margin": 1.0}),
    "plain distances": ("semi-hard", {"squared": False}),
    "16 people, 2 each": ("semi-hard", {"people": 16, "each": 2}),
    "4 people, 8 each": ("semi-hard", {"people": 4, "each": 8}),
    "batch-hard, plain": ("batch-hard", {"squared": False}),
}
"""What is changed in one respect: a way, and options of `train`."""


class Run(NamedTuple):
    """One encoder that was trained; see `train`.

    Attributes
    ----------
    auc, eer : float
        Of all pairs of unseen people: see `judged`.
    teach : list of float
        Share of all triplets of a batch with a loss above 0, mean of each epoch.
    chosen : list of float
        The same among the triplets that were chosen.
    apart : list of float
        Mean plain distance between two different people of a batch, mean of each epoch.
    """

    auc: float
    eer: float
    teach: list
    chosen: list
    apart: list


def choice(way, seed=0):
    """Return the function ``mine(distances, names, margin)`` of a way by its name in `WAYS`.

    "all" takes every triplet of the batch, also those whose loss is 0: they count in the mean.
    """
    if way not in WAYS:
        raise ValueError(f"choice: no way {way!r}; there are {', '.join(WAYS)}")
    return {
        "random": mining.at_random(seed),
        "all": lambda distances, names, margin: mining.all_triplets(names),
        "batch-all": mining.batch_all,
        "batch-hard": mining.batch_hard,
        "semi-hard": mining.semi_hard,
    }[way]


def judged(encodings, names):
    """Judge encodings by all pairs of pictures.

    Parameters
    ----------
    encodings : array_like
        (N, D).
    names : array_like
        (N,) who is on each picture.

    Returns
    -------
    auc : float
        Chance that a pair of one person is nearer than a pair of two, ties count half.
    eer : float
        The rate at which false accepts and false rejects are equally frequent.
    """
    between, same = pairs_of(encodings, names)
    return auc(between, same), equal_error_rate(between, same)[1]


def watched(mine, squared=True):
    """Wrap a choice so that it notes what it saw.

    Returns
    -------
    mine : callable
        The same choice.
    seen : list
        Grows with each call: the share of all triplets that teach, that of the chosen ones (NaN if
        nothing is chosen), and the mean plain distance between different people.
    """
    seen = []

    def teaching(triplets, distances, margin):
        a, p, n = np.asarray(triplets).T
        return np.mean(distances[a, p] - distances[a, n] + margin > 0) if len(a) else np.nan

    def choose(distances, names, margin):
        triplets = mine(distances, names, margin)
        every = mining.all_triplets(names)
        between = distances[names[:, None] != names[None]]
        far = np.mean(np.sqrt(between) if squared else between)
        seen.append([*(teaching(t, distances, margin) for t in (every, triplets)), far])
        return triplets

    return choose, seen


def train(nn, optim, way, rate, seed, *, margin=MARGIN, squared=True, epochs=15, **options):
    """Train one encoder on the known people of a parting and judge it by the unseen ones.

    Pictures have 28 × 23 pixels, a quarter of ORL's sides, and are moved a little by chance.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    way : str
        One of `WAYS`.
    rate : float
        Largest learning rate.
    seed : int
        Of parting, weights, batches and random triplets.
    margin, squared
        Of `companion.faces.triplets.triplet_loss`.
    epochs : int
        Of twenty batches each.
    **options
        For `companion.faces.experiments.learned.learn`.

    Returns
    -------
    Run
        What came out.
    """
    known, unknown = parted(halved(people()), seed=seed)
    mine, seen = watched(choice(way, seed), squared)
    loss = triplet_loss(margin, mine, squared)
    model = learn(nn, optim, known, loss, rate=rate, epochs=epochs, seed=seed,
                  transform=moved_a_little, **options)  # fmt: skip
    # Of an epoch in which nothing was ever chosen there is no share: 0 of 0 teaches nothing.
    by_epoch = np.nan_to_num(np.array(seen)).reshape(epochs, -1, 3).mean(axis=1).round(3)
    return Run(*judged(encodings_of(model, unknown.images), unknown.names), *by_epoch.T.tolist())


def contest(run, ways=WAYS, rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each way choose its rate on some partings, and judge it on others.

    Parameters
    ----------
    run : callable
        ``run(way, rate, seed)`` returns a `Run`.
    ways, rates, tuning, seeds : sequence
        The grid. Of the rates the one with the highest mean AUC over the tuning seeds is taken.

    Returns
    -------
    list of dict
        One for each way: AUC of each rate, the rate, and what `summary` keeps of the seeds' runs.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    found = []
    for way in ways:
        tried = [float(np.mean([run(way, r, s).auc for s in tuning])) for r in rates]
        rate = rates[int(np.argmax(tried))]
        runs = summary([run(way, rate, seed) for seed in seeds])
        found.append({"way": way, "tried": np.round(tried, 4).tolist(), "rate": rate, **runs})
    return found


def changed(run, found, sides=SIDES, seeds=SEEDS):
    """Train each way of `sides` with what is changed, at the rate that the contest found for it.

    Returns
    -------
    dict
        Name → `summary`.
    """
    rates = {entry["way"]: entry["rate"] for entry in found}
    return {
        name: summary([run(way, rates[way], seed, **options) for seed in seeds])
        for name, (way, options) in sides.items()
    }


def summary(runs):
    """Turn runs into lists by field, rounded, as they are stored."""
    fields = zip(Run._fields, zip(*runs, strict=True), strict=True)
    return {name: np.round(values, 4).tolist() for name, values in fields}


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        "ways": a list as from `contest`. "sides": as from `changed`.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    """Run the contest with torch and keep what it found."""
    torch = import_module("torch")
    torch.set_num_threads(1)

    def run(way, rate, seed, **options):
        return train(torch.nn, torch.optim, way, rate, seed, **options)

    ways = contest(run)
    found = {"ways": ways, "sides": changed(run, ways)}
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
