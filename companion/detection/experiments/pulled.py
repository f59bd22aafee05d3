"""Boxes pulled onto a target by gradient descent: which loss reaches it, and from where."""

from typing import NamedTuple

import numpy as np

from companion.detection.boxes.formats import box_convert
from companion.detection.boxes.losses import box_loss
from companion.detection.boxes.overlap import box_iou
from companion.gradients.shaping import cat
from companion.gradients.tensor import Tensor

RATES = (0.01, 0.03, 0.1, 0.3)
"""Rates to choose from, in objects' sides."""


class Pulls(NamedTuple):
    """Starts and targets, a pair a row.

    Attributes
    ----------
    starts, targets : numpy.ndarray
        (N, 4), two corners each, in sides of a usual object.
    """

    starts: np.ndarray
    targets: np.ndarray

    @property
    def apart(self):
        """Which pairs do not overlap at first, (N,) bool."""
        return paired_iou(self.starts, self.targets) == 0


def pulls(count, seed=0, reach=2.0):
    """Draw starts around targets, as Zheng et al. (2020) do, with chance in place of a lattice.

    Parameters
    ----------
    count : int
        Number of pairs.
    seed : int
        Seed of all choices.
    reach : float
        Largest distance of the centres.

    Returns
    -------
    Pulls
        Targets of area 1 around the origin with proportions from 1 : 3 to 3 : 1; starts of areas
        from 1/2 to 2 with proportions of their own.
    """
    rng = np.random.default_rng([seed, 3])
    proportions = np.exp(rng.uniform(-np.log(3), np.log(3), (2, count)))
    areas = np.stack([np.ones(count), np.exp(rng.uniform(-np.log(2), np.log(2), count))])
    sides = np.sqrt(np.stack([areas * proportions, areas / proportions], axis=-1))
    distance, angle = reach * np.sqrt(rng.random(count)), rng.uniform(0, 2 * np.pi, count)
    centres = np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)
    targets, starts = (
        box_convert(np.hstack([where, size]), "cxcywh", "xyxy")
        for where, size in ((0 * centres, sides[0]), (centres, sides[1]))
    )
    return Pulls(starts, targets)


def pull(kind, given, rate, steps=200):
    """Move all boxes downhill at once.

    Parameters
    ----------
    kind : str
        A kind of `companion.detection.boxes.losses.box_loss`.
    given : Pulls
        From `pulls`.
    rate : float
        Learning rate at first; it falls to 0 along a line.
    steps : int
        Number of steps, each along the gradient with respect to centres and logarithms of sides.

    Returns
    -------
    numpy.ndarray
        The boxes before each step and at the end, (steps + 1, N, 4).

    Notes
    -----
    Sides are the exponentials of what is learned, as in a detector, and so stay above 0. Chapter
    :ref:`box_losses`.
    """
    if rate <= 0 or steps < 1:
        raise ValueError(f"pull: rate {rate}, {steps} steps; expected above 0, at least 1")
    form = box_convert(given.starts, "xyxy", "cxcywh")
    centre, size = form[:, :2].copy(), np.log(form[:, 2:])
    loss, path = box_loss(kind, "sum"), [given.starts]
    for t in range(steps):
        where, logs = Tensor(centre, requires_grad=True), Tensor(size, requires_grad=True)
        loss(corners(where, logs), given.targets).backward()
        now = rate * (1 - t / steps)
        centre, size = centre - now * where.grad, size - now * logs.grad
        path.append(corners(Tensor(centre), Tensor(size)).numpy())
    return np.array(path)


def corners(centre, logs):
    """Turn centres and logarithms of sides, two tensors (N, 2), into corners (N, 4)."""
    half = logs.exp() * 0.5
    return cat(centre - half, centre + half, dim=1)


def paired_iou(boxes, targets):
    """IoU of each box with its own target, (N,)."""
    return np.diagonal(box_iou(boxes, targets))


def tuned_rate(kind, given, rates=RATES, steps=200):
    """Choose the rate whose boxes have the highest mean IoU in the end."""
    ends = [paired_iou(pull(kind, given, r, steps)[-1], given.targets).mean() for r in rates]
    return rates[int(np.argmax(ends))]
