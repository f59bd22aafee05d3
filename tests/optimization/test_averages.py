"""Running averages against the sums they stand for, SciPy's filter, and exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import lfilter

from companion.optimization.averages import ewa, total_weight

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("shape", [(1,), (60,), (40, 3), (7, 2, 2)])
def test_averages_are_weighted_sums_of_the_past(beta, shape):
    values = RANDOM.normal(size=shape)
    plain, corrected = ewa(values, beta, bias_correction=False), ewa(values, beta)
    for t in range(len(values)):
        weights = beta ** np.arange(t, -1, -1.0)
        by_sum = np.tensordot(weights, values[: t + 1], axes=1)
        np.testing.assert_allclose(plain[t], (1 - beta) * by_sum, rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(corrected[t], by_sum / weights.sum(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("beta", [0.5, 0.98])
def test_the_plain_average_is_scipy_s_filter(beta):
    values = RANDOM.normal(size=300)
    expected = lfilter([1 - beta], [1, -beta], values)
    np.testing.assert_allclose(ewa(values, beta, bias_correction=False), expected, rtol=1e-10)


def test_a_constant_is_its_own_corrected_average_from_the_first_step():
    for beta in (0.0, 0.9, 0.999999, 1 - 1e-12):
        np.testing.assert_allclose(ewa(np.full(50, 7.0), beta), 7.0, rtol=1e-10)


@pytest.mark.parametrize("beta", [0.5, 0.9, 1 - 1e-9, np.nextafter(1, 0)])
@pytest.mark.parametrize("t", [1, 2, 1000])
def test_the_weight_so_far_is_exact_also_for_beta_near_one(beta, t):
    assert total_weight(beta, t) == pytest.approx(float(1 - Fraction(beta) ** t), rel=1e-12)
    assert total_weight(0.0, t) == 1


def test_whole_and_short_numbers_are_averaged_in_64_bits():
    assert ewa([1, 2, 3], 0.9).dtype == np.float64
    assert ewa(np.ones(3, np.float32), 0.9).dtype == np.float64
    assert ewa([], 0.9).shape == (0,)
    assert ewa(np.ones((0, 4)), 0.9).shape == (0, 4)


def test_the_values_are_left_alone():
    values = np.arange(5.0)
    ewa(values, 0.9)
    np.testing.assert_array_equal(values, np.arange(5.0))


@pytest.mark.parametrize("beta", [-0.1, 1, 1.5, np.nan])
def test_a_weight_out_of_range_is_named(beta):
    with pytest.raises(ValueError, match=f"beta is {beta}; expected a number from 0 to below 1"):
        ewa([1.0], beta)


def test_a_single_number_is_no_series():
    with pytest.raises(ValueError, match="got a single number"):
        ewa(3.0, 0.9)
