"""A small network that looks twice: at places where something might be, then at each of them."""

from functools import cache

from companion.cnn.networks.normalized import normalized
from companion.detection.networks.grid_detector import body

STRIDE = 4
"""Pixels of the image for each cell of the shared map."""


def two_stage(nn, anchors=2, classes=10, widths=(16, 32, 48), pooled=5, hidden=48):
    """Make a two-stage detector in the manner of Faster R-CNN.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    anchors : int
        Boxes that are tried at each cell.
    classes : int
        Kinds of objects.
    widths : tuple of int
        Channels of the first convolution, the second, and the two on the shared map.
    pooled : int
        Side of what is cut out of the map for each proposal.
    hidden : int
        Units of the head.

    Returns
    -------
    Module
        Called with images (N, 1, S, S) it returns the shared features (N, widths[-1], S / 4, S / 4)
        and what its module `outlook` says about each cell and anchor,
        (N, 5 · anchors, S / 4, S / 4): for each anchor the logit of an object and four offsets. Its
        module `head` maps regions (K, widths[-1], pooled, pooled) to (K, 1 + classes + 4): scores
        of nothing and of each class, and four offsets.

    Notes
    -----
    Ren et al. (2015) with one set of offsets for all classes. Chapter :ref:`proposals`.
    """
    layers, width = body(nn, 1, widths[:2]), widths[-1]
    for before in (widths[1], width):
        layers += [*normalized(nn, before, width, 3), nn.ReLU()]
    outlook = [*normalized(nn, width, width, 3), nn.ReLU(), nn.Conv2d(width, 5 * anchors, 1)]
    head = [nn.Flatten(), nn.Linear(width * pooled**2, hidden), nn.ReLU()]
    head += [nn.Linear(hidden, 1 + classes + 4)]
    return _two_stage(nn)(*(nn.Sequential(*part) for part in (layers, outlook, head)))


@cache
def _two_stage(nn):
    class TwoStage(nn.Module):
        """A body that is run once, an outlook over its cells, and a head for regions."""

        def __init__(self, body, outlook, head):
            super().__init__()
            self.body, self.outlook, self.head = body, outlook, head

        def forward(self, x):
            """Map images (N, 1, S, S) to shared features and the outlook."""
            features = self.body(x)
            return features, self.outlook(features)

    return TwoStage
