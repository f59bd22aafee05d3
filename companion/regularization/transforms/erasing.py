"""Cutout: a random rectangle of the image is hidden."""

import numpy as np

from companion.regularization.transforms.transform import Transform, interval, probability


class RandomErasing(Transform):
    """Hide a random rectangle with probability p.

    Parameters
    ----------
    p : float
        Probability.
    scale : (float, float)
        Smallest and largest area, as shares of the image.
    ratio : (float, float)
        Smallest and largest quotient of height and width, drawn on a logarithmic scale.
    value : float
        What the rectangle is filled with, from 0 to 1.

    Raises
    ------
    ValueError
        If an interval is out of order or out of range.

    Notes
    -----
    Cutout (DeVries and Taylor, 2017) and random erasing (Zhong et al., 2020). A rectangle that does
    not fit is drawn again, ten times at most, and then left out, as in torchvision. Boxes,
    landmarks and mask stay: the thing is still there, only hidden.
    """

    def __init__(self, p=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0.0):
        self.p = probability(self, p)
        self.scale = interval(self, "scale", scale, least=0)
        self.ratio = interval(self, "ratio", ratio, around=1)
        if not (self.scale[1] <= 1 and self.ratio[0] > 0 and 0 <= value <= 1):
            raise ValueError(
                f"RandomErasing: scale {scale}, ratio {ratio}, value {value}; expected shares up "
                "to 1, ratios above 0 and a value from 0 to 1"
            )
        self.value = value

    def change(self, sample, rng):
        """Toss the coin, draw a rectangle and fill it."""
        if rng.random() >= self.p:
            return sample
        H, W = sample.size
        for _ in range(10):
            area = H * W * rng.uniform(*self.scale)
            ratio = np.exp(rng.uniform(*np.log(self.ratio)))
            h, w = round((area * ratio) ** 0.5), round((area / ratio) ** 0.5)
            if 0 < h <= H and 0 < w <= W:
                i, j = int(rng.integers(H - h + 1)), int(rng.integers(W - w + 1))
                image = sample.image.copy()
                image[i : i + h, j : j + w] = self.value
                return sample._replace(image=image)
        return sample
