"""Pictures are cut where they were joined, and sums alone teach a reader."""

import numpy as np
import pytest

from companion import optim
from companion.experiments.regularization import small_sets as small
from companion.experiments.regularization.sums_of_digits import halves, learn_from_sums, pairs
from companion.experiments.side_by_side import SideBySide
from companion.regularization.sum_of_readings import log_probabilities_of_sum


def test_halves_are_the_digits_that_were_put_together():
    rng = np.random.default_rng(0)
    X, y = rng.random((20, 9)), np.arange(20)
    images, labels = pairs(X, y, 6, seed=1, side=3)
    assert images.shape == (6, 3, 6)
    np.testing.assert_array_equal(halves(images), X[labels.T])


def test_a_late_cut_gives_the_left_part_columns_of_the_right_digit():
    image = np.arange(18.0).reshape(1, 3, 6)
    left, right = halves(image, cut=4).reshape(2, 3, 3)
    np.testing.assert_array_equal(left, image[0, :, 1:4])
    np.testing.assert_array_equal(right, np.pad(image[0, :, 4:], ((0, 0), (0, 1))))
    with pytest.raises(ValueError, match="cut is 6; expected 3 to 5"):
        halves(image, cut=6)


def test_sums_alone_teach_a_reader_of_simple_marks():
    X = np.kron(np.eye(10, 16), np.ones((3, 1))).astype("float32")
    images, labels = pairs(X, np.repeat(np.arange(10), 3), 400, seed=0, side=4)
    readers = SideBySide([small.network(seed, (16, 32, 10)) for seed in (0, 1)])
    both = np.broadcast_to(images, (2, *images.shape))
    sums = np.broadcast_to(labels.sum(axis=1), (2, 400))
    optimizer = optim.Adam(readers.parameters(), lr=0.01)
    learn_from_sums(readers, both, sums, log_probabilities_of_sum, optimizer, updates=300)
    # By chance a tenth is right; which digit is which can only be told from the sums.
    assert (small.errors(readers, X, np.repeat(np.arange(10), 3)) < 0.05).all()
