"""Moves of the plane: forward for points, backward for pixels."""

from typing import NamedTuple

import numpy as np


class Affine(NamedTuple):
    """The map p → A p + b of the plane.

    Attributes
    ----------
    matrix : numpy.ndarray
        A beside b, (2, 3); A has an inverse.
    """

    matrix: np.ndarray

    def forward(self, points):
        """Where points (…, 2) of the input go."""
        return points @ self.matrix[:, :2].T + self.matrix[:, 2]

    def backward(self, points):
        """Where points (…, 2) of the output come from."""
        return (points - self.matrix[:, 2]) @ np.linalg.inv(self.matrix[:, :2]).T


class Shifted(NamedTuple):
    """The map whose inverse adds a shift that depends on the place: q → q + shift(q).

    Attributes
    ----------
    shift : numpy.ndarray
        Shift (dx, dy) at the centre of each pixel of the output, (H, W, 2); in between it is
        interpolated, and outside it is that of the nearest pixel.
    """

    shift: np.ndarray

    def backward(self, points):
        """Where points (…, 2) of the output come from."""
        return points + self._at(points)

    def forward(self, points, most=500):
        """Where points (…, 2) of the input go: the fixed point of q ← p − shift(q).

        The steps come to rest if neighbouring shifts differ by less than neighbouring places do,
        that is, if the map does not fold; after `most` of them we stop in any case.
        """
        q = np.asarray(points, dtype=float)
        for _ in range(most):
            before, q = q, points - self._at(q)
            if np.abs(q - before).max(initial=0) < 1e-9:
                break
        return q

    def _at(self, points):
        H, W = self.shift.shape[:2]
        place = np.clip(np.asarray(points, dtype=float) - 0.5, 0, [W - 1, H - 1])
        at = np.minimum(place.astype(int), [max(W - 2, 0), max(H - 2, 0)])
        fx, fy = np.moveaxis(place - at, -1, 0)[..., None]
        (j, i), (right, down) = np.moveaxis(at, -1, 0), (W > 1, H > 1)
        top = self.shift[i, j] * (1 - fx) + self.shift[i, j + right] * fx
        low = self.shift[i + down, j] * (1 - fx) + self.shift[i + down, j + right] * fx
        return top * (1 - fy) + low * fy


def matrices(angle=0.0, translate=(0.0, 0.0), scale=1.0, shear=(0.0, 0.0), centre=(0.0, 0.0)):
    """Matrix of a rotation, shear and scaling about a centre, and then a shift.

    Every option may also be an array of M of them, with a first axis of length M.

    Parameters
    ----------
    angle : array_like
        Degrees, counter-clockwise as one sees it on the screen.
    translate : array_like
        Shift (dx, dy) in pixels, (…, 2).
    scale : array_like
        Factor, above 0; above 1 makes things larger.
    shear : array_like
        Degrees along x and along y, (…, 2).
    centre : array_like
        Point (x, y) that stays in its place before the shift, (…, 2).

    Returns
    -------
    numpy.ndarray
        (…, 2, 3), to be used as `Affine`: p → c + t + A (p − c), with A = scale · R · S.
    """
    turn = np.radians(np.asarray(angle, dtype=float))
    cos, sin = np.cos(turn), np.sin(turn)
    kx, ky = np.moveaxis(np.tan(np.radians(np.asarray(shear, dtype=float))), -1, 0)
    # R = [[cos, sin], [−sin, cos]], since y points down; S = [[1, kx], [ky, 1 + kx ky]].
    rows = [cos + sin * ky, cos * kx + sin * (1 + kx * ky)], [
        -sin + cos * ky,
        -sin * kx + cos * (1 + kx * ky),
    ]
    scale = np.asarray(scale, dtype=float)[..., None, None]
    entries = np.broadcast_arrays(*rows[0], *rows[1])
    A = scale * np.stack(entries, axis=-1).reshape(*entries[0].shape, 2, 2)
    centre, translate = np.asarray(centre, dtype=float), np.asarray(translate, dtype=float)
    b = centre + translate - np.einsum("...ij,...j->...i", A, centre)
    return np.concatenate([A, np.broadcast_to(b, (*A.shape[:-2], 2))[..., None]], axis=-1)
