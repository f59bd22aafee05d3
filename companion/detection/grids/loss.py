"""The loss of a grid of cells: is there something, where, how large, what."""

from companion.detection.weighted import weighted

WEIGHTS = {"present": 1.0, "place": 5.0, "size": 5.0, "kind": 1.0}
"""Weight of each part of the loss, for each object."""


def grid_parts(nn):
    """Make the parts of the loss; `nn` is ``companion.nn`` or ``torch.nn``.

    Parameters
    ----------
    nn : module
        The engine.

    Returns
    -------
    callable
        ``parts(output, target)`` with output (N, 5 + C, cells, cells) and target
        (N, 6, cells, cells) as `companion.detection.grids.grid.encode` writes it. It returns a
        dictionary of four sums over the batch, each divided by the number of objects in it:
        *present* over all cells (binary cross-entropy), *place* (squared error), *size* (Huber)
        and *kind* (cross-entropy) over the cells with an object.

    Notes
    -----
    Redmon et al. (2016) square all errors; here logits meet cross-entropies. Chapter :ref:`yolo`.
    """
    present = nn.BCEWithLogitsLoss(reduction="sum")
    sigmoid, size = nn.Sigmoid(), nn.HuberLoss(reduction="none")
    kind = nn.CrossEntropyLoss(reduction="none")

    def parts(output, target):
        own = target[:, 0]
        count = max(float(own.sum()), 1.0)
        place = (sigmoid(output[:, 1:3]) - target[:, 1:3]) ** 2
        classes = target[:, 5].long() if hasattr(target, "long") else target[:, 5].astype(int)
        return {
            "present": present(output[:, 0], own) / count,
            "place": (place.sum(1) * own).sum() / count,
            "size": (size(output[:, 3:5], target[:, 3:5]).sum(1) * own).sum() / count,
            "kind": (kind(output[:, 5:], classes) * own).sum() / count,
        }

    return parts


def grid_loss(nn, weights=WEIGHTS):
    """Make the loss: the weighted sum of its parts, as `companion.training.fit` takes it.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    weights : dict
        Weight of each part of `grid_parts`.

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
    Chapter :ref:`yolo`.
    """
    return weighted(grid_parts(nn), weights, WEIGHTS)
