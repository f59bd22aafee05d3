"""A network that gives the points of drawn faces; faces mirrored with and without their names."""

import numpy as np

from companion.data.drawn_faces import DrawnFaces
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.landmarks import to_pixels, to_shares
from companion.detection.networks.localizer import localizer
from companion.training import manual_seed, predict

EPOCHS, RATE, WIDTHS = 14, 1e-2, (8, 16, 32)


def train_points(nn, optim, faces, *, epochs=EPOCHS, seed=0):
    """Train a network to say where the points of faces are.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    faces : DrawnFaces
        To learn from.
    epochs, seed : int
        Passes over the faces; seed of weights and order.

    Returns
    -------
    Sequential
        In evaluation mode.
    """
    size = faces.images.shape[-1]
    manual_seed(seed)
    model = localizer(nn, 2 * faces.points.shape[1], size, widths=WIDTHS)
    goals = to_shares(faces.points, size)
    one_cycle(
        model, faces.images, goals, nn.MSELoss(), optim, epochs=epochs, rate=RATE, seed=seed
    )
    return model


def points_of(model, images):
    """Return the points that a network says, (N, K, 2) in pixels."""
    return to_pixels(predict(model, images), images.shape[-1])


def flipped(faces, swap, seed=0):
    """Mirror a random half of the faces.

    Parameters
    ----------
    faces : DrawnFaces
        As drawn.
    swap : sequence of int or None
        Order of the points of a mirrored face; None forgets it.
    seed : int
        Which half.

    Returns
    -------
    DrawnFaces
        As many.
    """
    images, points = faces.images.copy(), faces.points.copy()
    chosen = np.random.default_rng(seed).random(len(images)) < 0.5
    images[chosen] = images[chosen][..., ::-1]
    points[chosen, :, 0] = images.shape[-1] - points[chosen, :, 0]
    if swap is not None:
        points[chosen] = points[chosen][:, list(swap)]
    return DrawnFaces(images, points)
