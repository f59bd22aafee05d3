"""The first gap that matters is named: by hand, in extreme cases, and for what is no error."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.regularization.diagnosis import CURES, gaps, next_step

SHARES = st.integers(0, 1000).map(lambda k: k / 1000)


@pytest.mark.parametrize(
    ("errors", "step"),
    [
        ((0.01, 0.20, 0.22, 0.23, 0.23), "avoidable bias"),
        ((0.01, 0.02, 0.15, 0.16, 0.16), "variance"),
        ((0.01, 0.02, 0.04, 0.15, 0.16), "data mismatch"),
        ((0.01, 0.02, 0.03, 0.03, 0.20), "overfitting to the dev set"),
        ((0.10, 0.10, 0.11, 0.11, 0.12), "nothing"),
        # the first of those that matter, though a later one is larger
        ((0.01, 0.07, 0.16, 0.16, 0.16), "avoidable bias"),
        ((0.01, 0.05, 0.16, 0.16, 0.16), "variance"),
    ],
)
def test_the_cases_of_the_notes_are_named(errors, step):
    found = next_step(*errors)
    assert found.step == step
    assert found.cures == CURES[step]


def test_gaps_stand_in_the_order_of_the_chain_and_add_up():
    found = gaps(0.01, 0.03, 0.06, 0.14, 0.15)
    assert list(found) == [
        "avoidable bias", "variance", "data mismatch", "overfitting to the dev set"
    ]  # fmt: skip
    np.testing.assert_allclose([*found.values()], [0.02, 0.03, 0.08, 0.01])


@given(*[SHARES] * 5, SHARES)
def test_what_is_named_is_the_first_by_whole_numbers(human, train, train_dev, dev, test, share):
    chain = [round(1000 * e) for e in (human, train, train_dev, dev, test)]
    steps = [b - a for a, b in pairwise(chain)]
    enough = max(20 * 1000, round(1000 * share) * max(steps))
    first = next((k for k, gap in enumerate(steps) if 1000 * gap >= enough), None)
    found = next_step(human, train, train_dev, dev, test, share=share)
    assert found.step == ("nothing" if first is None else list(found.gaps)[first])
    assert sum(found.gaps.values()) == pytest.approx(test - human)


def test_a_gap_on_the_tolerance_matters_and_of_equals_the_earlier_is_named():
    assert 0.03 - 0.01 < 0.02 < 0.07 - 0.05  # as binary numbers
    assert next_step(0.05, 0.07, 0.07, 0.07).step == "avoidable bias"
    assert next_step(0.01, 0.03, 0.03, 0.03).step == "avoidable bias"
    assert next_step(0.0, 0.1, 0.2, 0.3, 0.4, share=1).step == "avoidable bias"
    assert next_step(0.4, 0.4, 0.5, 0.6, 0.7, share=1).step == "variance"


def test_share_goes_from_the_first_to_the_largest():
    errors = (0.01, 0.05, 0.13, 0.33)  # gaps 0.04, 0.08, 0.20
    named = [next_step(*errors, share=share).step for share in (0, 0.2, 0.4, 0.5, 1)]
    assert named == ["avoidable bias"] * 2 + ["variance"] + ["data mismatch"] * 2


def test_negative_gaps_are_told_and_never_named():
    found = next_step(0.05, 0.01, 0.30, 0.02, 0.01)
    assert found.step == "variance"
    assert found.gaps["avoidable bias"] == pytest.approx(-0.04)
    assert found.gaps["data mismatch"] == pytest.approx(-0.28)
    assert next_step(1, 0, 0, 0, 0).step == "nothing"


def test_without_a_train_dev_set_two_gaps_are_one():
    found = next_step(0.01, 0.02, None, 0.20)
    assert found.step == "variance or data mismatch"
    assert list(found.gaps) == ["avoidable bias", "variance or data mismatch"]
    assert "train-dev" in found.cures[0]
    assert next_step(0.01, 0.02, None, 0.03, 0.2).step == "overfitting to the dev set"


def test_one_source_for_all_needs_no_train_dev_set():
    found = next_step(0.01, 0.02, 0.20, 0.20)
    assert found.step == "variance"
    assert found.gaps["data mismatch"] == 0


@pytest.mark.parametrize("k", range(5))
@pytest.mark.parametrize("value", [-0.01, 1.01, 12, float("nan"), float("inf")])
def test_what_is_no_share_is_refused_by_name(k, value):
    errors = [0.1] * 5
    errors[k] = value
    name = ("human", "train", "train_dev", "dev", "test")[k]
    with pytest.raises(ValueError, match=rf"\b{name} is {value}; .*0\.12 for 12 %"):
        next_step(*errors)


@pytest.mark.parametrize("value", [None, "0.1", [0.1, 0.2], np.array([0.1, 0.2])])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match=r"dev is .*expected a number"):
        next_step(0.1, 0.1, 0.1, value)


def test_numbers_of_numpy_and_the_ends_of_the_range_are_fine():
    found = next_step(np.float32(0), np.int64(0), 0, np.float64(1), 1)
    assert found.step == "data mismatch"


@pytest.mark.parametrize(
    "options",
    [{"tolerance": 0}, {"tolerance": float("nan")}, {"share": 1.5}, {"share": float("nan")}],
)
def test_a_rule_that_is_none_is_refused(options):
    with pytest.raises(ValueError, match="tolerance above 0"):
        next_step(0.1, 0.1, 0.1, 0.1, **options)
