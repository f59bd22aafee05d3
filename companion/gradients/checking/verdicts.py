"""When is a gradient right? The relative difference, its limits, and the verdicts.

Derived in the chapter :ref:`gradient_checking`.
"""

import numpy as np

RIGHT = 1e-6
"""Relative difference up to which a gradient is right; the chapter measures why."""

WRONG = 1e-3
"""Relative difference above which a gradient is wrong; in between it is suspicious."""

VERDICTS = (
    "right",
    "too small",
    "unused",
    "kink",
    "suspicious",
    "wrong",
    "no gradient",
    "not finite",
)
"""From best to worst; up to "unused" nothing speaks against the gradient."""

PLAIN = VERDICTS[VERDICTS.index("suspicious") + 1 :]
"""Verdicts that leave no doubt."""

ADVICE = {
    "suspicious": "too far apart for rounding, very close for a mistake: try another point",
    "rounding": "agrees only to rounding, {difference:.0e}: check at another point",
    "kink": "the cost has a kink {kink}: move the point a little and check again",
    "too small": "both are within the rounding error of the measurement, {noise:.0e}, "
    "which proves nothing: check at another point",
    "unused": "no gradient reached it, and the cost does not depend on it here",
    "no gradient": "no gradient reached it: is requires_grad off, or is the path cut by "
    ".detach(), .data or .numpy()?",
    "not finite": "NaN or infinity: log(0), 0/0, or exp of something large?",
}


def relative_difference(a, b):
    """Distance of two gradients relative to their sizes, ‖a - b‖ / (‖a‖ + ‖b‖).

    Parameters
    ----------
    a, b : array_like
        Gradients of equal shape.

    Returns
    -------
    float
        From 0 (equal) to 1 (opposite); 0 where both are zero.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size else 0.0


def is_fine(verdict):
    """Whether a verdict says that nothing speaks against the gradient.

    Parameters
    ----------
    verdict : str
        One of `VERDICTS`.

    Returns
    -------
    bool
        True for "right", "too small" and "unused".
    """
    return VERDICTS.index(verdict) < VERDICTS.index("kink")


def verdict_of(analytic, numeric, noise=0.0, slopes=None):
    """Judge a gradient by its measurement.

    It is right up to a relative difference of `RIGHT`, and as far as the measurement can tell:
    where the distance is within the rounding error to be expected.

    Parameters
    ----------
    analytic : numpy.ndarray or None
        Computed entries, (K,); None if no gradient reached the parameter.
    numeric : numpy.ndarray
        Measured entries, (K,).
    noise : float
        Rounding error to expect in each measured entry.
    slopes : tuple of two numpy.ndarray, optional
        One-sided differences to the left and to the right, (K,) each; only where there is a kink.

    Returns
    -------
    str
        One of `VERDICTS`.
    """
    floor = noise * np.sqrt(numeric.size)
    if not np.isfinite(numeric).all():
        return "not finite"
    if analytic is None:
        return "no gradient" if np.any(np.abs(numeric) > noise) else "unused"
    if not np.isfinite(analytic).all():
        return "not finite"
    distance = np.linalg.norm(analytic - numeric)
    sizes = np.linalg.norm(analytic), np.linalg.norm(numeric)
    if distance > 0 and max(sizes) <= floor:
        return "too small"
    if distance <= max(floor, RIGHT * sum(sizes)):
        return "right"
    if slopes is not None and _between(analytic, numeric, slopes, max(noise, RIGHT * sum(sizes))):
        return "kink"
    return "suspicious" if distance <= WRONG * sum(sizes) else "wrong"


def _between(analytic, numeric, slopes, allowed):
    """Whether each entry is the measured one, or lies between the slopes on either side."""
    low, high = np.minimum(*slopes) - allowed, np.maximum(*slopes) + allowed
    return bool(np.all((low <= analytic) & (analytic <= high)))
