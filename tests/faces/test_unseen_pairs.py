"""Errors on pairs: scikit-learn's AUC, rates by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from companion.faces.comparing_head import pairs
from companion.faces.experiments.unseen_pairs import errors_of_pairs


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000))
def test_auc_and_equal_error(seed):
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.repeat(np.arange(3), 3))
    d = rng.integers(0, 9, (9, 9)).astype(float)
    i, j, same = pairs(names)
    auc, eer = errors_of_pairs(d, names)
    assert auc == pytest.approx(roc_auc_score(same, -d[i, j]))
    rates = [((d[i, j][~same] <= t).mean(), (d[i, j][same] > t).mean()) for t in np.unique(d[i, j])]
    accepted, rejected = min(rates, key=lambda both: round(abs(both[0] - both[1]), 12))
    assert eer == pytest.approx((accepted + rejected) / 2)


def test_told_apart_without_error():
    d = np.array([[0, 1, 9, 9], [1, 0, 9, 9], [9, 9, 0, 1], [9, 9, 1, 0]])
    assert errors_of_pairs(d, [0, 0, 1, 1]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("distances", "names", "says"),
    [
        (np.full((3, 3), np.nan), [0, 0, 1], "NaN"),
        (np.ones((3, 3)), [0, 0, 0], "one kind"),
        (np.ones((3, 3)), [0, 1, 2], "one kind"),
    ],
)
def test_bad_input(distances, names, says):
    with pytest.raises(ValueError, match=says):
        errors_of_pairs(distances, names)
