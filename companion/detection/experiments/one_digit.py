"""Scenes with one digit of few kinds or none, and the training of a network for them."""

import numpy as np

from companion.data.scenes import (
    Scenes,
    digits_of,
    ground,
    painted,
    places,
    shape_of,
    window,
)
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.localizing import localization_loss, located, targets
from companion.detection.networks.localizer import localizer
from companion.training import manual_seed, predict

SIZE, KINDS, HEIGHT, SURFACE = 48, (0, 1, 2), (16, 32), ("brick",)
EPOCHS, RATE, WIDTHS = 8, 1e-2, (8, 16, 32, 64)


def one_digit(
    count, part="train", *, seed=0, contrast=(0.0, 0.6), empty=0.5, size=SIZE, surfaces=SURFACE
):
    """Make scenes with one digit, or none.

    Parameters
    ----------
    count, part, seed, contrast, size, surfaces
        As for `companion.data.scenes.scenes`.
    empty : float
        Share of scenes without a digit.

    Returns
    -------
    Scenes
        With digits 0, 1 and 2 alone.
    """
    glyphs, names = digits_of(part)
    slim = np.array([glyph.shape[1] <= 1.3 * glyph.shape[0] for glyph in glyphs])
    few = np.flatnonzero(np.isin(names, KINDS) & slim)
    grounds = [ground(name, part, size) for name in surfaces]
    rng = np.random.default_rng([seed, len(part), 1])
    made = []
    for _ in range(count):
        surface = window(grounds[rng.integers(len(grounds))], size, rng)
        k = few[rng.integers(len(few))]
        shape = shape_of(glyphs[k], rng.integers(HEIGHT[0], HEIGHT[1] + 1))
        boxes = places([shape], size, 1, rng)
        ink, here = rng.uniform(*contrast), int(rng.random() >= empty)
        image, masks = painted(surface, [glyphs[k]][:here], boxes[:here], [ink][:here])
        placed = np.float32(boxes[:here]).reshape(-1, 4)
        made.append((image[None], placed, names[[k]][:here], masks))
    images, *lists = zip(*made, strict=True)
    return Scenes(np.stack(images), *map(list, lists))


def train_localizer(nn, optim, made, *, everywhere=False, epochs=EPOCHS, seed=0):
    """Train a network to say presence, box and kind.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    made : Scenes
        To learn from.
    everywhere : bool
        Punish the box also where there is no object.
    epochs, seed : int
        Passes over the scenes; seed of weights and order.

    Returns
    -------
    Sequential
        In evaluation mode.
    """
    manual_seed(seed)
    size = made.images.shape[-1]
    model = localizer(nn, 5 + len(KINDS), size, widths=WIDTHS)
    goals, loss = targets(made.truths, size), localization_loss(nn, everywhere=everywhere)
    options = {"epochs": epochs, "rate": RATE, "seed": seed, "batch_size": 64}
    one_cycle(model, made.images, goals, loss, optim, **options)
    return model


def said_of(model, made):
    """Return what a trained network says about scenes, as `Located`."""
    return located(np.asarray(predict(model, made.images)), made.images.shape[-1])
