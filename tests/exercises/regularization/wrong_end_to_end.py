"""Known wrong answers to the exercise of the chapter on end-to-end learning."""

from companion.exercises import wrong


@wrong("wrong-sums", fails="test_a_digit_is_misread")
def wrong_sums():
    """Adds the two probabilities."""
    return 0.4, 0.02, 0.38


@wrong("wrong-sums", fails="test_mistakes_cancel")
def wrong_sums():
    """Lets any two mistakes cancel."""
    return 0.36, 0.04, 0.32


@wrong("wrong-sums", fails="test_mistakes_cancel")
def wrong_sums():
    """Counts one order of up and down."""
    return 0.36, 0.01, 0.35


@wrong("wrong-sums", fails="test_the_sum_is_wrong")
def wrong_sums():
    """Forgets that mistakes may cancel."""
    return 0.36, 0.02, 0.36
