"""The path of an optimizer over a surface."""

import numpy as np

from companion.gradients.module import Parameter


def walk(gradient, make, start, steps):
    """Let an optimizer walk.

    Parameters
    ----------
    gradient : callable
        Point (D,) → gradient (D,), such as ``surface.gradient``. If it takes many points at once,
        as those do, so does the walk: from starts (..., D).
    make : callable
        List of parameters → optimizer, such as ``lambda params: SGD(params, lr=0.1)``.
    start : array_like
        First point, (D,), or first points, (..., D).
    steps : int
        How many updates.

    Returns
    -------
    numpy.ndarray
        The points, (steps + 1, ..., D) float64, the start first. Where the walk leaves the numbers,
        the rest is NaN or infinite.

    Notes
    -----
    Used first in the chapter :ref:`momentum`.
    """
    point = Parameter(np.array(start, dtype=np.float64))
    optimizer = make([point])
    path = [point.data.copy()]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            point.grad = np.asarray(gradient(point.data), dtype=np.float64)
            optimizer.step()
            path.append(point.data.copy())
    return np.array(path)
