"""Products of whole numbers, exactly those of Python's own."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies

from companion.cnn.compressing.integer_arithmetic import fixed_point, integer_product, rescaled


def matrices(seed, M, K, N, kinds=(np.uint8, np.int8)):
    rng = np.random.default_rng(seed)
    ends = [np.iinfo(kind) for kind in kinds]
    return [
        rng.integers(info.min, info.max + 1, size=shape, dtype=kind)
        for info, kind, shape in zip(ends, kinds, ((M, K), (K, N)), strict=True)
    ]


@given(
    strategies.tuples(*[strategies.integers(0, 30)] * 3),
    strategies.sampled_from([(a, b) for a in ("uint8", "int8") for b in ("int8", "int16")]),
    strategies.integers(0, 99),
)
def test_products_are_exact(shape, kinds, seed):
    a, b = matrices(seed, *shape, [np.dtype(k).type for k in kinds])
    got = integer_product(a, b)
    assert got.dtype == np.int32
    np.testing.assert_array_equal(got, a.astype(np.int64) @ b.astype(np.int64))


@pytest.mark.parametrize("K", [500, 518, 519, 4000, 65_000])
def test_long_sums_of_the_largest_numbers(K):
    """Around 518 terms the sums outgrow the 24 bits of float32."""
    a, b = np.full((3, K), 255, np.uint8), np.full((K, 2), -128, np.int8)
    b[0] = 127  # odd sums, which a shorter significand could not hold
    expected = 255 * 127 - 255 * 128 * (K - 1)
    np.testing.assert_array_equal(integer_product(a, b), expected)


def test_a_sum_that_could_leave_32_bits():
    a, b = np.full((1, 70_000), 255, np.uint8), np.full((70_000, 1), 127, np.int8)
    with pytest.raises(ValueError, match="more than 32 bits hold"):
        integer_product(a, b)


def test_other_types_and_shapes():
    a, b = matrices(0, 2, 3, 4)
    for wrong in (a.astype(np.float32), a.astype(np.int64)):
        with pytest.raises(TypeError, match="expected whole ones"):
            integer_product(wrong, b)
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(2, 3\) do not fit"):
        integer_product(a, a)


@given(strategies.floats(1e-8, 1e6), strategies.integers(-(2**31), 2**31 - 1))
def test_factors_without_real_numbers(factor, total):
    whole, shift = map(int, fixed_point(factor))
    assert 0 < whole <= 2**31
    assert abs(Fraction(whole, 2**shift) / Fraction(factor) - 1) <= Fraction(1, 2**31)
    exact = Fraction(whole, 2**shift) * total
    assert int(rescaled(total, whole, shift)) == (exact + Fraction(1, 2)).__floor__()


def test_tiny_factors_make_zero():
    whole, shift = fixed_point([1e-300, 2.0**-60, 0.5])
    assert whole.tolist() == [0, 0, 2**30]
    np.testing.assert_array_equal(rescaled([2**31 - 1, -(2**31), 3], whole, shift), [0, 0, 2])


@pytest.mark.parametrize("factor", [0, -1.0, 2.0**30, np.nan, np.inf])
def test_factors_out_of_range(factor):
    with pytest.raises(ValueError, match="expected factors above 0"):
        fixed_point([0.5, factor])
