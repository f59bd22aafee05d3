"""A convolution and its batch normalization: the pair that most networks since 2015 are made of."""


def normalized(nn, channels, out, kernel=1, stride=1, groups=1, **norm):
    """Make a convolution without a bias, and its batch normalization.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels, out, kernel, stride, groups : int
        Of the convolution, which has half a kernel as border.
    **norm
        ``eps`` and ``momentum`` of the batch normalization.

    Returns
    -------
    list of Module
        The two layers; an activation is up to the network.
    """
    options = {"padding": kernel // 2, "groups": groups, "bias": False}
    return [nn.Conv2d(channels, out, kernel, stride, **options), nn.BatchNorm2d(out, **norm)]
