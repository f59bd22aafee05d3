"""Labels are made wrong in exact numbers, as said, and precision is scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from companion.regularization.wrong_labels import (
    LOOK_ALIKE,
    precision_at,
    wrong_at_random,
    wrong_by_feature,
    wrong_by_partner,
)

Y = np.random.default_rng(0).integers(10, size=997)


@settings(max_examples=30)
@given(st.floats(0, 1), st.integers(0, 99))
def test_exactly_the_share_is_wrong_and_said_so(share, seed):
    for found in (wrong_at_random(Y, share, seed=seed), wrong_by_partner(Y, share, seed=seed)):
        np.testing.assert_array_equal(found.given != Y, found.wrong)
        assert found.wrong.sum() == round(share * len(Y))


def test_a_random_wrong_label_is_each_other_class_alike():
    y = np.full(9000, 3)
    found = wrong_at_random(y, 1.0).given
    counts = np.bincount(found, minlength=10)
    assert counts[3] == 0
    assert stats.chisquare(np.delete(counts, 3)).pvalue > 1e-3


def test_which_are_wrong_does_not_depend_on_the_class():
    found = wrong_by_partner(Y, 0.3)
    table = [np.bincount(Y[found.wrong], minlength=10), np.bincount(Y[~found.wrong], minlength=10)]
    assert stats.chi2_contingency(table).pvalue > 1e-3


def test_the_same_seed_makes_the_same_mistakes_and_leaves_the_labels_alone():
    y = Y.copy()
    first, again, other = (wrong_at_random(y, 0.2, seed=seed).given for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    np.testing.assert_array_equal(y, Y)


def test_two_classes_are_swapped():
    np.testing.assert_array_equal(wrong_at_random([0, 1, 1], 1.0, classes=2).given, [1, 0, 0])


def test_a_rule_takes_the_largest_feature_of_each_class():
    feature = np.random.default_rng(1).random(len(Y))
    found = wrong_by_feature(Y, 0.25, feature)
    np.testing.assert_array_equal(found.given, np.where(found.wrong, LOOK_ALIKE[Y], Y))
    for k in range(10):
        rows = k == Y
        assert found.wrong[rows].sum() == round(0.25 * rows.sum())
        assert feature[rows & found.wrong].min() > feature[rows & ~found.wrong].max()


def test_partners_are_mutual_and_others():
    np.testing.assert_array_equal(LOOK_ALIKE[LOOK_ALIKE], np.arange(10))
    assert (np.arange(10) != LOOK_ALIKE).all()


def test_no_labels_no_mistakes():
    empty = np.array([], dtype=int)
    for found in (
        wrong_at_random(empty, 0.5), wrong_by_partner(empty, 0.5), wrong_by_feature(empty, 0.5, [])
    ):
        assert found.given.shape == found.wrong.shape == (0,)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: wrong_at_random(Y, 1.2), r"share is 1\.2"),
        (lambda: wrong_at_random(Y, 0.2, classes=5), "with 5 classes"),
        (lambda: wrong_at_random(Y, 0.2, classes=1), "classes is 1"),
        (lambda: wrong_by_partner([[0]], 0.2), r"shape \(1, 1\)"),
        (lambda: wrong_by_partner([0], 0.2, [0, 0]), "partner of class 0 is 0"),
        (lambda: wrong_by_feature([0], 0.2, [np.nan]), "one finite number"),
        (lambda: wrong_by_feature([0], 0.2, [1, 2]), r"shape \(2,\)"),
    ],
)
def test_bad_input_is_named(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_precision_is_scikit_learn_s():
    rng = np.random.default_rng(2)
    suspicion, wrong = rng.random(50), rng.random(50) < 0.3
    for k in (1, 7, 50):
        named = suspicion >= np.sort(suspicion)[-k]
        expected = metrics.precision_score(wrong, named)
        np.testing.assert_allclose(precision_at(suspicion, wrong, [k]), [expected])


def test_equal_suspicions_are_taken_in_order_and_infinite_ones_first():
    np.testing.assert_allclose(precision_at([1, 1, np.inf], [True, False, False], [1, 2]), [0, 0.5])


@pytest.mark.parametrize(
    ("suspicion", "counts", "says"),
    [
        ([1, np.nan], [1], "1 of them NaN"),
        ([1], [1], r"\(1,\) suspicions"),
        ([1, 2], [3], "counts"),
    ],
)
def test_a_search_that_cannot_be_judged_is_named(suspicion, counts, says):
    with pytest.raises(ValueError, match=says):
        precision_at(suspicion, [True, False], counts)
