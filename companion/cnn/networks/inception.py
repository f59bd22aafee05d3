"""Inception modules, which look with kernels of several sizes at once, and GoogLeNet."""

from typing import NamedTuple

from companion.cnn.networks.combining import joined


class Widths(NamedTuple):
    """Maps of the branches of an Inception module, in the order of Szegedy et al.'s table 1.

    Attributes
    ----------
    one : int
        Maps of the 1×1 branch.
    reduce3, three : int
        Maps of the bottleneck before the 3×3 kernels, and of those.
    reduce5, five : int
        Maps of the bottleneck before the 5×5 kernels, and of those.
    pooled : int
        Maps of the 1×1 convolution after the pooling.
    """

    one: int
    reduce3: int
    three: int
    reduce5: int
    five: int
    pooled: int

    @property
    def out(self):
        """Maps of the whole module."""
        return self.one + self.three + self.five + self.pooled


GOOGLENET = {
    "3a": Widths(64, 96, 128, 16, 32, 32),
    "3b": Widths(128, 128, 192, 32, 96, 64),
    "4a": Widths(192, 96, 208, 16, 48, 64),
    "4b": Widths(160, 112, 224, 24, 64, 64),
    "4c": Widths(128, 128, 256, 24, 64, 64),
    "4d": Widths(112, 144, 288, 32, 64, 64),
    "4e": Widths(256, 160, 320, 32, 128, 128),
    "5a": Widths(256, 160, 320, 32, 128, 128),
    "5b": Widths(384, 192, 384, 48, 128, 128),
}
"""The nine modules of GoogLeNet; the digit says how often the image has been halved, plus one."""


def unit(nn, channels, maps, kernel, *, normalized=False, **options):
    """Make a convolution and its ReLU, with batch normalization between them if asked for.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels, maps, kernel : int
        Channels of the input, maps of the output, side of the kernel.
    normalized : bool
        Whether batch normalization takes the place of the bias.
    **options
        ``stride`` and ``padding``.

    Returns
    -------
    list of Module
        To be put into a ``nn.Sequential``.
    """
    conv = nn.Conv2d(channels, maps, kernel, bias=not normalized, **options)
    between = [nn.BatchNorm2d(maps, eps=0.001)] if normalized else []
    return [conv, *between, nn.ReLU()]


def inception(nn, channels, widths, *, bottlenecks=True, normalized=False, large=5):
    """Make an Inception module: 1×1, 3×3 and 5×5 kernels and a pooling side by side, joined.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        Channels C of the input.
    widths : sequence of int
        Six numbers as in `Widths`.
    bottlenecks : bool
        Whether 1×1 convolutions stand before the large kernels. Without them `reduce3` and
        `reduce5` are ignored.
    normalized : bool
        Whether each convolution has batch normalization.
    large : int
        Side of the largest kernels, odd.

    Returns
    -------
    Module
        (N, C, H, W) → (N, widths.out, H, W).

    Raises
    ------
    ValueError
        If a width is not at least 1, or `large` is even.

    Notes
    -----
    Szegedy et al. (2015), figure 2b. The branches are the modules ``0`` to ``3``. Derived in the
    chapter :ref:`inception`.
    """
    w = Widths(*widths)
    if min(w) < 1:
        raise ValueError(f"inception: widths are {tuple(w)}; each branch needs at least 1 map")
    if large % 2 == 0:
        raise ValueError(f"inception: kernels of side {large}; an odd one can keep the size")

    def branch(*layers):
        return nn.Sequential(*layers)

    def through(reduced, maps, kernel):
        same = {"padding": kernel // 2, "normalized": normalized}
        if not bottlenecks:
            return branch(*unit(nn, channels, maps, kernel, **same))
        first = unit(nn, channels, reduced, 1, normalized=normalized)
        return branch(*first, *unit(nn, reduced, maps, kernel, **same))

    pool = nn.MaxPool2d(3, stride=1, padding=1)
    return joined(
        nn,
        branch(*unit(nn, channels, w.one, 1, normalized=normalized)),
        through(w.reduce3, w.three, 3),
        through(w.reduce5, w.five, large),
        branch(pool, *unit(nn, channels, w.pooled, 1, normalized=normalized)),
    )


def multiplications(side, channels, widths, *, bottlenecks=True):
    """Count the multiplications of an Inception module for one image.

    Parameters
    ----------
    side, channels : int
        Height and width of the image, and its channels C.
    widths : sequence of int
        Six numbers as in `Widths`.
    bottlenecks : bool
        As for `inception`.

    Returns
    -------
    int
        Of the convolutions, borders included.

    Notes
    -----
    A convolution from C to O maps takes f² C O at each pixel. Derived in the chapter
    :ref:`inception`.
    """
    w, C = Widths(*widths), channels
    small = C * w.one + C * w.pooled
    if bottlenecks:
        large = w.reduce3 * (C + 9 * w.three) + w.reduce5 * (C + 25 * w.five)
    else:
        large = 9 * C * w.three + 25 * C * w.five
    return side * side * (small + large)


def googlenet(nn, classes=1000, *, normalized=False, large=5):
    """Make GoogLeNet without its auxiliary classifiers, for images of 224 × 224.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    classes : int
        Classes K.
    normalized : bool
        Whether each convolution has batch normalization, which came a year later.
    large : int
        Side of the largest kernels: 5 as published; torchvision's network has 3.

    Returns
    -------
    Module
        (N, 3, 224, 224) → scores (N, K).

    Notes
    -----
    Szegedy et al. (2015), table 1: 6,998,552 weights. The local response normalization of the
    original, which has no weights, is left out. Derived in the chapter :ref:`inception`.
    """
    options = {"normalized": normalized}

    def shrink():
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    layers = [*unit(nn, 3, 64, 7, stride=2, padding=3, **options), shrink()]
    layers += [*unit(nn, 64, 64, 1, **options), *unit(nn, 64, 192, 3, padding=1, **options)]
    channels, stage = 192, "2"
    for name, widths in GOOGLENET.items():
        if name[0] != stage:
            layers.append(shrink())
        layers.append(inception(nn, channels, widths, large=large, **options))
        channels, stage = widths.out, name[0]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4), nn.Linear(channels, classes)]
    return nn.Sequential(*layers, *head)
