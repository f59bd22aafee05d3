"""Calibration errors against scikit-learn and closed forms, the temperature against SciPy."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.calibration import calibration_curve

from companion.regularization.calibration import (
    expected_calibration_error,
    fit_temperature,
    maximum_calibration_error,
    reliability,
)


def predictions(seed, N, K, scale=3.0):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(N, K)) * scale
    y = (z / scale + rng.gumbel(size=(N, K))).argmax(axis=1)
    return z, y


def pairs(confidence, right):
    """Two classes: class 0 is predicted with a given confidence above ½."""
    p = np.column_stack([confidence, 1 - np.asarray(confidence)])
    return p, np.where(right, 0, 1)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 80), st.integers(1, 6), st.sampled_from([1, 5, 10])
)
def test_bins_are_those_of_scikit_learn(seed, N, K, bins):
    z, y = predictions(seed, N, K)
    p = softmax(z, axis=1)
    found = reliability(p, y, bins)
    right = p.argmax(axis=1) == y
    top, full = p.max(axis=1).clip(0, 1), found.counts > 0
    assert found.counts.sum() == N
    if 0 < right.sum() < N:  # it asks for both outcomes
        accuracy, confidence = calibration_curve(right, top, n_bins=bins)
        np.testing.assert_allclose(found.accuracy[full], accuracy, rtol=1e-12)
        np.testing.assert_allclose(found.confidence[full], confidence, rtol=1e-12)
    inside = [(top > low) & (top <= high) for low, high in pairwise(found.edges)]
    gaps = [abs(top[k].mean() - right[k].mean()) * k.mean() for k in inside if k.any()]
    error = expected_calibration_error(p, y, bins)
    assert error == pytest.approx(sum(gaps), abs=1e-12)


def test_by_pencil():
    """Four at 0.9 of which two are right, six at 0.7 of which three: gaps 0.4 and 0.2."""
    p, y = pairs([0.9] * 4 + [0.7] * 6, [1, 1, 0, 0, 1, 1, 1, 0, 0, 0])
    found = reliability(p, y, bins=5)
    np.testing.assert_array_equal(found.counts, [0, 0, 0, 6, 4])
    np.testing.assert_allclose(found.gaps, [0, 0, 0, 0.2, 0.4])
    assert np.isnan(found.accuracy[0])
    assert expected_calibration_error(p, y, 5) == pytest.approx(0.28)
    assert maximum_calibration_error(p, y, 5) == pytest.approx(0.4)


def test_perfect_and_perfectly_wrong():
    y = np.arange(6) % 3
    assert expected_calibration_error(np.eye(3)[y], y) == 0
    assert maximum_calibration_error(np.eye(3)[(y + 1) % 3], y) == 1
    assert expected_calibration_error(np.full((9, 1), 1.0), np.zeros(9, dtype=int)) == 0


def test_a_border_belongs_to_the_bin_below():
    p, y = pairs([0.75], [True])
    assert reliability(p, y, bins=4).counts.tolist() == [0, 0, 1, 0]


def test_a_calibrated_model_has_a_small_error():
    """Labels drawn from the predicted probabilities: the gaps are noise of sampling."""
    rng = np.random.default_rng(2)
    z = rng.normal(size=(40_000, 4)) * 2
    y = (z + rng.gumbel(size=z.shape)).argmax(axis=1)
    p = softmax(z, axis=1)
    assert expected_calibration_error(p, y) < 0.01
    assert expected_calibration_error(softmax(3 * z, axis=1), y) > 0.1


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.floats(-3, 3))
def test_the_temperature_is_where_scipy_finds_the_least_loss(seed, K, size):
    z, y = predictions(seed, 200, K)
    z = z * 10**size

    def loss(b):
        return -log_softmax(np.exp(b) * z, axis=1)[np.arange(200), y].mean()

    found = minimize_scalar(loss, bracket=(-np.log(10**size) - 2, -np.log(10**size) + 1), tol=1e-12)
    T = fit_temperature(z, y)
    assert loss(-np.log(T)) <= found.fun + 1e-12
    assert np.log(T) == pytest.approx(-found.x, abs=1e-5)


def test_the_temperature_in_closed_form():
    """Two classes, always the gap g, a share a of them right: T = g / log(a / (1 - a))."""
    for gap, right in ((4.0, 80), (0.3, 60), (900.0, 99)):
        z = np.tile([gap, 0.0], (100, 1))
        y = np.where(np.arange(100) < right, 0, 1)
        expected = gap / np.log(right / (100 - right))
        assert fit_temperature(z, y) == pytest.approx(expected, rel=1e-8)
        p = softmax(z / expected, axis=1)
        assert expected_calibration_error(p, y) == pytest.approx(0, abs=1e-12)


def test_it_does_not_matter_what_is_added_to_the_scores_of_an_example():
    z, y = predictions(7, 150, 4)
    shift = np.random.default_rng(0).normal(size=(150, 1)) * 100
    assert fit_temperature(z + shift, y) == pytest.approx(fit_temperature(z, y), rel=1e-8)
    assert fit_temperature(1e6 * z, y) == pytest.approx(1e6 * fit_temperature(z, y), rel=1e-8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reliability(np.ones((2, 3)), [0, 1]), "row 0 holds no prob.*, its sum is 3"),
        (lambda: reliability([[1.5, -0.5]], [0]), "row 0 holds no probabilities"),
        (lambda: reliability([[np.nan, 1.0]], [0]), "row 0 holds no probabilities"),
        (lambda: reliability(np.ones((2, 1)), [0, 0], bins=0), "bins is 0; at least 1"),
        (lambda: reliability(np.ones(3), [0, 1, 2]), r"got \(3,\) and y \(3,\)"),
        (lambda: reliability(np.ones((0, 3)), np.ones(0, int)), "at least one"),
        (lambda: reliability(np.eye(2), [0.0, 1.0]), "of float64; expected .* integer"),
        (lambda: reliability(np.eye(2), [0, 2]), "class 2 in y, but classes are 0 … 1"),
        (lambda: fit_temperature(np.eye(3), [0, 1, 2]), "so that T would be 0"),
        (lambda: fit_temperature(np.eye(3), [1, 2, 0]), "so that T would be infinite"),
        (lambda: fit_temperature(np.zeros((3, 2)), [0, 1, 0]), "T would be"),
        (lambda: fit_temperature([[np.inf, 0.0]], [1]), "a score is not finite"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
