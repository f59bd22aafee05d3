"""U-Net: down to see what it is, up again to say where, and lines across that keep the edges."""

from math import log

from companion.cnn.networks.combining import joined
from companion.cnn.networks.normalized import normalized


def unet(
    nn, classes=11, channels=1, widths=(8, 16, 32, 64), *, skips=True, convolutions=1, ground=0.9
):
    """Make a network that gives each pixel a score for each class.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    classes : int
        Scores for each pixel, ground included.
    channels : int
        Of the image: 1 for grey.
    widths : tuple of int
        Channels of each level from the top; between two levels height and width halve.
    skips : bool
        Whether a level joins what it had on the way down to what comes up from below. Without, the
        way up makes as many channels more, so that the network has no fewer parameters.
    convolutions : int
        Convolutions of 3 × 3 of each level on each way; 2 in the paper.
    ground : float
        Probability of class 0, before training, where no feature of the last layer is active. Where
        it is small the network may learn to be silent at objects, and gets stuck.

    Returns
    -------
    Sequential
        (N, channels, H, W) to (N, classes, H, W); with n levels H and W must be multiples of
        2ⁿ⁻¹.

    Raises
    ------
    ValueError
        If there is no level, a level has no convolution, there is one class, or `ground` is not
        between 0 and 1.

    Notes
    -----
    Ronneberger et al. (2015). They cut the border off at each convolution and enlarge by a
    transposed convolution; here borders are padded, and a 1 × 1 convolution is followed by an
    enlargement without weights. First bias after Lin et al. (2017).
    Chapter :ref:`segmentation`.
    """
    if not widths or min(widths) < 1 or convolutions < 1:
        raise ValueError(
            f"unet: widths {widths} and {convolutions} convolutions; expected at least one of each"
        )
    if classes < 2 or not 0 < ground < 1:
        raise ValueError(
            f"unet: {classes} classes, ground {ground}; expected at least 2, and between 0 and 1"
        )
    layers = level(nn, channels, widths, skips=skips, convolutions=convolutions)
    last = nn.Conv2d(widths[0], classes, 1)
    last.bias.data[:] = 0
    last.bias.data[0] = log((classes - 1) * ground / (1 - ground))
    return nn.Sequential(*layers, last)


def level(nn, channels, widths, *, skips=True, convolutions=1):
    """Make one level of the U and all below it.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        That come in.
    widths : tuple of int
        Channels of this level and of those below.
    skips, convolutions
        As for `unet`.

    Returns
    -------
    list of Module
        (N, channels, H, W) to (N, widths[0], H, W).
    """
    own, *below = widths
    down = stage(nn, channels, own, convolutions)
    if not below:
        return down
    # A 1 × 1 convolution and an enlargement that repeats pixels may change places: cheaper first.
    inner = nn.Sequential(
        nn.MaxPool2d(2),
        *level(nn, own, below, skips=skips, convolutions=convolutions),
        nn.Conv2d(below[0], own if skips else 2 * own, 1),
        nn.Upsample(scale_factor=2),
    )
    across = joined(nn, nn.Identity(), inner) if skips else inner
    return [*down, across, *stage(nn, 2 * own, own, convolutions)]


def stage(nn, channels, width, convolutions):
    """Make convolutions of 3 × 3, each with batch normalization and ReLU."""
    layers = []
    for k in range(convolutions):
        layers += [*normalized(nn, width if k else channels, width, 3), nn.ReLU()]
    return layers
