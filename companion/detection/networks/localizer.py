"""A small network with one head: a few numbers about the whole image."""

from companion.detection.networks.grid_detector import body


def localizer(nn, outputs=15, size=64, channels=1, widths=(16, 32, 64)):
    """Make a network that says a fixed number of numbers about an image.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    outputs : int
        How many: 5 and one for each class for an object, 2 for each landmark.
    size : int
        Side of the images in pixels, a multiple of 2ⁿ with n stages.
    channels : int
        Of the images: 1 for grey.
    widths : tuple of int
        Channels of each stage, which halves the sides.

    Returns
    -------
    Sequential
        (N, channels, size, size) to (N, outputs).

    Raises
    ------
    ValueError
        If the size is no such multiple.

    Notes
    -----
    The dense layer sees *where* in the last maps something answers, which a mean over all places
    would throw away. Chapter :ref:`localization`.
    """
    cells, rest = divmod(size, 2 ** len(widths))
    if rest or cells < 1:
        raise ValueError(
            f"localizer: {len(widths)} stages halve {size} pixels to no whole number; take a "
            f"multiple of {2 ** len(widths)}"
        )
    features = widths[-1] * cells**2
    return nn.Sequential(
        *body(nn, channels, widths), nn.Flatten(), nn.Linear(features, outputs)
    )
