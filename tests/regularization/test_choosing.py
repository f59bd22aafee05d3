"""Precision, recall and F₁ are scikit-learn's; the best model that meets the limits is chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from companion.regularization.choosing import choose, hits

MODELS = {
    "small": {"error": 0.20, "ms": 1.0, "mb": 5},
    "middle": {"error": 0.12, "ms": 3.0, "mb": 1},
    "large": {"error": 0.09, "ms": 40.0, "mb": 9},
}
LABELS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30)


@given(LABELS, st.integers(0, 2))
def test_hits_are_scikit_learn_s(pairs, positive):
    y, predicted = np.array(pairs).T
    theirs = precision_recall_fscore_support(
        y, predicted, labels=[positive], average=None, zero_division=0
    )
    np.testing.assert_allclose(hits(y, predicted, positive), [t[0] for t in theirs[:3]])


def test_an_alarm_that_always_rings():
    y = np.arange(100) < 10
    found = hits(y, np.ones(100, dtype=bool), True)
    assert found.recall == 1
    assert found.precision == pytest.approx(0.1)
    assert found.f1 == pytest.approx(0.2 / 1.1)


def test_hits_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"shapes are \(2,\) and \(3,\)"):
        hits([0, 1], [0, 1, 1])
    with pytest.raises(ValueError, match="N at least 1"):
        hits([], [])


def test_the_best_within_the_limits_is_chosen():
    assert choose(MODELS, "error") == "large"
    assert choose(MODELS, "error", {"ms": 3.0}) == "middle"  # a limit may be met exactly
    assert choose(MODELS, "error", {"ms": 2.9}) == "small"
    assert choose(MODELS, "mb", {"error": 0.5}) == "middle"
    assert choose(MODELS, "ms", {"error": 0.15, "mb": 3}) == "middle"


def test_of_equals_the_first_and_nan_never():
    same = {"a": {"error": 0.1}, "b": {"error": 0.1}}
    assert choose(same, "error") == "a"
    broken = {"a": {"error": float("nan"), "ms": 1}, "b": {"error": 0.5, "ms": float("nan")},
              "c": {"error": 0.9, "ms": 1}}  # fmt: skip
    assert choose(broken, "error", {"ms": 5}) == "c"
    with pytest.raises(ValueError, match="error is NaN for every model"):
        choose({"a": {"error": float("nan")}}, "error")


def test_what_cannot_be_chosen_is_said():
    with pytest.raises(ValueError, match="no models"):
        choose({}, "error")
    with pytest.raises(ValueError, match=r"no model with ms of at most 0.5; the lowest .* is 1.0"):
        choose(MODELS, "error", {"ms": 0.5})
    with pytest.raises(KeyError, match="'small' has no 'watts'"):
        choose(MODELS, "error", {"watts": 3})
