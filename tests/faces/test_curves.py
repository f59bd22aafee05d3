"""Rates, ROC, area and equal error rate, against scikit-learn, SciPy and the definitions."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from scipy.stats import mannwhitneyu
from sklearn.metrics import roc_auc_score, roc_curve

from companion.faces.curves import accepts_at, auc, equal_error_rate, error_rates, roc

PENCIL = np.array([0.3, 0.5, 0.9, 0.7, 1.1, 1.3]), np.array([True] * 3 + [False] * 3)
ALL = (lambda d, s: error_rates(d, s, 1.0), roc, auc, equal_error_rate,
       lambda d, s: accepts_at(d, s, 0.1))  # fmt: skip


def drawn(seed, count=60, tied=False):
    rng = np.random.default_rng(seed)
    same = rng.random(count) < 0.4
    same[:2] = True, False
    distances = rng.normal(1.0 - 0.4 * same, 0.4).clip(0)
    return (distances.round(1) if tied else distances), same


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("tied", [False, True])
def test_equal_to_scikit_learn(seed, tied):
    distances, same = drawn(seed, 60 + seed, tied)
    wrong, right, thresholds = roc_curve(same, -distances, drop_intermediate=False)
    found = roc(distances, same)
    np.testing.assert_allclose(found.false_accepts, wrong, atol=1e-15)
    np.testing.assert_allclose(found.true_accepts, right, atol=1e-15)
    np.testing.assert_array_equal(found.thresholds, -thresholds)
    assert auc(distances, same) == pytest.approx(roc_auc_score(same, -distances), abs=1e-14)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("tied", [False, True])
def test_the_area_is_the_chance_that_a_same_pair_is_nearer(seed, tied):
    distances, same = drawn(seed, tied=tied)
    near, far = distances[same][:, None], distances[~same][None]
    chance = ((near < far) + 0.5 * (near == far)).mean()
    assert auc(distances, same) == pytest.approx(chance, abs=1e-14)
    u = mannwhitneyu(distances[~same], distances[same]).statistic
    assert auc(distances, same) == pytest.approx(u / near.size / far.size, abs=1e-14)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("tied", [False, True])
def test_the_equal_error_rate_is_where_the_curve_meets_the_line(seed, tied):
    distances, same = drawn(seed, tied=tied)
    wrong, right, _ = roc_curve(same, -distances, drop_intermediate=False)
    # SciPy sorts by x alone: of the points above one another it gets the two ends, in order.
    line = interp1d(wrong + 1e-12 * np.arange(len(wrong)), right)
    meets = brentq(lambda x: 1 - x - line(x), 0, 1)
    assert equal_error_rate(distances, same)[1] == pytest.approx(meets, abs=1e-8)


@given(st.integers(0, 10**6), st.integers(2, 40), st.booleans())
def test_rates_at_a_threshold_are_those_of_the_curve(seed, count, tied):
    distances, same = drawn(seed, count, tied)
    for threshold, wrong, right in zip(*roc(distances, same), strict=True):
        far, frr = error_rates(distances, same, threshold)
        assert far == pytest.approx(wrong, abs=1e-15)
        assert frr == pytest.approx(1 - right, abs=1e-15)
        assert far == sum(~same & (distances <= threshold)) / sum(~same)
    threshold, rate = equal_error_rate(distances, same)
    assert 0 <= rate <= 1
    assert distances.min() <= threshold <= distances.max()


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_accepts_at_keeps_the_rate_and_could_not_accept_more(seed, far):
    distances, same = drawn(seed, tied=seed % 2 == 0)
    threshold, rate = accepts_at(distances, same, far)
    wrong, frr = error_rates(distances, same, threshold)
    assert wrong <= far
    assert rate == pytest.approx(1 - frr, abs=1e-15)
    more = distances[distances > threshold]
    if len(more):
        assert error_rates(distances, same, more.min())[0] > far


def test_by_pencil():
    assert error_rates(*PENCIL, 0.6) == (0, pytest.approx(1 / 3))
    assert error_rates(*PENCIL, 0.8) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert error_rates(*PENCIL, 0.9) == (pytest.approx(1 / 3), 0)
    assert auc(*PENCIL) == pytest.approx(8 / 9)
    assert equal_error_rate(*PENCIL) == (pytest.approx(0.7), pytest.approx(1 / 3))
    assert accepts_at(*PENCIL, 0.1) == (0.5, pytest.approx(2 / 3))


def test_perfect_reversed_and_all_equal():
    same = np.array([True, True, False])
    assert auc([0.1, 0.2, 0.3], same) == 1
    assert equal_error_rate([0.1, 0.2, 0.3], same)[1] == 0
    assert auc([0.3, 0.3, 0.1], same) == 0
    assert equal_error_rate([0.3, 0.3, 0.1], same)[1] == 1
    assert auc([1.0, 1, 1], same) == 0.5
    assert equal_error_rate([1.0, 1, 1], same) == (1, 0.5)
    assert accepts_at([1.0, 1, 1], same, 0.5) == (-np.inf, 0)


def test_only_the_order_counts():
    distances, same = drawn(3)
    for other in (distances**2, 3 * distances + 1, np.exp(distances)):
        assert auc(other, same) == auc(distances, same)
        np.testing.assert_array_equal(roc(other, same)[1:], roc(distances, same)[1:])


def test_on_the_sphere_cosine_and_distance_have_one_curve():
    from sklearn.metrics.pairwise import cosine_distances, euclidean_distances

    z = np.random.default_rng(0).normal(size=(20, 4))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    cosine, euclid = cosine_distances(z), euclidean_distances(z)
    np.testing.assert_allclose(euclid**2, 2 * cosine, atol=1e-12)
    at, same = np.triu_indices(20, 1), np.arange(190) % 3 == 0
    assert auc(cosine[at], same) == auc(euclid[at], same)


@pytest.mark.parametrize("measure", ALL)
def test_what_does_not_fit_is_named(measure):
    with pytest.raises(ValueError, match=r"distances \(2,\), same \(3,\)"):
        measure([1.0, 2], [True, False, True])
    with pytest.raises(ValueError, match="same has dtype int"):
        measure([1.0, 2], [1, 0])
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match=f"distance 1 is {bad}"):
            measure([1.0, bad], [True, False])
    with pytest.raises(ValueError, match="none of the 2 pairs is a different one"):
        measure([1.0, 2], [True, True])
    with pytest.raises(ValueError, match="none of the 2 pairs is a same one"):
        measure([1.0, 2], [False, False])
    with pytest.raises(ValueError, match="none of the 0 pairs is a same one"):
        measure(np.empty(0), np.empty(0, dtype=bool))


def test_thresholds_and_rates_that_are_none():
    with pytest.raises(ValueError, match="threshold is NaN"):
        error_rates(*PENCIL, np.nan)
    for far in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="far is"):
            accepts_at(*PENCIL, far)


def test_no_warning_for_extreme_values():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        distances = np.array([1e300, 0.0, 5e-324])
        assert auc(distances, np.array([False, True, True])) == 1
        equal_error_rate(distances, np.array([True, False, True]))
