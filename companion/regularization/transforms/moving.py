"""A move applied to all parts of a sample: pixels backward, points and boxes forward."""

import numpy as np

from companion.regularization.transforms.sample import Sample
from companion.regularization.transforms.sampling import bilinear, centres, nearest


def moved(sample, move, size=None, fill=0.0, steps=1):
    """Move a sample.

    Parameters
    ----------
    sample : Sample
        A checked one.
    move : Affine or Shifted
        With ``forward`` for points and ``backward`` for pixels.
    size : tuple of int, optional
        Height and width of the result; by default as before.
    fill : float
        What enters from outside.
    steps : int
        Points looked at on each side of a box. One is enough where straight lines stay straight.

    Returns
    -------
    Sample
        The image read bilinearly, the mask at the nearest pixel, boxes around what became of them.
    """
    size = sample.size if size is None else size
    x, y = np.moveaxis(move.backward(centres(size)), -1, 0)
    image = sample.image
    channels = image[None] if image.ndim == 2 else np.moveaxis(image, -1, 0)
    found = np.stack([bilinear(one[None], x[None], y[None], fill)[0] for one in channels], axis=-1)
    return Sample(
        found[..., 0] if image.ndim == 2 else found,
        sample.label,
        sample.boxes if sample.boxes is None else moved_boxes(sample.boxes, move, size, steps),
        sample.landmarks if sample.landmarks is None else move.forward(sample.landmarks),
        sample.mask if sample.mask is None else nearest(sample.mask, x, y),
    )


def rearranged(sample, move, pixels):
    """Move a sample by whole pixels: ``pixels`` does it to an image or mask, `move` to points."""
    image = pixels(sample.image)
    boxes, landmarks, mask = sample.boxes, sample.landmarks, sample.mask
    return Sample(
        image,
        sample.label,
        boxes if boxes is None else moved_boxes(boxes, move, image.shape[:2]),
        landmarks if landmarks is None else move.forward(landmarks),
        mask if mask is None else pixels(mask),
    )


def moved_boxes(boxes, move, size, steps=1):
    """Smallest upright boxes around the moved ones, cut off at the border of the image.

    Parameters
    ----------
    boxes : numpy.ndarray
        (N, 4).
    move : Affine or Shifted
        Its ``forward`` is used.
    size : tuple of int
        Height and width of the new image.
    steps : int
        Points on each side; 1 means corners alone.

    Returns
    -------
    numpy.ndarray
        (N, 4). A box that left the image has no area; `SanitizeBoundingBoxes` drops it.
    """
    share = np.linspace(0, 1, steps + 1)
    zero, one = np.zeros_like(share), np.ones_like(share)
    sides = np.concatenate([
        np.stack([share, zero], 1), np.stack([share, one], 1),
        np.stack([zero, share], 1), np.stack([one, share], 1),
    ])  # fmt: skip
    corner, extent = boxes[:, None, :2], boxes[:, None, 2:] - boxes[:, None, :2]
    outline = move.forward(corner + sides * extent)
    edges = np.concatenate([outline.min(axis=1), outline.max(axis=1)], axis=1)
    H, W = size
    return np.clip(edges, 0, [W, H, W, H])
