"""EfficientNet-Lite0: a network for telephones, of which trained weights are at hand.

Its body is made of *inverted residuals*: widen by a 1×1 convolution, filter each channel by itself,
narrow again, and add the input where the shapes allow it.
"""

from functools import cache

from companion.cnn.networks.combining import added

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
    images of 32 k + 1 pixels that is the same as here, half the kernel on each side. Used in the
    chapter :ref:`seeing`.
    """
    channels, blocks = 32, []
    for widening, kernel, first, out, count in STAGES:
        for stride in (first, *[1] * (count - 1)):
            blocks.append(_inverted_residual(nn, channels, out, widening, kernel, stride))
            channels = out
    body = nn.Sequential(
        *_filtered(nn, 3, 32, 3, stride=2), *blocks, *_filtered(nn, channels, 1280, 1)
    )
    return nn.Sequential(
        body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1280, classes)
    )


def relu6(nn):
    """Make the activation min(max(z, 0), 6), which keeps numbers small for 8-bit arithmetic.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.

    Returns
    -------
    Module
        Elementwise; same shape.
    """
    return _relu6(nn)()


@cache
def _relu6(nn):
    class ReLU6(nn.Module):
        """Elementwise min(max(z, 0), 6)."""

        def forward(self, z):
            """Apply to each value; same shape."""
            return z.clip(0, 6)

    return ReLU6


def _inverted_residual(nn, channels, out, widening, kernel, stride):
    wide = channels * widening
    widen = _filtered(nn, channels, wide, 1) if widening > 1 else []
    block = nn.Sequential(
        *widen,
        *_filtered(nn, wide, wide, kernel, stride, groups=wide),
        *_filtered(nn, wide, out, 1)[:2],  # narrow, without an activation
    )
    return added(nn, nn.Identity(), block) if stride == 1 and channels == out else block


def _filtered(nn, channels, out, kernel, stride=1, groups=1):
    """Make a convolution, its batch normalization and the activation."""
    convolution = nn.Conv2d(
        *(channels, out, kernel, stride), padding=kernel // 2, groups=groups, bias=False
    )
    return [convolution, nn.BatchNorm2d(out, eps=1e-3, momentum=0.01), relu6(nn)]
