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
    "brick": (
        *("skimage", "data/brick.png"),
        "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
    ),
    "grass": (
        *("skimage", "data/grass.png"),
        "b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89",
    ),
    "gravel": (
        *("skimage", "data/gravel.png"),
        "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12",
    ),
    "stars": (
        *("skimage", "data/hubble_deep_field.jpg"),
        "3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4",
    ),
    "tissue": (
        *("skimage", "data/ihc.png"),
        "f8dd1aa387ddd1f49d8ad13b50921b237df8e9b262606d258770687b0ef93cef",
    ),
}


def photograph(name):
    """Load a photograph without importing the package that brings it, which takes a second.

    Parameters
    ----------
    name : str
        ``"china"``, a temple in Beijing; ``"flower"``, a dahlia; ``"astronaut"``, Eileen Collins;
        ``"cat"``; ``"coffee"``, a cup on a table; ``"rocket"``, a launch; ``"stars"``, galaxies
        seen by the Hubble telescope; ``"tissue"``, glands under a microscope, stained brown and
        blue; or the grey textures ``"brick"``, ``"grass"`` and ``"gravel"``.

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
    Michetti's, both CC0; the rocket is SpaceX's, CC0. The stars are NASA's, in the public domain;
    the tissue is of the Center for Microscopy and Molecular Imaging, without known restrictions;
    the textures are CC0, from cc0textures.com (brick, gravel) and of linolafett (grass). Used first
    in the chapter :ref:`augmentation`.
    """
    if name not in FILES:
        raise ValueError(f"photograph: there is no {name!r}; take one of {sorted(FILES)}")
    with Image.open(packaged_file(*FILES[name])) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float32) / 255
