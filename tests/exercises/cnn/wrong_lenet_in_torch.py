"""Known wrong answers to the exercises of the chapter on LeNet in both engines."""

import numpy as np

from companion.exercises import wrong


@wrong("other-table", fails="test_parameters_of_c3")
def other_table():
    """Lets each map see all six."""
    return 2416, 121_600


@wrong("other-table", fails="test_parameters_of_c3")
def other_table():
    """Forgets the biases of the parameters."""
    return 1200, 121_600


@wrong("other-table", fails="test_connections_of_c3")
def other_table():
    """Counts the places of S2."""
    return 1216, 1216 * 196


@wrong("other-table", fails="test_connections_of_c3")
def other_table():
    """Forgets the biases of the connections."""
    return 1216, 120_000


@wrong("rejected", fails="test_nearest_or_none")
def nearest_codes(x, codes, limit):
    """Compares the distance, not its square."""
    distances = ((x[:, None] - codes) ** 2).sum(axis=-1)
    return np.where(np.sqrt(distances.min(axis=1)) <= limit, distances.argmin(axis=1), -1)


@wrong("rejected", fails="test_nearest_or_none")
def nearest_codes(x, codes, limit):
    """Rejects nothing."""
    return ((x[:, None] - codes) ** 2).sum(axis=-1).argmin(axis=1)


@wrong("rejected", fails="test_nearest_or_none")
def nearest_codes(x, codes, limit):
    """Takes the largest distance for the nearest code."""
    distances = ((x[:, None] - codes) ** 2).sum(axis=-1)
    return np.where(distances.min(axis=1) <= limit, distances.argmax(axis=1), -1)


@wrong("rejected", fails="test_exactly_at_the_limit")
def nearest_codes(x, codes, limit):
    """Rejects what lies exactly at the limit."""
    distances = ((x[:, None] - codes) ** 2).sum(axis=-1)
    return np.where(distances.min(axis=1) < limit, distances.argmin(axis=1), -1)


@wrong("rejected", fails="test_nearest_or_none")
def nearest_codes(x, codes, limit):
    """Takes the largest product for the nearest code, as if all codes were equally long."""
    d = ((x[:, None] - codes) ** 2).sum(-1)
    return np.where(d.min(1) <= limit, (x @ codes.T).argmax(1), -1)


@wrong("rejected", fails="test_exactly_at_the_limit")
def nearest_codes(x, codes, limit):
    """Loops over the rows."""
    out = []
    for row in x:
        d = ((row - codes) ** 2).sum(1)
        out.append(d.argmin() if d.min() <= limit else -1)
    return np.array(out)


@wrong("channels-last", fails="test_kernels")
def from_channels_last(kernels, dense, shape):
    """Turns all axes of the kernels round."""
    M = dense.shape[1]
    rows = dense.T.reshape(M, *shape)
    return kernels.T, rows.transpose(0, 3, 1, 2).reshape(M, -1)


@wrong("channels-last", fails="test_kernels")
def from_channels_last(kernels, dense, shape):
    """Reshapes the kernels."""
    K, _, C, O = kernels.shape
    rows = dense.T.reshape(dense.shape[1], *shape)
    return kernels.reshape(O, C, K, K), rows.transpose(0, 3, 1, 2).reshape(len(rows), -1)


@wrong("channels-last", fails="test_dense_weights")
def from_channels_last(kernels, dense, shape):
    """Only transposes the dense weights."""
    return kernels.transpose(3, 2, 0, 1), dense.T


@wrong("channels-last", fails="test_dense_weights")
def from_channels_last(kernels, dense, shape):
    """Exchanges rows and columns."""
    rows = dense.T.reshape(dense.shape[1], *shape)
    return kernels.transpose(3, 2, 0, 1), rows.transpose(0, 3, 2, 1).reshape(len(rows), -1)


@wrong("channels-last", fails="test_kernels")
def from_channels_last(kernels, dense, shape):
    """Takes the number of channels for the side of the kernel."""
    K, M = kernels.shape[0], dense.shape[1]
    rows = dense.T.reshape(M, *shape).transpose(0, 3, 1, 2).reshape(M, -1)
    return kernels.transpose(3, 2, 0, 1).reshape(-1, K, K, K), rows
