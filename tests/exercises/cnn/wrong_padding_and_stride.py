"""Known wrong answers to the exercises of the chapter on padding, stride and pooling."""

import numpy as np

from companion.exercises import wrong


@wrong("four-sizes", fails="test_shapes_after_each_layer")
def four_sizes():
    """Forgets the + 1."""
    return (16, 30, 30), (16, 13, 13), (32, 12, 12), (8, 11, 11)


@wrong("four-sizes", fails="test_shapes_after_each_layer")
def four_sizes():
    """Overlooks the dilation."""
    return (16, 31, 31), (16, 15, 15), (32, 17, 17), (8, 17, 17)


@wrong("four-sizes", fails="test_shapes_after_each_layer")
def four_sizes():
    """Keeps the channels of the input."""
    return (3, 31, 31), (3, 15, 15), (3, 15, 15), (3, 15, 15)


@wrong("four-sizes", fails="test_shapes_after_each_layer")
def four_sizes():
    """Gives numbers without channels."""
    return 31, 15, 15, 15


@wrong("pool-then-relu", fails="test_which_pooling_may_change_places")
def may_change_places():
    """Thinks that both commute."""
    return "both"


@wrong("pool-then-relu", fails="test_which_pooling_may_change_places")
def may_change_places():
    """Thinks that only linear things commute."""
    return "average"


@wrong("pool-then-relu", fails="test_which_pooling_may_change_places")
def may_change_places():
    """Answers with a truth value."""
    return True


@wrong("max-pool-forward", fails="test_the_largest_of_each_window")
def max_pool_forward(x):
    """Averages."""
    N, C, H, W = x.shape
    return x.reshape(N, C, H // 2, 2, W // 2, 2).mean(axis=(3, 5))


@wrong("max-pool-forward", fails="test_the_largest_of_each_window")
def max_pool_forward(x):
    """Reshapes so that windows are parts of rows."""
    N, C, H, W = x.shape
    return x.reshape(N, C, H // 2, W // 2, 4).max(axis=-1)


@wrong("max-pool-forward", fails="test_the_largest_of_each_window")
def max_pool_forward(x):
    """Begins with zeros, which win against negative numbers."""
    N, C, H, W = x.shape
    out = np.zeros((N, C, H // 2, W // 2))
    for i in (0, 1):
        for j in (0, 1):
            out = np.maximum(out, x[:, :, i::2, j::2])
    return out


@wrong("max-pool-forward", fails="test_the_largest_of_each_window")
def max_pool_forward(x):
    """Takes every second pixel."""
    return x[:, :, ::2, ::2]


@wrong("max-pool-forward", fails="test_other_sizes_and_the_input")
def max_pool_forward(x):
    """Writes the maxima into x."""
    best = x[:, :, ::2, ::2]
    for i, j in ((0, 1), (1, 0), (1, 1)):
        np.maximum(best, x[:, :, i::2, j::2], out=best)
    return best


@wrong("max-pool-forward", fails="test_other_sizes_and_the_input")
def max_pool_forward(x):
    """Loops over everything."""
    N, C, H, W = x.shape
    out = np.zeros((N, C, H // 2, W // 2))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
    return out


@wrong("max-pool-backward", fails="test_the_winner_gets_the_gradient")
def max_pool_backward(dout, x):
    """Sends the gradient to all four."""
    return np.repeat(np.repeat(dout, 2, axis=2), 2, axis=3)


@wrong("max-pool-backward", fails="test_the_winner_gets_the_gradient")
def max_pool_backward(dout, x):
    """Gives everyone a quarter, as the average does."""
    return np.repeat(np.repeat(dout, 2, axis=2), 2, axis=3) / 4


@wrong("max-pool-backward", fails="test_the_winner_gets_the_gradient")
def max_pool_backward(dout, x):
    """Multiplies by x as well."""
    N, C, H, W = x.shape
    best = x.reshape(N, C, H // 2, 2, W // 2, 2).max(axis=(3, 5))
    big = np.repeat(np.repeat(best, 2, axis=2), 2, axis=3)
    return (x == big) * x * np.repeat(np.repeat(dout, 2, axis=2), 2, axis=3)


@wrong("max-pool-backward", fails="test_the_first_of_equals_alone")
def max_pool_backward(dout, x):
    """Compares with the maximum: all of equals get everything."""
    N, C, H, W = x.shape
    best = x.reshape(N, C, H // 2, 2, W // 2, 2).max(axis=(3, 5))
    big = np.repeat(np.repeat(best, 2, axis=2), 2, axis=3)
    return (x == big) * np.repeat(np.repeat(dout, 2, axis=2), 2, axis=3)


@wrong("max-pool-backward", fails="test_the_first_of_equals_alone")
def max_pool_backward(dout, x):
    """Shares among equals."""
    N, C, H, W = x.shape
    windows = x.reshape(N, C, H // 2, 2, W // 2, 2)
    won = windows == windows.max(axis=(3, 5), keepdims=True)
    share = won / won.sum(axis=(3, 5), keepdims=True)
    return (share * dout[:, :, :, None, :, None]).reshape(x.shape)


@wrong("max-pool-backward", fails="test_the_first_of_equals_alone")
def max_pool_backward(dout, x):
    """Reads windows column by column."""
    N, C, H, W = x.shape
    windows = x.reshape(N, C, H // 2, 2, W // 2, 2).transpose(0, 1, 2, 4, 5, 3).reshape(-1, 4)
    dx = np.zeros_like(windows)
    dx[np.arange(len(dx)), windows.argmax(axis=1)] = dout.ravel()
    dx = dx.reshape(N, C, H // 2, W // 2, 2, 2).transpose(0, 1, 2, 5, 3, 4)
    return dx.reshape(x.shape)


@wrong("repair-sizes", fails="test_it_runs")
def repaired():
    """Repairs the channels alone."""
    return (
        *(("conv", 1, 8, 3, 1, 1), ("pool", 2, 2), ("conv", 8, 16, 3, 2, 0), ("pool", 2, 2)),
        *(("conv", 16, 32, 3, 1, 1), ("dense", 512, 10)),
    )


@wrong("repair-sizes", fails="test_it_runs")
def repaired():
    """Divides by the stride and forgets the floor rule: 14, 7, 3.5, rounded up."""
    return (
        *(("conv", 1, 8, 3, 1, 1), ("pool", 2, 2), ("conv", 8, 16, 3, 2, 0), ("pool", 2, 2)),
        *(("conv", 16, 32, 3, 1, 1), ("dense", 32 * 4 * 4, 10)),
    )


@wrong("repair-sizes", fails="test_it_runs")
def repaired():
    """Counts the pixels of the last maps, not their channels."""
    return (
        *(("conv", 1, 8, 3, 1, 1), ("pool", 2, 2), ("conv", 8, 16, 3, 2, 0), ("pool", 2, 2)),
        *(("conv", 16, 32, 3, 1, 1), ("dense", 9, 10)),
    )


@wrong("repair-sizes", fails="test_only_the_two_numbers_changed")
def repaired():
    """Changes the outputs of another layer until it runs."""
    return (
        *(("conv", 1, 8, 3, 1, 1), ("pool", 2, 2), ("conv", 8, 8, 3, 2, 0), ("pool", 2, 2)),
        *(("conv", 8, 32, 3, 1, 1), ("dense", 288, 10)),
    )
