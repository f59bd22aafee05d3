"""Two photographs, as the package scikit-learn ships them."""

import numpy as np
from PIL import Image

from companion.data.files import packaged_file

FILES = {
    "china": (
        "datasets/images/china.jpg",
        "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
    ),
    "flower": (
        "datasets/images/flower.jpg",
        "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
    ),
}


def photograph(name):
    """Load a photograph without importing scikit-learn, which takes a second.

    Parameters
    ----------
    name : str
        ``"china"``, a temple in Beijing, or ``"flower"``, a dahlia.

    Returns
    -------
    numpy.ndarray
        (427, 640, 3) float32: red, green and blue of each pixel, from 0 to 1.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed.
    ValueError
        If there is no such photograph, or its file is not the expected one.

    Notes
    -----
    By danielbuechele ("china") and vultilion ("flower") on flickr.com, both CC BY 2.0. Used first
    in the chapter :ref:`augmentation`.
    """
    if name not in FILES:
        raise ValueError(f"photograph: there is no {name!r}; take one of {sorted(FILES)}")
    with Image.open(packaged_file("sklearn", *FILES[name])) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float32) / 255
