"""MobileNet: each convolution taken apart into one for the pixels and one for the channels."""

from companion.cnn.networks.inverted_residual import filtered, inverted_residual
from companion.cnn.networks.normalized import normalized

SEPARABLE = (
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
    *((512, 1),) * 5,
    *((1024, 2), (1024, 1)),
)
"""Channels and stride of the separable convolutions of version 1."""

STAGES = (  # widening, channels, blocks, first stride
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""The inverted residuals of version 2."""


def separable(nn, channels, out, *, kernel=3, stride=1):
    """Make a depthwise separable convolution, each half with batch normalization and ReLU.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels, out : int
        Channels C of the input and O of the output.
    kernel, stride : int
        Of the depthwise half; the kernel is odd.

    Returns
    -------
    Module
        (N, C, H, W) → (N, O, ⌈H / stride⌉, ⌈W / stride⌉).

    Raises
    ------
    ValueError
        If the kernel is even.

    Notes
    -----
    C k² + C O weights in place of C O k². Howard et al. (2017), figure 3. Derived in the chapter
    :ref:`compact`.
    """
    if kernel % 2 == 0:
        raise ValueError(f"separable: kernel {kernel} has no middle; take an odd one")
    return nn.Sequential(
        *normalized(nn, channels, channels, kernel, stride, groups=channels),
        nn.ReLU(),
        *normalized(nn, channels, out),
        nn.ReLU(),
    )


def mobilenet_v1(nn, width=1.0, *, classes=1000):
    """Make MobileNet, version 1.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    width : float
        Factor α for the number of channels of every layer.
    classes : int
        Number of scores.

    Returns
    -------
    Module
        Maps images (N, 3, H, W), best of 224 × 224, to scores (N, classes).

    Raises
    ------
    ValueError
        If the width leaves a layer without channels.

    Notes
    -----
    4,231,976 numbers with 1,000 classes, 569 million multiply–adds. Howard et al. (2017), table 1.
    """
    channels = _at_least_one("mobilenet_v1", 32, width)
    layers = [*normalized(nn, 3, channels, 3, stride=2), nn.ReLU()]
    for out, stride in SEPARABLE:
        out = int(out * width)
        layers.append(separable(nn, channels, out, stride=stride))
        channels = out
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)
    return nn.Sequential(*layers, *head)


def mobilenet_v2(nn, width=1.0, *, classes=1000, dropout=0.2):
    """Make MobileNet, version 2.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    width : float
        Factor for the number of channels, which are then rounded to a multiple of 8. The last
        convolution has 1,280 for any width up to 1.
    classes : int
        Number of scores.
    dropout : float
        Probability of setting an input of the dense layer to 0 while learning.

    Returns
    -------
    Module
        Maps images (N, 3, H, W), best of 224 × 224, to scores (N, classes).

    Raises
    ------
    ValueError
        If the width leaves a layer without channels.

    Notes
    -----
    3,504,872 numbers with 1,000 classes, 300 million multiply–adds. Sandler et al. (2018), table 2.
    """
    _at_least_one("mobilenet_v2", 16, width)
    channels, last = rounded(32 * width), rounded(1280 * max(1.0, width))
    layers = filtered(nn, 3, channels, 3, stride=2)
    for widening, out, blocks, first in STAGES:
        out = rounded(out * width)
        for stride in (first, *[1] * (blocks - 1)):
            layers.append(inverted_residual(nn, channels, out, widening=widening, stride=stride))
            channels = out
    layers += filtered(nn, channels, last, 1)
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(last, classes)
    return nn.Sequential(*layers, *head)


def rounded(channels, step=8):
    """Round a number of channels to a multiple of a step, but not down by more than a tenth.

    Parameters
    ----------
    channels : float
        Wanted number.
    step : int
        At least one step is returned.

    Returns
    -------
    int
        The nearest multiple; the next one above where that is below nine tenths.
    """
    near = max(step, int(channels + step / 2) // step * step)
    return near if near >= 0.9 * channels else near + step


def _at_least_one(name, channels, width):
    if int(channels * width) < 1:
        raise ValueError(
            f"{name}: width {width} leaves {channels} channels less than 1; "
            f"take at least {1 / channels:.3g}"
        )
    return int(channels * width)
