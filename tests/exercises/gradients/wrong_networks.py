"""Known wrong answers to the exercises of the first chapter."""

import numpy as np

from companion.exercises import wrong


@wrong("forward-pass", fails="test_one_input_goes_through")
def class_probabilities(x, W1, b1, W2, b2):
    """Forgets the activation: two layers that are one linear map."""
    scores = W2 @ (W1 @ x + b1) + b2
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@wrong("forward-pass", fails="test_one_input_goes_through")
def class_probabilities(x, W1, b1, W2, b2):
    """Bends the scores as well."""
    scores = np.tanh(W2 @ np.tanh(W1 @ x + b1) + b2)
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@wrong("forward-pass", fails="test_one_input_goes_through")
def class_probabilities(x, W1, b1, W2, b2):
    """Returns scores, not probabilities."""
    return W2 @ np.tanh(W1 @ x + b1) + b2


@wrong("forward-pass", fails="test_large_scores_do_not_overflow")
def class_probabilities(x, W1, b1, W2, b2):
    """Takes the exponential of scores as they are."""
    scores = W2 @ np.tanh(W1 @ x + b1) + b2
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(scores) / np.exp(scores).sum()


@wrong("downhill", fails="test_steps_of_a_valley")
def downhill(slope, start, rate, steps):
    """Walks uphill."""
    path = [float(start)]
    for _ in range(steps):
        path.append(path[-1] + rate * slope(path[-1]))
    return np.array(path)


@wrong("downhill", fails="test_steps_of_a_valley")
def downhill(slope, start, rate, steps):
    """Measures the slope once, at the start."""
    return start - rate * slope(start) * np.arange(steps + 1.0)


@wrong("downhill", fails="test_the_start_is_on_the_way")
def downhill(slope, start, rate, steps):
    """Takes one step before it looks at the number of steps."""
    path = [float(start)]
    while True:
        path.append(path[-1] - rate * slope(path[-1]))
        if len(path) > steps:
            return np.array(path)


@wrong("downhill", fails="test_steps_of_a_valley")
def downhill(slope, start, rate, steps):
    """Leaves the start out."""
    path = []
    for _ in range(steps):
        start = start - rate * slope(start)
        path.append(start)
    return np.array(path)


@wrong("three-sets", fails="test_sets_are_random_and_come_again")
def three_sets(n, n_dev, n_test, seed):
    """Cuts without mixing."""
    if n_dev + n_test >= n:
        raise ValueError("nothing left")
    order, rest = np.arange(n), n - n_dev - n_test
    return order[:rest], order[rest : rest + n_dev], order[rest + n_dev :]


@wrong("three-sets", fails="test_each_example_is_in_one_set")
def three_sets(n, n_dev, n_test, seed):
    """Draws each set on its own, so that sets overlap."""
    if n_dev + n_test >= n:
        raise ValueError("nothing left")
    rng = np.random.default_rng(seed)
    sizes = (n - n_dev - n_test, n_dev, n_test)
    return tuple(rng.choice(n, size, replace=False) for size in sizes)


@wrong("three-sets", fails="test_sets_are_random_and_come_again")
def three_sets(n, n_dev, n_test, seed):
    """Takes a seed of its own: the same sets for every seed."""
    if n_dev + n_test >= n:
        raise ValueError("nothing left")
    order, rest = np.random.default_rng(0).permutation(n), n - n_dev - n_test
    return order[:rest], order[rest : rest + n_dev], order[rest + n_dev :]


@wrong("three-sets", fails="test_nothing_left_to_learn_from")
def three_sets(n, n_dev, n_test, seed):
    """Returns an empty training set."""
    order, rest = np.random.default_rng(seed).permutation(n), max(n - n_dev - n_test, 0)
    return order[:rest], order[rest : rest + n_dev], order[rest + n_dev :]
