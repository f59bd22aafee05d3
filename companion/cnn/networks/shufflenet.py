"""ShuffleNet: half of the channels pass by, and a shuffle mixes the halves."""

from functools import cache

from companion.cnn.networks.combining import joined
from companion.cnn.networks.normalized import normalized

CHANNELS = {
    0.5: (24, 48, 96, 192, 1024),
    1.0: (24, 116, 232, 464, 1024),
    1.5: (24, 176, 352, 704, 1024),
    2.0: (24, 244, 488, 976, 2048),
}
"""Channels of the first convolution, the three stages and the last convolution, by width."""

UNITS = (4, 8, 4)
"""Units in each stage."""


def shuffled(nn, groups):
    """Make a module that deals the channels of each group out to all groups, like cards.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    groups : int
        Number of groups g, which divides the channels.

    Returns
    -------
    Module
        (N, C, H, W) → the same shape: first the first channel of each group, then the second of
        each, and so on. Nothing is computed.

    Raises
    ------
    ValueError
        If there is not at least one group or, when it is called, if g does not divide C.

    Notes
    -----
    Zhang et al. (2018), figure 1. Derived in the chapter :ref:`compact`.
    """
    if groups < 1:
        raise ValueError(f"shuffled: {groups} groups; need at least 1")
    return _pieces(nn)[0](groups)


def unit(nn, channels, out, stride=1):
    """Make a unit of ShuffleNet, version 2.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels, out : int
        Channels C of the input and O of the output, both even, and equal with stride 1.
    stride : {1, 2}
        With 1 half of the channels pass by untouched; with 2 both branches see all of them.

    Returns
    -------
    Module
        (N, C, H, W) → (N, O, ⌈H / stride⌉, ⌈W / stride⌉).

    Raises
    ------
    ValueError
        If the numbers of channels are odd, or differ with stride 1.

    Notes
    -----
    Ma et al. (2018), figure 3 (c) and (d).
    """
    if channels % 2 or out % 2 or (stride == 1 and channels != out):
        raise ValueError(
            f"unit: {channels} to {out} channels with stride {stride}; expected even numbers, "
            "equal ones with stride 1"
        )
    half = out // 2
    if stride == 1:
        part = _pieces(nn)[1]
        passed = part(0, half)
        given, first = half, [part(half, out)]
    else:
        passed = nn.Sequential(*_depthwise(nn, channels, stride), *_pointwise(nn, channels, half))
        given, first = channels, []
    branch = nn.Sequential(
        *first, *_pointwise(nn, given, half), *_depthwise(nn, half, stride),
        *_pointwise(nn, half, half),
    )  # fmt: skip
    return nn.Sequential(joined(nn, passed, branch), shuffled(nn, 2))


def shufflenet_v2(nn, width=1.0, *, classes=1000):
    """Make ShuffleNet, version 2.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    width : {0.5, 1.0, 1.5, 2.0}
        Which of the published sizes.
    classes : int
        Number of scores.

    Returns
    -------
    Module
        Maps images (N, 3, H, W), best of 224 × 224, to scores (N, classes).

    Raises
    ------
    ValueError
        If the width is none of these.

    Notes
    -----
    2,278,604 numbers with 1,000 classes, 146 million multiply–adds for a width of 1. Ma et al.
    (2018), table 5.
    """
    if width not in CHANNELS:
        raise ValueError(f"shufflenet_v2: width {width}; expected one of {sorted(CHANNELS)}")
    channels, *stages, last = CHANNELS[width]
    layers = [*normalized(nn, 3, channels, 3, stride=2), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, padding=1))
    for out, units in zip(stages, UNITS, strict=True):
        layers.append(unit(nn, channels, out, stride=2))
        layers += [unit(nn, out, out) for _ in range(units - 1)]
        channels = out
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, classes)
    return nn.Sequential(*layers, *_pointwise(nn, channels, last), *head)


def _pointwise(nn, channels, out):
    return [*normalized(nn, channels, out), nn.ReLU()]


def _depthwise(nn, channels, stride):
    """Make the depthwise convolution and its normalization; no activation follows it."""
    return normalized(nn, channels, channels, 3, stride, groups=channels)


@cache
def _pieces(nn):
    class Shuffled(nn.Module):
        """Deals the channels of each group out to all groups."""

        def __init__(self, groups):
            super().__init__()
            self.groups = groups

        def forward(self, x):
            """Map (N, C, H, W) to the same shape."""
            N, C, H, W = x.shape
            if C % self.groups:
                raise ValueError(
                    f"shuffled: {self.groups} groups do not divide {C} channels; take a divisor"
                )
            parts = x.reshape(N, self.groups, C // self.groups, H, W)
            return parts.transpose(1, 2).reshape(N, C, H, W)

    class Part(nn.Module):
        """Passes some channels on."""

        def __init__(self, start, stop):
            super().__init__()
            self.start, self.stop = start, stop

        def forward(self, x):
            """Map (N, C, H, W) to (N, stop - start, H, W)."""
            return x[:, self.start : self.stop]

    return Shuffled, Part
