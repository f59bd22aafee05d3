"""Bias², variance, noise: by hand, by scikit-learn's fits, in closed form, by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error

from companion.regularization.decomposition import decompose, linear_decomposition


def wave(x):
    return np.sin(3 * x)


def test_four_models_by_hand():
    parts = decompose([[2.0], [4.0], [6.0], [8.0]], [6.0], noise=4.0)
    assert [part.tolist() for part in parts] == [[1.0], [5.0], [4.0]]
    assert parts.error.tolist() == [10.0]


def test_the_mean_of_the_parts_is_three_numbers():
    parts = decompose([[2.0, 0.0], [4.0, 0.0]], [6.0, 3.0], noise=[1.0, 2.0]).mean()
    assert parts == (9.0, 0.5, 1.5)
    assert parts.error == 11.0


@given(
    st.integers(2, 6), st.integers(1, 5), st.integers(1, 4), st.integers(0, 1), st.integers(0, 99)
)
def test_the_parts_sum_to_the_error_that_scikit_learn_measures(R, N, K, ddof, seed):
    rng = np.random.default_rng(seed)
    found, truth = rng.normal(size=(R, N, K)), rng.normal(size=(N, K))
    parts = decompose(found, truth, ddof=ddof).mean()
    measured = K * mean_squared_error(np.tile(truth, (R, 1)), found.reshape(R * N, K))
    np.testing.assert_allclose(parts.error, measured)


def test_vectors_of_one_number_are_numbers():
    rng = np.random.default_rng(0)
    found, truth = rng.normal(size=(5, 7, 1)), rng.normal(size=(7, 1))
    for a, b in zip(decompose(found, truth), decompose(found[..., 0], truth[:, 0]), strict=True):
        np.testing.assert_allclose(a, b)


def test_with_the_correction_the_parts_do_not_depend_on_the_number_of_models():
    rng = np.random.default_rng(1)
    found = 2.0 + 3.0 * rng.normal(size=(3, 40_000))  # bias 2, variance 9, three models a place
    plain, corrected = (decompose(found, np.zeros(40_000), ddof=k).mean() for k in (0, 1))
    np.testing.assert_allclose(corrected[:2], (4.0, 9.0), atol=0.2)
    np.testing.assert_allclose(plain[:2], (4.0 + 9 / 3, 9.0 * 2 / 3), atol=0.2)


@pytest.mark.parametrize("degree", [0, 1, 3, 9])
def test_closed_form_equals_what_scikit_learns_fits_do(degree):
    rng, sigma = np.random.default_rng(2), 0.3
    x, at = np.linspace(-1, 1, 14), np.linspace(-1, 1, 9)
    features, places = np.vander(x, degree + 1), np.vander(at, degree + 1)
    exact = linear_decomposition(features, wave(x), sigma, places, wave(at))
    answers = wave(x)[:, None] + sigma * rng.normal(size=(14, 4000))
    fit = LinearRegression(fit_intercept=False).fit(features, answers)
    found = decompose(fit.predict(places).T, wave(at), sigma**2, ddof=1)
    np.testing.assert_allclose(found.variance, exact.variance, rtol=0.12)
    np.testing.assert_allclose(found.bias2, exact.bias2, rtol=0.1, atol=5e-3)
    fresh = wave(at) + sigma * rng.normal(size=(4000, 9))
    error = np.mean((fit.predict(places).T - fresh) ** 2, axis=0)
    np.testing.assert_allclose(error, exact.error, rtol=0.12)


def test_on_the_training_inputs_the_variance_is_sigma_squared_times_rank_over_n():
    x = np.linspace(-1, 1, 20)
    for degree in range(8):
        features = np.vander(x, degree + 1)
        parts = linear_decomposition(features, wave(x), 0.5, features, wave(x)).mean()
        np.testing.assert_allclose(parts.variance, 0.25 * (degree + 1) / 20, rtol=1e-8)


def test_a_model_that_can_be_the_truth_has_no_bias():
    x, at = np.linspace(-1, 1, 8), np.linspace(-1, 1, 5)
    truth, there = 1 - 2 * x + x**3, 1 - 2 * at + at**3
    parts = linear_decomposition(np.vander(x, 4), truth, 0.1, np.vander(at, 4), there)
    np.testing.assert_allclose(parts.bias2, 0, atol=1e-20)


def test_more_features_than_answers_give_the_solution_of_least_norm():
    rng = np.random.default_rng(3)
    features, at = rng.normal(size=(5, 12)), rng.normal(size=(4, 12))
    truth = rng.normal(size=5)
    parts = linear_decomposition(features, truth, 0.0, at, np.zeros(4))
    weights = np.linalg.lstsq(features, truth)[0]
    np.testing.assert_allclose(parts.bias2, (at @ weights) ** 2)
    assert not parts.variance.any()
    assert not parts.noise.any()


def test_huge_predictions_do_not_overflow_the_sum():
    parts = decompose([[1e100], [-1e100]], [0.0])
    np.testing.assert_allclose(parts.error, 1e200)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0, 2.0]], [1.0]), r"predictions \(1, 2\) and targets \(1,\)"),
        (([1.0, 2.0], [1.0, 2.0]), r"expected \(R, N\) and \(N,\)"),
        (([[1.0]], [1.0], 0.0, 1), "ddof is 1 with 1 models"),
        (([[1.0], [2.0]], [1.0], 0.0, 2), "ddof is 2 with 2 models"),
        (([[np.nan]], [1.0]), "must be finite"),
        (([[1.0]], [np.inf]), "must be finite"),
        (([[1.0]], [1.0], -0.5), r"noise is -0\.5; a variance is at least 0"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        decompose(*arguments)


def test_no_models_are_refused():
    with pytest.raises(ValueError, match="ddof is 0 with 0 models"):
        decompose(np.zeros((0, 3)), np.zeros(3))


def test_closed_form_refuses_what_does_not_fit():
    x = np.ones((3, 2))
    with pytest.raises(ValueError, match=r"features \(3, 2\) with truth \(2,\)"):
        linear_decomposition(x, np.ones(2), 1.0, x, np.ones(3))
    with pytest.raises(ValueError, match="sigma is -1"):
        linear_decomposition(x, np.ones(3), -1, x, np.ones(3))
