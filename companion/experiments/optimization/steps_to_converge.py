"""How many steps gradient descent and momentum need until the gradient is small."""

import numpy as np

from companion.experiments.comparison import sweep


@np.errstate(over="ignore", invalid="ignore")
def descend(gradient, start, lr, momentum=0.0, limit=3_000, tolerance=1e-6):
    """Walk downhill with a constant rate until the norm of the gradient is small.

    Parameters
    ----------
    gradient : callable
        Point (n,) → gradient (n,).
    start : array_like
        Where to begin, (n,).
    lr, momentum : float
        The step is ``v = momentum * v + g; x = x - lr * v``.
    limit : int
        How many steps at most.
    tolerance : float
        Norm of the gradient at which it ends.

    Returns
    -------
    points : numpy.ndarray
        All points, the start first, (K + 1, n).
    norms : numpy.ndarray
        Norms of the gradients there, (K + 1,). A walk that diverges ends early.
    """
    x, v, points, norms = np.array(start, float), 0.0, [], []
    while True:
        g = gradient(x)
        points.append(x)
        norms.append(np.linalg.norm(g))
        if norms[-1] <= tolerance or len(norms) > limit or not norms[-1] < 1e9:
            return np.array(points), np.array(norms)
        v = momentum * v + g
        x = x - lr * v


def tuned_steps(cost, factors, momenta=(0.0,), limit=3_000, tolerance=1e-6):
    """Try rates and momenta on a problem, and return what needs the fewest steps.

    Parameters
    ----------
    cost : object
        With ``gradient``, ``hessian`` and ``start``.
    factors : sequence of float
        Rates to try, in units of 1 / λ, λ the largest eigenvalue of the Hessian at the start.
    momenta : sequence of float
        Momenta to try.
    limit, tolerance
        As for `descend`.

    Returns
    -------
    steps : float
        Fewest steps; infinity if none was enough.
    lr, momentum : float
        The setting that took them.
    on_edge : bool
        Whether it lies on the edge of the grid, so that a wider one might hold a better setting.

    Notes
    -----
    Used in the chapter :ref:`second_order`.
    """
    largest = np.linalg.eigvalsh(cost.hessian(cost.start))[-1]

    def steps(lr, momentum):
        norms = descend(cost.gradient, cost.start, lr, momentum, limit, tolerance)[1]
        return len(norms) - 1 if norms[-1] <= tolerance else np.inf

    found = []
    for mu in momenta:
        tried = sweep(lambda lr, _, mu=mu: steps(lr, mu), np.array(factors) / largest, seeds=[0])
        found.append((float(tried.median.min()), tried.best, float(mu), tried.on_edge))
    best = min(found)
    inside = len(found) == 1 or momenta[0] < best[2] < momenta[-1]
    return *best[:3], bool(best[3] or not inside)
