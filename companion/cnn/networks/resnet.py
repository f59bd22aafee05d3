"""Residual networks and their plain twins.

He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition (2016), and Identity Mappings
in Deep Residual Networks (2016). Each function takes ``nn`` first, ``companion.nn`` or
``torch.nn``. Derived in the chapter :ref:`residual`.
"""

from functools import cache

from companion.cnn.networks.combining import added, cat

SHORTCUTS = ("A", "B", None)
IMAGENET = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}


def residual_block(nn, c_in, c_out, stride=1, *, shortcut="B", preact=False):
    """Make a block of two 3×3 convolutions: ReLU(F(x) + x).

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    c_in, c_out : int
        Channels of input and output.
    stride : int
        Step of the first convolution, and of the shortcut.
    shortcut : {"A", "B", None}
        What stands in for the identity where the size changes: "A" takes every `stride`-th pixel
        and pads with channels of zeros, "B" projects by a 1×1 convolution. None leaves the shortcut
        out: the plain twin, ReLU(F(x)).
    preact : bool
        Whether batch norm and ReLU stand before each convolution, and nothing after the sum.

    Returns
    -------
    Module
        Maps (N, c_in, H, W) to (N, c_out, ⌈H / stride⌉, ⌈W / stride⌉).

    Raises
    ------
    ValueError
        For a shortcut of another name, or "A" to fewer channels.
    """
    if preact:
        branch = nn.Sequential(
            *_norm_relu(nn, c_in), _conv3(nn, c_in, c_out, stride),
            *_norm_relu(nn, c_out), _conv3(nn, c_out, c_out),
        )  # fmt: skip
    else:
        branch = nn.Sequential(
            _conv3(nn, c_in, c_out, stride), *_norm_relu(nn, c_out),
            _conv3(nn, c_out, c_out), nn.BatchNorm2d(c_out),
        )  # fmt: skip
    return _closed(nn, branch, _shortcut(nn, c_in, c_out, stride, shortcut), preact)


def bottleneck_block(nn, c_in, c_out, stride=1, *, shortcut="B"):
    """Make a block that works on a quarter of its channels: 1×1, 3×3, 1×1 convolutions.

    Parameters
    ----------
    nn, c_in, c_out, stride, shortcut
        As for `residual_block`; the 3×3 convolution has the stride, as in torchvision.

    Returns
    -------
    Module
        Maps (N, c_in, H, W) to (N, c_out, ⌈H / stride⌉, ⌈W / stride⌉).
    """
    narrow = c_out // 4
    branch = nn.Sequential(
        nn.Conv2d(c_in, narrow, 1, bias=False), *_norm_relu(nn, narrow),
        _conv3(nn, narrow, narrow, stride), *_norm_relu(nn, narrow),
        nn.Conv2d(narrow, c_out, 1, bias=False), nn.BatchNorm2d(c_out),
    )  # fmt: skip
    return _closed(nn, branch, _shortcut(nn, c_in, c_out, stride, shortcut), False)


def resnet_cifar(
    nn,
    depth,
    *,
    shortcut="A",
    preact=False,
    widths=(16, 32, 64),
    in_channels=3,
    classes=10,
    stem_stride=1,
):
    """Make a residual network for small images, such as ResNet-20, 32, 44, 56 or 110.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    depth : int
        Layers with weights: 2 · stages · n + 2, with n blocks in each stage.
    shortcut, preact
        As for `residual_block`; with ``shortcut=None`` it is the plain network of that depth.
    widths : sequence of int
        Channels in each stage. From the second on a stage halves height and width.
    in_channels, classes : int
        Channels of the images, and number of scores.
    stem_stride : int
        Step of the first convolution.

    Returns
    -------
    Module
        Maps images (N, in_channels, H, W) to scores (N, classes).

    Raises
    ------
    ValueError
        If no whole number of blocks makes that depth.
    """
    stages = len(widths)
    n, left = divmod(depth - 2, 2 * stages)
    if n < 1 or left:
        raise ValueError(
            f"resnet_cifar: depth {depth} with {stages} stages; "
            f"expected {2 * stages}·n + 2, such as {6 * stages + 2}"
        )
    block = {"shortcut": shortcut, "preact": preact}
    stem = [nn.Conv2d(in_channels, widths[0], 3, stem_stride, padding=1, bias=False)]
    last = _norm_relu(nn, widths[-1]) if preact else []
    if not preact:
        stem += _norm_relu(nn, widths[0])
    return nn.Sequential(
        *stem,
        *_stages(nn, residual_block, widths[0], widths, [n] * stages, block),
        *last,
        *_head(nn, widths[-1], classes),
    )


def resnet(nn, depth, *, shortcut="B", in_channels=3, classes=1000):
    """Make ResNet-18, 34 or 50 for images of 224×224.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    depth : {18, 34, 50}
        Layers with weights, projections not counted. From 50 on the blocks are bottlenecks.
    shortcut
        As for `residual_block`; with None it is the plain network.
    in_channels, classes : int
        Channels of the images, and number of scores.

    Returns
    -------
    Module
        Maps images (N, in_channels, H, W) to scores (N, classes).

    Raises
    ------
    ValueError
        For another depth.
    """
    if depth not in IMAGENET:
        raise ValueError(f"resnet: depth {depth}; expected one of {sorted(IMAGENET)}")
    make, wide = (bottleneck_block, 4) if depth >= 50 else (residual_block, 1)
    widths = [wide * width for width in (64, 128, 256, 512)]
    return nn.Sequential(
        nn.Conv2d(in_channels, 64, 7, 2, padding=3, bias=False),
        *_norm_relu(nn, 64),
        nn.MaxPool2d(3, 2, padding=1),
        *_stages(nn, make, 64, widths, IMAGENET[depth], {"shortcut": shortcut}),
        *_head(nn, widths[-1], classes),
    )


def zero_branches(nn, network):
    """Set the scale γ of each branch's last batch norm to 0: every block begins as its shortcut.

    Parameters
    ----------
    nn : module
        The engine of the network.
    network : Module
        From `resnet_cifar` or `resnet`, not ``preact``: there the last layer is a convolution.

    Returns
    -------
    Module
        The same network.

    Notes
    -----
    Goyal et al., Accurate, Large Minibatch SGD (2017).
    """
    branches = [m[0] for m in network.modules() if isinstance(m, type(added(nn)))]
    for branch in branches:
        if not isinstance(branch[-1], nn.BatchNorm2d):
            raise ValueError(f"zero_branches: a branch ends in {branch[-1]}; expected batch norm")
        nn.init.zeros_(branch[-1].weight)
    return network


def _conv3(nn, c_in, c_out, stride=1):
    return nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)


def _norm_relu(nn, channels):
    return [nn.BatchNorm2d(channels), nn.ReLU()]


def _head(nn, channels, classes):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]


def _closed(nn, branch, shortcut, preact):
    """Put branch and shortcut together, with the ReLU after the sum."""
    body = branch if shortcut is None else added(nn, branch, shortcut)
    return body if preact else nn.Sequential(body, nn.ReLU())


def _shortcut(nn, c_in, c_out, stride, kind):
    if kind not in SHORTCUTS:
        raise ValueError(f"shortcut {kind!r}; expected one of {SHORTCUTS}")
    if kind is None:
        return None
    if stride == 1 and c_in == c_out:
        return nn.Identity()
    if kind == "A":
        if c_out < c_in:
            raise ValueError(f"shortcut A pads channels: {c_in} to {c_out} needs shortcut 'B'")
        return _padded(nn)(stride, c_out - c_in)
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out)
    )  # fmt: skip


def _stages(nn, make, c_in, widths, counts, options):
    """Yield the blocks of all stages; the first block of each but the first stage has stride 2."""
    for k, (width, count) in enumerate(zip(widths, counts, strict=True)):
        for b in range(count):
            yield make(nn, c_in, width, 2 if k and not b else 1, **options)
            c_in = width


@cache
def _padded(nn):
    class Padded(nn.Module):
        """Shortcut A: every stride-th pixel, and channels of zeros behind."""

        def __init__(self, stride, extra):
            super().__init__()
            self.stride, self.extra = stride, extra

        def forward(self, x):
            """Map (N, C, H, W) to (N, C + extra, ⌈H / stride⌉, ⌈W / stride⌉)."""
            x = x[:, :, :: self.stride, :: self.stride]
            if not self.extra:
                return x
            zeros = x[:, :1] * 0
            return cat([x, *[zeros] * self.extra])

    return Padded
