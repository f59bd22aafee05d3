"""Siamese training judged on new people: one encoder, two that share nothing, a collapse.

The results on six partings are kept beside this file. To make them anew, from the top of the
repository, one way of training after the other::

    python -m companion.faces.experiments.shared_weights shared
    python -m companion.faces.experiments.shared_weights "two encoders"
    python -m companion.faces.experiments.shared_weights "same only"
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.cnn.networks.combining import joined
from companion.data.people import parted, people
from companion.faces.contrastive import contrastive_loss, losses_of_pairs
from companion.faces.distances import euclidean_distances
from companion.faces.experiments.learned import SEEDS, encodings_of, fitted, moved_a_little
from companion.faces.experiments.new_people import judged
from companion.faces.networks.encoder import encoder
from companion.faces.pairs import all_pairs
from companion.training import manual_seed
from companion.training.engines import to_numpy

FILE = Path(__file__).with_name("shared_weights.json")
WAYS = ("shared", "two encoders", "same only")
RATES = (1e-3, 2e-3, 4e-3)
MARGIN = 1.0


def same_only(encodings, names):
    """Pull pictures of one person together and push nobody apart: mean d² of the same pairs."""
    first, second, same = all_pairs(to_numpy(names))
    distances = euclidean_distances(encodings, encodings)
    return (distances[first[same], second[same]] ** 2).mean()


def two_sided(margin=MARGIN):
    """Make the contrastive loss of two encoders whose encodings stand side by side.

    Parameters
    ----------
    margin : float
        As for `companion.faces.contrastive.contrastive_loss`.

    Returns
    -------
    callable
        ``loss(encodings, names)`` for (B, 2 D), of both encoders, and (B,): the mean over all
        pairs, both ways; a picture is no pair with itself.

    Notes
    -----
    Chapter :ref:`siamese`.
    """

    def loss(encodings, names):
        names, size = to_numpy(names), encodings.shape[1] // 2
        i, j = np.nonzero(~np.eye(len(names), dtype=bool))
        distances = euclidean_distances(encodings[:, :size], encodings[:, size:])[i, j]
        return losses_of_pairs(distances, names[i] == names[j], margin).mean()

    return loss


def trained(nn, optim, known, way, *, rate=2e-3, epochs=10, seed=0):
    """Train in one of three ways: Adam, its rate up and down once, batches of eight people.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    known : People
        To learn from.
    way : str
        ``shared``, ``two encoders`` or ``same only``.
    rate : float
        Largest learning rate.
    epochs : int
        Of twenty batches each.
    seed : int
        Of weights and batches.

    Returns
    -------
    Module
        Pictures (N, 1, H, W) to encodings (N, 32), or (N, 64) of two encoders.

    Raises
    ------
    ValueError
        If the way is none of these.

    Notes
    -----
    Chapter :ref:`siamese`.
    """
    if way not in WAYS:
        raise ValueError(f"trained: way is {way!r}; expected one of {', '.join(WAYS)}")
    manual_seed(seed)
    two = way == "two encoders"
    model = joined(nn, encoder(nn), encoder(nn)) if two else encoder(nn)
    loss = two_sided() if two else same_only if way == "same only" else contrastive_loss(MARGIN)
    return fitted(model, optim, known, loss, rate=rate, epochs=epochs, seed=seed,
                  transform=moved_a_little)  # fmt: skip


def distances_of(model, images):
    """Distances (N, N) between all pictures; with two encoders from the first to the second."""
    z = encodings_of(model, images).astype(float)
    size = z.shape[1] // 2
    return euclidean_distances(*((z[:, :size], z[:, size:]) if z.shape[1] == 64 else (z, z)))


def contest(nn, optim, way, seed, **options):
    """Train one way on one parting; judge on the other people.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    way : str
        As for `trained`.
    seed : int
        Of the parting and of the training.
    **options
        For `trained`.

    Returns
    -------
    dict
        As from `companion.faces.experiments.new_people.judged`, and ``same``, ``different``: the
        median distance of the pairs of one person and of two.
    """
    known, unknown = parted(people(), seed=seed)
    model = trained(nn, optim, known, way, seed=seed, **options)
    distances, names = distances_of(model, unknown.images), unknown.names
    first, second, same = all_pairs(names)
    d = distances[first, second]
    medians = {"same": float(np.median(d[same])), "different": float(np.median(d[~same]))}
    return judged(distances, names) | medians


def _main(way):
    torch = import_module("torch")
    torch.set_num_threads(1)
    engine = torch.nn, torch.optim
    rate = 2e-3
    if way != "same only":  # which learns nothing at any rate
        errors = [np.mean([contest(*engine, way, seed, rate=rate)["pairs"] for seed in (6, 7)])
                  for rate in RATES]  # fmt: skip
        rate = RATES[int(np.argmin(errors))]
    found = [contest(*engine, way, seed, rate=rate) for seed in SEEDS]
    rounded = {name: [round(one[name], 3) for one in found] for name in found[0]}
    kept = json.loads(FILE.read_text()) if FILE.is_file() else {}
    FILE.write_text(json.dumps(kept | {way: {"rate": rate, **rounded}}, indent=1) + "\n")


if __name__ == "__main__":
    _main(sys.argv[1])
