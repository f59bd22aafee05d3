"""Small networks of one hidden layer, many side by side, with all their second derivatives."""

import numpy as np


class TanhNetworks:
    """The regularized squared error of tanh networks with one hidden layer and one output.

    Each point is a whole network: its weights and biases in a row, P = H (D + 2) + 1 numbers. As a
    function of it, J(θ) = 1/(2m) Σᵢ (ŷᵢ - yᵢ)² + ½λ‖θ‖².

    Parameters
    ----------
    X : array_like
        Inputs, (N, D).
    y : array_like
        What the networks shall return, (N,).
    width : int
        H, number of hidden units.
    decay : float
        λ, above 0: then no minimum lies at infinity.

    Raises
    ------
    ValueError
        If the shapes do not fit, or `width` or `decay` is out of range.

    Notes
    -----
    Points are arrays (R, P): R networks at once. Used in the chapter :ref:`momentum_rates`.
    """

    def __init__(self, X, y, width, decay=1e-3):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        if X.ndim != 2 or y.shape != X.shape[:1]:
            raise ValueError(
                f"TanhNetworks: X has the shape {X.shape}, y {y.shape}; expected (N, D) and (N,)"
            )
        if width < 1 or not decay > 0:
            raise ValueError(
                f"TanhNetworks: got {width} units and the decay {decay}; "
                "expected at least 1 unit and a decay above 0"
            )
        self.X, self.y, self.width, self.decay = np.c_[X, np.ones(len(X))], y, width, decay
        self.size = width * (self.X.shape[1] + 1) + 1

    def draw(self, count, seed=0):
        """Draw the weights of `count` networks, (count, P): Xavier's variance, biases 0."""
        rng, D = np.random.default_rng(seed), self.X.shape[1] - 1
        U = rng.normal(size=(count, self.width, D + 1)) * np.sqrt(2 / (D + self.width))
        U[..., -1] = 0
        w = rng.normal(size=(count, self.width)) * np.sqrt(2 / (self.width + 1))
        return np.c_[U.reshape(count, -1), w, np.zeros(count)]

    def _forward(self, points):
        """Return outgoing weights (R, H, 1), activations (R, N, H) and errors (R, N)."""
        U, w = np.split(points[:, :-1], [self.width * self.X.shape[1]], axis=1)
        A = np.tanh(self.X @ U.reshape(len(points), self.width, -1).swapaxes(1, 2))
        w = w[..., None]
        return w, A, (A @ w)[..., 0] + points[:, -1:] - self.y

    def _jacobian(self, w, A):
        """Return the derivatives of the outputs, (R, N, P)."""
        through = w.swapaxes(1, 2) * (1 - A**2)
        into = through[..., None] * self.X[:, None]
        return np.concatenate(
            [into.reshape(*A.shape[:2], -1), A, np.ones((*A.shape[:2], 1))], axis=-1
        )

    def value(self, points):
        """Compute J, (R,)."""
        errors = self._forward(points)[2]
        return (np.mean(errors**2, axis=-1) + self.decay * np.sum(points**2, axis=-1)) / 2

    def gradient(self, points):
        """Compute ∇J, (R, P)."""
        w, A, errors = self._forward(points)
        e = errors / len(self.y)
        into = (e[..., None] * w.swapaxes(1, 2) * (1 - A**2)).swapaxes(1, 2) @ self.X
        out = (e[:, None] @ A)[:, 0]
        parts = into.reshape(len(points), -1), out, e.sum(axis=1, keepdims=True)
        return np.concatenate(parts, axis=1) + self.decay * points

    def hessian(self, points):
        """Compute the second derivatives of J, (R, P, P)."""
        w, A, errors = self._forward(points)
        J, m, D1 = self._jacobian(w, A), len(self.y), self.X.shape[1]
        H = J.swapaxes(1, 2) @ J / m + self.decay * np.eye(self.size)
        e = errors[..., None] * (1 - A**2) / m
        bent, mixed = -2 * e * A * w.swapaxes(1, 2), e.swapaxes(1, 2) @ self.X
        for h in range(self.width):
            into, out = slice(h * D1, (h + 1) * D1), self.width * D1 + h
            H[:, into, into] += self.X.T @ (bent[..., h, None] * self.X)
            H[:, into, out] += mixed[:, h]
            H[:, out, into] += mixed[:, h]
        return H

    def settle(self, points, steps=300, tolerance=1e-9):
        """Go downhill until the slope is zero, by Newton's step where it helps, by short ones else.

        Where the curvature is negative the step goes downhill as well, away from a saddle. Rarely a
        walk ends on one all the same: look at the curvatures of `hessian` there.

        Parameters
        ----------
        points : array_like
            Where to start, (R, P).
        steps : int
            How many steps to try at most.
        tolerance : float
            Norm of the gradient at which a network is left alone.

        Returns
        -------
        numpy.ndarray
            Where the networks arrived, (R, P); J has grown for none of them.

        Notes
        -----
        Dauphin et al. (2014), with a damping that adapts.
        """
        points = np.array(points, dtype=float)
        damping, heights = np.full(len(points), 1e-2), self.value(points)
        for _ in range(steps):
            slopes = self.gradient(points)
            on = np.flatnonzero(np.linalg.norm(slopes, axis=1) > tolerance)
            if not len(on):
                break
            curvatures, V = np.linalg.eigh(self.hessian(points[on]))
            scale = np.abs(curvatures) + damping[on, None]
            along = (slopes[on, None] @ V)[:, 0] / scale
            tried = points[on] - (V @ along[..., None])[..., 0]
            new = self.value(tried)
            better = new < heights[on]
            points[on[better]], heights[on[better]] = tried[better], new[better]
            damping[on] *= np.where(better, 0.3, 4.0)
        return points
