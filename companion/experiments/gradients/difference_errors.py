"""The error of difference quotients against their step, in 64 and 32 bits, and its prediction.

For functions of one number at random points, and for the cost of a network followed along a random
direction through its weights.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from companion.data.digits import digits, pooled
from companion.gradients import backpropagation as by_hand

PRECISIONS = {
    "64 bits": (np.float64, 2.0**-53, 0.5 ** np.arange(41)),
    "32 bits": (np.float32, 2.0**-24, 0.5 ** np.arange(21)),
}
"""Type of the numbers, unit roundoff u, and the steps ε that are tried."""

ORDERS = {"one-sided": 1, "central": 2}
SIZES = (49, 16, 16, 10)


def at_random_points(f, slope):
    """Return a function from a seed to f, f' and a point x that all sums x ± ε meet exactly."""

    def draw(seed):
        x = np.random.default_rng(seed).uniform(0.5, 1.5)
        return f, slope, round(x * 2**20) / 2**20

    return draw


def along_a_line(seed):
    """Follow the cost of a network through its weights: φ(t) = J(θ + t v), φ'(t), and 0.

    Parameters
    ----------
    seed : int
        Seed of the weights θ and the direction v, which is drawn as they are.

    Returns
    -------
    phi : callable
        φ in the precision of its argument.
    slope : callable
        φ' = ∇J · v by the backward pass, in float64.
    t : float
        Where to measure.
    """
    X, y = _twenty_digits()
    begin = by_hand.initialize(SIZES, seed=seed)
    way = by_hand.initialize(SIZES, seed=seed + 1000)

    def at(t, kind=float):
        pairs = zip(begin, way, strict=True)
        return [((W + t * V).astype(kind), b.astype(kind)) for (W, b), (V, _) in pairs]

    def phi(t):
        kind = type(t)
        return kind(by_hand.cost(by_hand.forward(at(t, kind), X.astype(kind))[-1], y)[0])

    def slope(t):
        a = by_hand.forward(at(t), X)
        gradients = by_hand.backward(at(t), a, by_hand.cost(a[-1], y)[1])
        return sum(np.sum(dW * V) for (dW, _), (V, _) in zip(gradients, way, strict=True))

    return phi, slope, 0.0


class Errors(NamedTuple):
    """Errors of one difference quotient in one precision, over many points.

    Attributes
    ----------
    scheme : str
        ``"one-sided"`` or ``"central"``.
    steps : numpy.ndarray
        Steps ε, largest first, (K,).
    found, predicted : numpy.ndarray
        Error at each point and step, measured and by the formula, (N, K).
    best : float
        Best step by the formula, median over the points.
    """

    scheme: str
    steps: np.ndarray
    found: np.ndarray
    predicted: np.ndarray
    best: float

    @property
    def median(self):
        """Median error at each step, (K,)."""
        return np.median(self.found, axis=0)

    @property
    def best_found(self):
        """Step with the smallest median error."""
        return float(self.steps[self.median.argmin()])

    @property
    def left(self):
        """Which steps are more than fourfold below the predicted best one, (K,)."""
        return self.steps < self.best / 4

    @property
    def right(self):
        """Which steps are more than fourfold above it, up to ¼, (K,)."""
        return (self.steps > 4 * self.best) & (self.steps <= 0.25)

    def slope(self, chosen):
        """Slope of the median error on logarithmic axes over some of the steps."""
        return float(np.polyfit(np.log(self.steps[chosen]), np.log(self.median[chosen]), 1)[0])


def errors_of(draw, precision, points=100):
    """Measure both difference quotients of a problem at all steps.

    Parameters
    ----------
    draw : callable
        From a seed to (f, f', x): `along_a_line`, or what `at_random_points` returns.
    precision : {"64 bits", "32 bits"}
        Numbers to compute f with; f' is in float64.
    points : int
        How many seeds.

    Returns
    -------
    dict of str to Errors
        For ``"one-sided"`` and ``"central"``.

    Notes
    -----
    The prediction is ½ ε abs(f'') + 2 u abs(f) / ε from one side and ⅙ ε² abs(f''') + u abs(f) / ε
    for central differences. Derived in the chapter :ref:`checking_limits`.
    """
    each = [_at_one_point(*draw(seed), precision) for seed in range(points)]
    gathered = {}
    for scheme in ORDERS:
        found, predicted, best = zip(*(one[scheme] for one in each), strict=True)
        gathered[scheme] = Errors(
            scheme,
            PRECISIONS[precision][2],
            np.array(found),
            np.array(predicted),
            float(np.median(best)),
        )
    return gathered


@cache
def _twenty_digits():
    data = digits()
    return pooled(data.X_train[:20].astype(float), 4), data.y_train[:20]


def _at_one_point(f, slope, x, precision, h=1e-4):
    """Error found, error predicted, best step predicted, for each scheme."""
    kind, u, steps = PRECISIONS[precision]
    before, here, after = slope(x - h), slope(x), slope(x + h)
    second = abs(after - before) / (2 * h)
    third = abs(after - 2 * here + before) / h**2
    at = float(f(kind(x)))
    above = np.array([f(kind(x) + kind(e)) for e in steps], dtype=float)
    below = np.array([f(kind(x) - kind(e)) for e in steps], dtype=float)
    noise = u * abs(at)
    return {
        "one-sided": (
            abs((above - at) / steps - here),
            steps * second / 2 + 2 * noise / steps,
            2 * (noise / second) ** 0.5,
        ),
        "central": (
            abs((above - below) / (2 * steps) - here),
            steps**2 * third / 6 + noise / steps,
            (3 * noise / third) ** (1 / 3),
        ),
    }
