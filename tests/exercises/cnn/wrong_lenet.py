"""Known wrong answers to the exercises of the chapter on LeNet."""

import numpy as np

from companion.exercises import wrong


@wrong("colour-lenet", fails="test_length_of_the_vector")
def colour_lenet():
    """Pads the first convolution."""
    return 576, 62_006


@wrong("colour-lenet", fails="test_length_of_the_vector")
def colour_lenet():
    """Forgets the second pooling."""
    return 1600, 62_006


@wrong("colour-lenet", fails="test_parameters_in_colour")
def colour_lenet():
    """Counts one channel in the first kernels."""
    return 400, 61_706


@wrong("colour-lenet", fails="test_parameters_in_colour")
def colour_lenet():
    """Forgets the biases."""
    return 400, 61_770


@wrong("mirrored-digits", fails="test_in_the_mirror")
def in_the_mirror():
    """Takes a mirror for a shuffle."""
    return "more"


@wrong("mirrored-digits", fails="test_in_the_mirror")
def in_the_mirror():
    """Guesses."""
    return "less"


@wrong("mirrored-digits", fails="test_in_the_mirror")
def in_the_mirror():
    """Answers with a number."""
    return 0


@wrong("shape-table", fails="test_shapes")
def shape_table(layers, shape):
    """Pads one side only."""
    rows = []
    for kind, n, *more in layers:
        K, p = more if kind == "conv" else (n, 0)
        if kind != "dense" and min(shape[1:]) + 2 * p < K:
            raise ValueError("too small")
        if kind == "conv":
            C, H, W = shape
            shape, count = (n, H + p - K + 1, W + p - K + 1), n * (K * K * C + 1)
        elif kind == "pool":
            shape, count = (shape[0], shape[1] // n, shape[2] // n), 0
        else:
            shape, count = (n,), n * (int(np.prod(shape)) + 1)
        rows.append((shape, count))
    return rows


@wrong("shape-table", fails="test_shapes")
def shape_table(layers, shape):
    """Takes the square root of the image for granted: uses H for both sides."""
    rows = []
    for kind, n, *more in layers:
        K, p = more if kind == "conv" else (n, 0)
        if kind != "dense" and min(shape[1:]) + 2 * p < K:
            raise ValueError("too small")
        if kind == "conv":
            C, H, W = shape
            shape, count = (n, H + 2 * p - K + 1, H + 2 * p - K + 1), n * (K * K * C + 1)
        elif kind == "pool":
            shape, count = (shape[0], shape[1] // n, shape[1] // n), 0
        else:
            shape, count = (n,), n * (int(np.prod(shape)) + 1)
        rows.append((shape, count))
    return rows


@wrong("shape-table", fails="test_shapes")
def shape_table(layers, shape):
    """Rounds up where pooling does not come out even."""
    rows = []
    for kind, n, *more in layers:
        K, p = more if kind == "conv" else (n, 0)
        if kind != "dense" and min(shape[1:]) + 2 * p < K:
            raise ValueError("too small")
        if kind == "conv":
            C, H, W = shape
            shape, count = (n, H + 2 * p - K + 1, W + 2 * p - K + 1), n * (K * K * C + 1)
        elif kind == "pool":
            shape, count = (shape[0], -(-shape[1] // n), -(-shape[2] // n)), 0
        else:
            shape, count = (n,), n * (int(np.prod(shape)) + 1)
        rows.append((shape, count))
    return rows


@wrong("shape-table", fails="test_parameters")
def shape_table(layers, shape):
    """Takes kernels that reach through one channel only."""
    rows = []
    for kind, n, *more in layers:
        K, p = more if kind == "conv" else (n, 0)
        if kind != "dense" and min(shape[1:]) + 2 * p < K:
            raise ValueError("too small")
        if kind == "conv":
            _, H, W = shape
            shape, count = (n, H + 2 * p - K + 1, W + 2 * p - K + 1), n * (K * K + 1)
        elif kind == "pool":
            shape, count = (shape[0], shape[1] // n, shape[2] // n), 0
        else:
            shape, count = (n,), n * (int(np.prod(shape)) + 1)
        rows.append((shape, count))
    return rows


@wrong("shape-table", fails="test_parameters")
def shape_table(layers, shape):
    """Has one bias for each place of a map."""
    rows = []
    for kind, n, *more in layers:
        K, p = more if kind == "conv" else (n, 0)
        if kind != "dense" and min(shape[1:]) + 2 * p < K:
            raise ValueError("too small")
        if kind == "conv":
            C, H, W = shape
            shape = n, H + 2 * p - K + 1, W + 2 * p - K + 1
            count = n * K * K * C + int(np.prod(shape))
        elif kind == "pool":
            shape, count = (shape[0], shape[1] // n, shape[2] // n), 0
        else:
            shape, count = (n,), n * (int(np.prod(shape)) + 1)
        rows.append((shape, count))
    return rows


@wrong("shape-table", fails="test_what_does_not_fit")
def shape_table(layers, shape):
    """Lets sides become negative."""
    rows = []
    for kind, n, *more in layers:
        K, p = more if kind == "conv" else (n, 0)
        if kind == "conv":
            C, H, W = shape
            shape, count = (n, H + 2 * p - K + 1, W + 2 * p - K + 1), n * (K * K * C + 1)
        elif kind == "pool":
            shape, count = (shape[0], shape[1] // n, shape[2] // n), 0
        else:
            shape, count = (n,), n * (int(np.prod(shape)) + 1)
        rows.append((shape, count))
    return rows


@wrong("shape-table", fails="test_what_does_not_fit")
def shape_table(layers, shape):
    """Compares all kernels with the image at the beginning."""
    for kind, n, *more in layers:
        K, p = more if kind == "conv" else (n, 0)
        if kind != "dense" and min(shape[1:]) + 2 * p < K:
            raise ValueError("does not fit")
    rows = []
    for kind, n, *more in layers:
        if kind == "conv":
            K, p = more
            C, H, W = shape
            shape = n, H + 2 * p - K + 1, W + 2 * p - K + 1
            count = n * (K * K * C + 1)
        elif kind == "pool":
            shape, count = (shape[0], shape[1] // n, shape[2] // n), 0
        else:
            count = n * (int(np.prod(shape)) + 1)
            shape = (n,)
        rows.append((shape, count))
    return rows


@wrong("dense-as-kernels", fails="test_each_place")
def dense_everywhere(W, b, maps, side):
    """Flattens with the channels last."""
    H, V = side
    rows, columns = maps.shape[1] - H + 1, maps.shape[2] - V + 1
    out = np.empty((len(W), rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = maps[:, i : i + H, j : j + V].transpose(1, 2, 0)
            out[:, i, j] = W @ window.ravel() + b
    return out


@wrong("dense-as-kernels", fails="test_each_place")
def dense_everywhere(W, b, maps, side):
    """Forgets the bias."""
    H, V = side
    rows, columns = maps.shape[1] - H + 1, maps.shape[2] - V + 1
    out = np.empty((len(W), rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[:, i, j] = W @ maps[:, i : i + H, j : j + V].ravel()
    return out


@wrong("dense-as-kernels", fails="test_each_place")
def dense_everywhere(W, b, maps, side):
    """Leaves out the last place along each axis."""
    H, V = side
    rows, columns = max(maps.shape[1] - H, 1), max(maps.shape[2] - V, 1)
    out = np.empty((len(W), rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[:, i, j] = W @ maps[:, i : i + H, j : j + V].ravel() + b
    return out


@wrong("dense-as-kernels", fails="test_one_place")
def dense_everywhere(W, b, maps, side):
    """Drops the axes where there is one place."""
    H, V = side
    rows, columns = maps.shape[1] - H + 1, maps.shape[2] - V + 1
    if rows == columns == 1:
        return W @ maps.ravel() + b
    out = np.empty((len(W), rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[:, i, j] = W @ maps[:, i : i + H, j : j + V].ravel() + b
    return out


@wrong("three-failures", fails="test_failure_of_a")
def three_failures():
    """Takes the message for a wrong layout."""
    return "layout", "layout", "activations"


@wrong("three-failures", fails="test_failure_of_b")
def three_failures():
    """Blames the activations for B."""
    return "padding", "activations", "activations"


@wrong("three-failures", fails="test_failure_of_c")
def three_failures():
    """Thinks that weights of 0 would train."""
    return "padding", "layout", "zeros"


@wrong("small-lenet", fails="test_small_and_good")
def small_lenet():
    """Takes the original."""
    return 6, 16, 120, 0.004


@wrong("small-lenet", fails="test_small_and_good")
def small_lenet():
    """Has one kernel and a narrow hidden layer."""
    return 1, 1, 2, 0.004


@wrong("small-lenet", fails="test_small_and_good")
def small_lenet():
    """Takes far too large a rate."""
    return 4, 8, 20, 0.5
