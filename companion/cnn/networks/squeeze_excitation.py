"""Squeeze-and-excitation: how much each channel counts, decided from the whole image."""

from functools import cache


def squeeze_excitation(nn, channels, reduction=16):
    """Make a block that multiplies each channel by a weight between 0 and 1.

    Squeeze: the mean of each channel. Excitation: a network of two dense layers makes weights of
    the means; as it works on images of a single pixel, its layers are 1×1 convolutions.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels : int
        Channels C.
    reduction : int
        Divisor r: the hidden layer has C / r units.

    Returns
    -------
    Module
        (N, C, H, W) → (N, C, H, W).

    Raises
    ------
    ValueError
        If `reduction` does not divide `channels`.

    Notes
    -----
    Hu, Shen and Sun (2018). Derived in the chapter :ref:`dense_and_squeeze`.
    """
    if reduction < 1 or channels % reduction:
        raise ValueError(
            f"squeeze_excitation: a reduction of {reduction} does not divide {channels} channels; "
            "take a divisor"
        )
    hidden = channels // reduction
    return _scaled(nn)(
        nn.AdaptiveAvgPool2d(1),
        *(nn.Conv2d(channels, hidden, 1), nn.ReLU()),
        *(nn.Conv2d(hidden, channels, 1), nn.Sigmoid()),
    )


@cache
def _scaled(nn):
    class Scaled(nn.Sequential):
        """Multiplies its input by what its layers make of it."""

        def weights(self, x):
            """Map x (N, C, H, W) to the weights of its channels (N, C, 1, 1)."""
            for layer in self:
                x = layer(x)
            return x

        def forward(self, x):
            """Map x (N, C, H, W) to the same shape."""
            return x * self.weights(x)

    return Scaled


def extra_weights(stages, reduction=16):
    """Count the weights that squeeze-and-excitation adds to a network, without biases.

    Parameters
    ----------
    stages : iterable of tuple of int
        Blocks N of each stage, and their channels C.
    reduction : int
        Divisor r.

    Returns
    -------
    int
        2/r · ΣNC².

    Notes
    -----
    Hu, Shen and Sun (2018), equation 5.
    """
    return sum(blocks * 2 * (channels // reduction) * channels for blocks, channels in stages)
