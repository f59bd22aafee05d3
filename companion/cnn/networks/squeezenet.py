"""SqueezeNet: few maps first, and most kernels of a single pixel."""

from companion.cnn.networks.combining import joined

FIRES = ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256))
"""Squeezed maps of the eight fire modules, and the maps of each of their two branches."""

VERSIONS = {  # first convolution: maps, kernel; before which fire modules the size is halved
    "1.0": ((96, 7), (0, 3, 7)),
    "1.1": ((64, 3), (0, 2, 4)),
}


def fire(nn, channels, squeezed, branch):
    """Make a fire module: a 1×1 convolution to few maps, then 1×1 and 3×3 ones side by side.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        Maps C of the input.
    squeezed : int
        Maps S that are left in between.
    branch : int
        Maps E of each of the two branches.

    Returns
    -------
    Module
        (N, C, H, W) → (N, 2E, H, W): those with kernels of one pixel first.

    Raises
    ------
    ValueError
        If a number of maps is below 1.

    Notes
    -----
    Weights and biases: (C + 1) S + (S + 1) E + (9 S + 1) E. Iandola et al. (2016), figure 1.
    Derived in the chapter :ref:`compact`.
    """
    if min(channels, squeezed, branch) < 1:
        raise ValueError(
            f"fire: {channels} → {squeezed} → 2 · {branch} maps; each needs at least 1"
        )
    return nn.Sequential(
        nn.Conv2d(channels, squeezed, 1),
        nn.ReLU(),
        joined(
            nn,
            nn.Sequential(nn.Conv2d(squeezed, branch, 1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(squeezed, branch, 3, padding=1), nn.ReLU()),
        ),
    )


def squeezenet(nn, version="1.1", *, classes=1000, dropout=0.5):
    """Make SqueezeNet.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    version : {"1.1", "1.0"}
        "1.0" is the paper's; "1.1" halves the image earlier and needs 2.4 times fewer products.
    classes : int
        Number of scores.
    dropout : float
        Probability of setting a number before the last convolution to 0 while learning.

    Returns
    -------
    Module
        Maps images (N, 3, H, W), best of 224 × 224, to scores (N, classes).

    Raises
    ------
    ValueError
        If there is no such version.

    Notes
    -----
    Weights and biases with 1,000 classes: 1,248,424 and 1,235,496. There is no dense layer: the
    last convolution makes a map for each class, and its mean is the score. Iandola et al. (2016),
    table 1; version 1.1 by the same authors.
    """
    if version not in VERSIONS:
        raise ValueError(f"squeezenet: version {version!r}; expected one of {sorted(VERSIONS)}")
    (channels, kernel), halvings = VERSIONS[version]
    layers = [nn.Conv2d(3, channels, kernel, stride=2), nn.ReLU()]
    for k, (squeezed, branch) in enumerate(FIRES):
        if k in halvings:
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        layers.append(fire(nn, channels, squeezed, branch))
        channels = 2 * branch
    head = [nn.Dropout(dropout), nn.Conv2d(channels, classes, 1), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.AdaptiveAvgPool2d(1), nn.Flatten())
