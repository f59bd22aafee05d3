"""Errors on pairs: scikit-learn's AUC, rates by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from companion.faces.experiments.unseen_pairs import errors_of_pairs
from companion.faces.pairs import all_pairs


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000))
def test_auc_and_equal_error(seed):
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.repeat(np.arange(3), 3))
    d = rng.integers(0, 9, (9, 9)).astype(float)
    i, j, same = all_pairs(names)
    auc, eer = errors_of_pairs(d, names)
    assert auc == pytest.approx(roc_auc_score(same, -d[i, j]))
    at = [-1, *np.unique(d[i, j])]  # rates are joined by lines between the thresholds
    rates = np.array([[(d[i, j][~same] <= t).mean(), (d[i, j][same] > t).mean()] for t in at])
    accepted, rejected = (np.interp(np.linspace(0, len(at) - 1, 9001), range(len(at)), one)
                          for one in rates.T)  # fmt: skip
    assert eer == pytest.approx(accepted[np.abs(accepted - rejected).argmin()], abs=2e-3)


def test_told_apart_without_error():
    d = np.array([[0, 1, 9, 9], [1, 0, 9, 9], [9, 9, 0, 1], [9, 9, 1, 0]])
    assert errors_of_pairs(d, [0, 0, 1, 1]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("distances", "names", "says"),
    [
        (np.full((3, 3), np.nan), [0, 0, 1], "nan"),
        (np.ones((3, 3)), [0, 0, 0], "pairs"),
        (np.ones((3, 3)), [0, 1, 2], "pairs"),
    ],
)
def test_bad_input(distances, names, says):
    with pytest.raises(ValueError, match=says):
        errors_of_pairs(distances, names)
