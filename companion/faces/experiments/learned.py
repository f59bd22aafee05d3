"""The training that all encoders of part VI share, and a few that are already trained.

The weights of the trained ones, one for each of six partings of the people, are kept beside this
file. To make them anew, from the top of the repository::

    python -m companion.faces.experiments.learned
"""

from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.identity_batches import IdentityBatches
from companion.data.people import parted, people
from companion.experiments.stored_weights import with_weights
from companion.faces.mining import semi_hard
from companion.faces.networks.encoder import encoder
from companion.faces.triplets import triplet_loss
from companion.training import Schedule, fit, manual_seed, predict

FILE = Path(__file__).with_name("learned.npz")
SEEDS = range(6)
"""Of the partings whose encoders are kept."""


def learn(nn, optim, known, loss, *, rate=1e-3, epochs=15, seed=0, **options):
    """Train an encoder: Adam, its rate up and down once, batches of eight people.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    known : People
        To learn from.
    loss : callable
        ``loss(encodings, names)``.
    rate : float
        Largest learning rate.
    epochs : int
        Of twenty batches each.
    seed : int
        Of weights and batches.
    **options
        `size` and `widths` of the encoder, `callbacks` of `companion.training.fit`; the others for
        `IdentityBatches`.

    Returns
    -------
    Sequential
        In evaluation mode.
    """
    manual_seed(seed)
    height, width = known.images.shape[2:]
    of_encoder = {name: options.pop(name) for name in ("size", "widths") if name in options}
    model = encoder(nn, height=height, width=width, **of_encoder)
    return fitted(model, optim, known, loss, rate=rate, epochs=epochs, seed=seed, **options)


def fitted(model, optim, known, loss, *, rate, epochs, seed, callbacks=(), **options):
    """Train a model that is there already, as `learn` does.

    Parameters
    ----------
    model : Module
        Of the engine of `optim`; it is changed.
    optim, known, loss, rate, epochs
        As for `learn`.
    seed : int
        Of the batches.
    callbacks : iterable of Callback
        For `companion.training.fit`.
    **options
        For `IdentityBatches`.

    Returns
    -------
    Module
        `model`, in evaluation mode.
    """
    data = IdentityBatches(*known, seed=seed, **options)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * len(data))
    fit(model, data, loss, optimizer, epochs=epochs,
        callbacks=[Schedule(rates, "step"), *callbacks])  # fmt: skip
    return model.eval()


def encodings_of(model, images):
    """Encode pictures (N, 1, H, W) with an encoder of either engine: (N, D) array."""
    return np.asarray(predict(model, images))


def moved_a_little(images, names, rng):
    """Mirror half of the pictures, and shift each by up to three pixels; edges are repeated."""
    height, width = images.shape[2:]
    wide = np.pad(images, [(0, 0), (0, 0), (3, 3), (3, 3)], mode="edge")
    wide = np.where(rng.random((len(images), 1, 1, 1)) < 0.5, wide[..., ::-1], wide)
    down, across = rng.integers(0, 7, (2, len(images)))
    moved = [one[:, i : i + height, j : j + width]
             for one, i, j in zip(wide, down, across, strict=True)]  # fmt: skip
    return np.stack(moved), names


def trained_encoder(nn, seed=0):
    """Make the encoder that has learned from the known people of ``parted(people(), seed=seed)``.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    seed : int
        From 0 to 5.

    Returns
    -------
    Sequential
        In evaluation mode: (N, 1, 56, 46) to (N, 32), of length 1.

    Raises
    ------
    ValueError
        If no encoder is kept for that parting.
    """
    if seed not in SEEDS:
        raise ValueError(f"trained_encoder: seed {seed}; kept are {list(SEEDS)}")
    model = encoder(nn)
    with np.load(FILE) as kept:
        return with_weights(model, {name: kept[f"{seed}.{name}"] for name in model.state_dict()})


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    everyone, weights = people(), {}
    for seed in SEEDS:
        known, _ = parted(everyone, seed=seed)
        loss = triplet_loss(mine=semi_hard)
        model = learn(torch.nn, torch.optim, known, loss, epochs=40, seed=seed,
                      transform=moved_a_little)  # fmt: skip
        for name, value in model.state_dict().items():
            value = value.numpy()
            half = value.astype(np.float16) if value.dtype.kind == "f" else value
            weights[f"{seed}.{name}"] = half
    np.savez(FILE, **weights)


if __name__ == "__main__":
    _main()
