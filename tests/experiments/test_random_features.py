"""Regression on random features is scikit-learn's and SciPy's, with and without a penalty."""

import numpy as np
import pytest
import scipy.linalg
from sklearn.linear_model import Ridge

from companion.experiments.regularization import random_features as rf


def problem(N, F, K=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, F)), rng.normal(size=(N, K))


@pytest.mark.parametrize(("N", "F"), [(20, 5), (6, 6), (5, 20), (1, 1), (1, 4)])
def test_without_a_penalty_it_is_scipys_least_squares(N, F):
    features, targets = problem(N, F)
    expected = scipy.linalg.lstsq(features, targets)[0]
    np.testing.assert_allclose(rf.regression(features, targets), expected, rtol=1e-7, atol=1e-9)


def test_features_that_are_always_zero_do_no_harm():
    features, targets = problem(9, 4)
    features[:, 1] = 0
    expected = scipy.linalg.lstsq(features, targets)[0]
    np.testing.assert_allclose(rf.regression(features, targets), expected, atol=1e-9)


@pytest.mark.parametrize(("N", "F"), [(20, 5), (6, 6), (5, 20)])
def test_with_a_penalty_it_is_scikit_learns_ridge(N, F):
    features, targets = problem(N, F)
    expected = Ridge(alpha=0.7, fit_intercept=False).fit(features, targets).coef_.T
    np.testing.assert_allclose(rf.regression(features, targets, 0.7), expected)


def test_a_negative_penalty_is_refused():
    with pytest.raises(ValueError, match="ridge is -1; expected at least 0"):
        rf.regression(*problem(4, 2), -1)


def test_features_are_rectified_and_fewer_are_the_first_of_more():
    X = np.random.default_rng(0).normal(size=(30, 8))
    few, many = rf.random_features(X, 4), rf.random_features(X, 9)
    assert few.shape == (30, 4)
    assert few.min() == 0
    np.testing.assert_allclose(few * 2, many[:, :4] * 3)
    wide = rf.random_features(X, 200_000) ** 2
    # Half of a normal variable's square is on the positive side: E max(0, z)² = |x|² / 2D.
    np.testing.assert_allclose(wide.sum(axis=1), (X**2).mean(axis=1) / 2, rtol=0.05)


def test_flipped_labels_are_as_many_as_asked_and_all_other_classes():
    y = np.arange(1000) % 10
    flipped = rf.flip_labels(y, 0.2)
    changed = flipped != y
    assert changed.sum() == 200
    assert set((flipped[changed] - y[changed]) % 10) == set(range(1, 10))
    np.testing.assert_array_equal(rf.flip_labels(y, 0.0), y)
    assert (rf.flip_labels(y, 1.0) != y).all()
    with pytest.raises(ValueError, match=r"share is 1\.5"):
        rf.flip_labels(y, 1.5)


def test_predictions_are_those_of_ridge_on_the_same_features():
    rng = np.random.default_rng(4)
    X, y, places = rng.normal(size=(2, 8, 5)), rng.integers(3, size=(2, 8)), rng.normal(size=(4, 5))
    found = rf.regressed(X, y, places, (3, 12), (0.0, 0.5), classes=3)
    assert found.shape == (2, 2, 2, 4, 3)
    for run in range(2):
        features, at = (rf.random_features(x, 12, seed=run) for x in (X[run], places))
        fit = Ridge(alpha=0.5, fit_intercept=False).fit(features, np.eye(3)[y[run]])
        np.testing.assert_allclose(found[1, 1, run], fit.predict(at))
        features, at = (rf.random_features(x, 3, seed=run) for x in (X[run], places))
        weights = scipy.linalg.lstsq(features, np.eye(3)[y[run]])[0]
        np.testing.assert_allclose(found[0, 0, run], at @ weights, rtol=1e-6, atol=1e-9)
