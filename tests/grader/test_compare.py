"""Messages of the comparisons: what differs, where, and the likely mistake."""

import re

import numpy as np
import pytest

from companion.exercises import assert_close, assert_gradient
from companion.exercises.failures import Different

RANDOM = np.random.default_rng(3)
A = RANDOM.normal(size=(4, 3))
V = RANDOM.normal(size=5)
P = np.exp(A) / np.exp(A).sum(axis=1, keepdims=True)


def message(got, expected, **options):
    with pytest.raises(Different) as caught:
        assert_close(got, expected, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (A, A),
        (A * (1 + 1e-9), A),
        (1, 1.0),
        (np.float32(0.5), 0.5),
        (2.0, 2),
        ([1, 2], (1, 2)),
        ({"a": V}, {"a": V}),
        (np.array([np.nan, 1]), np.array([np.nan, 1])),
        (None, None),
        ("text", "text"),
        (True, np.True_),
        (np.array([1, 2], "int32"), np.array([1, 2])),
        (np.array(["a"]), np.array(["a"])),
        (np.zeros((0, 2)), np.zeros((0, 2))),
    ],
)
def test_equal_values_pass(got, expected):
    assert_close(got, expected)


MISTAKES = {
    "transposed": (A.T, A, "transposed"),
    "sign": (-V, V, "sign is flipped"),
    "some signs": (np.abs(V), V, "some signs are flipped"),
    "twice": (2 * V, V, "twice as large: accumulated twice"),
    "half": (V / 2, V, "half as large"),
    "sum for mean": (32 * V, V, "32 times too large: is a division by 32 missing?"),
    "mean for sum": (V / 32, V, "32 times too small: is a division one too many"),
    "ratio": (1.7 * V, V, "1.7 times what it should be"),
    "offset": (V + 0.25, V, "every value is 0.25 too large"),
    "column": (V[:, None], V, "their shape is not"),
    "square": (V[:, None] - V, V, "were broadcast to a square"),
    "all summed": (V.sum(), A.sum(0), "is its axis missing?"),
    "one axis too many": (A.sum(1), A[:, :1], "their shape is not|keepdims"),
    "wrong axis": (P / P.sum(0), P, "sums to 1 along axis 0; it should along axis 1"),
    "reversed": (V[::-1].copy(), V, "the order is reversed"),
    "late": (np.roll(V, 1), V, "one place late"),
    "rounded": (np.round(10 * V), 10 * V, "rounded to whole numbers"),
    "nan": (V * np.nan, V, "NaN or infinity"),
    "no root": (V**2, np.abs(V), "a square root"),
    "float32": (V * (1 + 2e-5 * RANDOM.normal(size=5)), V, "close, but not to rounding"),
    "a number, flipped": (-3.5, 3.5, "sign is flipped"),
}


@pytest.mark.parametrize(("got", "expected", "said"), MISTAKES.values(), ids=MISTAKES)
def test_common_mistakes_are_named(got, expected, said):
    assert re.search(said, message(got, expected).partition("Likely mistake: ")[2])


def test_an_uncommon_mistake_is_not_guessed():
    assert "Likely" not in message(RANDOM.normal(size=5), V)


def test_the_mistake_the_check_names_comes_first():
    text = message(2 * V, V, mistakes={"the ½ of the loss": 2 * V, "other": V})
    assert text.endswith("Likely mistake: the ½ of the loss.")
    assert text.count("Likely mistake") == 1


def test_a_named_mistake_may_have_another_shape():
    assert "summed" in message(V.sum(), V, mistakes={"it was summed": V.sum()})


def test_differences_say_how_many_where_and_by_how_much():
    got = np.arange(12.0).reshape(3, 4)
    expected = got.copy()
    got[1, 2] += 0.5
    got[2, 0] -= 2
    text = message(got, expected)
    assert "2 of 12 values" in text
    assert "worst at [2, 0]: got 6, expected 8" in text
    assert "largest error 2, relative 0.25" in text
    assert "[6. 9. 10. 11.]" in text.replace("  ", " ").replace("[ 6", "[6")


FORMS = {
    "none": (None, V, "None (is a return missing?)"),
    "list": (list(V), V, "a list; expected an array of shape (5,)"),
    "shape": (V[:4], V, "shape (4,); expected (5,)"),
    "integers": (np.arange(5), np.arange(5.0), "dtype int64 (whole numbers); expected real"),
    "booleans": (np.ones(5, bool), np.ones(5, int), "expected whole numbers"),
    "a boolean": (True, 1.0, "a bool; expected real numbers"),
    "text": ("1.0", 1.0, "expected real numbers"),
    "length": ((1, 2, 3), (1, 2), "3 elements; expected 2"),
    "keys": ({"w": 1}, {"w": 1, "b": 2}, "missing ['b']"),
    "no dict": ([1], {"w": 1}, "a list; expected a dict"),
    "inside": ({"w": (1, V)}, {"w": (1, V + 1)}, "the result['w'][1] differ"),
    "word": ("left", "right", "'left'; expected 'right'"),
    "array for a number": (V, 1.0, "shape (5,); expected ()"),
    "dict for a number": ({}, 1.0, "a dict; expected real numbers"),
}


@pytest.mark.parametrize(("got", "expected", "said"), FORMS.values(), ids=FORMS)
def test_the_form_comes_first(got, expected, said):
    assert said in message(got, expected)


def test_gradients_stand_beside_each_other():
    analytic = {"W": A.copy(), "b": V.copy()}
    analytic["W"][2, 1] *= -1
    with pytest.raises(Different) as caught:
        assert_gradient(analytic, {"W": A, "b": V})
    lines = str(caught.value).splitlines()
    assert lines[0] == "The gradient of W is not right."
    row = next(line for line in lines if "W[2, 1]" in line)
    assert f"{-A[2, 1]:.6g}" in row
    assert f"{A[2, 1]:.6g}" in row
    assert row.endswith("✗")
    assert next(line for line in lines if line.strip().startswith("b")).endswith("✓")


@pytest.mark.parametrize(
    "analytic",
    [
        None,
        {},
        {"w": V, "v": V},
        {"w": V[:2]},
        {"w": V * np.nan},
        {"w": V * (1 + 1e-4)},
        {"w": "x"},
    ],
)
def test_gradients_of_the_wrong_form_fail(analytic):
    with pytest.raises(Different):
        assert_gradient(analytic, {"w": V})


def test_gradients_within_finite_differences_pass():
    assert_gradient({"w": V * (1 + 1e-7), "b": 0.5}, {"w": list(V), "b": 0.5})


@pytest.mark.parametrize(("got", "expected"), [(109386.05, 109386), (5 + 1e-9, 5), (3, 4)])
def test_whole_numbers_are_compared_exactly(got, expected):
    assert_close(float(expected), expected)
    assert "rounded" not in message(got, expected)


def test_zeros_and_single_numbers_are_not_called_rounded():
    assert "rounded" not in message(np.zeros(3), np.array([0.1, 0.2, 0.3]))
    assert "rounded" not in message(1.0, 1.2)


def test_the_slice_and_the_punctuation():
    got = np.arange(12.0).reshape(3, 4)
    text = message(got, got + (got == 6), mistakes={"was it pocketed?": got})
    assert "got[1, 0:4]" in text
    assert text.endswith("Likely mistake: was it pocketed?")
