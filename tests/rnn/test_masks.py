"""Masks: what they allow, by loops, and what they refuse."""

import numpy as np
import pytest
import torch

from companion.rnn.attention.masks import causal_mask, padding_mask, to_add


@pytest.mark.parametrize("steps", [1, 2, 5, 17])
def test_nobody_looks_ahead(steps):
    mask = causal_mask(steps)
    assert mask.dtype == bool
    np.testing.assert_array_equal(mask, [[s <= t for s in range(steps)] for t in range(steps)])
    theirs = torch.nn.Transformer.generate_square_subsequent_mask(steps)
    np.testing.assert_array_equal(to_add(mask, np.float32), theirs.numpy())


@pytest.mark.parametrize("steps", [0, -3, 2.5, 3.0, "3"])
def test_no_steps_are_refused(steps):
    with pytest.raises(ValueError, match=f"steps={steps!r}; expected at least 1"):
        causal_mask(steps)


def test_what_stands_after_the_end_is_not_looked_at():
    lengths = [3, 1, 4]
    np.testing.assert_array_equal(
        padding_mask(lengths), [[s < n for s in range(4)] for n in lengths]
    )
    wider = padding_mask(np.array(lengths), steps=6)
    np.testing.assert_array_equal(wider, [[s < n for s in range(6)] for n in lengths])


@pytest.mark.parametrize(
    ("lengths", "steps"),
    [
        ([0, 2], None),
        ([-1], None),
        ([5], 4),
        ([], None),
        ([1.5], None),
        ([[1, 2]], None),
        (3, None),
        (["a"], None),
        ([np.nan], None),
    ],
)
def test_lengths_that_are_none_are_refused(lengths, steps):
    with pytest.raises(ValueError, match="padding_mask: lengths"):
        padding_mask(lengths, steps)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_booleans_become_zero_and_minus_infinity(dtype):
    rng = np.random.default_rng(0)
    allowed = rng.random((2, 3, 4)) < 0.5
    allowed[..., 0] = True
    added = to_add(allowed, np.dtype(dtype))
    assert added.dtype == dtype
    np.testing.assert_array_equal(added == 0, allowed)
    np.testing.assert_array_equal(added == -np.inf, ~allowed)


def test_numbers_are_added_as_they_are():
    given = np.random.default_rng(1).normal(size=(3, 4))
    np.testing.assert_array_equal(to_add(given, np.dtype(np.float64)), given)
    assert to_add(given, np.dtype(np.float32)).dtype == np.float32


def test_a_row_that_may_look_nowhere_is_named():
    mask = np.ones((2, 3, 4), bool)
    mask[1, 2] = False
    with pytest.raises(ValueError, match=r"forbids every look in row \(1, 2\)"):
        to_add(mask, np.float32)


@pytest.mark.parametrize("steps", [4.5, 4.0, "4"])
def test_steps_that_are_no_whole_number_are_refused(steps):
    with pytest.raises(ValueError, match=r"steps=.* expected a whole number"):
        padding_mask([2, 3], steps)


@pytest.mark.parametrize(
    ("mask", "says"),
    [
        (np.ones((2, 3), int), r"mask of int.* \.astype\(bool\)"),
        (np.array([["a", "b"]]), "expected booleans, or floats"),
        (np.full((2, 3), np.nan), "holds NaN"),
        (np.full((2, 3), np.inf), "holds NaN or"),
        (np.full((2, 3), -np.inf), r"forbids every look in row \(0,\)"),
    ],
)
def test_masks_that_would_give_a_wrong_number_are_refused(mask, says):
    with pytest.raises(ValueError, match=says):
        to_add(mask, np.float32)
