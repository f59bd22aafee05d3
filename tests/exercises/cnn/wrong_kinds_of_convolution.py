"""Known wrong answers to the exercises on the page on more kinds of convolution."""

import numpy as np

from companion.exercises import wrong


@wrong("transposed-by-hand", fails="test_what_comes_out")
def enlarged_by_hand():
    """Forgets the padding."""
    return (2, 8, 3, -4, 1, 12, 6)


@wrong("transposed-by-hand", fails="test_what_comes_out")
def enlarged_by_hand():
    """Turns the kernel over."""
    return (8, 0, -4, 5, 12)


@wrong("transposed-by-hand", fails="test_what_comes_out")
def enlarged_by_hand():
    """Overwrites where kernels overlap."""
    return (8, -1, -4, 3, 12)


@wrong("transposed-by-hand", fails="test_what_comes_out")
def enlarged_by_hand():
    """Cuts twice at the end."""
    return (2, 8, 3, -4, 1)


@wrong("three-counts", fails="test_the_three_counts")
def three_counts():
    """Forgets the depth."""
    return 128 * 9, 32 * 9, 64 * 9 + 128


@wrong("three-counts", fails="test_the_three_counts")
def three_counts():
    """Divides depth and kernels by the groups."""
    return 128 * 64 * 9, 32 * 16 * 9, 64 * 9 + 128 * 64


@wrong("three-counts", fails="test_the_three_counts")
def three_counts():
    """Leaves the pointwise layer out."""
    return 128 * 64 * 9, 128 * 16 * 9, 64 * 9


@wrong("three-counts", fails="test_the_three_counts")
def three_counts():
    """Makes as many depthwise kernels as outputs."""
    return 128 * 64 * 9, 128 * 16 * 9, 128 * 9 + 128 * 64


@wrong("convolution-matrix", fails="test_rows_without_a_border")
def convolution_matrix(kernel, n, stride, padding):
    """Turns the kernel over."""
    k, room = len(kernel), n + 2 * padding
    A = np.zeros(((room - k) // stride + 1, room))
    for j in range(len(A)):
        A[j, j * stride : j * stride + k] = kernel[::-1]
    return A[:, padding : padding + n]


@wrong("convolution-matrix", fails="test_rows_without_a_border")
def convolution_matrix(kernel, n, stride, padding):
    """Moves by one in each row."""
    k, room = len(kernel), n + 2 * padding
    A = np.zeros(((room - k) // stride + 1, room))
    for j in range(len(A)):
        A[j, j : j + k] = kernel
    return A[:, padding : padding + n]


@wrong("convolution-matrix", fails="test_rows_without_a_border")
def convolution_matrix(kernel, n, stride, padding):
    """Loses the last place."""
    k, room = len(kernel), n + 2 * padding
    A = np.zeros(((room - k) // stride, room))
    for j in range(len(A)):
        A[j, j * stride : j * stride + k] = kernel
    return A[:, padding : padding + n]


@wrong("convolution-matrix", fails="test_the_border_has_no_columns")
def convolution_matrix(kernel, n, stride, padding):
    """Keeps the columns of the border."""
    k, room = len(kernel), n + 2 * padding
    A = np.zeros(((room - k) // stride + 1, room))
    for j in range(len(A)):
        A[j, j * stride : j * stride + k] = kernel
    return A


@wrong("convolution-matrix", fails="test_the_border_has_no_columns")
def convolution_matrix(kernel, n, stride, padding):
    """Keeps the first n columns."""
    k, room = len(kernel), n + 2 * padding
    A = np.zeros(((room - k) // stride + 1, room))
    for j in range(len(A)):
        A[j, j * stride : j * stride + k] = kernel
    return A[:, :n]
