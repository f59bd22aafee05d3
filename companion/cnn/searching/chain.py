"""A tiny family of networks to search: a first convolution, four slots, a classifier.

Each slot holds one of four operations that keep the shape: a full convolution, a depthwise
separable one, a pooling, or nothing.
"""

from math import prod

OPERATIONS = ("conv", "separable", "pool", "skip")
"""What a slot may hold, the most expensive first."""
SLOTS, CHANNELS, CLASSES, SIDE = 4, 12, 10, 14
"""Slots of a network, channels in each of them, classes, and height and width of an image."""


def operation(nn, name, channels=CHANNELS):
    """Build one operation; it maps (N, C, H, W) to the same shape.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    name : str
        One of `OPERATIONS`: "conv" is a 3×3 convolution, batch norm and ReLU; "separable" a 3×3
        convolution within each channel and a 1×1 one across them, batch norm and ReLU; "pool" the
        largest of 3×3 values at stride 1; "skip" the identity.
    channels : int
        C.

    Returns
    -------
    Module
        The operation, with fresh weights.

    Raises
    ------
    ValueError
        If there is no operation of this name.
    """

    def conv(kernel, **options):
        return nn.Conv2d(channels, channels, kernel, bias=False, **options)

    if name == "conv":
        layers = [conv(3, padding=1)]
    elif name == "separable":
        layers = [conv(3, padding=1, groups=channels), conv(1)]
    elif name == "pool":
        return nn.MaxPool2d(3, stride=1, padding=1)
    elif name == "skip":
        return nn.Identity()
    else:
        raise ValueError(f"operation: no {name!r}; there are {', '.join(OPERATIONS)}")
    return nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU())


def stem(nn, channels=CHANNELS):
    """Build what comes before the slots: (N, 1, 14, 14) to (N, C, 7, 7)."""
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
    )


def head(nn, channels=CHANNELS, classes=CLASSES):
    """Build what comes after the slots: means of four parts of each map, then scores."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * channels, classes))


def chain(nn, genes, channels=CHANNELS, classes=CLASSES):
    """Build the network of an architecture.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    genes : sequence of str
        The operation in each slot, any number of them.
    channels, classes : int
        Channels in all slots, and scores.

    Returns
    -------
    Sequential
        Maps (N, 1, H, W) to (N, classes).

    Raises
    ------
    ValueError
        If there is no operation of some name.

    Notes
    -----
    Used in the chapter :ref:`architecture_search`.
    """
    slots = [operation(nn, name, channels) for name in genes]
    return nn.Sequential(stem(nn, channels), *slots, head(nn, channels, classes))


def multiply_adds(genes, channels=CHANNELS, classes=CLASSES, side=SIDE):
    """Count the products that a network sums for one image, from its genes alone.

    Parameters
    ----------
    genes : sequence of str
        The operation in each slot.
    channels, classes, side : int
        As for `chain`; `side` is the height and width of the image.

    Returns
    -------
    int
        Those of convolutions, batch norms and the classifier.

    Raises
    ------
    ValueError
        If there is no operation of some name.
    """
    unknown = set(genes) - set(OPERATIONS)
    if unknown:
        raise ValueError(f"multiply_adds: no {sorted(unknown)}; there are {', '.join(OPERATIONS)}")
    at_a_pixel = {
        "conv": channels * (9 * channels + 1),
        "separable": channels * (9 + channels + 1),
        "pool": 0,
        "skip": 0,
    }
    pixels = prod([(side + 1) // 2] * 2)
    slots = sum(at_a_pixel[name] for name in genes)
    return pixels * (slots + 9 * channels + channels) + 4 * channels * classes
