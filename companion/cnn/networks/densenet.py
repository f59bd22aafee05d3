"""DenseNet: each layer sees the maps of all layers before it in its block."""

from companion.cnn.networks.combining import joined


def dense_layer(nn, channels, growth, *, bottleneck=True):
    """Make a layer that joins `growth` new maps to the ones it is given.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        Maps C of the input.
    growth : int
        New maps k, the growth rate.
    bottleneck : bool
        Whether a 1×1 convolution to 4k maps stands before the 3×3 one.

    Returns
    -------
    Module
        (N, C, H, W) → (N, C + k, H, W), the C given ones first.

    Notes
    -----
    Huang et al. (2017). Batch normalization and ReLU come before each convolution. Derived in the
    chapter :ref:`dense_and_squeeze`.
    """
    if growth < 1:
        raise ValueError(f"dense_layer: growth is {growth}; each layer makes at least 1 new map")
    inner = 4 * growth if bottleneck else channels
    reduce = [*_ready(nn, channels), nn.Conv2d(channels, inner, 1, bias=False)]
    conv = nn.Conv2d(inner, growth, 3, padding=1, bias=False)
    new = nn.Sequential(*(reduce if bottleneck else ()), *_ready(nn, inner), conv)
    return joined(nn, nn.Identity(), new)


def dense_block(nn, channels, layers, growth, *, bottleneck=True):
    """Make several dense layers one after the other.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels, layers, growth : int
        Maps C of the input, number of layers L, new maps k of each.
    bottleneck : bool
        As for `dense_layer`.

    Returns
    -------
    Module
        (N, C, H, W) → (N, C + L k, H, W).
    """
    return nn.Sequential(*[
        dense_layer(nn, channels + i * growth, growth, bottleneck=bottleneck)
        for i in range(layers)
    ])  # fmt: skip


def transition(nn, channels, compression=0.5):
    """Make what stands between two blocks: fewer maps by a 1×1 convolution, and half the side.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        Maps C of the input.
    compression : float
        Share θ of them that is kept.

    Returns
    -------
    Module
        (N, C, H, W) → (N, ⌊θC⌋, H / 2, W / 2).
    """
    conv = nn.Conv2d(channels, int(channels * compression), 1, bias=False)
    return nn.Sequential(*_ready(nn, channels), conv, nn.AvgPool2d(2))


def densenet(nn, stem, channels, blocks, growth, classes, *, bottleneck=True, compression=0.5):
    """Make a DenseNet of any size.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    stem : sequence of Module
        The first layers.
    channels : int
        Maps that they make.
    blocks : sequence of int
        Layers of each block.
    growth : int
        Growth rate k.
    classes : int
        Classes K.
    bottleneck, compression
        As for `dense_layer` and `transition`; True and below 1 is the variant called BC.

    Returns
    -------
    Module
        Images → scores (N, K).

    Raises
    ------
    ValueError
        If there is no block, or the compression is not above 0 and at most 1.
    """
    if not blocks or not 0 < compression <= 1:
        raise ValueError(
            f"densenet: blocks {tuple(blocks)}, compression {compression}; expected at least one "
            "block and a compression above 0 and at most 1"
        )
    layers = list(stem)
    for number, size in enumerate(blocks):
        if number:
            layers.append(transition(nn, channels, compression))
            channels = int(channels * compression)
        layers.append(dense_block(nn, channels, size, growth, bottleneck=bottleneck))
        channels += size * growth
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return nn.Sequential(*layers, *_ready(nn, channels), *head)


def densenet_cifar(nn, depth=100, growth=12, classes=10, *, variant="BC"):
    """Make a DenseNet for images of 32 × 32, of three blocks.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    depth : int
        Layers L with weights; L - 4 is a multiple of 6, without bottlenecks of 3.
    growth : int
        Growth rate k.
    classes : int
        Classes K.
    variant : {"BC", "plain"}
        With bottlenecks and compression, or with neither.

    Returns
    -------
    Module
        (N, 3, 32, 32) → scores (N, K).

    Raises
    ------
    ValueError
        If depth or variant is none of these.

    Notes
    -----
    Huang et al. (2017), table 2.
    """
    if variant not in ("BC", "plain"):
        raise ValueError(f"densenet_cifar: variant {variant!r}; choose 'BC' or 'plain'")
    slim = variant == "BC"
    size, left = divmod(depth - 4, 6 if slim else 3)
    if left or size < 1:
        step = 6 if slim else 3
        raise ValueError(f"densenet_cifar: depth {depth}; take 4 plus a multiple of {step}")
    first = 2 * growth if slim else 16
    stem = [nn.Conv2d(3, first, 3, padding=1, bias=False)]
    options = {"bottleneck": slim, "compression": 0.5 if slim else 1.0}
    return densenet(nn, stem, first, [size] * 3, growth, classes, **options)


def densenet121(nn, classes=1000):
    """Make DenseNet-121 for images of 224 × 224: 7,978,856 weights with 1,000 classes.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    classes : int
        Classes K.

    Returns
    -------
    Module
        (N, 3, 224, 224) → scores (N, K).

    Notes
    -----
    Huang et al. (2017), table 1.
    """
    conv = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
    stem = [conv, *_ready(nn, 64), nn.MaxPool2d(3, 2, padding=1)]
    return densenet(nn, stem, 64, (6, 12, 24, 16), 32, classes)


def _ready(nn, channels):
    """Make what comes before each convolution."""
    return [nn.BatchNorm2d(channels), nn.ReLU()]
