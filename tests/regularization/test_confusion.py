"""The confusion matrix is scikit-learn's, over random sizes and at the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from companion.regularization.confusion import confusion_matrix, most_confused

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=40)


@given(PAIRS, st.integers(6, 8))
def test_the_matrix_is_scikit_learn_s(pairs, classes):
    true, predicted = np.array(pairs).T
    expected = metrics.confusion_matrix(true, predicted, labels=range(classes))
    np.testing.assert_array_equal(confusion_matrix(true, predicted, classes), expected)


def test_without_classes_the_largest_number_decides():
    assert confusion_matrix([0, 1], [0, 3]).shape == (4, 4)


def test_nothing_to_count():
    np.testing.assert_array_equal(confusion_matrix([], [], 2), np.zeros((2, 2)))
    assert confusion_matrix([], []).shape == (0, 0)


@pytest.mark.parametrize(
    ("true", "predicted", "says"),
    [([0, 1], [0], "shapes"), ([0, 3], [0, 1], "from 0 to 3"), ([0, -1], [0, 1], "from -1")],
)
def test_bad_input_is_named(true, predicted, says):
    with pytest.raises(ValueError, match=says):
        confusion_matrix(true, predicted, 3)


def test_the_largest_entries_off_the_diagonal():
    matrix = np.array([[90, 2, 0], [5, 80, 2], [0, 1, 70]])
    assert most_confused(matrix, 3) == [(1, 0, 5), (0, 1, 2), (1, 2, 2)]
    assert len(most_confused(matrix, 20)) == 4
    assert matrix[0, 0] == 90


def test_only_a_square_is_a_confusion_matrix():
    with pytest.raises(ValueError, match=r"shape \(2, 3\)"):
        most_confused(np.zeros((2, 3)))
