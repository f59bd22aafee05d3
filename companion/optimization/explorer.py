"""A figure to explore: choose surface, optimizer, rate and momentum, and see the walk."""

import numpy as np

from companion.optimization.trajectories import walk
from companion.plots.explorer import explore
from companion.plots.landscapes import level_lines
from companion.results import scientific

_PIXELS = 500  # what a picture can tell apart along an axis, about


def inverse_curvature(surface):
    """Return 1/λ, with λ the largest curvature at the minimum: gradient descent allows twice that.

    Parameters
    ----------
    surface : Surface
        The function.
    """
    return 1 / float(np.linalg.eigvalsh(surface.hessian(np.array(surface.minimum))).max())


def explore_walks(
    surfaces, optimizers, rates, momenta, steps=60, *, unit=inverse_curvature, start=None
):
    """Draw the walk of an optimizer over level lines, for the reader to choose which.

    Every position is computed when the function is called.

    Parameters
    ----------
    surfaces : iterable of Surface
        What to walk on, each with its own axes.
    optimizers : dict
        Name → ``make(params, lr, momentum)``, such as
        ``lambda params, lr, momentum: SGD(params, lr, momentum)``.
    rates : array_like
        Learning rates to choose from, in units of what `unit` says of the surface.
    momenta : array_like
        Values of the second number to choose from; with one there is nothing to choose, and no
        control.
    steps : int
        Updates of a walk; it is cut short where it leaves the picture, and where it is so close to
        its end that the eye cannot tell.
    unit : callable
        Surface → the learning rate called 1, as one grid cannot serve all surfaces.
    start : dict, optional
        Control (``surface``, ``optimizer``, ``rate``, ``momentum``) → its value at first.

    Returns
    -------
    Explorer
        Shown by the notebook when it stands last in a cell.

    Notes
    -----
    Used first in the chapter :ref:`momentum`.
    """
    places = {surface.name: surface for surface in surfaces}
    controls = {"surface": list(places), "optimizer": list(optimizers), "rate": list(rates)}
    momenta = list(momenta)
    if len(momenta) > 1:
        controls["momentum"] = momenta
    walked = {}

    def path(surface, optimizer, rate, momentum=momenta[0]):
        key = surface, optimizer, rate, momentum
        if key not in walked:
            where, make = places[surface], optimizers[optimizer]
            lr = rate * unit(where)
            walked[key] = walk(
                where.gradient, lambda params: make(params, lr, momentum), where.start, steps
            )
        return walked[key]

    def seen(surface, optimizer, rate, momentum=momenta[0]):
        return _seen(path(surface, optimizer, rate, momentum), places[surface].box)

    def end(surface, optimizer, rate, momentum=momenta[0]):
        return _inside(path(surface, optimizer, rate, momentum)[-1:], places[surface].box)

    def minimum(surface):
        x, y = places[surface].minimum
        return [x], [y]

    def lines(surface):
        where = places[surface]
        drawn = level_lines(where.value, where.box, 9, 64, 1 / _PIXELS)
        return _rounded(np.transpose(drawn), where.box)

    def say(surface, optimizer, rate, momentum=momenta[0]):
        where, points = places[surface], path(surface, optimizer, rate, momentum)
        lr, out = _text(rate * unit(where)), np.flatnonzero(~_within(points, where.box))
        if len(out):
            return f"η = {lr}: leaves the picture at step {out[0]}."
        return f"η = {lr}: height {_text(float(where.value(points[-1])))} after {steps} steps."

    return explore(
        controls,
        {"path": seen, "each step": seen, "end": end, "minimum": minimum, "level lines": lines},
        say=say,
        start=start,
        xlabel="x",
        ylabel="y",
        xlim=lambda surface: places[surface].box[:2],
        ylim=lambda surface: places[surface].box[2:],
        looks={"each step": "dots", "level lines": "thin"},
    )


def _text(value):
    """Write a number as prose does."""
    if 0 < abs(value) < 1e-3:
        return scientific(value, 1)
    return f"{value:.2g}".replace("-", "−")


def _within(points, box):
    """Tell which points lie in the box; what is not a number does not."""
    left, right, bottom, top = box
    x, y = np.transpose(points)
    return (left <= x) & (x <= right) & (bottom <= y) & (y <= top)


def _inside(points, box):
    """Return x and y, NaN outside of the box."""
    shown = np.where(_within(points, box)[:, None], points, np.nan)
    return _rounded(shown, box)


def _seen(path, box):
    """Cut a walk where it leaves the box, and where it stays at its end; return x and y."""
    out = np.flatnonzero(~_within(path, box))
    if len(out):
        path = np.vstack([path[: out[0]], _border(*path[out[0] - 1 : out[0] + 1], box)])
    fine = np.transpose(_rounded(path, box))
    moving = np.flatnonzero(np.any(fine != fine[-1], axis=1))
    return fine[: moving[-1] + 2 if len(moving) else 1].T


def _border(inside, outside, box):
    """Return the point where the segment from `inside` to `outside` crosses the border."""
    if not np.all(np.isfinite(outside)):
        return inside
    low, high = np.array(box).reshape(2, 2).T
    way = outside - inside
    room = np.where(way > 0, high - inside, low - inside)
    reach = np.divide(room, way, out=np.ones(2), where=way != 0)
    return inside + np.clip(reach.min(), 0, 1) * way


def _rounded(points, box):
    """Return x and y on a grid as fine as the eye, so that they are short to write down."""
    left, right, bottom, top = box
    spans = np.array([right - left, top - bottom]) / _PIXELS
    x, y = np.ceil(-np.log10(spans)).astype(int)
    points = np.asarray(points)
    return [np.round(points[:, 0], x) + 0.0, np.round(points[:, 1], y) + 0.0]
