"""Known wrong answers to the exercises on the page on convolution, backwards and fast."""

import numpy as np

from companion.exercises import wrong


@wrong("signal-backward", fails="test_the_gradient_of_the_kernel")
def signal_backward():
    """Turns g for the kernel."""
    return [1, 6], [1, 1, -7, 2]


@wrong("signal-backward", fails="test_the_gradient_of_the_kernel")
def signal_backward():
    """Exchanges the two entries."""
    return [0, 1], [1, 1, -7, 2]


@wrong("signal-backward", fails="test_the_gradient_of_the_input")
def signal_backward():
    """Lays the kernel down turned over."""
    return [1, 0], [-2, -5, 5, -1]


@wrong("signal-backward", fails="test_the_gradient_of_the_input")
def signal_backward():
    """Sends each output to its first pixel only."""
    return [1, 0], [1, 3, -1, 0]


@wrong("seen-how-often", fails="test_how_many_outputs_use_a_pixel")
def seen_how_often():
    """Thinks of a border."""
    return 4, 9


@wrong("seen-how-often", fails="test_how_many_outputs_use_a_pixel")
def seen_how_often():
    """Treats all pixels alike."""
    return 9, 9


@wrong("seen-how-often", fails="test_how_many_outputs_use_a_pixel")
def seen_how_often():
    """Counts all places."""
    return 1, 676


@wrong("strided-kernel-gradient", fails="test_a_signal_that_fits")
def kernel_gradient(g, x, stride, size):
    """Forgets the stride."""
    return np.array([g @ x[u : u + len(g)] for u in range(size)])


@wrong("strided-kernel-gradient", fails="test_a_signal_that_fits")
def kernel_gradient(g, x, stride, size):
    """Turns the result over."""
    reach = stride * (len(g) - 1) + 1
    return np.array([g @ x[u : u + reach : stride] for u in range(size)])[::-1]


@wrong("strided-kernel-gradient", fails="test_a_signal_with_a_rest")
def kernel_gradient(g, x, stride, size):
    """Returns a number for each place where the spread-out g fits, not for each entry."""
    spread = np.zeros(stride * (len(g) - 1) + 1)
    spread[::stride] = g
    return np.correlate(x, spread, "valid")


@wrong("strided-kernel-gradient", fails="test_a_signal_with_a_rest")
def kernel_gradient(g, x, stride, size):
    """Spoils the signal."""
    out = np.zeros(size)
    for j in range(len(g)):
        out += g[j] * x[j * stride : j * stride + size]
    x[:] = 0
    return out


@wrong("conv2d-backward", fails="test_the_biases")
def conv2d_backward(dout, x, w, pad):
    """Averages the biases' gradient."""
    K, (H, W) = w.shape[-1], x.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view

    def padded(a, b):
        return np.pad(a, [(0, 0), (0, 0), (b, b), (b, b)])

    places = view(padded(x, pad), dout.shape[2:], axis=(2, 3))
    dw = np.tensordot(dout, places, axes=((0, 2, 3), (0, 4, 5)))
    around = view(padded(dout, K - 1), (K, K), axis=(2, 3))
    dx = np.tensordot(around, w[:, :, ::-1, ::-1], axes=((1, 4, 5), (0, 2, 3)))
    dx = dx.transpose(0, 3, 1, 2)[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.mean(axis=(0, 2, 3))


@wrong("conv2d-backward", fails="test_the_kernels")
def conv2d_backward(dout, x, w, pad):
    """Divides the kernels' gradient by the number of images."""
    K, (H, W) = w.shape[-1], x.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view

    def padded(a, b):
        return np.pad(a, [(0, 0), (0, 0), (b, b), (b, b)])

    places = view(padded(x, pad), dout.shape[2:], axis=(2, 3))
    dw = np.tensordot(dout, places, axes=((0, 2, 3), (0, 4, 5))) / len(x)
    around = view(padded(dout, K - 1), (K, K), axis=(2, 3))
    dx = np.tensordot(around, w[:, :, ::-1, ::-1], axes=((1, 4, 5), (0, 2, 3)))
    dx = dx.transpose(0, 3, 1, 2)[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@wrong("conv2d-backward", fails="test_the_kernels")
def conv2d_backward(dout, x, w, pad):
    """Turns the kernels' gradient as well."""
    K, (H, W) = w.shape[-1], x.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view

    def padded(a, b):
        return np.pad(a, [(0, 0), (0, 0), (b, b), (b, b)])

    places = view(padded(x, pad), dout.shape[2:], axis=(2, 3))
    dw = np.tensordot(dout, places, axes=((0, 2, 3), (0, 4, 5)))[:, :, ::-1, ::-1]
    around = view(padded(dout, K - 1), (K, K), axis=(2, 3))
    dx = np.tensordot(around, w[:, :, ::-1, ::-1], axes=((1, 4, 5), (0, 2, 3)))
    dx = dx.transpose(0, 3, 1, 2)[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@wrong("conv2d-backward", fails="test_the_images")
def conv2d_backward(dout, x, w, pad):
    """Does not turn the kernels for the images' gradient."""
    K, (H, W) = w.shape[-1], x.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view

    def padded(a, b):
        return np.pad(a, [(0, 0), (0, 0), (b, b), (b, b)])

    places = view(padded(x, pad), dout.shape[2:], axis=(2, 3))
    dw = np.tensordot(dout, places, axes=((0, 2, 3), (0, 4, 5)))
    around = view(padded(dout, K - 1), (K, K), axis=(2, 3))
    dx = np.tensordot(around, w, axes=((1, 4, 5), (0, 2, 3)))
    dx = dx.transpose(0, 3, 1, 2)[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@wrong("conv2d-backward", fails="test_the_images")
def conv2d_backward(dout, x, w, pad):
    """Leaves the border on."""
    K = w.shape[-1]
    view = np.lib.stride_tricks.sliding_window_view

    def padded(a, b):
        return np.pad(a, [(0, 0), (0, 0), (b, b), (b, b)])

    places = view(padded(x, pad), dout.shape[2:], axis=(2, 3))
    dw = np.tensordot(dout, places, axes=((0, 2, 3), (0, 4, 5)))
    around = view(padded(dout, K - 1), (K, K), axis=(2, 3))
    dx = np.tensordot(around, w[:, :, ::-1, ::-1], axes=((1, 4, 5), (0, 2, 3)))
    return dx.transpose(0, 3, 1, 2), dw, dout.sum(axis=(0, 2, 3))


@wrong("conv2d-backward", fails="test_many_digits")
def conv2d_backward(dout, x, w, pad):
    """Loops over everything."""
    K, (H, W) = w.shape[-1], x.shape[2:]
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for n, o, i, j in np.ndindex(dout.shape):
        dw[o] += dout[n, o, i, j] * x[n, :, i : i + K, j : j + K]
        dx[n, :, i : i + K, j : j + K] += dout[n, o, i, j] * w[o]
    return dx[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


@wrong("conv2d-backward", fails="test_many_digits")
def conv2d_backward(dout, x, w, pad):
    """Makes 64-bit numbers of 32-bit ones."""
    K, (H, W) = w.shape[-1], x.shape[2:]
    H1, W1 = dout.shape[2:]
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for u in range(K):
        for v in range(K):
            part = np.s_[:, :, u : u + H1, v : v + W1]
            dw[:, :, u, v] = np.tensordot(dout, x[part], axes=((0, 2, 3), (0, 2, 3)))
            dx[part] += np.tensordot(dout, w[:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
    return dx[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


@wrong("conv2d-backward", fails="test_many_digits")
def conv2d_backward(dout, x, w, pad):
    """Adds up the kernels' gradient over the first fifty images only."""
    K = w.shape[-1]
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    H1, W1 = dout.shape[2:]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for u in range(K):
        for v in range(K):
            part = x[:50, :, u : u + H1, v : v + W1]
            dw[:, :, u, v] = np.einsum("nohw,nchw->oc", dout[:50], part)
            dx[:, :, u : u + H1, v : v + W1] += np.einsum("nohw,oc->nchw", dout, w[:, :, u, v])
    H, W = x.shape[2:]
    return dx[:, :, pad : H - pad, pad : W - pad], dw, dout.sum((0, 2, 3))
