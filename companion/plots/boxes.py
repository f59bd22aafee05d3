"""Boxes drawn over a picture."""

import matplotlib.pyplot as plt
import numpy as np

from companion.plots.style import COLORS


def draw_boxes(image, boxes=(), labels=None, *, color=None, style="-", ax=None, alpha=1.0):
    """Show a picture with boxes over it; call again with the same axes to draw more.

    Parameters
    ----------
    image : array_like or None
        (S, T), (1, S, T), (S, T, 3) or (3, S, T), from 0 to 1; None where the axes show it already.
    boxes : array_like
        (K, 4): x₁, y₁, x₂, y₂ in pixels from the upper left corner of the picture.
    labels : sequence of str, optional
        A short text for each box, on its upper left corner.
    color : str or list of str, optional
        Of the boxes; one for all or one for each.
    style : str
        Of the lines, ``"-"`` for truth and ``"--"`` for what was found, say.
    ax : matplotlib.axes.Axes, optional
        Where; a new figure by default.
    alpha : float
        Opacity of the boxes.

    Returns
    -------
    matplotlib.axes.Axes
        In pixels, without ticks.

    Raises
    ------
    ValueError
        If the picture or the boxes have another shape, or there are not as many labels as boxes.
    """
    boxes = np.asarray(boxes, dtype=float).reshape(-1, 4) if len(boxes) == 0 else np.asarray(boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"draw_boxes: boxes of shape {boxes.shape}; expected (K, 4)")
    if labels is not None and len(labels) != len(boxes):
        raise ValueError(f"draw_boxes: {len(labels)} labels for {len(boxes)} boxes")
    ax = plt.subplots(figsize=(3.4, 3.4))[1] if ax is None else ax
    if image is not None:
        picture = _upright(np.asarray(image))
        # Pixel (i, j) covers the square from (j, i) to (j + 1, i + 1).
        high, wide = picture.shape[:2]
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1, extent=(0, wide, high, 0))
        ax.set_xticks([])
        ax.set_yticks([])
    colors = [color or COLORS[1]] * len(boxes) if not isinstance(color, list) else color
    for k, (x1, y1, x2, y2) in enumerate(boxes):
        lines = {"ec": colors[k], "ls": style, "lw": 1.8, "alpha": alpha}
        ax.add_patch(plt.Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, **lines))
        if labels is not None:
            ax.text(
                *(x1, y1, labels[k]),
                color="white",
                fontsize=8,
                ha="left",
                va="bottom",
                bbox={"fc": colors[k], "ec": "none", "pad": 1.2, "alpha": alpha},
                clip_on=False,
            )
    return ax


def _upright(image):
    if image.ndim == 3 and image.shape[0] in (1, 3):
        image = np.moveaxis(image, 0, -1)
    image = image[..., 0] if image.ndim == 3 and image.shape[-1] == 1 else image
    if image.ndim != 2 and image.shape[2:] != (3,):
        raise ValueError(f"draw_boxes: a picture of shape {image.shape}; expected grey or colour")
    return image
