"""EfficientNet-Lite0: a network for telephones, of which trained weights are at hand.

Its body is made of *inverted residuals*: widen by a 1×1 convolution, filter each channel by itself,
narrow again, and add the input where the shapes allow it.
"""

from companion.cnn.networks.inverted_residual import filtered, inverted_residual
from companion.cnn.networks.inverted_residual import relu6 as relu6

NORM = {"eps": 1e-3, "momentum": 0.01}
"""Options of its batch normalizations, as in the original."""

STAGES = (  # widening, kernel, first stride, channels, blocks
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)


def efficientnet_lite0(nn, classes=1000):
    """Make EfficientNet-Lite0, with fresh weights.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    classes : int
        Number of scores.

    Returns
    -------
    Module
        Maps images (N, 3, H, W) to scores (N, classes). Its module ``0`` is the body, which makes
        1,280 feature maps at a 32nd of the resolution; averages and a linear layer follow.

    Notes
    -----
    Tan and Le (2019); the variant "Lite" by TensorFlow's authors has `relu6` in place of
    swish, and no squeeze and excitation. The original pads on the right and below first; for
    images of 32 k + 1 pixels that is the same as here, half the kernel on each side. Used first in
    the chapter :ref:`seeing`, derived in :ref:`compact` and :ref:`efficientnet_lite`.
    """
    channels, blocks = 32, []
    for widening, kernel, first, out, count in STAGES:
        for stride in (first, *[1] * (count - 1)):
            options = {"widening": widening, "kernel": kernel, "stride": stride}
            blocks.append(inverted_residual(nn, channels, out, **options, **NORM))
            channels = out
    body = nn.Sequential(
        *filtered(nn, 3, 32, 3, stride=2, **NORM),
        *blocks,
        *filtered(nn, channels, 1280, 1, **NORM),
    )
    return nn.Sequential(
        body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1280, classes)
    )
