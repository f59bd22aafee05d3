"""Known wrong answers to the exercises of the chapter on bias and variance measured."""

import numpy as np

from companion.exercises import wrong


@wrong("line-twenty", fails="test_the_training_answers_of_a_line")
def line_through_twenty():
    """Counts one parameter."""
    return 9.5, 10.5


@wrong("line-twenty", fails="test_the_training_answers_of_a_line")
def line_through_twenty():
    """Swaps the two."""
    return 11, 9


@wrong("line-twenty", fails="test_new_answers_for_a_line")
def line_through_twenty():
    """Takes the variance alone."""
    return 9, 1


@wrong("line-twenty", fails="test_new_answers_for_a_line")
def line_through_twenty():
    """Forgets the variance."""
    return 9, 10


@wrong("expected-errors", fails="test_independent_features")
def expected_errors(features, sigma):
    """Does not square sigma."""
    share = np.linalg.matrix_rank(features) / len(features)
    return sigma * (1 - share), sigma * (1 + share)


@wrong("expected-errors", fails="test_independent_features")
def expected_errors(features, sigma):
    """Forgets the noise of new answers."""
    share = np.linalg.matrix_rank(features) / len(features)
    return sigma**2 * (1 - share), sigma**2 * share


@wrong("expected-errors", fails="test_independent_features")
def expected_errors(features, sigma):
    """Takes the noise for the error on new answers."""
    share = np.linalg.matrix_rank(features) / len(features)
    return sigma**2 * (1 - share), sigma**2


@wrong("expected-errors", fails="test_dependent_features")
def expected_errors(features, sigma):
    """Counts columns."""
    share = features.shape[1] / len(features)
    return sigma**2 * (1 - share), sigma**2 * (1 + share)
