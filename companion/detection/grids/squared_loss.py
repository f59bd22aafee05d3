"""The loss of the first YOLO: squares of everything, sizes as roots; how its output is read."""

import numpy as np

from companion.detection.average_precision import Detections
from companion.detection.weighted import weighted

WEIGHTS = {"present": 1.0, "empty": 0.5, "place": 5.0, "size": 5.0, "kind": 1.0}
"""Weight of each part, as published."""


def with_roots(targets, grid):
    """Write sizes as the first YOLO did: roots of their shares of the image.

    Parameters
    ----------
    targets : array_like
        (N, 6, cells, cells), from `companion.detection.grids.grid.encode_all`.
    grid : Grid
        The one they were written for.

    Returns
    -------
    numpy.ndarray
        The same, with √(width / side of the image) and √(height / side) in place of logarithms.

    Raises
    ------
    ValueError
        If the shape does not fit the grid.

    Notes
    -----
    Redmon et al. (2016), section 2.2. Chapter :ref:`yolo`.
    """
    targets = np.array(targets)
    if targets.ndim != 4 or targets.shape[1:] != (6, grid.cells, grid.cells):
        raise ValueError(
            f"with_roots: shape {targets.shape}; expected (N, 6, {grid.cells}, {grid.cells})"
        )
    roots = np.sqrt(grid.unit / grid.size * np.exp(targets[:, 3:5]))
    targets[:, 3:5] = np.where(targets[:, :1] > 0, roots, 0)
    return targets


def squared_parts(nn):
    """Make the parts of the loss; `nn` is ``companion.nn`` or ``torch.nn``.

    Parameters
    ----------
    nn : module
        The engine.

    Returns
    -------
    callable
        ``parts(output, target)`` with output (N, 5 + C, cells, cells), read without sigmoid or
        softmax, and target (N, 6, cells, cells) from `with_roots`. It returns a dictionary of sums
        of squared errors over the batch, each divided by the number of objects in it: *present* and
        *empty*, the first number of cells with and without an object, *place*, *size* and *kind*.

    Notes
    -----
    Redmon et al. (2016), equation 3, with one box a cell and with 1 in place of the box's IoU as
    what a cell with an object should say. Chapter :ref:`yolo_trained`.
    """
    square = nn.MSELoss(reduction="none")

    def parts(output, target):
        own = target[:, 0]
        count = max(float(own.sum()), 1.0)
        apart = square(output[:, 0], own)
        # One-hot without a loop: class k is right where the target says k and there is an object.
        kinds = [square(output[:, 5 + k], _as(target[:, 5] == k, own))
                 for k in range(output.shape[1] - 5)]  # fmt: skip
        return {
            "present": (apart * own).sum() / count,
            "empty": (apart * (1 - own)).sum() / count,
            "place": (square(output[:, 1:3], target[:, 1:3]).sum(1) * own).sum() / count,
            "size": (square(output[:, 3:5], target[:, 3:5]).sum(1) * own).sum() / count,
            "kind": (sum(kinds) * own).sum() / count,
        }

    return parts


def squared_loss(nn, weights=WEIGHTS):
    """Make the loss: the weighted sum of its parts, as `companion.training.fit` takes it.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    weights : dict
        Weight of each part of `squared_parts`.

    Returns
    -------
    callable
        ``loss(output, target)``, a scalar.

    Raises
    ------
    ValueError
        If a part has no weight, or a weight no part.

    Notes
    -----
    Chapter :ref:`yolo_trained`.
    """
    return weighted(squared_parts(nn), weights, WEIGHTS)


def read_squared(output, grid):
    """Read a box, a score and a class out of each cell of a network that learned by squares.

    Parameters
    ----------
    output : array_like
        (5 + C, cells, cells): presence, the centre's place in the cell, roots of width and height
        as shares of the image, C class scores, all as they are.
    grid : Grid
        The cells.

    Returns
    -------
    Detections
        cells² boxes in pixels, cells row by row; the score is the product of presence and best
        class score, each cut off to lie between 0 and 1.

    Raises
    ------
    ValueError
        If the shape does not fit the grid, or a number is NaN.

    Notes
    -----
    Nothing keeps a root from coming out negative: it counts as 0. Chapter :ref:`yolo_trained`.
    """
    output = np.asarray(output, dtype=np.float64)
    if output.ndim != 3 or output.shape[0] < 6 or output.shape[1:] != (grid.cells, grid.cells):
        raise ValueError(
            f"read_squared: shape {output.shape}; "
            f"expected (5 + classes, {grid.cells}, {grid.cells})"
        )
    if np.isnan(output).any():
        raise ValueError("read_squared: the output has NaN; did training diverge?")
    cells = output.reshape(len(output), -1).T
    rows, columns = np.divmod(np.arange(grid.cells**2), grid.cells)
    corner = np.stack([columns, rows], axis=1)
    centre = (corner + cells[:, 1:3]) * grid.size / grid.cells
    half = grid.size * np.maximum(cells[:, 3:5], 0) ** 2 / 2
    scores = np.clip(cells[:, 0], 0, 1) * np.clip(cells[:, 5:].max(axis=1), 0, 1)
    boxes = np.hstack([centre - half, centre + half])
    return Detections(boxes, scores, cells[:, 5:].argmax(axis=1))


def _as(truth, like):
    """Turn truth values into numbers of the kind of `like`, in either engine."""
    return truth.to(like.dtype) if hasattr(truth, "to") else truth.astype(like.dtype)
