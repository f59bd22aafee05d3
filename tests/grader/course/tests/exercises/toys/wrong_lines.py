"""Known wrong answers to the made-up chapter on lines."""

import numpy as np

from companion.exercises import wrong


@wrong("signed-distance", fails="test_divides_by_the_norm")
def signed_distance(X, w, b):
    """Forgets to divide by the norm."""
    return X @ w + b


@wrong("signed-distance", fails="test_divides_by_the_norm")
def signed_distance(X, w, b):
    """Leaves b undivided."""
    return X @ w / np.linalg.norm(w) + b


@wrong("signed-distance", fails="test_of_no_points")
def signed_distance(X, w, b):
    """Loops, and so returns a list when there is nothing."""
    r = [(x @ w + b) / np.linalg.norm(w) for x in X]
    return np.array(r) if r else r


@wrong("centred", fails="test_columns_have_mean_zero")
def centred(X):
    """Takes the mean of everything."""
    return X - X.mean()


@wrong("centred", fails="test_columns_have_mean_zero")
def centred(X):
    """Takes the mean of rows."""
    return X - X.mean(axis=1, keepdims=True)


@wrong("centred", fails="test_leaves_its_input")
def centred(X):
    """Works in place."""
    X -= X.mean(axis=0)
    return X


@wrong("careful-log", fails="test_refuses_the_rest")
def careful_log(x):
    """Lets NumPy warn."""
    return float(np.log(x))


@wrong("careful-log", fails="test_refuses_the_rest")
def careful_log(x):
    """Raises without saying what is wanted."""
    if x <= 0:
        raise ValueError("bad x")
    return float(np.log(x))


@wrong("careful-log", fails="test_of_positive_numbers")
def careful_log(x):
    """Takes the logarithm to base 10."""
    if x <= 0:
        raise ValueError("x must be positive")
    return float(np.log10(x))
