"""Tilted digits are those of scikit-image; small sets hold as many of each class."""

import numpy as np
import pytest

from companion.data.digits import pooled, train_dev_test
from companion.experiments.regularization.tilted_digits import few_of_each, tilted

X = train_dev_test().X_dev[:5]


def test_upright_digits_are_the_pooled_ones():
    np.testing.assert_array_equal(tilted(X), pooled(X))
    np.testing.assert_array_equal(tilted(X, 360), pooled(X))


def test_a_quarter_turn_is_anticlockwise():
    turned = np.rot90(X.reshape(-1, 28, 28), axes=(1, 2))
    np.testing.assert_allclose(tilted(X, 90), pooled(turned.reshape(-1, 784)), atol=1e-5)


def test_few_of_each_class_and_larger_sets_hold_the_smaller():
    y = np.random.default_rng(0).integers(3, size=100)
    small, large = (few_of_each(y, n, [4, 5]) for n in (2, 9))
    assert small.shape == (2, 6)
    assert (np.bincount(y[large[1]]) == 9).all()
    assert set(small[1]) <= set(large[1])
    assert set(small[0]) != set(small[1])


def test_more_than_there_are_is_refused():
    with pytest.raises(ValueError, match="count is 3; expected 1 to 2"):
        few_of_each([0, 0, 1, 1], 3, [0])
