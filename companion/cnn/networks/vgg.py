"""VGG: stages of small convolutions; from stage to stage half the size and twice the channels."""

STAGES = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}
"""Convolutions in each stage, by the number of layers with weights (columns A, B, D, E)."""


def stages(depth=16, width=64):
    """Write out the channels of every convolution of a VGG, stage by stage.

    Parameters
    ----------
    depth : {11, 13, 16, 19}
        Layers with weights, the three dense ones included.
    width : int
        Channels of the first stage; each stage has twice as many as the one before, at most eight
        times this number.

    Returns
    -------
    tuple of tuple of int
        For depth 11: ``((64,), (128,), (256, 256), (512, 512), (512, 512))``.

    Raises
    ------
    ValueError
        If there is no VGG of that depth, or `width` is below 1.
    """
    if depth not in STAGES:
        raise ValueError(f"VGG-{depth} is not in the paper; take one of {sorted(STAGES)}")
    if width < 1:
        raise ValueError(f"stages: width is {width}; need at least 1 channel")
    return tuple((width * min(2**k, 8),) * many for k, many in enumerate(STAGES[depth]))


def convolutions(nn, plan, *, channels=3, kernel=3):
    """Make stages of convolutions with ReLU; each stage ends in max pooling, which halves the size.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    plan : sequence of sequence
        Channels of each convolution of each stage, as from `stages`; or channels and side of the
        kernel, as in ``((8, (8, 5)), (16, 16))``.
    channels : int
        Channels of the image.
    kernel : int
        Side of the kernels of which the plan does not say it. Sides are odd, so that a border of
        half a kernel keeps the size.

    Returns
    -------
    Sequential
        Maps (N, channels, H, W) to (N, C, ⌊H / 2ˢ⌋, ⌊W / 2ˢ⌋) after s stages with C channels last.

    Raises
    ------
    ValueError
        If the kernel is even, there is no stage, or a stage has no convolution.

    Notes
    -----
    Derived in the chapter :ref:`alexnet_and_vgg`.
    """
    if not plan:
        raise ValueError("convolutions: the plan has no stage; give at least one, as in ((8,),)")
    layers = []
    for stage in plan:
        if not stage:
            raise ValueError(f"convolutions: a stage of {plan} is empty; give it a convolution")
        for each in stage:
            out, side = (each, kernel) if isinstance(each, int) else each
            if side % 2 == 0:
                raise ValueError(
                    f"convolutions: a kernel of {side} changes the size; take an odd one"
                )
            layers += [nn.Conv2d(channels, out, side, padding=side // 2), nn.ReLU()]
            channels = out
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


def vgg(
    nn, depth=16, *, classes=1000, channels=3, size=224, width=64, hidden=4096, dropout=0.5
):  # fmt: skip
    """Make a VGG: five stages of 3×3 convolutions and three dense layers.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    depth : {11, 13, 16, 19}
        Layers with weights.
    classes : int
        Number of scores.
    channels, size : int
        Of the images, (channels, size, size).
    width, hidden : int
        Channels of the first stage, and units of the two hidden dense layers.
    dropout : float
        Probability of setting a hidden unit of the dense layers to 0 while learning.

    Returns
    -------
    Sequential
        Module 0 holds the convolutions, 1 flattens, 2 holds the dense layers. Maps images
        (N, channels, size, size) to scores (N, classes).

    Raises
    ------
    ValueError
        If there is no VGG of that depth, or five halvings leave nothing of the image.

    Notes
    -----
    VGG-16 with 1,000 classes has 138,357,544 weights and biases, 553 MB in float32. K. Simonyan,
    A. Zisserman, *Very deep convolutional networks for large-scale image recognition*, 2015,
    table 1. Derived in the chapter :ref:`alexnet_and_vgg`.
    """
    plan = stages(depth, width)
    left = size // 2 ** len(plan)
    if left < 1:
        raise ValueError(f"vgg: five stages leave nothing of {size} pixels; take at least 32")
    dense = nn.Sequential(
        *(nn.Linear(plan[-1][-1] * left**2, hidden), nn.ReLU(), nn.Dropout(dropout)),
        *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(dropout)),
        nn.Linear(hidden, classes),
    )
    return nn.Sequential(convolutions(nn, plan, channels=channels), nn.Flatten(), dense)


def pooled_vgg(nn, plan, *, classes=10, channels=3, kernel=3):
    """Make stages of convolutions, the mean of every channel, and one dense layer.

    Parameters
    ----------
    nn, plan, channels, kernel
        As for `convolutions`.
    classes : int
        Number of scores.

    Returns
    -------
    Sequential
        Modules: convolutions, global average pooling, flatten, dense layer. Maps images of any size
        that the stages leave something of, (N, channels, H, W), to scores (N, classes).

    Notes
    -----
    The dense layer has as many weights for an image of any size. Derived in the chapter
    :ref:`alexnet_and_vgg`.
    """
    features = convolutions(nn, plan, channels=channels, kernel=kernel)
    last = [layer for layer in features if isinstance(layer, nn.Conv2d)][-1].out_channels
    return nn.Sequential(features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, classes))


def he_(nn, network):
    """Draw the weights of convolutions and dense layers anew by He's rule; biases are 0.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    network : Module
        Its layers are changed.

    Returns
    -------
    Module
        The same network.

    Notes
    -----
    A plain stack of many layers hardly begins to learn from the layers' own first weights, which
    make the signal smaller from layer to layer: see the chapter :ref:`vanishing`.
    """
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return network
