"""Mixup and CutMix: two examples become one, and so do their labels."""

import numpy as np


class MixUp:
    """Blend each example of a batch with a random other one, labels included.

    Parameters
    ----------
    alpha : float
        Both parameters of the beta distribution that the share is drawn from, above 0: 1 is
        uniform, small numbers keep nearly one of the two.
    num_classes : int
        K.

    Raises
    ------
    ValueError
        If `alpha` or `num_classes` is not positive.

    Notes
    -----
    Zhang, Cisse, Dauphin and Lopez-Paz (2018). Every example has a share of its own; torchvision
    draws one for a batch and pairs neighbours. Chapter :ref:`augmentation_measured`.
    """

    def __init__(self, *, alpha=1.0, num_classes):
        if not (0 < alpha < np.inf and num_classes >= 1):
            raise ValueError(
                f"{type(self).__name__}: alpha is {alpha}, num_classes {num_classes}; "
                "expected alpha above 0 and at least one class"
            )
        self.alpha, self.num_classes = alpha, num_classes

    def __call__(self, images, labels, rng):
        """Mix a batch.

        Parameters
        ----------
        images : array_like
            (N, …) of floats; for `CutMix` (N, H, W) or (N, H, W, C).
        labels : array_like
            Classes (N,), or probabilities (N, K) from an earlier mixing.
        rng : numpy.random.Generator, int or sequence of int
            Where chance comes from.

        Returns
        -------
        images : numpy.ndarray
            (N, …), new.
        probabilities : numpy.ndarray
            (N, K) float32; each row sums to 1.

        Raises
        ------
        TypeError, ValueError
            If there is no seed, or images or labels do not fit.
        """
        if rng is None:
            raise TypeError(f"{type(self).__name__} needs a NumPy generator or a seed, got None")
        images, rng = np.asarray(images), np.random.default_rng(rng)
        targets = self._targets(labels, len(images))
        if images.dtype.kind != "f":
            raise TypeError(f"the images are of type {images.dtype}; expected floats")
        partner = rng.permutation(len(images))
        share = rng.beta(self.alpha, self.alpha, len(images))
        images, share = self.mix(images, images[partner], share, rng)
        share = share[:, None].astype(np.float32)
        return images, share * targets + (1 - share) * targets[partner]

    def mix(self, images, others, share, rng):
        """Return the mixed images and the share of the first in each, (N,)."""
        weight = share.reshape(-1, *[1] * (images.ndim - 1)).astype(images.dtype)
        return weight * images + (1 - weight) * others, share

    def _targets(self, labels, N):
        labels, K = np.asarray(labels), self.num_classes
        if labels.shape == (N, K) and labels.dtype.kind == "f":
            return labels.astype(np.float32)
        if labels.shape != (N,) or labels.dtype.kind not in "iu":
            raise ValueError(
                f"labels are {labels.dtype} of shape {labels.shape} for {N} images; expected "
                f"class numbers ({N},) or probabilities ({N}, {K})"
            )
        if N and not 0 <= labels.min() <= labels.max() < K:
            raise ValueError(
                f"labels reach from {labels.min()} to {labels.max()}; num_classes is {K}"
            )
        return np.eye(K, dtype=np.float32)[labels]


class CutMix(MixUp):
    """Put a rectangle of a random other example into each one; labels count the pixels.

    Parameters are those of `MixUp`.

    Notes
    -----
    Yun et al. (2019). The rectangle has the sides H √(1 − s) and W √(1 − s) for a share s, and a
    random centre; what it covers after it is cut off at the border is the other label's share.
    """

    def mix(self, images, others, share, rng):
        """Draw a rectangle for each image and copy it over."""
        if images.ndim not in (3, 4):
            raise ValueError(
                f"CutMix: images have shape {images.shape}; expected (N, H, W) or (N, H, W, C)"
            )
        H, W = images.shape[1:3]
        inside = self._within(H, share, rng)[:, :, None] & self._within(W, share, rng)[:, None, :]
        kept = 1 - inside.mean(axis=(1, 2))
        inside = inside.reshape(*inside.shape, *[1] * (images.ndim - 3))
        return np.where(inside, others, images), kept

    def _within(self, length, share, rng):
        half = length * np.sqrt(1 - share) / 2
        centre = rng.uniform(0, length, len(share))
        at = np.arange(length) + 0.5
        return np.abs(at - centre[:, None]) < half[:, None]
