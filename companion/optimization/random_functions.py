"""Random smooth functions of many numbers, and the points where their slope is zero."""

import numpy as np


class RandomField:
    """A sum of cosine waves of random direction, length and phase: nearly a Gaussian field.

    f(x) = √(2/M) Σₘ cos(wₘ·x + bₘ) with wₘ from a standard normal distribution and bₘ uniform.
    Its mean is 0, and the covariance of f(x) and f(y) is exp(-½‖x - y‖²).

    Parameters
    ----------
    dim : int
        D, how many numbers the function takes.
    waves : int
        M: the more, the closer the values at any points are to a normal distribution.
    seed : int
        Which function.

    Raises
    ------
    ValueError
        If `dim` or `waves` is below 1.

    Notes
    -----
    Points are arrays (..., D); many are evaluated at once. Used in :ref:`momentum_rates`.
    """

    def __init__(self, dim, waves=500, seed=0):
        if dim < 1 or waves < 1:
            raise ValueError(
                f"RandomField: got {dim} dimensions and {waves} waves; need 1 of each at least"
            )
        rng = np.random.default_rng(seed)
        self.frequencies = rng.normal(size=(waves, dim))
        self.phases = rng.uniform(0, 2 * np.pi, size=waves)
        self.amplitude = np.sqrt(2 / waves)

    def _angles(self, points):
        return np.asarray(points, dtype=float) @ self.frequencies.T + self.phases

    def value(self, points):
        """Compute f, (...), at points (..., D)."""
        return self.amplitude * np.cos(self._angles(points)).sum(axis=-1)

    def gradient(self, points):
        """Compute ∇f, (..., D), at points (..., D)."""
        return -self.amplitude * np.sin(self._angles(points)) @ self.frequencies

    def hessian(self, points):
        """Compute the matrices of second derivatives, (..., D, D), at points (..., D)."""
        weights = -self.amplitude * np.cos(self._angles(points))
        return self.frequencies.T @ (weights[..., None] * self.frequencies)


def critical_points(function, starts, steps=200, tolerance=1e-9):
    """Walk from each start to a point where the gradient is zero, of whatever kind it is.

    Minimizes ‖∇f‖² by the rule of Levenberg and Marquardt: Newton's step for ∇f = 0 where that
    helps, short steps down the slope of ‖∇f‖² where it does not.

    Parameters
    ----------
    function : RandomField or Surface
        Something with ``gradient`` and ``hessian`` for many points at once.
    starts : array_like
        First points, (N, D).
    steps : int
        How many steps to try at most.
    tolerance : float
        Largest norm of the gradient at a point that counts as critical.

    Returns
    -------
    numpy.ndarray
        The critical points that were reached, (K, D) with K ≤ N, in the order of the starts; the
        same one as often as walks end there.

    Notes
    -----
    Which critical points are found depends on the starts: a walk ends at one nearby. Marquardt
    (1963). Used in the chapter :ref:`momentum_rates`.
    """
    points = np.array(starts, dtype=float)
    slopes, damping = function.gradient(points), np.ones(len(points))
    for _ in range(steps):
        on = np.flatnonzero(np.linalg.norm(slopes, axis=1) > tolerance)
        if not len(on):
            break
        tried = points[on] + _step(function.hessian(points[on]), slopes[on], damping[on])
        new = function.gradient(tried)
        better = np.linalg.norm(new, axis=1) < np.linalg.norm(slopes[on], axis=1)
        points[on[better]], slopes[on[better]] = tried[better], new[better]
        damping[on] *= np.where(better, 0.2, 4.0)
    return points[np.linalg.norm(slopes, axis=1) <= tolerance]


def _step(H, g, damping):
    """Solve (H² + λI) s = -H g; H is symmetric."""
    squares = H @ H + damping[:, None, None] * np.eye(H.shape[-1])
    return np.linalg.solve(squares, -H @ g[..., None])[..., 0]


def index(hessians):
    """Share of negative eigenvalues: 0 at a minimum, 1 at a maximum, between them at a saddle.

    Parameters
    ----------
    hessians : array_like
        Symmetric matrices, (..., D, D).

    Returns
    -------
    numpy.ndarray
        Shares, (...).
    """
    return np.mean(np.linalg.eigvalsh(hessians) < 0, axis=-1)
