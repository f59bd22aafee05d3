"""Mirror, pad and crop: transforms that move whole pixels, so that nothing is interpolated."""

import numpy as np

from companion.regularization.transforms.moves import Affine
from companion.regularization.transforms.moving import rearranged
from companion.regularization.transforms.transform import Transform, probability


class RandomHorizontalFlip(Transform):
    """Mirror left and right with probability p.

    Parameters
    ----------
    p : float
        Probability.
    swap : sequence of int, optional
        New order of the landmarks of a mirrored image: in its mirror image the left eye of a face
        looks like a right one, so for (left eye, right eye, nose) give (1, 0, 2).
    """

    axis = 1

    def __init__(self, p=0.5, swap=None):
        self.p, self.swap = probability(self, p), None if swap is None else list(swap)

    def change(self, sample, rng):
        """Toss the coin, then mirror."""
        if rng.random() >= self.p:
            return sample
        flip = np.eye(2, 3)
        k = 1 - self.axis
        flip[k, k], flip[k, 2] = -1, sample.size[self.axis]
        found = rearranged(sample, Affine(flip), lambda a: np.flip(a, self.axis).copy())
        if self.swap is None or found.landmarks is None:
            return found
        if sorted(self.swap) != list(range(len(found.landmarks))):
            raise ValueError(
                f"{type(self).__name__}: swap is {self.swap} for {len(found.landmarks)} landmarks; "
                "expected the number of each once, from 0"
            )
        return found._replace(landmarks=found.landmarks[self.swap])


class RandomVerticalFlip(RandomHorizontalFlip):
    """Mirror top and bottom with probability p; options as for `RandomHorizontalFlip`."""

    axis = 0


class Pad(Transform):
    """Put a border around the image.

    Parameters
    ----------
    padding : int or (int, int, int, int)
        Width of the border in pixels, on all sides or left, top, right, bottom.
    fill : float
        Value of the border, from 0 to 1; the mask gets 0.

    Raises
    ------
    ValueError
        If a width is not a whole number from 0 on, or the fill is out of range.
    """

    def __init__(self, padding, fill=0.0):
        sides = (padding,) * 4 if np.ndim(padding) == 0 else tuple(padding)
        if len(sides) != 4 or not all(isinstance(s, (int, np.integer)) and s >= 0 for s in sides):
            raise ValueError(
                f"Pad: padding is {padding}; expected pixels, at least 0, or four of them: "
                "left, top, right, bottom"
            )
        if not 0 <= fill <= 1:
            raise ValueError(f"Pad: fill is {fill}; expected a value from 0 to 1")
        self.padding, self.fill = sides, fill

    def change(self, sample, rng):
        """Pad; nothing is drawn."""
        left, top, right, bottom = self.padding

        def pixels(a):
            widths = [(top, bottom), (left, right), *[(0, 0)] * (a.ndim - 2)]
            value = self.fill if a.dtype.kind == "f" else 0
            return np.pad(a, widths, constant_values=value)

        move = Affine(np.array([[1.0, 0, left], [0, 1, top]]))
        return rearranged(sample, move, pixels)


class RandomCrop(Transform):
    """Cut a window of a given size out of the image, at a random place.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the window.
    padding : int or (int, int, int, int), optional
        Border to put around the image first, as for `Pad`.
    fill : float
        Value of the border.

    Raises
    ------
    ValueError
        If the size is not at least 1, and when called if the window is larger than the image.
    """

    def __init__(self, size, padding=None, fill=0.0):
        size = (size, size) if np.ndim(size) == 0 else tuple(size)
        if len(size) != 2 or not all(isinstance(s, (int, np.integer)) and s > 0 for s in size):
            raise ValueError(f"RandomCrop: size is {size}; expected height and width, at least 1")
        self.size, self.pad = size, None if padding is None else Pad(padding, fill)

    def change(self, sample, rng):
        """Pad, draw a corner and cut."""
        if self.pad is not None:
            sample = self.pad.change(sample, rng)
        (H, W), (h, w) = sample.size, self.size
        if h > H or w > W:
            raise ValueError(
                f"RandomCrop: a window of {h} × {w} does not fit into an image of {H} × {W}; "
                "take a smaller one or give padding"
            )
        i, j = int(rng.integers(H - h + 1)), int(rng.integers(W - w + 1))
        move = Affine(np.array([[1.0, 0, -j], [0, 1, -i]]))
        return rearranged(sample, move, lambda a: a[i : i + h, j : j + w].copy())


class SanitizeBoundingBoxes(Transform):
    """Drop boxes of which too little is left, and their labels.

    Parameters
    ----------
    min_size : float
        Least width and least height that stay, in pixels, above 0.
    """

    def __init__(self, min_size=1.0):
        if not min_size > 0:
            raise ValueError(f"SanitizeBoundingBoxes: min_size is {min_size}; expected above 0")
        self.min_size = min_size

    def change(self, sample, rng):
        """Drop them; nothing is drawn."""
        if sample.boxes is None:
            return sample
        stay = (sample.boxes[:, 2:] - sample.boxes[:, :2] >= self.min_size).all(axis=1)
        label = sample.label
        if np.ndim(label) == 1 and len(label) == len(stay):
            label = np.asarray(label)[stay]
        return sample._replace(boxes=sample.boxes[stay], label=label)
