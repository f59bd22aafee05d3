"""A kernel on its way over an image: what it covers, and the number that comes out."""

import matplotlib.pyplot as plt
import numpy as np

from companion.plots.arrays import draw_array
from companion.plots.network import INK


def draw_kernel(image, kernel, at=(0, 0)):
    """Draw an image, a kernel laid on it, and the map of all its sums of products.

    Parameters
    ----------
    image : array_like
        Numbers, (H, W).
    kernel : array_like
        Numbers, (h, w), at most as large as the image.
    at : tuple of int
        Row and column of the kernel's upper left corner, at which it is shown.

    Returns
    -------
    matplotlib.figure.Figure
        Image with the covered part filled, kernel, and output with the number from there filled.

    Raises
    ------
    ValueError
        If the kernel does not lie within the image at that place.

    Notes
    -----
    The output is what deep learning calls a convolution, without padding, at stride 1: a
    cross-correlation, (H - h + 1, W - w + 1).
    """
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    h, w = kernel.shape
    row, column = at
    if not (0 <= row <= image.shape[0] - h and 0 <= column <= image.shape[1] - w):
        raise ValueError(
            f"draw_kernel: a kernel of {h} × {w} at {at} does not lie within {image.shape}"
        )
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    output = np.einsum("ijkl,kl->ij", windows, kernel)
    parts = [
        ("image", image, np.s_[row : row + h, column : column + w]),
        ("kernel", kernel, np.s_[:, :]),
        ("output", output, np.s_[row, column]),
    ]
    widths = [values.shape[1] + 2.5 for _, values, _ in parts]
    height = 0.42 * (image.shape[0] + 2)
    figure, axes = plt.subplots(
        1, 3, figsize=(0.42 * sum(widths), height), gridspec_kw={"width_ratios": widths}
    )
    for ax, (title, values, region) in zip(axes, parts, strict=True):
        draw_array(values.shape, region, values=values, title=title, ax=ax)
    for ax, sign in zip(axes[1:], "⋆=", strict=True):
        ax.text(-0.1, 0.5, sign, transform=ax.transAxes, ha="center", fontsize=14, color=INK)
    return figure
