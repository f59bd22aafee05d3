"""Images enlarged without weights: every new pixel takes, or mixes, the old ones nearest to it."""

import numpy as np

from companion.gradients.module import Module
from companion.gradients.tape import primitive

MODES = {"nearest": (1, 2, 3), "linear": (1,), "bilinear": (2,), "trilinear": (3,)}
"""Mode → numbers of spatial axes it is for."""


@primitive
def resample(x, *, axis, low, high, share):
    """Along an axis take x[low] (1 - share) + x[high] share; with a share of None, x[low].

    Pullback: dout times the transpose of the matrix that holds these shares.
    """
    shape, length = x.shape, x.shape[axis]
    out = np.take(x, low, axis)
    if share is not None:
        share = share.astype(x.dtype).reshape(-1, *[1] * (x.ndim - 1 - axis % x.ndim))
        out = out * (1 - share) + np.take(x, high, axis) * share

    def pullback(dout):
        matrix, new = np.zeros((len(low), length), x.dtype), np.arange(len(low))
        np.add.at(matrix, (new, low), 1 if share is None else 1 - share.ravel())
        if share is not None:
            np.add.at(matrix, (new, high), share.ravel())
        back = np.moveaxis(dout, axis, -1) @ matrix
        return np.ascontiguousarray(np.moveaxis(back, -1, axis)).reshape(shape)

    return out, pullback


def _nearest(n, new, scale):
    """Which old pixel each of the new ones takes."""
    # Like torch, whose scale does not count where the size stays or doubles.
    at = np.arange(new) * (n / new if scale is None or new in (n, 2 * n) else 1 / scale)
    return np.minimum(np.floor(at).astype(int), n - 1), None, None


def _mixed(n, new, scale, align_corners):
    """Which two old pixels each of the new ones mixes, and the share of the second."""
    if align_corners:
        at = np.arange(new) * ((n - 1) / (new - 1) if new > 1 else 0.0)
    else:
        step = n / new if scale is None else 1 / scale
        at = np.maximum((np.arange(new) + 0.5) * step - 0.5, 0)
    low = np.minimum(np.floor(at).astype(int), n - 1)
    return low, np.minimum(low + 1, n - 1), np.clip(at - low, 0, 1)


def interpolate(input, size=None, scale_factor=None, mode="nearest", align_corners=None):
    """Enlarge sequences, images or volumes, or make them smaller.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, L), (N, C, H, W) or (N, C, D, H, W).
    size : int or tuple of int, optional
        Of the result.
    scale_factor : float or tuple of float, optional
        Or how many times as large, rounded down to whole pixels; one of the two must be given.
    mode : {"nearest", "linear", "bilinear", "trilinear"}
        Take one old pixel, or mix the two around the place along each axis.
    align_corners : bool, optional
        Of the mixing modes. False, the default: pixels are squares, and the edges of both images
        lie on each other. True: the centres of the corner pixels do.

    Returns
    -------
    Tensor
        ``(N, C, *size)``.

    Raises
    ------
    ValueError
        If not one of size and scale is given, or the mode is not for this input.

    Notes
    -----
    Derived in the chapter :ref:`kinds_of_convolution`.
    """
    shape = np.shape(input)
    axes = len(shape) - 2
    if mode not in MODES or axes not in MODES[mode]:
        fits = [known for known, those in MODES.items() if axes in those]
        raise ValueError(f"interpolate: mode {mode!r} for an input of {shape}; choose from {fits}")
    if (size is None) == (scale_factor is None):
        raise ValueError("interpolate: give either size or scale_factor")
    if mode == "nearest" and align_corners is not None:
        raise ValueError("interpolate: align_corners is for the modes that mix; leave it out")
    given = scale_factor if size is None else size
    given = tuple(given) if np.ndim(given) else (given,) * axes
    if len(given) != axes:
        raise ValueError(f"interpolate: {given} has {len(given)} numbers; expected 1 or {axes}")
    if size is None:
        new = tuple(int(np.floor(n * s)) for n, s in zip(shape[2:], given, strict=True))
    else:
        new, given = given, (None,) * axes
    if min(new) < 1:
        raise ValueError(f"interpolate: the result would be {new}; expected at least one pixel")
    out = input
    for k, (n, m, scale) in enumerate(zip(shape[2:], new, given, strict=True)):
        if mode == "nearest":
            low, high, share = _nearest(n, m, scale)
        else:
            low, high, share = _mixed(n, m, scale, align_corners)
        out = resample(out, axis=k - axes, low=low, high=high, share=share)
    return out


class Upsample(Module):
    """An image enlarged without weights, ``(N, C, *size)`` → ``(N, C, *out)``; see `interpolate`.

    Parameters
    ----------
    size, scale_factor, mode, align_corners
        As for `interpolate`.
    """

    def __init__(self, size=None, scale_factor=None, mode="nearest", align_corners=None):
        self.options = {"size": size, "scale_factor": scale_factor, "mode": mode}
        self.options |= {"align_corners": align_corners}

    def forward(self, x):
        """Map x: ``(N, C, *size)`` to ``(N, C, *out)``."""
        return interpolate(x, **self.options)

    def extra_repr(self):
        """Return the options that were given."""
        given = {name: value for name, value in self.options.items() if value is not None}
        return ", ".join(f"{name}={value!r}" for name, value in given.items())
