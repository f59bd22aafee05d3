"""Detectors with several anchors a cell, on one level of cells or on two."""

from functools import cache

from companion.cnn.networks.combining import cat
from companion.cnn.networks.normalized import normalized
from companion.detection.networks.grid_detector import body, grid_detector


def anchor_detector(nn, anchors, outputs=15, **options):
    """Make a grid detector that says `outputs` numbers for each anchor of each cell.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    anchors : int
        Anchors a cell.
    outputs : int
        Numbers for each: 5 and one for each class.
    **options
        For `companion.detection.networks.grid_detector.grid_detector`.

    Returns
    -------
    Sequential
        (N, channels, S, S) to (N, outputs, anchors · cells²): slots as in
        `companion.detection.grids.anchors.encode_anchors`.

    Notes
    -----
    Redmon and Farhadi (2017). Chapter :ref:`anchors`.
    """
    slots = _modules(nn)[0](anchors)
    return nn.Sequential(grid_detector(nn, anchors * outputs, **options), slots)


def pyramid_detector(nn, anchors=(2, 2), outputs=15, channels=1, widths=(16, 32, 64), down=True):
    """Make a detector on two levels: many small cells and few large ones.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    anchors : (int, int)
        Anchors a cell of the fine and of the coarse level.
    outputs : int
        Numbers for each: 5 and one for each class.
    channels : int
        Of the image.
    widths : (int, int, int)
        Channels of the stages; the fine level is the map after the second, the coarse one that
        after the third.
    down : bool
        Whether the coarse map, enlarged, is added to the fine one (the top-down path).

    Returns
    -------
    Module
        (N, channels, S, S) to (N, outputs, M): slots of the fine level (S/4 cells a side), then of
        the coarse one (S/8).

    Notes
    -----
    Lin et al. (2017), feature pyramid networks, in small. Chapter :ref:`anchors`.
    """
    layers = body(nn, channels, widths)
    return _modules(nn)[1](nn, layers, widths, anchors, outputs, down)


@cache
def _modules(nn):
    class Slots(nn.Module):
        """Lays the anchors of all cells in one row."""

        def __init__(self, anchors):
            super().__init__()
            self.anchors = anchors

        def forward(self, x):
            """Map (N, A · outputs, H, W) to (N, outputs, A · H · W)."""
            n, wide = len(x), x.shape[1] // self.anchors
            parts = [x[:, k * wide : (k + 1) * wide] for k in range(self.anchors)]
            return cat([part.reshape(n, wide, -1) for part in parts], dim=2)

    class Pyramid(nn.Module):
        """Two levels of cells; the fine one also hears the coarse one."""

        def __init__(self, nn, layers, widths, anchors, outputs, down):
            super().__init__()
            _, middle, top = widths
            cut = len(layers) - 4
            self.fine = nn.Sequential(*layers[:cut])
            self.coarse = nn.Sequential(*layers[cut:], *normalized(nn, top, top, 3), nn.ReLU())
            self.lateral = nn.Conv2d(middle, top, 1)
            self.upward = nn.Upsample(scale_factor=2) if down else None
            self.smooth = nn.Sequential(*normalized(nn, top, top, 3), nn.ReLU())
            self.heads = nn.Sequential(*(nn.Conv2d(top, k * outputs, 1) for k in anchors))
            self.slots = nn.Sequential(*map(Slots, anchors))

        def forward(self, x):
            """Map images (N, C, S, S) to (N, outputs, M)."""
            fine = self.fine(x)
            coarse = self.coarse(fine)
            side = self.lateral(fine)
            if self.upward is not None:
                side = side + self.upward(coarse)
            maps = self.smooth(side), coarse
            parts = zip(maps, self.heads, self.slots, strict=True)
            return cat([slots(head(level)) for level, head, slots in parts], dim=2)

    return Slots, Pyramid
