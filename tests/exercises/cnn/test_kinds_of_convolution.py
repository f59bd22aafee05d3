"""Checks of the exercises on the page on more kinds of convolution."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def tuple_of(got, count):
    assert isinstance(got, tuple), f"expected a tuple of numbers, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} numbers, got {len(got)}"
    return got


def added(y, kernel, stride):
    """The kernel put down at every place, times the number there."""
    out = np.zeros((len(y) - 1) * stride + len(kernel))
    for j, number in enumerate(y):
        out[j * stride : j * stride + len(kernel)] += number * np.array(kernel)
    return out


@check(
    "transposed-by-hand",
    points=2,
    hints=(
        "Each number puts the whole kernel down, two pixels after the one before it.",
        "Where two kernels overlap, add; the padding cuts one pixel off at both ends.",
        "(2, 8, 4, 0, 0, 0, 0) + (0, 0, −1, −4, −2, 0, 0) + …, then without first and last",
    ),
)
def test_what_comes_out(student):
    "the numbers of the transposed convolution"
    y, kernel = (2, -1, 3), (1, 4, 2)
    got = student.enlarged_by_hand()
    assert isinstance(got, tuple), f"expected a tuple of numbers, got {kind_of(got)}"
    whole = added(y, kernel, 2)
    assert len(got) != len(whole), "7 numbers: the padding cuts one off at both ends"
    tuple_of(got, len(whole) - 2)
    last = np.zeros(7)
    for j, number in enumerate(y):
        last[2 * j : 2 * j + 3] = number * np.array(kernel)
    mistakes = {
        "the kernel was turned over": added(y, kernel[::-1], 2)[1:-1],
        "where kernels overlap the numbers are added": last[1:-1],
        "the padding cuts off at both ends, not twice at one": whole[:5],
        "with stride 2 the kernels begin two pixels apart": added(y, kernel, 1),
    }
    assert_close(got, tuple(whole[1:-1]), mistakes=mistakes, what="the output")


@check(
    "three-counts",
    points=2,
    hints=(
        "A kernel has as many numbers as its height times its width times its depth.",
        "The depth is 64 in full, 64/4 in groups, 1 depthwise; pointwise kernels are 1 × 1.",
        "128 · 64 · 9, 128 · 16 · 9, and 64 · 9 + 128 · 64",
    ),
)
def test_the_three_counts(student):
    "the numbers of weights"
    got = tuple_of(student.three_counts(), 3)
    shapes = [[(128, 64, 3, 3)], [(128, 16, 3, 3)], [(64, 1, 3, 3), (128, 64, 1, 1)]]
    expected = [sum(np.empty(s).size for s in layers) for layers in shapes]
    mistakes = (
        {
            "the kernel is 3 × 3: nine numbers a channel, not three": 128 * 64 * 3,
            "the depth is missing: every kernel sees all 64 channels": 128 * 9,
        },
        {
            "the groups divide the depth once, not depth and number of kernels": 32 * 16 * 9,
            "groups make it fewer: divide by 4": 4 * 128 * 64 * 9,
        },
        {
            "the two layers come one after the other: add, do not multiply": 64 * 9 * 128 * 64,
            "the pointwise layer is missing": 64 * 9,
            "the depthwise layer is missing": 128 * 64,
            "depthwise has one kernel for each of its 64 channels, not 128": 128 * 9 + 128 * 64,
        },
    )
    for number, (one, right, wrong) in enumerate(zip(got, expected, mistakes, strict=True), 1):
        assert_close(one, right, mistakes=wrong, what=f"number {number}")


def by_correlation(kernel, n, stride, padding):
    """Column by column: what the convolution makes of each unit vector."""
    columns = [
        np.correlate(np.pad(unit, padding), kernel, mode="valid")[::stride] for unit in np.eye(n)
    ]
    return np.stack(columns, axis=1)


@check(
    "convolution-matrix",
    points=2,
    hints=(
        "Each row is the kernel at one place; the next row has it further to the right.",
        "There are (n − k)//stride + 1 rows, and row j begins at column j · stride.",
        "A[j, j * stride : j * stride + k] = kernel",
    ),
)
def test_rows_without_a_border(student):
    "the matrix without padding, for several strides"
    rng = np.random.default_rng(0)
    for k, n, stride in ((3, 7, 1), (3, 8, 2), (4, 12, 3), (1, 5, 2), (5, 5, 1)):
        kernel = rng.normal(size=k)
        got = student.convolution_matrix(kernel.copy(), n, stride, 0)
        expected = by_correlation(kernel, n, stride, 0)
        mistakes = {
            "the kernel is turned over": by_correlation(kernel[::-1], n, stride, 0),
            "that is the transpose": expected.T,
            "each row moves by one, not by the stride": by_correlation(kernel, n, 1, 0)[
                : len(expected)
            ],
            "the last place is missing: the + 1 of the rule": expected[:-1],
        }
        what = f"A for k = {k}, n = {n}, stride {stride}"
        assert_close(got, expected, mistakes=mistakes, what=what)


@check(
    "convolution-matrix",
    after="test_rows_without_a_border",
    points=2,
    hints=(
        "The zeros of the border add nothing, so their columns can go.",
        "Make the matrix for n + 2·padding numbers and keep the n columns in the middle.",
        "return A[:, padding : padding + n]",
    ),
)
def test_the_border_has_no_columns(student):
    "with padding; and the kernel stays"
    rng = np.random.default_rng(1)
    for k, n, stride, padding in ((3, 6, 1, 1), (3, 7, 2, 1), (5, 4, 1, 2), (4, 9, 3, 3)):
        kernel = rng.normal(size=k)
        got = student.convolution_matrix(kernel.copy(), n, stride, padding)
        assert_unchanged(student.convolution_matrix)
        expected = by_correlation(kernel, n, stride, padding)
        mistakes = {
            "the border still has columns": by_correlation(kernel, n + 2 * padding, stride, 0),
            "the first n columns were kept, not those in the middle": by_correlation(
                kernel, n + 2 * padding, stride, 0
            )[:, :n],
            "the padding is ignored": by_correlation(kernel, n, stride, 0) if n >= k else None,
        }
        mistakes = {text: wrong for text, wrong in mistakes.items() if wrong is not None}
        what = f"A for k = {k}, n = {n}, stride {stride}, padding {padding}"
        assert_close(got, expected, mistakes=mistakes, what=what)
