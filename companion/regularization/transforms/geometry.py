"""Rotation and affine maps, drawn at random."""

import numpy as np

from companion.regularization.transforms.moves import Affine, matrices
from companion.regularization.transforms.moving import moved
from companion.regularization.transforms.transform import Transform, interval


class RandomAffine(Transform):
    """Rotate, shear and scale about the middle of the image, then shift, each by a random amount.

    Parameters
    ----------
    degrees : float or (float, float)
        Angle, counter-clockwise; a number d stands for (−d, d).
    translate : (float, float), optional
        Largest shift along x and y, as shares of width and height.
    scale : (float, float), optional
        Smallest and largest factor, above 0.
    shear : float or (float, float), optional
        Angle of the shear along x, in degrees; as for `degrees`.
    fill : float
        Value of what enters from outside, from 0 to 1.

    Raises
    ------
    ValueError
        If an interval is out of order or out of range.
    """

    def __init__(self, degrees, translate=None, scale=None, shear=None, fill=0.0):
        self.degrees = interval(self, "degrees", degrees)
        self.translate = (0.0, 0.0) if translate is None else tuple(translate)
        if len(self.translate) != 2 or not all(0 <= t <= 1 for t in self.translate):
            raise ValueError(
                f"RandomAffine: translate is {translate}; expected two shares from 0 to 1"
            )
        self.scale = interval(self, "scale", (1.0, 1.0) if scale is None else scale)
        if not self.scale[0] > 0:
            raise ValueError(f"RandomAffine: scale is {scale}; expected (low, high) above 0")
        self.shear = interval(self, "shear", 0.0 if shear is None else shear)
        if not -90 < self.shear[0] <= self.shear[1] < 90:
            raise ValueError(f"RandomAffine: shear is {shear}; expected less than 90 degrees")
        if not 0 <= fill <= 1:
            raise ValueError(f"RandomAffine: fill is {fill}; expected a value from 0 to 1")
        self.fill = fill

    def draw(self, size, rng, many=None):
        """Draw one matrix (2, 3) for images of a size (H, W), or many of them, (many, 2, 3)."""
        H, W = size
        shape = () if many is None else (many,)
        angle = rng.uniform(*self.degrees, shape)
        shift = rng.uniform(-1, 1, (*shape, 2)) * self.translate * [W, H]
        scale, along_x = rng.uniform(*self.scale, shape), rng.uniform(*self.shear, shape)
        shear = np.stack([along_x, np.zeros(shape)], axis=-1)
        return matrices(angle, shift, scale, shear, centre=(W / 2, H / 2))

    def change(self, sample, rng):
        """Draw a map and move the sample by it."""
        return moved(sample, Affine(self.draw(sample.size, rng)), fill=self.fill)


class RandomRotation(RandomAffine):
    """Rotate about the middle of the image by a random angle.

    Parameters
    ----------
    degrees : float or (float, float)
        Angle, counter-clockwise; a number d stands for (−d, d).
    fill : float
        Value of what enters from outside.
    """

    def __init__(self, degrees, fill=0.0):
        super().__init__(degrees, fill=fill)
