"""Folds: brute force over all thresholds, scikit-learn's splits, extremes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import LeaveOneGroupOut

from companion.faces.folds import best_threshold, judged_in_folds

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=30)


@given(PAIRS)
def test_no_threshold_is_better(pairs):
    d, same = (np.array(one) for one in zip(*pairs, strict=True))
    found = np.mean((d <= best_threshold(d, same)) == same)
    assert found == max(np.mean((d <= t) == same) for t in np.arange(-1, 8) + 0.5)


def test_by_hand():
    d, same = [1, 2, 3, 4, 5, 6], [True, True, False, True, False, False]
    assert best_threshold(d, same) == 2.5
    assert best_threshold([1, 3], [False, False]) == 0.5
    assert best_threshold([1, 3], [True, True]) == 6
    assert best_threshold([0.0], [False]) < 0
    assert best_threshold([0.0], [True]) == 0


def test_folds_against_scikit_learn():
    rng = np.random.default_rng(0)
    same = rng.random(400) < 0.5
    d = rng.gamma(3, 1, size=400) + 1.5 * ~same
    folds = rng.integers(0, 10, size=400)
    found, thresholds = judged_in_folds(d, same, folds)
    splits = LeaveOneGroupOut().split(d, groups=folds)
    for k, (others, own) in enumerate(splits):
        assert thresholds[k] == best_threshold(d[others], same[others])
        assert found[k] == np.mean((d[own] <= thresholds[k]) == same[own])


@pytest.mark.parametrize(
    ("d", "same", "folds", "what"),
    [
        ([], [], [], "expected"),
        ([1.0, 2], [True], [0, 1], "expected"),
        ([1.0, np.nan], [True, False], [0, 1], "NaN"),
        ([1.0, -2], [True, False], [0, 1], "negative"),
        ([1.0, 2], [True, False], [0, 0], "1 fold"),
        ([1.0, 2], [True, False], [0], "folds"),
    ],
)
def test_bad_input(d, same, folds, what):
    with pytest.raises(ValueError, match=what):
        judged_in_folds(d, same, folds)
