"""Changes of the pixels' values, which move nothing: brightness, contrast, noise, colour."""

import numpy as np

from companion.regularization.transforms.transform import Transform, interval


class ColorJitter(Transform):
    """Change brightness, contrast and saturation by random factors, in this order.

    Parameters
    ----------
    brightness : float or (float, float)
        Factor of all values; a number d stands for (max(1 − d, 0), 1 + d).
    contrast : float or (float, float)
        Factor of the distance from the mean of the grey image.
    saturation : float or (float, float)
        Factor of the distance of a pixel from its own grey; needs three channels, unless it is 0.

    Notes
    -----
    Results are cut off at 0 and 1. Grey is 0.299 R + 0.587 G + 0.114 B, as in torchvision, which
    draws the order of the changes as well.
    """

    def __init__(self, brightness=0.0, contrast=0.0, saturation=0.0):
        self.brightness = interval(self, "brightness", brightness, around=1, least=0)
        self.contrast = interval(self, "contrast", contrast, around=1, least=0)
        self.saturation = interval(self, "saturation", saturation, around=1, least=0)

    def change(self, sample, rng):
        """Draw three factors and blend."""
        image, grey = sample.image, grey_of(sample.image)
        if self.saturation != (1, 1) and grey is image:
            raise ValueError(
                f"ColorJitter: saturation needs (H, W, 3), got {image.shape}; leave it at 0"
            )
        factors = [rng.uniform(*f) for f in (self.brightness, self.contrast, self.saturation)]
        image = blend(image, 0, factors[0])
        image = blend(image, grey_of(image).mean(), factors[1])
        if self.saturation != (1, 1):
            image = blend(image, grey_of(image)[..., None], factors[2])
        return sample._replace(image=image)


def grey_of(image):
    """Grey values (H, W) of an image with three channels; another image as it is."""
    if image.ndim == 3 and image.shape[2] == 3:
        return image @ np.array([0.299, 0.587, 0.114], dtype=image.dtype)
    return image


def blend(image, towards, factor):
    """``factor * image + (1 - factor) * towards``, cut off at 0 and 1."""
    return np.clip(factor * image + (1 - factor) * towards, 0, 1).astype(image.dtype)


class GaussianNoise(Transform):
    """Add independent noise to each value.

    Parameters
    ----------
    mean, sigma : float
        Mean and standard deviation of the noise; values are between 0 and 1.

    Notes
    -----
    Results are cut off at 0 and 1.
    """

    def __init__(self, mean=0.0, sigma=0.1):
        if not (abs(mean) < np.inf and 0 <= sigma < np.inf):
            raise ValueError(
                f"GaussianNoise: mean is {mean}, sigma {sigma}; expected finite numbers and "
                "sigma at least 0"
            )
        self.mean, self.sigma = mean, sigma

    def change(self, sample, rng):
        """Draw the noise and add it."""
        image = sample.image
        noise = self.mean + self.sigma * rng.standard_normal(image.shape, dtype=np.float32)
        return sample._replace(image=np.clip(image + noise.astype(image.dtype), 0, 1))


class PCAColor(Transform):
    """Shift the colour of a whole image along the principal components of the training colours.

    Parameters
    ----------
    values : array_like
        Variance of the training pixels along each component, (C,).
    components : array_like
        The components in columns, (C, C).
    sigma : float
        Standard deviation of the factors.

    Notes
    -----
    Krizhevsky, Sutskever and Hinton (2012), section 4.1: to each pixel is added
    ``components @ (a * values)``, with a ~ N(0, sigma²) drawn once for an image. With the variance
    as a factor the size of the shift depends on the unit of the pixels; it is meant for values from
    0 to 1. Results are cut off there. Not in torchvision. Chapter :ref:`augmentation_measured`.
    """

    def __init__(self, values, components, sigma=0.1):
        self.values, self.components = np.asarray(values, float), np.asarray(components, float)
        C = len(self.values)
        if self.components.shape != (C, C) or not 0 <= sigma < np.inf:
            raise ValueError(
                f"PCAColor: {C} values, components {self.components.shape}, sigma {sigma}; "
                f"expected components ({C}, {C}) and sigma at least 0"
            )
        self.sigma = sigma

    @classmethod
    def fit(cls, images, sigma=0.1):
        """Find the components of the colours of images, (N, H, W, C) or a list of (H, W, C)."""
        rows = [np.reshape(one, (-1, np.shape(one)[-1])) for one in images]
        pixels = np.concatenate(rows).astype(float)
        covariance = np.cov(pixels, rowvar=False, bias=True)
        values, components = np.linalg.eigh(np.atleast_2d(covariance))
        return cls(values[::-1], components[:, ::-1], sigma)

    def shift(self, rng):
        """Draw one shift of the colour, (C,)."""
        return self.components @ (rng.normal(0, self.sigma, len(self.values)) * self.values)

    def change(self, sample, rng):
        """Draw a shift and add it to each pixel."""
        image = sample.image
        if image.ndim != 3 or image.shape[2] != len(self.values):
            raise ValueError(
                f"PCAColor: fitted to {len(self.values)} channels, got an image of shape "
                f"{image.shape}"
            )
        shifted = image + self.shift(rng).astype(image.dtype)
        return sample._replace(image=np.clip(shifted, 0, 1))
