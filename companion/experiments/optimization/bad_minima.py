"""Where small networks end when training goes on until the slope is zero."""

from typing import NamedTuple

import numpy as np


class Ends(NamedTuple):
    """Where some networks ended; see `ends_of`.

    Attributes
    ----------
    costs : numpy.ndarray
        Cost, (R,).
    slopes : numpy.ndarray
        Norm of the gradient, (R,).
    least : numpy.ndarray
        Least eigenvalue of the Hessian, (R,): above 0 at a minimum.
    """

    costs: np.ndarray
    slopes: np.ndarray
    least: np.ndarray


def some_digits(data, seed, count=50, classes=(3, 5, 8), parts=4):
    """Draw digits, described by the numbers in which they differ most.

    Parameters
    ----------
    data : companion.data.digits.Split
        All digits.
    seed : int
        Seed of the draw.
    count : int
        How many.
    classes : tuple of int
        Which digits.
    parts : int
        How many principal components, each scaled to variance 1.

    Returns
    -------
    tuple of numpy.ndarray
        Inputs (count, parts), and 1 for the last of the classes, -1 for the others, (count,).
    """
    chosen = np.flatnonzero(np.isin(data.y_train, classes))
    chosen = np.random.default_rng(seed).permutation(chosen)[:count]
    Z = data.X_train[chosen].astype(float)
    U = np.linalg.svd(Z - Z.mean(axis=0), full_matrices=False)[0]
    return U[:, :parts] * np.sqrt(count), np.where(data.y_train[chosen] == classes[-1], 1, -1)


@np.errstate(over="ignore", invalid="ignore")
def best_rate(nets, train, rates=None, count=10, seed=0):
    """Find the rate at which the worst of some networks ends lowest.

    Parameters
    ----------
    nets : companion.optimization.tanh_networks.TanhNetworks
        The cost, as a function of all weights of a network.
    train : callable
        ``train(nets, points, rates)`` returns the points after training; ``rates`` is (R, 1).
    rates : array_like, optional
        What to try; by default 1/32 to 4 by factors of 2.
    count, seed : int
        How many networks at each rate, the same for all, and the seed of their first weights.

    Returns
    -------
    float
        The best rate.
    """
    rates = 2.0 ** np.arange(-5, 3) if rates is None else np.asarray(rates, dtype=float)
    tries = np.tile(nets.draw(count, seed=seed), (len(rates), 1))
    costs = nets.value(train(nets, tries, rates.repeat(count)[:, None]))
    costs = np.nan_to_num(costs, nan=np.inf).reshape(len(rates), count)
    return float(rates[costs.max(axis=1).argmin()])


def ends_of(nets, train, rate, count=20, seed=0):
    """Train networks, and follow each until its slope is zero.

    Parameters
    ----------
    nets, train
        As for `best_rate`.
    rate : float
        Learning rate.
    count, seed : int
        How many networks, and the seed of their first weights.

    Returns
    -------
    Ends
        Costs, slopes and least curvatures.

    Notes
    -----
    Used in the chapter :ref:`momentum_rates`.
    """
    points = nets.settle(train(nets, nets.draw(count, seed=seed), np.full((count, 1), rate)))
    slopes = np.linalg.norm(nets.gradient(points), axis=1)
    return Ends(nets.value(points), slopes, np.linalg.eigvalsh(nets.hessian(points))[:, 0])
