"""A small network that looks at an image once and says what lies in each of its cells."""

from itertools import pairwise

from companion.cnn.networks.normalized import normalized


def body(nn, channels=1, widths=(16, 32, 64)):
    """Make the layers that turn an image into maps of features, half as wide after each stage.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        Of the image: 1 for grey.
    widths : tuple of int
        Channels of each stage: first a convolution of 5 × 5 in steps of two, then convolutions of
        3 × 3 with pooling.

    Returns
    -------
    list of Module
        For images (N, channels, S, S) the last gives (N, widths[-1], S / 2ⁿ, S / 2ⁿ) with n stages.
    """
    layers = [*normalized(nn, channels, widths[0], 5, stride=2), nn.ReLU()]
    for before, width in pairwise(widths):
        layers += [*normalized(nn, before, width, 3), nn.ReLU(), nn.MaxPool2d(2)]
    return layers


def grid_detector(nn, outputs=15, channels=1, widths=(16, 32, 64), deep=2):
    """Make a one-stage detector in the manner of YOLO.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    outputs : int
        Numbers for each cell: 5 and one for each class.
    channels : int
        Of the image: 1 for grey.
    widths : tuple of int
        Channels of each stage; each stage halves the sides, so that three make 8 × 8 cells of 64
        pixels.
    deep : int
        Further convolutions on the cells, so that each sees its neighbourhood.

    Returns
    -------
    Sequential
        (N, channels, S, S) to (N, outputs, cells, cells).

    Notes
    -----
    Redmon et al. (2016) end in a dense layer; here each cell is read by a 1 × 1 convolution, as in
    the second version (Redmon and Farhadi, 2017). Chapter :ref:`yolo`.
    """
    layers = body(nn, channels, widths)
    for _ in range(deep):
        layers += [*normalized(nn, widths[-1], widths[-1], 3), nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(widths[-1], outputs, 1))
