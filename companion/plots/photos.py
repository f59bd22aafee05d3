"""Photographs inside figures to explore: small files in the page itself."""

import base64
import io

import numpy as np
from PIL import Image


class Photos:
    """The pictures of all positions as text, equal ones once.

    Parameters
    ----------
    quality : int
        Of the JPEG files, at most 95.
    """

    def __init__(self, quality=80):
        self.quality, self.files = quality, []

    def keep(self, picture, where):
        """Keep a picture, and return its place.

        Parameters
        ----------
        picture : array_like
            (H, W, 3), from 0 to 1; beyond, it is cut off.
        where : str
            Names the picture in an error.

        Returns
        -------
        int
            Index into `files`, which holds ``data:`` addresses.

        Raises
        ------
        ValueError
            If it has other axes or holds what is no number.
        """
        picture = np.asarray(picture, dtype=float)
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.size == 0:
            raise ValueError(f"explore: {where} is {picture.shape}; return a picture (H, W, 3)")
        if not np.isfinite(picture).all():
            raise ValueError(f"explore: {where} holds NaN or infinity; return numbers from 0 to 1")
        file = io.BytesIO()
        pixels = (255 * picture.clip(0, 1)).round().astype(np.uint8)
        Image.fromarray(pixels).save(file, "JPEG", quality=self.quality, optimize=True)
        text = "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
        if text not in self.files:
            self.files.append(text)
        return self.files.index(text)


def opened(text):
    """Return the picture of a ``data:`` address as an array (H, W, 3) of bytes."""
    with Image.open(io.BytesIO(base64.b64decode(text.split(",", 1)[1]))) as image:
        return np.asarray(image)
