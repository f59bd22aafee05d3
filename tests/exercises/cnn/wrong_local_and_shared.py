"""Known wrong answers to the exercises of the chapter on local and shared connections."""

import numpy as np

from companion.exercises import wrong


@wrong("three-ways", fails="test_dense")
def three_ways():
    """Takes maps of 8 × 8."""
    return 49408, 7168, 112


@wrong("three-ways", fails="test_local")
def three_ways():
    """Forgets that a kernel has a slice for each channel."""
    return 27792, 1440, 40


@wrong("three-ways", fails="test_shared")
def three_ways():
    """Forgets the biases of the shared layer."""
    return 27792, 4032, 108


@wrong("three-ways", fails="test_shared")
def three_ways():
    """Gives all maps one kernel."""
    return 27792, 4032, 28


@wrong("push-and-stride", fails="test_how_many_pushes")
def clean_pushes():
    """Thinks that a convolution is equivariant whatever the stride."""
    return 6


@wrong("push-and-stride", fails="test_how_many_pushes")
def clean_pushes():
    """Thinks that a stride breaks every push."""
    return 0


@wrong("push-and-stride", fails="test_how_many_pushes")
def clean_pushes():
    """Counts up to one stride only."""
    return 1


@wrong("strided-matrix", fails="test_with_stride_one")
def strided_matrix(kernel, height, width, stride):
    """Turns the kernel over."""
    h, w = kernel.shape
    rows = []
    for i in range(0, height - h + 1, stride):
        for j in range(0, width - w + 1, stride):
            row = np.zeros((height, width))
            row[i : i + h, j : j + w] = kernel[::-1, ::-1]
            rows.append(row.ravel())
    return np.array(rows)


@wrong("strided-matrix", fails="test_with_stride_one")
def strided_matrix(kernel, height, width, stride):
    """Leaves out the last place."""
    h, w = kernel.shape
    rows = []
    for i in range(0, height - h, stride):
        for j in range(0, width - w, stride):
            row = np.zeros((height, width))
            row[i : i + h, j : j + w] = kernel
            rows.append(row.ravel())
    return np.array(rows)


@wrong("strided-matrix", fails="test_with_a_stride")
def strided_matrix(kernel, height, width, stride):
    """Keeps every stride-th output of the list."""
    h, w = kernel.shape
    rows = []
    for i in range(height - h + 1):
        for j in range(width - w + 1):
            row = np.zeros((height, width))
            row[i : i + h, j : j + w] = kernel
            rows.append(row.ravel())
    return np.array(rows)[::stride]


@wrong("strided-matrix", fails="test_with_a_stride")
def strided_matrix(kernel, height, width, stride):
    """Steps along the rows only."""
    h, w = kernel.shape
    rows = []
    for i in range(height - h + 1):
        for j in range(0, width - w + 1, stride):
            row = np.zeros((height, width))
            row[i : i + h, j : j + w] = kernel
            rows.append(row.ravel())
    return np.array(rows)


@wrong("untied", fails="test_each_place_has_its_kernel")
def locally_connected(x, kernels, bias):
    """Uses the first kernel everywhere."""
    rows, columns, h, w = kernels.shape
    out = np.zeros((len(x), rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i : i + h, j : j + w]
            out[:, i, j] = (window * kernels[0, 0]).sum(axis=(1, 2)) + bias[i, j]
    return out


@wrong("untied", fails="test_each_place_has_its_kernel")
def locally_connected(x, kernels, bias):
    """Forgets the biases."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernels.shape[2:], (1, 2))
    return np.einsum("nijhw,ijhw->nij", windows, kernels)


@wrong("untied", fails="test_each_place_has_its_kernel")
def locally_connected(x, kernels, bias):
    """Sums over the images, too."""
    rows, columns, h, w = kernels.shape
    out = np.zeros((len(x), rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[:, i, j] = (x[:, i : i + h, j : j + w] * kernels[i, j]).sum() + bias[i, j]
    return out


@wrong("untied", fails="test_tied_it_is_a_convolution_and_inputs_stay")
def locally_connected(x, kernels, bias):
    """Collects the outputs in the array of biases."""
    rows, columns, h, w = kernels.shape
    out = np.zeros((len(x), rows, columns))
    for n in range(len(x)):
        kept = bias.copy()
        for i in range(rows):
            for j in range(columns):
                bias[i, j] += (x[n, i : i + h, j : j + w] * kernels[i, j]).sum()
        out[n] = bias
        bias[...] = kept
    bias += 1
    return out


@wrong("tied-gradient", fails="test_the_sum_over_places")
def tied_gradient(x, dout, size):
    """Averages over the places."""
    _, rows, columns = dout.shape
    grad = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            grad[i, j] = (x[:, i : i + rows, j : j + columns] * dout).mean()
    return grad


@wrong("tied-gradient", fails="test_the_sum_over_places")
def tied_gradient(x, dout, size):
    """Turns the kernel over."""
    _, rows, columns = dout.shape
    grad = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            grad[i, j] = (x[:, i : i + rows, j : j + columns] * dout).sum()
    return grad[::-1, ::-1]


@wrong("tied-gradient", fails="test_the_sum_over_images")
def tied_gradient(x, dout, size):
    """Averages over the images."""
    _, rows, columns = dout.shape
    grad = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            grad[i, j] = (x[:, i : i + rows, j : j + columns] * dout).sum() / len(x)
    return grad


@wrong("tied-gradient", fails="test_the_sum_over_images")
def tied_gradient(x, dout, size):
    """Takes the first image only."""
    _, rows, columns = dout.shape
    grad = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            grad[i, j] = (x[0, i : i + rows, j : j + columns] * dout[0]).sum()
    return grad
