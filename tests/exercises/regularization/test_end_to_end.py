"""Checks of the exercise in the chapter on end-to-end learning."""

from itertools import product

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of

READS = {0: 0.8, 1: 0.1, -1: 0.1}
"""How far off a reading is, with its probability."""


def _three(got):
    assert isinstance(got, tuple), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got


def _share(holds):
    """Probability of what holds for two readings, by going through all nine cases."""
    return sum(READS[a] * READS[b] for a, b in product(READS, repeat=2) if holds(a, b))


@check(
    "wrong-sums",
    hints=(
        "Ask for the opposite: both are read rightly.",
        "Each is right with probability 0.8, independently.",
        "1 - 0.8 · 0.8",
    ),
)
def test_a_digit_is_misread(student):
    "the probability that at least one of two digits is misread"
    mistakes = {
        "both together count twice": 0.4,
        "this is that both are misread": 0.04,
        "this is that both are right": 0.64,
    }
    got = _three(student.wrong_sums())[0]
    expected = _share(lambda a, b: a or b)
    assert_close(got, expected, rtol=0.01, mistakes=mistakes, what="P(a digit misread)")


@check(
    "wrong-sums",
    hints=(
        "To cancel, both are misread, in opposite directions.",
        "Both are misread with probability 0.2 · 0.2; the second must go the other way.",
        "0.04 / 2",
    ),
)
def test_mistakes_cancel(student):
    "the probability that two mistakes cancel"
    mistakes = {
        "they may go the same way": 0.04,
        "there are two orders: up and down, down and up": 0.01,
    }
    got = _three(student.wrong_sums())[1]
    expected = _share(lambda a, b: a and b and a + b == 0)
    assert_close(got, expected, rtol=0.01, mistakes=mistakes, what="P(mistakes cancel)")


@check(
    "wrong-sums",
    hints=(
        "A sum is wrong if a digit is misread and the mistakes do not cancel.",
        "Take the second number from the first.",
        "0.36 - 0.02",
    ),
)
def test_the_sum_is_wrong(student):
    "the probability that the sum is wrong"
    mistakes = {
        "mistakes that cancel give a right sum": 0.36,
        "cancelling is taken away, not added": 0.38,
        "only pairs that go the same way are harmless? they are not": 0.32,
    }
    got = _three(student.wrong_sums())[2]
    expected = _share(lambda a, b: a + b != 0)
    assert_close(got, expected, rtol=0.01, mistakes=mistakes, what="P(sum wrong)")
