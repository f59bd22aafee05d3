"""Answers of numbers become arrays; what is none is named in a line for the learner."""

import numpy as np
import pytest

from companion.exercises.failures import Different
from companion.exercises.numeric import array_of, numbers_of


@pytest.mark.parametrize(
    "got", [(1, 2.5), [1, 2.5], np.array([1, 2.5], np.float32)], ids=["tuple", "list", "float32"]
)
def test_numbers_in_any_dress(got):
    for answer in (array_of(got, "two numbers"), numbers_of(got, (2,), "two numbers")):
        assert answer.dtype == float
        assert answer.tolist() == [1.0, 2.5]


def test_the_answer_itself_is_not_handed_on():
    got = np.ones(2)
    array_of(got, "two numbers")[0] = 5
    assert got.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("got", "message"),
    [
        (None, "expected two numbers, got None (is a return missing?)"),
        (3.0, "expected two numbers, got a float"),
        ("ab", "expected two numbers, got a str"),
        ([[1], [1, 2]], "expected two numbers; its parts differ in length"),
        (["a", "b"], "expected two numbers, all of them numbers"),
        ([True, False], "expected two numbers, all of them numbers"),
        ([1j, 2j], "expected two numbers, all of them numbers"),
    ],
)
def test_what_is_no_array_of_numbers_is_named(got, message):
    for call in (array_of, lambda got, what: numbers_of(got, (2,), what)):
        with pytest.raises(Different) as error:
            call(got, "two numbers")
        assert str(error.value) == message


def test_another_shape_is_named():
    with pytest.raises(Different, match=r"^expected two numbers, got shape \(3,\)$"):
        numbers_of([1, 2, 3], (2,), "two numbers")
