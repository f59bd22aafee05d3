"""Motion, as a GIF made by Pillow: no player, no script, plays on any page."""

import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image


def animate(draw, frames, seconds=6.0, hold=2.0, figsize=(4.4, 4.4), dpi=80, colors=64):
    """Draw frames one after another into an animated picture.

    Parameters
    ----------
    draw : callable
        ``draw(ax, frame)`` draws one frame on empty axes.
    frames : sequence
        What to draw, first to last.
    seconds : float
        Length of the motion.
    hold : float
        Seconds to rest on the last frame before it starts over.
    figsize : tuple
        Width and height in inches.
    dpi : int
        Pixels per inch.
    colors : int
        Size of the palette, at most 256; small marks in many colours need a large one.

    Returns
    -------
    IPython.display.Image
        The animation, shown by a notebook when it stands last in a cell.

    Raises
    ------
    ValueError
        If there are no frames.
    """
    from IPython.display import Image as Shown

    frames = list(frames)
    if not frames:
        raise ValueError("animate: got no frames")
    figure, ax = plt.subplots(figsize=figsize, dpi=dpi)
    pictures = []
    for frame in frames:
        ax.clear()
        draw(ax, frame)
        figure.canvas.draw()
        picture = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")
        pictures.append(picture.quantize(colors, dither=Image.Dither.NONE))
    plt.close(figure)
    pause = int(1000 * seconds / len(frames))
    pauses = [pause] * (len(frames) - 1) + [int(1000 * hold)]
    file = io.BytesIO()
    pictures[0].save(
        file, "GIF", save_all=True, append_images=pictures[1:], duration=pauses, loop=0
    )
    return Shown(data=file.getvalue(), format="gif")
