"""AlexNet: five convolutions and three dense layers, as on two graphics cards and as on one."""

CHANNELS = (96, 256, 384, 384, 256)
"""Channels after each of the five convolutions of the paper."""


def alexnet(
    nn,
    *,
    groups=2,
    classes=1000,
    size=227,
    channels=CHANNELS,
    hidden=4096,
    dropout=0.5,
    normalized=True,
):
    """Make AlexNet.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    groups : {2, 1}
        2 as in the paper, where convolutions 2, 4 and 5 see the channels of their own graphics card
        only; 1 for a single tower, in which they see all.
    classes : int
        Number of scores.
    size : int
        Height and width of the images. The paper prints 224; its own sizes need 227.
    channels : sequence of int
        Channels after each of the five convolutions.
    hidden : int
        Units of the two hidden dense layers.
    dropout : float
        Probability of setting an input of those two layers to 0 while learning.
    normalized : bool
        Whether the first two convolutions are followed by local response normalization.

    Returns
    -------
    Sequential
        Module 0 holds the convolutions, 1 flattens, 2 holds the dense layers. Maps images
        (N, 3, size, size) to scores (N, classes).

    Raises
    ------
    ValueError
        If there are not five numbers of channels, or nothing is left of the image.

    Notes
    -----
    Weights and biases: 60,965,224 with two groups ("60 million parameters" in the paper), and
    62,378,344 with one. A. Krizhevsky, I. Sutskever, G. Hinton, *ImageNet classification with deep
    convolutional neural networks*, 2012, figure 2 and section 3.5. Derived in the chapter
    :ref:`alexnet_and_vgg`.
    """
    if len(channels) != 5:
        raise ValueError(f"alexnet: channels {channels}; expected five numbers")
    a, b, c, d, e = channels
    left = side(size)
    if left < 1:
        raise ValueError(f"alexnet: nothing is left of {size} pixels; take at least 67")

    def norm():
        # PyTorch divides alpha by the number of channels summed over, the paper does not.
        return [nn.LocalResponseNorm(5, alpha=5 * 1e-4, beta=0.75, k=2.0)] if normalized else []

    convolutions = nn.Sequential(
        *(nn.Conv2d(3, a, 11, stride=4), nn.ReLU(), *norm(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2, groups=groups), nn.ReLU(), *norm(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1, groups=groups), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1, groups=groups), nn.ReLU(), nn.MaxPool2d(3, 2)),
    )
    dense = nn.Sequential(
        *(nn.Dropout(dropout), nn.Linear(e * left**2, hidden), nn.ReLU()),
        *(nn.Dropout(dropout), nn.Linear(hidden, hidden), nn.ReLU()),
        nn.Linear(hidden, classes),
    )
    return nn.Sequential(convolutions, nn.Flatten(), dense)


def side(size):
    """Height and width that the convolutions of AlexNet leave of an image; below 1 for nothing.

    Parameters
    ----------
    size : int
        Height and width of the image.

    Returns
    -------
    int
        6 for 227.
    """
    size = (size - 11) // 4 + 1
    for _ in range(3):
        size = (size - 3) // 2 + 1
    return size
