"""Known wrong answers to the exercises of the chapter on convolution."""

import numpy as np

from companion.exercises import wrong


@wrong("four-numbers", fails="test_the_four_sums")
def four_numbers():
    """Turns the kernel, as mathematicians do."""
    x = np.array([[1, 0, 2, 0], [3, 1, 0, 1], [0, 2, 1, 1], [1, 0, 0, 2]])
    w = np.array([[1, 0, -1], [2, 0, 0], [0, 1, 0]])[::-1, ::-1]
    return [[int((w * x[i : i + 3, j : j + 3]).sum()) for j in range(2)] for i in range(2)]


@wrong("four-numbers", fails="test_the_four_sums")
def four_numbers():
    """Loses the minus."""
    return [[11, 3], [3, 6]]


@wrong("four-numbers", fails="test_the_four_sums")
def four_numbers():
    """Exchanges rows and columns."""
    return [[7, 4], [3, 3]]


@wrong("mirrored-edges", fails="test_edges_in_the_mirror")
def edges_of_the_mirror_image():
    """Forgets that the bright side has changed."""
    return "mirrored"


@wrong("mirrored-edges", fails="test_edges_in_the_mirror")
def edges_of_the_mirror_image():
    """Forgets that the edges have moved."""
    return "the sign turned"


@wrong("mirrored-edges", fails="test_edges_in_the_mirror")
def edges_of_the_mirror_image():
    """Takes the kernel for symmetric and the photograph as well."""
    return "the same"


@wrong("diagonal-kernel", fails="test_nothing_along_falling_diagonals")
def diagonal_kernel():
    """Takes Sobel's kernel as it is."""
    return np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@wrong("diagonal-kernel", fails="test_nothing_along_falling_diagonals")
def diagonal_kernel():
    """Takes a blur."""
    return np.ones((3, 3)) / 9


@wrong("diagonal-kernel", fails="test_brighter_to_the_lower_right")
def diagonal_kernel():
    """Turns the sign."""
    return np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]])


@wrong("diagonal-kernel", fails="test_nothing_along_falling_diagonals")
def diagonal_kernel():
    """Turns it the other way, for edges like a backslash."""
    return np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])


@wrong("diagonal-kernel", fails="test_brighter_to_the_lower_right")
def diagonal_kernel():
    """Answers 0 to everything."""
    return np.zeros((3, 3))


@wrong("merged-kernels", fails="test_one_kernel_does_what_two_do")
def merged(a, b):
    """Correlates the two instead of convolving them."""
    (K, L), (M, N) = a.shape, b.shape
    c = np.zeros((K + M - 1, L + N - 1))
    for u in range(M):
        for v in range(N):
            c[u : u + K, v : v + L] += b[M - 1 - u, N - 1 - v] * a
    return c


@wrong("merged-kernels", fails="test_one_kernel_does_what_two_do")
def merged(a, b):
    """Multiplies the entries."""
    return a * b


@wrong("merged-kernels", fails="test_one_kernel_does_what_two_do")
def merged(a, b):
    """Overwrites where it should add."""
    (K, L), (M, N) = a.shape, b.shape
    c = np.zeros((K + M - 1, L + N - 1))
    for u in range(M):
        for v in range(N):
            c[u : u + K, v : v + L] = b[u, v] * a
    return c


@wrong("merged-kernels", fails="test_kernels_of_any_size")
def merged(a, b):
    """Takes every kernel for a square one."""
    K, M = len(a), len(b)
    c = np.zeros((K + M - 1, K + M - 1))
    for u in range(M):
        for v in range(M):
            c[u : u + K, v : v + K] += b[u, v] * a
    return c


@wrong("conv2d-forward", fails="test_values_without_a_border")
def conv2d_forward(x, w, b, pad):
    """Turns the kernels."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    K = w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))
    w = w[:, :, ::-1, ::-1]
    z = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3)))
    return z.transpose(0, 3, 1, 2) + b[:, None, None]


@wrong("conv2d-forward", fails="test_values_without_a_border")
def conv2d_forward(x, w, b, pad):
    """Forgets the bias."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    K = w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))
    return np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


@wrong("conv2d-forward", fails="test_values_without_a_border")
def conv2d_forward(x, w, b, pad):
    """Adds the bias once for each channel."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    K, z = w.shape[-1], 0
    for c in range(x.shape[1]):
        windows = np.lib.stride_tricks.sliding_window_view(x[:, c], (K, K), axis=(1, 2))
        z = z + np.tensordot(windows, w[:, c], axes=((3, 4), (1, 2))) + b
    return z.transpose(0, 3, 1, 2)


@wrong("conv2d-forward", fails="test_values_with_a_border")
def conv2d_forward(x, w, b, pad):
    """Repeats the edge in the border."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
    K = w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))
    z = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3)))
    return z.transpose(0, 3, 1, 2) + b[:, None, None]


@wrong("conv2d-forward", fails="test_values_with_a_border")
def conv2d_forward(x, w, b, pad):
    """Pads the map instead of the image."""
    K = w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))
    z = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3)))
    z = z.transpose(0, 3, 1, 2) + b[:, None, None]
    return np.pad(z, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


@wrong("conv2d-forward", fails="test_32_bits_stay_32_bits")
def conv2d_forward(x, w, b, pad):
    """Fills an array of 64-bit zeros."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    K = w.shape[-1]
    H, W = x.shape[2] - K + 1, x.shape[3] - K + 1
    z = np.zeros((len(x), len(w), H, W)) + b[:, None, None]
    for u in range(K):
        for v in range(K):
            z += np.einsum("nchw,oc->nohw", x[:, :, u : u + H, v : v + W], w[:, :, u, v])
    return z


@wrong("conv2d-forward", fails="test_many_digits")
def conv2d_forward(x, w, b, pad):
    """Loops over everything."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    K = w.shape[-1]
    H, W = x.shape[2] - K + 1, x.shape[3] - K + 1
    z = np.empty((len(x), len(w), H, W), x.dtype)
    for n in range(len(x)):
        for o in range(len(w)):
            for i in range(H):
                for j in range(W):
                    window = x[n, :, i : i + K, j : j + K]
                    z[n, o, i, j] = (window * w[o]).sum() + b[o]
    return z


@wrong("conv2d-forward", fails="test_32_bits_stay_32_bits")
def conv2d_forward(x, w, b, pad):
    """Spoils the images where there is no border and so no copy."""
    K = w.shape[-1]
    if pad:
        x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    win = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))
    z = np.einsum("nchwij,ocij->nohw", win, w) + b.reshape(1, -1, 1, 1)
    x *= 0
    return z


@wrong("find-kernel", fails="test_the_kernel_is_found")
def find_kernel(x, y):
    """Always answers Sobel's."""
    return np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@wrong("find-kernel", fails="test_the_kernel_is_found")
def find_kernel(x, y):
    """Turns it by half a turn."""
    table = np.lib.stride_tricks.sliding_window_view(x, (3, 3)).reshape(-1, 9)
    return np.linalg.lstsq(table, y.ravel())[0].reshape(3, 3)[::-1, ::-1]


@wrong("find-kernel", fails="test_the_kernel_is_found")
def find_kernel(x, y):
    """Correlates the photograph with its map, as if pixels were independent."""
    table = np.lib.stride_tricks.sliding_window_view(x, (3, 3)).reshape(-1, 9)
    return (table.T @ y.ravel() / (table**2).sum(axis=0)).reshape(3, 3)


@wrong("find-kernel", fails="test_the_kernel_is_found")
def find_kernel(x, y):
    """Stops gradient descent too early."""
    table = np.lib.stride_tricks.sliding_window_view(x, (3, 3)).reshape(-1, 9)
    w = np.zeros(9)
    for _ in range(20):
        w -= 0.1 * table.T @ (table @ w - y.ravel()) / len(table)
    return w.reshape(3, 3)


@wrong("find-kernel", fails="test_the_kernel_is_found")
def find_kernel(x, y):
    """Rounds to tenths."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3))
    return np.linalg.lstsq(windows.reshape(-1, 9), y.ravel())[0].reshape(3, 3).round(1)
