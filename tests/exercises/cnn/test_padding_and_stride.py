"""Checks of the exercises in the chapter on padding, stride and pooling."""

from time import perf_counter

import numpy as np

from companion import nn
from companion.cnn.shapes import shapes
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def places(n, k, s=1, p=0, d=1):
    """Places of a kernel, counted one by one."""
    return sum(start + d * (k - 1) < n + 2 * p for start in range(0, n + 2 * p, s))


@check(
    "four-sizes",
    points=2,
    hints=(
        "Each layer takes what the layer before it gives; a pooling keeps the channels.",
        "⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1, with n = 65, k = 5, s = 2 first.",
        "(16, 31, 31), then ⌊(31 − 3)/2⌋ + 1, then ⌊(n + 4 − 4 − 1)/1⌋ + 1, then the same size",
    ),
)
def test_shapes_after_each_layer(student):
    "the shapes after each of the four layers"
    got = student.four_sizes()
    assert isinstance(got, tuple), f"expected a tuple of four shapes, got {kind_of(got)}"
    assert len(got) == 4, f"expected four shapes, got {len(got)}"
    first = places(65, 5, s=2)
    second = places(first, 3, s=2)
    third = places(second, 3, p=2, d=2)
    expected = [(16, first), (16, second), (32, third), (8, places(third, 1))]
    for number, (one, (channels, n)) in enumerate(zip(got, expected, strict=True), 1):
        mistakes = {
            "the + 1 is missing": (channels, n - 1, n - 1),
            "the channels are those of the input": ([3, 16, 16, 32][number - 1], n, n),
            "the dilated kernel reaches over 5 pixels, not 3": (channels, n + 2, n + 2),
            "rounded up: a place that hangs over does not count": (channels, n + 1, n + 1),
        }
        what = f"the shape after layer {number}"
        assert_close(tuple(one), (channels, n, n), mistakes=mistakes, what=what)


@check(
    "pool-then-relu",
    hints=(
        "Take one window with a negative and a positive number, and do it both ways.",
        "ReLU never exchanges the order of two numbers. What does it do to their mean?",
        "max(relu(−2), relu(4)) = relu(max(−2, 4)); the mean of 0 and 4 is not relu(1)",
    ),
)
def test_which_pooling_may_change_places(student):
    "which pooling gives the same before and after ReLU"
    words = ("max", "average", "both", "neither")
    got = student.may_change_places()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    rows = np.random.default_rng(0).normal(size=(100, 4))
    same = [
        np.allclose(pool(np.maximum(rows, 0)), np.maximum(pool(rows), 0))
        for pool in (lambda r: r.max(axis=1), lambda r: r.mean(axis=1))
    ]
    right = {(True, True): "both", (True, False): "max", (False, True): "average"}[tuple(same)]
    assert got == right, "not that one: try a window with −2 and 4, with either pooling"


def each_window(x):
    """Yield every window as an array of four, in reading order, with its place in the output."""
    for n, c, i, j in np.ndindex(*x.shape[:2], x.shape[2] // 2, x.shape[3] // 2):
        yield (n, c, i, j), x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].ravel()


def largest(x):
    out = np.empty((*x.shape[:2], x.shape[2] // 2, x.shape[3] // 2), x.dtype)
    for place, window in each_window(x):
        out[place] = window.max()
    return out


def sent_back(dout, x, winners):
    """Gradient of x if `winners(window)` says what share each of the four gets."""
    dx = np.zeros(x.shape)
    for (n, c, i, j), window in each_window(x):
        share = np.asarray(winners(window), float).reshape(2, 2)
        dx[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = share * dout[n, c, i, j]
    return dx


IMAGES = np.random.default_rng(1).permutation(2 * 3 * 6 * 8).reshape(2, 3, 6, 8) - 150.0


@check(
    "max-pool-forward",
    points=2,
    hints=(
        "Cut rows and columns into pairs, and take the largest of each 2 × 2.",
        "A reshape to (N, C, H/2, 2, W/2, 2) makes axes that count within the window.",
        "x.reshape(N, C, H // 2, 2, W // 2, 2).max(axis=(3, 5))",
    ),
)
def test_the_largest_of_each_window(student):
    "the largest value of each 2 × 2 window"
    x = IMAGES
    got = student.max_pool_forward(x.copy())
    mistakes = {
        "that is the average": x.reshape(2, 3, 3, 2, 4, 2).mean(axis=(3, 5)),
        "that is every second pixel": x[:, :, ::2, ::2],
        "the windows are 1 × 4, not 2 × 2": x.reshape(2, 3, 3, 4, 4).max(axis=-1),
        "a reshape alone mixes rows": x.reshape(2, 3, 3, 4, 2, 2).max(axis=(4, 5)),
        "the border must not count as 0: here the numbers are negative": np.maximum(largest(x), 0),
    }
    assert_close(got, largest(x), mistakes=mistakes, what="the output")


@check(
    "max-pool-forward",
    after="test_the_largest_of_each_window",
    hints=(
        "Nothing may depend on the number of images; no loops over pixels; x must not change.",
        "Take the sizes from x.shape; do not write into x or into a view of it.",
        "N, C, H, W = x.shape",
    ),
)
def test_other_sizes_and_the_input(student):
    "one image, none, flat ones, float32, many at once; and the input stays"
    for shape in ((1, 1, 2, 2), (0, 2, 4, 4), (3, 2, 2, 10)):
        x = np.random.default_rng(2).normal(size=shape).astype("float32")
        got = student.max_pool_forward(x.copy())
        assert_unchanged(student.max_pool_forward)
        assert_close(got, largest(x), what=f"the output for x of {shape}")
    x = np.random.default_rng(3).normal(size=(60, 6, 20, 28)).astype("float32")
    one = min(seconds(largest, x[:1]) for _ in range(5))
    taken = min(seconds(student.max_pool_forward, x) for _ in range(4))
    assert taken < 18 * one, (
        f"sixty images took as long as {taken / one:.0f} that are read window by window in loops; "
        "let NumPy take all windows at once"
    )


def seconds(function, x):
    start = perf_counter()
    function(x)
    return perf_counter() - start


@check(
    "max-pool-backward",
    points=2,
    hints=(
        "Who won the window gets all of its gradient.",
        "Bring each window into a row of four, in reading order; argmax names the winner.",
        "x.reshape(N, C, H // 2, 2, W // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(-1, 4)",
    ),
)
def test_the_winner_gets_the_gradient(student):
    "the largest entry of each window gets its gradient, the others nothing"
    x = IMAGES
    dout = np.random.default_rng(3).normal(size=(2, 3, 3, 4))
    got = student.max_pool_backward(dout.copy(), x.copy())
    spread = np.repeat(np.repeat(dout, 2, axis=2), 2, axis=3)
    mistakes = {
        "every entry got the gradient, not only the winner": spread,
        "that is the gradient of the average": spread / 4,
        "the smallest entry got it": sent_back(dout, x, lambda w: w == w.min()),
        "the first entry of each window got it": sent_back(dout, x, lambda w: [1, 0, 0, 0]),
        "it was multiplied by x": sent_back(dout, x, lambda w: w * (w == w.max())),
    }
    expected = sent_back(dout, x, lambda w: w == w.max())
    assert_close(got, expected, mistakes=mistakes, what="dx")


@check(
    "max-pool-backward",
    after="test_the_winner_gets_the_gradient",
    points=2,
    hints=(
        "After ReLU whole windows are 0. Only one of equal entries may get the gradient.",
        "x == its maximum is true several times; argmax gives the first alone.",
        "dx[np.arange(len(dx)), windows.argmax(axis=1)] = dout.ravel()",
    ),
)
def test_the_first_of_equals_alone(student):
    "of equal entries the first in reading order gets it, alone; and the inputs stay"
    rng = np.random.default_rng(4)
    for shape in ((2, 2, 4, 6), (1, 1, 2, 2), (0, 3, 4, 4)):
        x = rng.integers(0, 2, size=shape).astype(float)
        dout = rng.normal(size=(*shape[:2], shape[2] // 2, shape[3] // 2))
        got = student.max_pool_backward(dout.copy(), x.copy())
        assert_unchanged(student.max_pool_backward)
        first = sent_back(dout, x, lambda w: np.arange(4) == w.argmax())
        mistakes = {
            "all equal entries got the whole gradient": sent_back(dout, x, lambda w: w == w.max()),
            "equal entries shared the gradient": sent_back(
                dout, x, lambda w: (w == w.max()) / np.sum(w == w.max())
            ),
            "the last of equals got it": sent_back(
                dout, x, lambda w: np.arange(4) == 3 - w[::-1].argmax()
            ),
            "of equals it was the first column by column, not in reading order": sent_back(
                dout, x, lambda w: np.arange(4) == [0, 2, 1, 3][w[[0, 2, 1, 3]].argmax()]
            ),
        }
        assert_close(got, first, mistakes=mistakes, what=f"dx for x of {shape}")


GIVEN = (
    *(("conv", 1, 8, 3, 1, 1), ("pool", 2, 2), ("conv", 8, 16, 3, 2, 0), ("pool", 2, 2)),
    *(("conv", 8, 32, 3, 1, 1), ("dense", 512, 10)),
)


def rows_of(student):
    got = student.repaired()
    assert isinstance(got, tuple), f"expected a tuple of rows, got {kind_of(got)}"
    assert len(got) == len(GIVEN), f"expected {len(GIVEN)} rows, got {len(got)}"
    for number, (row, given) in enumerate(zip(got, GIVEN, strict=True), 1):
        kept = isinstance(row, tuple) and len(row) == len(given) and row[0] == given[0]
        assert kept, f"row {number} is {row!r}; it was {given!r}, and only numbers may change"
    return got


def network_of(rows):
    layers = []
    for kind, *numbers in rows:
        if kind == "dense":
            layers += [nn.Flatten(), nn.Linear(*numbers)]
        else:
            layers.append({"conv": nn.Conv2d, "pool": nn.MaxPool2d}[kind](*numbers))
    return nn.Sequential(*layers)


@check(
    "repair-sizes",
    points=2,
    hints=(
        "Follow an image through: write the shape after each row beside it.",
        "The third convolution gets as many channels as the second makes; then count what is left.",
        "28 → 28 → 14 → 6 → 3 → 3, so the dense layer gets 32 · 3 · 3 numbers",
    ),
)
def test_it_runs(student):
    "the network takes 1 × 28 × 28 to ten numbers"
    rows = rows_of(student)
    try:
        out = shapes(network_of(rows), (1, 28, 28))[-1].shape
    except ValueError as error:
        raise AssertionError(f"it does not run yet. {error}") from None
    assert out == (10,), f"what comes out is {out}; ten numbers are wanted"


@check(
    "repair-sizes",
    after="test_it_runs",
    hints=(
        "Two numbers of inputs are wrong; kernels, strides, padding and outputs are meant.",
        "Change the first number of the third convolution and the first of the dense layer only.",
        '("conv", 16, 32, 3, 1, 1) and ("dense", 288, 10)',
    ),
)
def test_only_the_two_numbers_changed(student):
    "everything else is as it was"
    for number, (row, given) in enumerate(zip(rows_of(student), GIVEN, strict=True), 1):
        same = row[2:] == given[2:] and (number > 4 or row == given)
        assert same, f"row {number} was {given}, and is {row}: change numbers of inputs alone"
