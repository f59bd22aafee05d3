"""Known wrong answers to the exercises of the chapter on losses."""

import numpy as np

from companion.exercises import wrong


@wrong("one-far-away", fails="test_the_mean_moves")
def moves():
    """Takes the growth of the sum for that of the mean."""
    return 63, 0, 0


@wrong("one-far-away", fails="test_the_mean_moves")
def moves():
    """Expects that nothing moves at all."""
    return 0, 0, 0


@wrong("one-far-away", fails="test_the_others_do_not")
def moves():
    """Expects that everything follows."""
    return 9, 9, 9


@wrong("one-far-away", fails="test_the_others_do_not")
def moves():
    """Expects Huber's constant to go as far as δ."""
    return 9, 1, 0


@wrong("softmax-pencil", fails="test_probabilities")
def pencil_softmax():
    """Forgets to divide by the sum."""
    return [1, 3, 6], [0.1, 0.3, -0.4]


@wrong("softmax-pencil", fails="test_gradient")
def pencil_softmax():
    """Truth minus prediction."""
    return [0.1, 0.3, 0.6], [-0.1, -0.3, 0.4]


@wrong("softmax-pencil", fails="test_gradient")
def pencil_softmax():
    """Leaves the truth out."""
    return [0.1, 0.3, 0.6], [0.1, 0.3, 0.6]


@wrong("softmax-pencil", fails="test_gradient")
def pencil_softmax():
    """Subtracts 1 from every entry."""
    return [0.1, 0.3, 0.6], [-0.9, -0.7, -0.4]


@wrong("log-mean-exp", fails="test_mean_of_ordinary_probabilities")
def log_mean_exp(L):
    """The sum in place of the mean."""
    top = L.max(axis=0)
    shift = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        return shift + np.log(np.sum(np.exp(L - shift), axis=0))


@wrong("log-mean-exp", fails="test_mean_of_ordinary_probabilities")
def log_mean_exp(L):
    """The mean of the logarithms."""
    return np.mean(L, axis=0)


@wrong("log-mean-exp", fails="test_mean_of_ordinary_probabilities")
def log_mean_exp(L):
    """Shifts the table of the caller in place."""
    top = L.max(axis=0)
    shift = np.where(np.isfinite(top), top, 0)
    L -= shift
    with np.errstate(divide="ignore"):
        return shift + np.log(np.mean(np.exp(L), axis=0))


@wrong("log-mean-exp", fails="test_mean_of_tiny_probabilities")
def log_mean_exp(L):
    """As the formula is written."""
    with np.errstate(all="ignore"):
        return np.log(np.mean(np.exp(L), axis=0))


@wrong("log-mean-exp", fails="test_mean_of_tiny_probabilities")
def log_mean_exp(L):
    """One shift for all columns."""
    top = L.max()
    with np.errstate(all="ignore"):
        return top + np.log(np.mean(np.exp(L - top), axis=0))


@wrong("log-mean-exp", fails="test_mean_of_impossible_events")
def log_mean_exp(L):
    """Subtracts -inf from -inf."""
    top = L.max(axis=0)
    with np.errstate(all="ignore"):
        return top + np.log(np.mean(np.exp(L - top), axis=0))


@wrong("robust-training", fails="test_line_is_near_the_true_one")
def train_line(x, y):
    """Least squares, which the slips pull up."""
    slope, offset = 0.0, 0.0
    for _ in range(3000):
        error = slope * x + offset - y
        slope -= 0.5 * np.mean(error * x)
        offset -= 0.5 * np.mean(error)
    return slope, offset


@wrong("robust-training", fails="test_line_is_near_the_true_one")
def train_line(x, y):
    """Huber's loss with a bound as large as the slips."""
    slope, offset = 0.0, 0.0
    for _ in range(3000):
        pull = np.clip(slope * x + offset - y, -30, 30)
        slope -= 0.5 * np.mean(pull * x)
        offset -= 0.5 * np.mean(pull)
    return slope, offset


@wrong("robust-training", fails="test_line_is_near_the_true_one")
def train_line(x, y):
    """Stops long before it has arrived."""
    slope, offset = 0.0, 0.0
    for _ in range(20):
        pull = np.clip(slope * x + offset - y, -0.2, 0.2)
        slope -= 0.5 * np.mean(pull * x)
        offset -= 0.5 * np.mean(pull)
    return slope, offset


@wrong("robust-training", fails="test_line_is_near_the_true_one")
def train_line(x, y):
    """Exchanges slope and offset."""
    slope, offset = 0.0, 0.0
    for _ in range(3000):
        pull = np.clip(slope * x + offset - y, -0.2, 0.2)
        slope -= 0.5 * np.mean(pull * x)
        offset -= 0.5 * np.mean(pull)
    return offset, slope


@wrong("robust-training", fails="test_line_is_near_the_true_one")
def train_line(x, y):
    """Goes uphill."""
    slope, offset = 0.0, 0.0
    for _ in range(3000):
        pull = np.clip(slope * x + offset - y, -0.2, 0.2)
        slope += 0.5 * np.mean(pull * x)
        offset += 0.5 * np.mean(pull)
    return slope, offset


@wrong("robust-training", fails="test_other_lines_are_found_as_well")
def train_line(x, y):
    """Starts near one line, and does not go far from it."""
    slope, offset = 2.0, 3.0
    for _ in range(10):
        pull = np.clip(slope * x + offset - y, -0.2, 0.2)
        slope -= 0.5 * np.mean(pull * x)
        offset -= 0.5 * np.mean(pull)
    return slope, offset
