"""Robust lines are those of scikit-learn and SciPy, and slips move them as they must."""

import numpy as np
import pytest
from scipy.optimize import least_squares
from sklearn.linear_model import LinearRegression, QuantileRegressor

from companion.experiments.gradients.robust_lines import (
    absolute_line,
    huber_line,
    moved_by_slips,
    squared_line,
)


def sets(count=3, size=41):
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 10, (count, size))
    y = 1 + 2 * x + rng.normal(size=x.shape)
    return x, np.where(rng.random(x.shape) < 0.1, 10 * y, y)


def by_scikit_learn(model, x, y):
    found = model.fit(x[:, None], y)
    return found.coef_[0], found.intercept_


def by_scipy(x, y, delta):
    def errors(line):
        return line[0] * x + line[1] - y

    return least_squares(errors, [0, 0], loss="huber", f_scale=delta, xtol=1e-12, ftol=1e-12).x


def test_least_squares_is_scikit_learn_s():
    x, y = sets()
    lines = np.stack(squared_line(x, y), axis=1)
    other = [by_scikit_learn(LinearRegression(), *pair) for pair in zip(x, y, strict=True)]
    np.testing.assert_allclose(lines, other, rtol=1e-9)


@pytest.mark.parametrize("delta", [0.5, 3.0])
def test_huber_is_scipy_s(delta):
    x, y = sets()
    lines = np.stack(huber_line(x, y, delta), axis=1)
    other = [by_scipy(*pair, delta) for pair in zip(x, y, strict=True)]
    np.testing.assert_allclose(lines, other, rtol=1e-5, atol=1e-5)


def test_the_absolute_error_is_as_small_as_scikit_learn_s():
    x, y = sets()
    model = QuantileRegressor(quantile=0.5, alpha=0)
    for k, (a, b) in enumerate(zip(*absolute_line(x, y), strict=True)):
        slope, offset = by_scikit_learn(model, x[k], y[k])
        least = np.abs(slope * x[k] + offset - y[k]).sum()
        assert np.abs(a * x[k] + b - y[k]).sum() == pytest.approx(least, rel=1e-8)


def test_slips_everywhere_make_the_line_ten_times_as_high():
    x, y = sets(count=1)
    a, b = squared_line(x[0], y[0])
    moved = moved_by_slips(squared_line, x[0], y[0], share=1.0, draws=2)
    np.testing.assert_allclose(moved, np.abs(9 * (a * x[0] + b)).mean(), rtol=1e-9)


def test_without_slips_nothing_moves():
    x, y = sets(count=1)
    moved = moved_by_slips(absolute_line, x[0], y[0], share=0.0, draws=4)
    np.testing.assert_allclose(moved, np.zeros(4), atol=1e-12)
