"""Elastic warps: a smooth random field that shifts each pixel a little."""

import numpy as np
from scipy.ndimage import gaussian_filter

from companion.regularization.transforms.moves import Shifted
from companion.regularization.transforms.moving import moved
from companion.regularization.transforms.transform import Transform

STEEPEST = 0.9
"""Largest change of the shift from pixel to pixel; from 1 on an image may fold over itself."""


class ElasticTransform(Transform):
    """Shift each pixel by a smooth random field.

    Parameters
    ----------
    alpha : float
        Strength: the field is uniform noise in [−1, 1], smoothed, times alpha pixels. (A shift of
        torchvision, which counts in half images, is half as large for the same alpha.)
    sigma : float
        Standard deviation of the Gaussian that smooths the noise, in pixels. The shifts then have a
        standard deviation of about ``alpha / (6 * sigma)`` pixels.
    fill : float
        Value of what enters from outside.

    Raises
    ------
    ValueError
        If `alpha` is negative, `sigma` not positive or `fill` out of range.

    Notes
    -----
    Simard, Steinkraus and Platt (2003). A field so steep that the image would fold over itself is
    made weaker, since on a fold points have no single place to go to. Boxes go around what became
    of their outline.
    """

    def __init__(self, alpha=25.0, sigma=5.0, fill=0.0):
        if not (0 <= alpha < np.inf and 0 < sigma < np.inf and 0 <= fill <= 1):
            raise ValueError(
                f"ElasticTransform: alpha is {alpha}, sigma {sigma}, fill {fill}; expected "
                "alpha at least 0, sigma above 0 and fill from 0 to 1"
            )
        self.alpha, self.sigma, self.fill = alpha, sigma, fill

    def draw(self, size, rng):
        """Draw a field of shifts (dx, dy) for an image of a size (H, W), (H, W, 2)."""
        noise = rng.uniform(-1, 1, (*size, 2))
        smooth = (self.sigma, self.sigma, 0)
        shift = self.alpha * gaussian_filter(noise, smooth, mode="constant")
        return shift * min(1, STEEPEST / max(steepness(shift), STEEPEST))

    def change(self, sample, rng):
        """Draw a field and move the sample by it."""
        return moved(sample, Shifted(self.draw(sample.size, rng)), fill=self.fill, steps=32)


def steepness(shift):
    """Bound how much faster the shift (H, W, 2) changes than the place does.

    Below 1 the steps q ← p − shift(q) are a contraction, so that the map has an inverse.
    """
    steps = (np.square(np.diff(shift, axis=axis)).sum(axis=-1) for axis in (0, 1))
    return float(np.sqrt(sum(step.max(initial=0) for step in steps)))
