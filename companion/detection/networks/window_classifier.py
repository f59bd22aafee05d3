"""A small classifier for windows without any padding, so that it reads whole images as well."""


def window_classifier(nn, outputs=1, width=8, padding=0):
    """Make a classifier of windows of 24 × 24 pixels.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    outputs : int
        Scores for each window.
    width : int
        Channels of the first convolution; the second has twice as many.
    padding : int
        Border of both convolutions, in units of half a kernel: 0 none; 1 keeps the size, and then
        windows alone and windows in an image differ.

    Returns
    -------
    Sequential
        (N, 1, 24, 24) to (N, outputs).

    Notes
    -----
    Both poolings halve the size, so the effective step is 4. Chapter :ref:`sliding_windows`.
    """
    last = 6 if padding else 4
    return nn.Sequential(
        *(nn.Conv2d(1, width, 5, padding=2 * padding), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(width, 2 * width, 3, padding=padding), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(2 * width * last**2, 32), nn.ReLU(), nn.Linear(32, outputs)),
    )
