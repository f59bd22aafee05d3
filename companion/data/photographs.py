"""Photographs, as the packages scikit-learn and scikit-image ship them."""

import numpy as np
from PIL import Image

from companion.data.files import packaged_file

FILES = {
    "china": (
        *("sklearn", "datasets/images/china.jpg"),
        "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
    ),
    "flower": (
        *("sklearn", "datasets/images/flower.jpg"),
        "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
    ),
    "astronaut": (
        *("skimage", "data/astronaut.png"),
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
    "cat": (
        *("skimage", "data/chelsea.png"),
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    ),
    "coffee": (
        *("skimage", "data/coffee.png"),
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    ),
    "rocket": (
        *("skimage", "data/rocket.jpg"),
        "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
    ),
}


def photograph(name):
    """Load a photograph without importing the package that brings it, which takes a second.

    Parameters
    ----------
    name : str
        ``"china"``, a temple in Beijing; ``"flower"``, a dahlia; ``"astronaut"``, Eileen Collins;
        ``"cat"``; ``"coffee"``, a cup on a table; or ``"rocket"``, a launch.

    Returns
    -------
    numpy.ndarray
        (H, W, 3) float32: red, green and blue of each pixel, from 0 to 1.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn or scikit-image is not installed.
    ValueError
        If there is no such photograph, or its file is not the expected one.

    Notes
    -----
    By danielbuechele ("china") and vultilion ("flower") on flickr.com, both CC BY 2.0. The
    astronaut is NASA's, in the public domain; the cat is Stefan van der Walt's, the coffee Rachel
    Michetti's, both CC0; the rocket is SpaceX's, CC0. Used first in the chapter
    :ref:`augmentation`.
    """
    if name not in FILES:
        raise ValueError(f"photograph: there is no {name!r}; take one of {sorted(FILES)}")
    with Image.open(packaged_file(*FILES[name])) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float32) / 255
