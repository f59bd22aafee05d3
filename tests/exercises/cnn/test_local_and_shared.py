"""Checks of the exercises in the chapter on local and shared connections."""

import numpy as np
from scipy.signal import correlate2d

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def number_of(student, k):
    got = student.three_ways()
    assert isinstance(got, tuple | list), f"expected three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got[k]


@check(
    "three-ways",
    hints=(
        "Each output has a weight for each input, and a bias.",
        "Outputs: 4 maps of 6 × 6. Inputs: 3 · 8 · 8.",
        "144 * (192 + 1)",
    ),
)
def test_dense(student):
    "numbers of the dense layer"
    outputs = 4 * (8 - 3 + 1) ** 2
    mistakes = {
        "the biases are missing": outputs * 192,
        "without padding the maps are 6 × 6, not 8 × 8": 4 * 64 * 193,
        "one channel only was counted": outputs * 65,
    }
    assert_close(number_of(student, 0), outputs * (3 * 64 + 1), mistakes=mistakes, what="dense")


@check(
    "three-ways",
    hints=(
        "Each output has a kernel of its own, and a bias.",
        "A kernel has 3 · 3 · 3 weights: three channels.",
        "144 * (27 + 1)",
    ),
)
def test_local(student):
    "numbers of the local layer"
    mistakes = {
        "the biases are missing": 144 * 27,
        "a kernel has a slice for each channel": 144 * 10,
        "without padding the maps are 6 × 6, not 8 × 8": 256 * 28,
    }
    assert_close(number_of(student, 1), 144 * (3 * 9 + 1), mistakes=mistakes, what="local")


@check(
    "three-ways",
    hints=(
        "One kernel and one bias for each map, however large it is.",
        "Four kernels of 3 · 3 · 3 weights.",
        "4 * (27 + 1)",
    ),
)
def test_shared(student):
    "numbers of the shared layer"
    mistakes = {
        "the biases are missing": 108,
        "a kernel has a slice for each channel": 40,
        "the four maps have a kernel each": 28,
    }
    assert_close(number_of(student, 2), 4 * (3 * 9 + 1), mistakes=mistakes, what="shared")


@check(
    "push-and-stride",
    hints=(
        "Which places does a stride of 3 keep?",
        "A push by 1 moves what stood at place 3 to place 4, which is not kept.",
        "The multiples of 3 among 1 to 6.",
    ),
)
def test_how_many_pushes(student):
    "the number of pushes that come through"
    got = student.clean_pushes()
    assert isinstance(got, int | np.integer), f"expected a whole number, got {kind_of(got)}"
    row = np.random.default_rng(0).normal(size=60)

    def out(row):
        return np.correlate(row, [1.0, -2, 3], "valid")[::3]

    def comes_through(push):
        new = out(np.roll(row, push))[4:-4]
        return any(np.allclose(new, np.roll(out(row), by)[4:-4]) for by in range(4))

    right = sum(comes_through(push) for push in range(1, 7))
    assert got == right, "not so many, or more: try each push on a row of paper, keep every third"


def matrix(kernel, height, width, stride):
    """Column by column: the answer to each pixel alone."""
    columns = []
    for pixel in range(height * width):
        image = np.zeros(height * width)
        image[pixel] = 1
        answer = correlate2d(image.reshape(height, width), kernel, "valid")
        columns.append(answer[::stride, ::stride].ravel())
    return np.stack(columns, axis=1)


@check(
    "strided-matrix",
    points=2,
    hints=(
        "What does one row of the matrix look like, as an image?",
        "An image of zeros with the kernel laid into it, flattened.",
        "row = np.zeros((height, width)); row[i : i + h, j : j + w] = kernel",
    ),
)
def test_with_stride_one(student):
    "stride 1, images and kernels that are not square"
    rng = np.random.default_rng(1)
    for h, w, height, width in ((2, 2, 3, 3), (3, 2, 4, 5), (1, 3, 2, 6), (2, 3, 2, 3)):
        kernel = rng.normal(size=(h, w))
        expected = matrix(kernel, height, width, 1)
        mistakes = {"the kernel was turned over": matrix(kernel[::-1, ::-1], height, width, 1)}
        mistakes["rows and columns of the matrix are exchanged"] = expected.T
        got = student.strided_matrix(kernel, height, width, 1)
        assert_close(got, expected, mistakes=mistakes, what="the matrix")


@check(
    "strided-matrix",
    points=2,
    after="test_with_stride_one",
    hints=(
        "The kernel begins at every stride-th row and column only.",
        "Is there an output at the last place where the kernel still fits?",
        "for i in range(0, height - h + 1, stride)",
    ),
)
def test_with_a_stride(student):
    "strides 2 and 3"
    rng = np.random.default_rng(2)
    for h, w, height, width, stride in ((2, 2, 4, 4, 2), (3, 2, 6, 7, 2), (2, 3, 8, 9, 3)):
        kernel = rng.normal(size=(h, w))
        expected = matrix(kernel, height, width, stride)
        got = student.strided_matrix(kernel, height, width, stride)
        mistakes = {"the stride is missing": matrix(kernel, height, width, 1)}
        every = matrix(kernel, height, width, 1)[::stride]
        mistakes["every stride-th output of the list is kept, not of rows and columns"] = every
        assert_close(got, expected, mistakes=mistakes, what="the matrix")


def untied(x, kernels, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernels.shape[2:], (1, 2))
    return np.einsum("nijhw,ijhw->nij", windows, kernels) + bias


@check(
    "untied",
    points=2,
    hints=(
        "One output at a time: its window of all images, its kernel.",
        "x[:, i : i + h, j : j + w] * kernels[i, j], summed over the last two axes.",
        "out[:, i, j] = (x[:, i : i + h, j : j + w] * kernels[i, j]).sum(axis=(1, 2)) + bias[i, j]",
    ),
)
def test_each_place_has_its_kernel(student):
    "outputs of random kernels, one for each place"
    rng = np.random.default_rng(3)
    for N, rows, columns, h, w in ((2, 3, 4, 2, 2), (3, 2, 3, 3, 1), (1, 1, 1, 2, 3)):
        x = rng.normal(size=(N, rows + h - 1, columns + w - 1))
        kernels, bias = rng.normal(size=(rows, columns, h, w)), rng.normal(size=(rows, columns))
        same = np.broadcast_to(kernels[0, 0], kernels.shape)
        mistakes = {
            "the biases are missing": untied(x, kernels, 0),
            "all places use the kernel of the first": untied(x, same, bias),
            "the kernels were turned over": untied(x, kernels[..., ::-1, ::-1], bias),
        }
        got = student.locally_connected(x.copy(), kernels.copy(), bias.copy())
        assert_close(got, untied(x, kernels, bias), mistakes=mistakes, what="the outputs")


@check(
    "untied",
    after="test_each_place_has_its_kernel",
    hints=(
        "With the same kernel everywhere it is a convolution.",
        "Do not write into x, kernels or bias.",
        "out = np.zeros((len(x), rows, columns))",
    ),
)
def test_tied_it_is_a_convolution_and_inputs_stay(student):
    "the same kernel everywhere gives a convolution; inputs stay as they are"
    rng = np.random.default_rng(4)
    x, kernel = rng.normal(size=(2, 5, 6)), rng.normal(size=(3, 2))
    kernels, bias = np.tile(kernel, (3, 5, 1, 1)), np.zeros((3, 5))
    got = student.locally_connected(x, kernels, bias)
    expected = np.stack([correlate2d(image, kernel, "valid") for image in x])
    assert_close(got, expected, what="the outputs")
    assert_unchanged(student.locally_connected)


@check(
    "tied-gradient",
    points=2,
    hints=(
        "The gradient of a weight is the sum over all places at which it worked.",
        "At output (a, b), weight (i, j) met the pixel (a + i, b + j).",
        "(x[:, i : i + rows, j : j + columns] * dout).sum()",
    ),
)
def test_the_sum_over_places(student):
    "the gradient, against small changes of each weight"
    rng = np.random.default_rng(5)
    for H, W, size in ((5, 6, 3), (4, 4, 2), (3, 5, 1)):
        x, dout = rng.normal(size=(1, H, W)), rng.normal(size=(1, H - size + 1, W - size + 1))
        expected = np.zeros((size, size))
        for at in np.ndindex(size, size):
            one = np.zeros((size, size))
            one[at] = 1  # outputs are linear in the kernel
            expected[at] = (correlate2d(x[0], one, "valid") * dout[0]).sum()
        mistakes = {
            "the kernel is turned over": expected[::-1, ::-1],
            "rows and columns are exchanged": expected.T,
            "it was averaged over the places": expected / dout[0].size,
        }
        got = student.tied_gradient(x, dout, size)
        assert_close(got, expected, mistakes=mistakes, what="the gradient")


@check(
    "tied-gradient",
    after="test_the_sum_over_places",
    hints=(
        "All images use the same kernel as well.",
        "Sum over the first axis, too; do not take the mean.",
        ".sum() over images, rows and columns",
    ),
)
def test_the_sum_over_images(student):
    "several images"
    rng = np.random.default_rng(6)
    x, dout = rng.normal(size=(4, 6, 5)), rng.normal(size=(4, 5, 4))
    each = np.stack([correlate2d(a, b, "valid") for a, b in zip(x, dout, strict=True)])
    mistakes = {
        "it was averaged over the images": each.mean(axis=0),
        "only the first image counts": each[0],
    }
    got = student.tied_gradient(x, dout, 2)
    assert_close(got, each.sum(axis=0), mistakes=mistakes, what="the gradient")
