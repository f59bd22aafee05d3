"""People who were not there in training: recognized from one picture each, told apart in pairs.

The results for a classifier's features on six partings are kept beside this file. To make them
anew, from the top of the repository::

    python -m companion.faces.experiments.new_people
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.people import parted, people
from companion.detection.experiments.one_cycle import one_cycle
from companion.faces.curves import equal_error_rate
from companion.faces.distances import squared_distances, unit_length
from companion.faces.experiments.learned import SEEDS, moved_a_little
from companion.faces.networks.classifier import classifier
from companion.training import manual_seed, predict

FILE = Path(__file__).with_name("new_people.json")
RATES = (1e-3, 3e-3)


def one_picture_each(distances, names):
    """Share of pictures that are recognized when one of each person is enrolled.

    Parameters
    ----------
    distances : array_like
        (N, N) between all pictures.
    names : array_like
        (N,) who is on each; everybody has at least two pictures.

    Returns
    -------
    float
        Share of probes whose nearest enrolled picture shows the same person: first the first
        picture of everybody is enrolled and the others are probes, then the second, as long as all
        have one; the mean of these shares. Of equal distances the first counts.

    Raises
    ------
    ValueError
        If the shapes do not fit, a distance is NaN, or somebody has a single picture.

    Notes
    -----
    Chapter :ref:`one_shot`.
    """
    distances, names = _checked("one_picture_each", distances, names)
    own = [np.flatnonzero(names == name) for name in np.unique(names)]
    fewest = min(map(len, own))
    if fewest < 2:
        raise ValueError("one_picture_each: somebody has one picture; expected two of everybody")
    shares = []
    for k in range(fewest):
        enrolled = np.array([rows[k] for rows in own])
        probes = np.setdiff1d(np.arange(len(names)), enrolled)
        nearest = enrolled[distances[np.ix_(probes, enrolled)].argmin(axis=1)]
        shares.append(np.mean(names[nearest] == names[probes]))
    return float(np.mean(shares))


def all_others_enrolled(distances, names):
    """Share of pictures whose nearest other picture shows the same person.

    Parameters
    ----------
    distances, names
        As for `one_picture_each`.

    Returns
    -------
    float
        Each picture is a probe once, and all the others are enrolled.

    Raises
    ------
    ValueError
        If the shapes do not fit or a distance is NaN.

    Notes
    -----
    Chapter :ref:`one_shot`.
    """
    distances, names = _checked("all_others_enrolled", distances, names)
    away = distances + np.where(np.eye(len(names), dtype=bool), np.inf, 0)
    return float(np.mean(names[away.argmin(axis=1)] == names))


def judged(distances, names):
    """Judge distances three ways.

    Parameters
    ----------
    distances, names
        As for `one_picture_each`.

    Returns
    -------
    dict
        ``one picture`` and ``all others``: shares of the functions above; ``pairs``: error over all
        pairs at the threshold where both kinds of error are equally frequent. Where distances are
        not symmetric, each pair counts both ways.

    Raises
    ------
    ValueError
        As for these; if all pairs are of one kind.
    """
    distances, names = _checked("judged", distances, names)
    i, j = np.nonzero(~np.eye(len(names), dtype=bool))
    return {
        "one picture": one_picture_each(distances, names),
        "all others": all_others_enrolled(distances, names),
        "pairs": equal_error_rate(distances[i, j], names[i] == names[j])[1],
    }


def learn_names(nn, optim, known, *, rate=3e-3, epochs=25, seed=0, transform=moved_a_little):
    """Train a classifier of the known people: Adam, its rate up and down once, batches of 32.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    known : People
        To learn from.
    rate : float
        Largest learning rate.
    epochs : int
        Passes over the pictures.
    seed : int
        Of weights and batches.
    transform : callable, optional
        What changes the pictures of a batch.

    Returns
    -------
    Sequential
        In evaluation mode; score k belongs to the k-th of the sorted names.
    """
    manual_seed(seed)
    names, classes = np.unique(known.names, return_inverse=True)
    height, width = known.images.shape[2:]
    model = classifier(nn, len(names), height=height, width=width)
    one_cycle(model, known.images, classes, nn.CrossEntropyLoss(), optim,
              epochs=epochs, rate=rate, seed=seed, transform=transform)  # fmt: skip
    return model


def features_of(model, images):
    """Return what the last layer of a classifier gets, scaled to length 1: (N, 32) array."""
    return unit_length(np.asarray(predict(model[:-1], images), dtype=float))


def by_features(nn, optim, seed, **options):
    """Train a classifier on one parting and judge its features on the other people.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    seed : int
        Of the parting and of the training.
    **options
        For `learn_names`.

    Returns
    -------
    dict
        As from `judged`.
    """
    known, unknown = parted(people(), seed=seed)
    features = features_of(learn_names(nn, optim, known, seed=seed, **options), unknown.images)
    return judged(squared_distances(features, features), unknown.names)


def _checked(name, distances, names):
    distances, names = np.asarray(distances), np.asarray(names)
    if names.ndim != 1 or distances.shape != (len(names), len(names)) or not len(names):
        raise ValueError(
            f"{name}: distances {distances.shape}, names {names.shape}; expected (N, N) and (N,)"
        )
    if np.isnan(distances).any():
        raise ValueError(f"{name}: a distance is NaN; look for NaN among the encodings")
    return distances, names


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    engine = torch.nn, torch.optim
    errors = [np.mean([by_features(*engine, seed, rate=rate)["pairs"] for seed in (6, 7)])
              for rate in RATES]  # fmt: skip
    rate = RATES[int(np.argmin(errors))]
    found = [by_features(*engine, seed, rate=rate) for seed in SEEDS]
    rounded = {name: [round(one[name], 3) for one in found] for name in found[0]}
    FILE.write_text(json.dumps({"rate": rate, **rounded}, indent=1) + "\n")


if __name__ == "__main__":
    _main()
