"""Shares, ceilings and their uncertainty, against closed forms and SciPy's binomial."""

import numpy as np
import pytest
from scipy import stats

from companion.regularization.error_table import error_table, standard_error

TAGS = [{"blurry"}] * 31 + [{"blurry", "dark"}] * 12 + [{"mislabelled"}] * 8 + [set()] * 49


def test_the_pencil_example():
    table = error_table(TAGS, error=0.10)
    assert table.categories == ("blurry", "dark", "mislabelled")
    np.testing.assert_array_equal(table.counts, [43, 12, 8])
    np.testing.assert_allclose(table.ceilings, [0.043, 0.012, 0.008])
    np.testing.assert_allclose(table.left, [0.057, 0.088, 0.092])
    assert "blurry" in str(table)
    assert "4.3%" in str(table)


def test_the_ceiling_is_what_the_error_falls_by_when_a_category_is_cured():
    rng = np.random.default_rng(0)
    wrong, dark = rng.random(500) < 0.2, rng.random(500) < 0.3
    table = error_table([{"dark"} if d else set() for d in dark[wrong]], wrong.mean())
    cured = wrong & ~dark
    np.testing.assert_allclose(table.left, [cured.mean()])


def test_equals_are_in_alphabetical_order_and_a_list_may_repeat_a_tag():
    table = error_table([["b", "b"], ["a"], []], 0.5)
    assert table.categories == ("a", "b")
    np.testing.assert_array_equal(table.counts, [1, 1])


def test_mistakes_without_a_category_make_an_empty_table():
    table = error_table([set(), set()], 0.5)
    assert table.categories == ()
    assert table.ceilings.shape == (0,)


def test_the_standard_error_is_scipy_s():
    for share, n in ((0.43, 100), (0.02, 7), (0.0, 3), (1.0, 3)):
        expected = stats.binom(n, share).std() / n
        np.testing.assert_allclose(standard_error(share, n), expected, atol=1e-12)
    table = error_table(TAGS, 0.1)
    np.testing.assert_allclose(table.uncertainty[0], 0.1 * stats.binom(100, 0.43).std() / 100)


@pytest.mark.parametrize(
    ("tags", "error", "kind", "says"),
    [
        ([], 0.1, ValueError, "got no mistakes"),
        ([{"a"}], 10, ValueError, "error is 10"),
        ([{"a"}], float("nan"), ValueError, "error is nan"),
        (["blurry"], 0.1, TypeError, r"tags\[0\] is 'blurry'"),
    ],
)
def test_bad_input_is_named(tags, error, kind, says):
    with pytest.raises(kind, match=says):
        error_table(tags, error)


def test_a_share_or_a_sample_that_is_none_is_named():
    with pytest.raises(ValueError, match=r"share is 1\.5"):
        standard_error(1.5, 10)
    with pytest.raises(ValueError, match="looked_at is 0"):
        standard_error(0.5, 0)
