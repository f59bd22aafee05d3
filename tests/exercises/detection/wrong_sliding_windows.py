"""Known wrong answers to the exercises of the chapter on sliding windows."""

import numpy as np

from companion.exercises import wrong


@wrong("halved-step", fails="test_growth")
def growth():
    """Thinks of one row."""
    return 2


@wrong("halved-step", fails="test_growth")
def growth():
    """Thinks of three directions."""
    return 8


@wrong("halved-step", fails="test_growth")
def growth():
    """Answers with a word."""
    return "four"


@wrong("between-windows", fails="test_number")
def windows_and_worst():
    """Forgets the first window in each direction."""
    return 4 * 8, 225 / 575


@wrong("between-windows", fails="test_number")
def windows_and_worst():
    """Rounds up."""
    return 5 * 10, 225 / 575


@wrong("between-windows", fails="test_worst")
def windows_and_worst():
    """Divides by the area of one window."""
    return 45, 225 / 400


@wrong("between-windows", fails="test_worst")
def windows_and_worst():
    """Off in one direction only."""
    return 45, 300 / 500


@wrong("covering-windows", fails="test_left_over_pixels")
def covering(high, wide, side, step):
    """Leaves the pixels at the edge out."""
    rows, columns = (range(0, n - side + 1, step) for n in (high, wide))
    return np.array([(i, j) for i in rows for j in columns])


@wrong("covering-windows", fails="test_left_over_pixels")
def covering(high, wide, side, step):
    """Lets the last windows stick out of the image."""
    rows, columns = (range(0, n - side + step, step) for n in (high, wide))
    return np.array([(i, j) for i in rows for j in columns])


@wrong("covering-windows", fails="test_left_over_pixels")
def covering(high, wide, side, step):
    """Writes column and row in place of row and column."""

    def starts(length):
        last = length - side
        places = list(range(0, last + 1, step))
        return places if places[-1] == last else [*places, last]

    return np.array([(j, i) for i in starts(high) for j in starts(wide)])


@wrong("covering-windows", fails="test_nothing_left_over")
def covering(high, wide, side, step):
    """Always adds a window at the edge."""

    def starts(length):
        return [*range(0, length - side + 1, step), length - side]

    return np.array([(i, j) for i in starts(high) for j in starts(wide)])


@wrong("covering-windows", fails="test_nothing_left_over")
def covering(high, wide, side, step):
    """Asks whether the step divides the length, not what is left of it behind a window."""

    def starts(length):
        places = list(range(0, length - side + 1, step))
        return [*places, length - side] if length % step else places

    return np.array([(i, j) for i in starts(high) for j in starts(wide)])


@wrong("covering-windows", fails="test_left_over_pixels")
def covering(high, wide, side, step):
    """Returns a list."""

    def starts(length):
        last = length - side
        return sorted({*range(0, last + 1, step), last})

    return [(i, j) for i in starts(high) for j in starts(wide)]


@wrong("covering-windows", fails="test_left_over_pixels")
def covering(high, wide, side, step):
    """Goes column by column."""

    def starts(length):
        last = length - side
        return sorted({*range(0, last + 1, step), last})

    return np.array([(i, j) for j in starts(wide) for i in starts(high)])


@wrong("dense-to-kernel", fails="test_slides")
def slide(W, b, a, size):
    """Forgets the bias."""
    kernels = W.reshape(len(W), len(a), *size)
    parts = np.lib.stride_tricks.sliding_window_view(a, size, axis=(1, 2))
    return np.einsum("kcij,cyxij->kyx", kernels, parts)


@wrong("dense-to-kernel", fails="test_slides")
def slide(W, b, a, size):
    """Takes channels for the fastest axis."""
    kernels = W.reshape(len(W), *size, len(a))
    parts = np.lib.stride_tricks.sliding_window_view(a, size, axis=(1, 2))
    return np.einsum("kijc,cyxij->kyx", kernels, parts) + b[:, None, None]


@wrong("dense-to-kernel", fails="test_slides")
def slide(W, b, a, size):
    """Turns the kernels."""
    kernels = W.reshape(len(W), len(a), *size)[:, :, ::-1, ::-1]
    parts = np.lib.stride_tricks.sliding_window_view(a, size, axis=(1, 2))
    return np.einsum("kcij,cyxij->kyx", kernels, parts) + b[:, None, None]


@wrong("dense-to-kernel", fails="test_other_sizes")
def slide(W, b, a, size):
    """Writes the sizes of the example into the code."""
    kernels = W.reshape(len(W), len(a), *size)
    out = np.empty((len(W), 4, 6))
    for y in range(4):
        for x in range(6):
            part = a[:, y : y + 3, x : x + 4]
            if part.shape != kernels.shape[1:]:
                return out
            out[:, y, x] = (kernels * part).sum(axis=(1, 2, 3)) + b
    return out
