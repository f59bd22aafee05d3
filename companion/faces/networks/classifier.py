"""A small network that names one of the people it has learned."""

from companion.faces.networks.encoder import encoder


def classifier(nn, people, size=32, height=56, width=46, widths=(16, 32, 64)):
    """Make a classifier of faces: the layers of an encoder, ReLU, and a score for each person.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    people : int
        How many it is to tell apart.
    size : int
        Features before the last layer.
    height, width : int
        Of the images.
    widths : tuple of int
        Channels of the stages.

    Returns
    -------
    Sequential
        (N, 1, height, width) to scores (N, people); without its last layer, ``network[:-1]``, to
        features (N, size), none below 0.

    Notes
    -----
    Chapter :ref:`one_shot`.
    """
    layers = list(encoder(nn, size, height, width, widths))[:-1]
    return nn.Sequential(*layers, nn.ReLU(), nn.Linear(size, people))
