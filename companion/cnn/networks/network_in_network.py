"""Network in network: small dense networks at every pixel, made of 1×1 convolutions."""

from itertools import pairwise


def mlpconv(nn, channels, widths, kernel, **options):
    """Make a convolution followed by 1×1 convolutions, each with a ReLU.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        Channels C of the input.
    widths : sequence of int
        Maps of each layer: the first has a kernel of `kernel`, the others of a single pixel.
    kernel : int
        Side of the first kernel.
    **options
        ``stride`` and ``padding`` of the first.

    Returns
    -------
    list of Module
        To be put into a ``nn.Sequential``: (N, C, H, W) → (N, widths[-1], H′, W′).

    Raises
    ------
    ValueError
        If there are no widths.

    Notes
    -----
    Lin, Chen and Yan (2013). Derived in the chapter :ref:`inception`.
    """
    if not widths:
        raise ValueError("mlpconv: widths is empty; give the maps of each layer, such as (96, 48)")
    layers = [nn.Conv2d(channels, widths[0], kernel, **options), nn.ReLU()]
    for before, after in pairwise(widths):
        layers += [nn.Conv2d(before, after, 1), nn.ReLU()]
    return layers


def network_in_network(nn, classes=10, channels=3):
    """Make the network in network for images of 32 × 32: 966,986 weights with ten classes.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    classes : int
        Classes K.
    channels : int
        Channels of an image.

    Returns
    -------
    Module
        (N, channels, 32, 32) → scores (N, K).

    Raises
    ------
    ValueError
        If there is no class or channel.

    Notes
    -----
    Lin, Chen and Yan (2013), with the sizes that its authors published for CIFAR-10; no dense layer
    at the end, but one map for each class and its mean, which is its score. Derived in the chapter
    :ref:`inception`.
    """
    if classes < 1 or channels < 1:
        raise ValueError(
            f"network_in_network: {classes} classes, {channels} channels; need at least 1"
        )
    return nn.Sequential(
        *mlpconv(nn, channels, (192, 160, 96), 5, padding=2),
        *(nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout(0.5)),
        *mlpconv(nn, 96, (192, 192, 192), 5, padding=2),
        *(nn.AvgPool2d(3, 2, ceil_mode=True), nn.Dropout(0.5)),
        *mlpconv(nn, 192, (192, 192, classes), 3, padding=1)[:-1],
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    )
