"""Weights for pairs: those of scikit-learn's logistic regression; bad input is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from companion.faces.pair_regression import fitted_weights


def some(seed, count=80, size=3):
    rng = np.random.default_rng(seed)
    X = np.abs(rng.normal(size=(count, size)))
    same = X @ np.arange(size) + rng.normal(size=count) < 1
    same[:2] = True, False
    return X, same


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000), st.sampled_from([1e-3, 0.1]))
def test_weights_are_those_of_scikit_learn(seed, ridge):
    X, same = some(seed)
    share = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    theirs = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=1e-10, max_iter=500)
    theirs.fit(X, same, sample_weight=share)
    weights, bias = fitted_weights(X, same, ridge)
    np.testing.assert_allclose(weights, theirs.coef_[0], rtol=1e-5, atol=1e-6)
    assert bias == pytest.approx(theirs.intercept_[0], rel=1e-5, abs=1e-6)


def test_pairs_that_can_be_told_apart_keep_finite_weights():
    X = np.array([[0.0], [0.1], [5.0], [6.0]])
    weights, bias = fitted_weights(X, [True, True, False, False], 1e-6)
    assert np.isfinite([*weights, bias]).all()
    assert ((X @ weights + bias > 0) == [True, True, False, False]).all()


def test_a_feature_without_news_gets_no_weight():
    weights, bias = fitted_weights(np.zeros((4, 2)), [True, True, False, True])
    np.testing.assert_allclose([*weights, bias], 0, atol=1e-9)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: fitted_weights(np.ones((3, 2)), [True, False]), r"expected \(K, D\) and \(K,\)"),
        (lambda: fitted_weights(np.full((2, 2), np.nan), [True, False]), "not finite"),
        (lambda: fitted_weights(np.ones((2, 2)), [True, True]), "one kind only"),
        (lambda: fitted_weights(np.ones((2, 2)), [True, False], 0), "ridge is 0"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
