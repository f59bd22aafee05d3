"""What all transforms share: they are called with a sample and a source of chance."""

import numpy as np

from companion.regularization.transforms.sample import Sample, checked


class Transform:
    """A change of an image and of what is marked in it.

    A transform keeps no state: the same sample and the same seed give the same result, whatever
    else was called before. To be independent of the number of workers and of their order, give each
    example of each epoch a seed of its own, such as ``[seed, epoch, index]``.

    Notes
    -----
    A subclass defines ``change(sample, rng)``, which draws what it needs and returns a new
    `Sample`. Names follow ``torchvision.transforms.v2``. Chapter :ref:`augmentation`.
    """

    def __call__(self, sample, rng):
        """Transform a sample, or an image alone.

        Parameters
        ----------
        sample : Sample or array_like
            What to change; it is left as it is.
        rng : numpy.random.Generator, int or sequence of int
            Where chance comes from: a generator, which moves on, or a seed.

        Returns
        -------
        Sample or numpy.ndarray
            Of the kind that was given.

        Raises
        ------
        TypeError, ValueError
            If there is no seed, the sample is not valid, or the transform does not fit it.
        """
        if rng is None:
            raise TypeError(f"{self!r} needs a NumPy generator or a seed, got None")
        rng = np.random.default_rng(rng)
        if isinstance(sample, Sample):
            return self.change(checked(sample), rng)
        return self.change(checked(Sample(sample)), rng).image

    def change(self, sample, rng):
        """Return the changed sample."""
        raise NotImplementedError

    def __repr__(self):
        options = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({options})"


class Compose(Transform):
    """Apply several transforms in turn, all from one generator.

    Parameters
    ----------
    transforms : sequence of Transform
        What to do, first to last; none leaves everything as it is.
    """

    def __init__(self, transforms):
        self.transforms = list(transforms)
        for k, one in enumerate(self.transforms):
            if not isinstance(one, Transform):
                raise TypeError(f"Compose: number {k} is {one!r}; expected a Transform")

    def change(self, sample, rng):
        """Apply each to what the one before returned."""
        for one in self.transforms:
            sample = one.change(sample, rng)
        return sample


class RandomApply(Transform):
    """Apply a transform with probability p, and otherwise leave the sample as it is.

    Parameters
    ----------
    transform : Transform
        What to do.
    p : float
        Probability.
    """

    def __init__(self, transform, p=0.5):
        self.transform, self.p = transform, probability(self, p)

    def change(self, sample, rng):
        """Toss the coin, then apply."""
        return self.transform.change(sample, rng) if rng.random() < self.p else sample


def probability(owner, p):
    """Return a probability, or raise a ValueError that names its owner."""
    if not 0 <= p <= 1:
        raise ValueError(f"{type(owner).__name__}: p is {p}; expected a probability from 0 to 1")
    return p


def interval(owner, name, value, around=0.0, least=-np.inf):
    """Return (low, high): as it is, or for a number d the interval around ± d.

    Raises
    ------
    ValueError
        If it is not a number or two in order, or reaches below `least`.
    """
    pair = np.asarray(value, dtype=float)
    if pair.ndim == 0 and pair >= 0:
        pair = np.array([max(around - pair, least), around + pair])
    if pair.shape != (2,) or not least <= pair[0] <= pair[1] < np.inf:
        wanted = "a number, at least 0, or (low, high)"
        at_least = f" with low at least {least:g}" if least > -np.inf else ""
        raise ValueError(
            f"{type(owner).__name__}: {name} is {value}; expected {wanted}{at_least}"
        )
    return float(pair[0]), float(pair[1])
