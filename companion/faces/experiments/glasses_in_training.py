"""Whom it costs when some people wear glasses in the training set, and whom when nobody does.

Two encoders learn from equally many people and pictures. In one training set nobody wears glasses,
in the other nine people do, on all or some of their pictures. Both are judged on the same people,
who are in neither. What six such rounds gave is kept beside this file. To make it anew, from the
top of the repository::

    python -m companion.faces.experiments.glasses_in_training
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.glasses import with_glasses
from companion.data.people import people
from companion.faces.distances import euclidean_distances
from companion.faces.errors_by_person import count_errors, rates
from companion.faces.experiments.learned import encodings_of, learn, moved_a_little
from companion.faces.mining import semi_hard
from companion.faces.triplets import triplet_loss

FILE = Path(__file__).with_name("glasses_in_training.json")
SEEDS = range(6)
EPOCHS = 20
FAR = 0.05
"""The one threshold of an encoder accepts this share of all pairs of different people."""
GROUPS = ("both", "one", "neither")
"""How many of the two pictures of a pair show glasses."""
ARMS = ("nobody", "nine of nineteen")
"""Who wears glasses in the training set."""


def groups_of(shown):
    """Sort pairs of pictures by whether both, one or neither shows glasses.

    Parameters
    ----------
    shown : array_like
        (N,) bool, for each picture.

    Returns
    -------
    dict of str to numpy.ndarray
        (N, N) bool for each of `GROUPS`.
    """
    how_many = np.add.outer(*[np.asarray(shown, dtype=int)] * 2)
    return {name: how_many == number for name, number in zip(GROUPS, (2, 1, 0), strict=True)}


def training_sets(everyone, shown, seed, judges=6):
    """Choose people to judge by, and two training sets of equally many others.

    Parameters
    ----------
    everyone : People
        Pictures.
    shown : array_like
        (N,) bool: which of them show glasses.
    seed : int
        Of the choice.
    judges : int
        How many people with glasses on some or all of their pictures to keep back, and as many
        without.

    Returns
    -------
    sets : dict of str to numpy.ndarray
        (N,) bool, pictures to learn from, for each of `ARMS`: all people without glasses who are
        left; those with glasses who are left in place of as many of these.
    unseen : numpy.ndarray
        (N,) bool, pictures to judge by.
    """
    names = np.unique(everyone.names)
    wear = np.array([np.asarray(shown)[everyone.names == name].any() for name in names])
    rng = np.random.default_rng([seed, 7])
    with_, without = (rng.permutation(names[chosen]) for chosen in (wear, ~wear))
    left = without[judges:]
    some = np.concatenate([with_[judges:], left])[: len(left)]
    sets = {arm: np.isin(everyone.names, those)
            for arm, those in zip(ARMS, (left, some), strict=True)}  # fmt: skip
    return sets, np.isin(everyone.names, [*with_[:judges], *without[:judges]])


def rates_by_group(encodings, names, shown):
    """Rates of the groups of pairs at the one threshold that accepts `FAR` of all different pairs.

    Parameters
    ----------
    encodings : numpy.ndarray
        (N, D).
    names, shown : array_like
        (N,) who is on each picture, and whether glasses are.

    Returns
    -------
    dict
        "rejected" and "accepted": for each of `GROUPS` false reject rate and false accept rate, NaN
        where there are no such pairs; "rejected, all": of all pairs.
    """
    distances = euclidean_distances(encodings, encodings)
    threshold = np.quantile(distances[names[:, None] != names[None]], FAR)
    found = {"rejected": {}, "accepted": {}}
    for group, pairs in groups_of(shown).items():
        both = rates(count_errors(distances, names, threshold, pairs))
        found["rejected"][group], found["accepted"][group] = map(float, both)
    found["rejected, all"] = float(rates(count_errors(distances, names, threshold))[0])
    return found


def contest(nn, optim, seeds, epochs=EPOCHS, arms=ARMS):
    """Train the encoders for each seed, and judge them.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    seeds : sequence of int
        Of people, weights and batches; all encoders of a seed share them.
    epochs : int
        Of twenty batches each.
    arms : sequence of str
        Which of `ARMS`.

    Returns
    -------
    dict of str to list
        For each of them one answer of `rates_by_group` a seed.

    Notes
    -----
    Chapter :ref:`faces_and_people`.
    """
    everyone, shown = people(), with_glasses()
    found = {arm: [] for arm in arms}
    for seed in seeds:
        sets, unseen = training_sets(everyone, shown, seed)
        for arm in arms:
            model = learn(nn, optim, everyone.where(sets[arm]), triplet_loss(mine=semi_hard),
                          epochs=epochs, seed=seed, transform=moved_a_little)  # fmt: skip
            encodings = encodings_of(model, everyone.images[unseen])
            found[arm].append(rates_by_group(encodings, everyone.names[unseen], shown[unseen]))
    return found


def stored():
    """Read what the contest over `SEEDS` found, rounded; a missing rate is NaN."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return {arm: [_opened(one) for one in runs] for arm, runs in kept.items()}


def _opened(one):
    if isinstance(one, dict):
        return {name: _opened(value) for name, value in one.items()}
    return np.nan if one is None else one


def _rounded(one):
    if isinstance(one, dict):
        return {name: _rounded(value) for name, value in one.items()}
    return None if np.isnan(one) else round(one, 4)


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    found = {arm: [] for arm in ARMS}
    for seed in SEEDS:
        for arm, runs in contest(torch.nn, torch.optim, [seed]).items():
            found[arm] += [_rounded(one) for one in runs]
            print(seed, arm, found[arm][-1], flush=True)
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
