"""Values kept by their bits are those that NumPy keeps by branches."""

import numpy as np
import pytest

from companion.gradients.selection import only_where

SPECIAL = [0.0, -0.0, 1.5, -2.0, np.inf, -np.inf, np.nan, 5e-324, 1e300]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble", "int64"])
@pytest.mark.filterwarnings("ignore:overflow encountered in cast:RuntimeWarning")
def test_equals_where(dtype):
    values = np.array(SPECIAL if dtype[0] != "i" else [0, 1, -7]).astype(dtype)
    for condition in (np.ones(len(values), bool), np.zeros(len(values), bool)):
        got = only_where(condition, values)
        expected = np.where(condition, values, 0)
        np.testing.assert_array_equal(got, expected)
        np.testing.assert_array_equal(np.signbit(got), np.signbit(expected))
        assert got.dtype == values.dtype
        assert not np.shares_memory(got, values)


@pytest.mark.parametrize("order", ["C", "F", "strided", "reversed"])
def test_any_order_of_memory(order):
    rng = np.random.default_rng(0)
    values, condition = rng.normal(size=(6, 8)), rng.random((6, 8)) < 0.5
    if order == "F":
        values = np.asfortranarray(values)
    if order == "strided":
        values, condition = values[::2, 1::3], condition[::2, 1::3]
    if order == "reversed":
        values = values[::-1, ::-1]
    np.testing.assert_array_equal(
        only_where(condition, values), np.where(condition, values, 0)
    )


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        (True, 2.0),
        (np.bool_(False), np.float32(3)),
        (np.array([True, False]), np.float32(3)),
        (np.array([[True], [False]]), np.ones(3, np.float32)),
        (np.zeros((0, 3), bool), np.zeros((0, 3), np.float32)),
    ],
)
def test_numbers_and_broadcasting(condition, values):
    got, expected = only_where(condition, values), np.where(condition, values, 0)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == expected.dtype
