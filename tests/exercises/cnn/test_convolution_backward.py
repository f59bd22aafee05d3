"""Checks of the exercises on the page on convolution, backwards and fast."""

from time import perf_counter

import numpy as np
from scipy import signal

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

X, W, G = (np.array(values, float) for values in ([2, 0, 1, 3], [1, -2], [1, 3, -1]))


def both(student):
    got = student.signal_backward()
    assert isinstance(got, tuple | list), f"expected two lists, got {kind_of(got)}"
    assert len(got) == 2, f"expected two lists, the kernel's and the input's, got {len(got)}"
    return got


@check(
    "signal-backward",
    hints=(
        "Each entry of the kernel was used three times, once for each output.",
        "Lay g over the first three numbers of x, then over the last three.",
        "[1·2 + 3·0 − 1·1, 1·0 + 3·1 − 1·3]",
    ),
)
def test_the_gradient_of_the_kernel(student):
    "the gradient of the kernel"
    right = np.correlate(X, G, "valid")
    mistakes = {
        "g was turned on the way: no need for the kernel": np.convolve(X, G, "valid"),
        "the two numbers are exchanged": right[::-1],
    }
    assert_close(np.array(both(student)[0], float), right, mistakes=mistakes, what="the gradient")


@check(
    "signal-backward",
    hints=(
        "Each output lays the kernel down at its place, times its gradient.",
        "1·(1, −2) at 0, 3·(1, −2) at 1, −1·(1, −2) at 2; add up.",
        "[1, −2 + 3, −6 − 1, 2]",
    ),
)
def test_the_gradient_of_the_input(student):
    "the gradient of the input"
    mistakes = {
        "the kernel was laid down turned over": np.convolve(G, W[::-1]),
        "each output went to its first pixel only": np.append(G, 0) * W[0],
    }
    got = np.array(both(student)[1], float)
    assert_close(got, np.convolve(G, W), mistakes=mistakes, what="the gradient")


@check(
    "seen-how-often",
    hints=(
        "How many 3 × 3 windows contain the corner?",
        "A pixel in the middle may lie under any of the entries of the kernel.",
        "The corner lies under the upper left entry only.",
    ),
)
def test_how_many_outputs_use_a_pixel(student):
    "how many outputs use the corner, and how many a pixel in the middle"
    got = student.seen_how_often()
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    seen = signal.convolve2d(np.ones((26, 26)), np.ones((3, 3)))
    expected = (int(seen[0, 0]), int(seen[14, 14]))
    mistakes = {
        "with a border of zeros the corner would be in four windows; here there is none": (4, 9),
        "these are the numbers in the other order": (9, 1),
        "both cannot be the same: the window does not reach over the border": (9, 9),
    }
    assert_close(got, expected, mistakes=mistakes, what="the tuple")


def strided(seed, length, size, stride):
    rng = np.random.default_rng(seed)
    places = (length - size) // stride + 1
    return rng.normal(size=places), rng.normal(size=length)


def differences(g, x, stride, size):
    """The kernel's gradient from its definition: z is linear in each entry."""
    units = np.eye(size)
    z = [np.correlate(x, unit, "valid")[::stride] for unit in units]
    return np.array([row @ g for row in z])


@check(
    "strided-kernel-gradient",
    points=2,
    hints=(
        "Which pixels did the entry u meet? One for each output.",
        "x[u], x[u + stride], x[u + 2·stride], …, as many as g has numbers.",
        "g @ x[u : u + stride * (len(g) - 1) + 1 : stride]",
    ),
)
def test_a_signal_that_fits(student):
    "a signal of which all pixels are seen"
    for seed, (length, size, stride) in enumerate([(9, 3, 2), (10, 4, 3), (6, 2, 1)]):
        g, x = strided(seed, length, size, stride)
        got = student.kernel_gradient(g, x, stride, size)
        mistakes = {
            "the stride is missing": np.array([g @ x[u : u + len(g)] for u in range(size)]),
            "it is turned over": differences(g, x, stride, size)[::-1],
            "it was divided by the number of outputs": differences(g, x, stride, size) / len(g),
        }
        expected = differences(g, x, stride, size)
        assert_close(got, expected, mistakes=mistakes, what="the gradient")


@check(
    "strided-kernel-gradient",
    after="test_a_signal_that_fits",
    hints=(
        "Windows need not reach the end of the signal, nor touch each other.",
        "Stop after as many pixels as g has numbers.",
        "reach = stride * (len(g) - 1) + 1",
    ),
)
def test_a_signal_with_a_rest(student):
    "pixels that no window has seen do not count"
    for seed, (length, size, stride) in enumerate([(10, 3, 2), (11, 2, 4), (8, 3, 9)]):
        g, x = strided(seed, length, size, stride)
        got = student.kernel_gradient(g, x, stride, size)
        assert_unchanged(student.kernel_gradient)
        assert_close(got, differences(g, x, stride, size), what="the gradient")


def problem(seed, N=2, C=3, H=6, W=5, O=4, K=3, pad=0, dtype=float):  # noqa: E741
    rng = np.random.default_rng(seed)
    out = (H + 2 * pad - K + 1, W + 2 * pad - K + 1)
    shapes = (N, O, *out), (N, C, H, W), (O, C, K, K)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def bordered(x, pad):
    return np.pad(x.astype(float), [(0, 0), (0, 0), (pad, pad), (pad, pad)])


def kernels(dout, x, w, pad):
    """The kernels' gradient, slice by slice, by SciPy."""
    x = bordered(x, pad)
    return np.array([
        [
            sum(signal.correlate2d(x[n, c], dout[n, o], "valid") for n in range(len(x)))
            for c in range(w.shape[1])
        ]
        for o in range(len(w))
    ])  # fmt: skip


def images(dout, x, w, pad, slide=signal.convolve2d):
    """The images' gradient, plane by plane, by SciPy."""
    whole = np.array([
        [sum(slide(dout[n, o], w[o, c], "full") for o in range(len(w))) for c in range(w.shape[1])]
        for n in range(len(x))
    ])  # fmt: skip
    return whole[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]


def three(student, *inputs):
    got = student.conv2d_backward(*inputs)
    assert isinstance(got, tuple), f"expected a tuple (dx, dw, db), got {kind_of(got)}"
    assert len(got) == 3, f"expected (dx, dw, db), got {len(got)} values"
    return got


CASES = [{}, {"pad": 1}, {"N": 1, "C": 1, "O": 1, "K": 2, "pad": 2}, {"K": 1}]


@check(
    "conv2d-backward",
    hints=(
        "The bias of a kernel was added at every place of every image.",
        "Keep the axis of the output channels; add up the others.",
        "db = dout.sum(axis=(0, 2, 3))",
    ),
)
def test_the_biases(student):
    "the gradient of the biases"
    for seed, options in enumerate(CASES):
        dout, x, w = problem(seed, **options)
        got = three(student, dout, x, w, options.get("pad", 0))[2]
        mistakes = {"it is the mean, not the sum": dout.mean(axis=(0, 2, 3))}
        expected = np.einsum("noij->o", dout)
        assert_close(got, expected, mistakes=mistakes, what="db")


@check(
    "conv2d-backward",
    points=2,
    hints=(
        "dout slides over the padded images, like a kernel of the size of the output.",
        "Windows of size (H', W') have the axes N, C, K, K, H', W'; sum over N, H', W'.",
        "np.tensordot(dout, windows, axes=((0, 2, 3), (0, 4, 5)))",
    ),
)
def test_the_kernels(student):
    "the gradient of the kernels"
    for seed, options in enumerate(CASES):
        dout, x, w = problem(seed, **options)
        pad = options.get("pad", 0)
        got, expected = three(student, dout, x, w, pad)[1], kernels(dout, x, w, pad)
        mistakes = {
            "it is turned by half a turn": expected[:, :, ::-1, ::-1],
            "rows and columns are exchanged": expected.swapaxes(2, 3),
            "it was divided by the number of images": expected / len(x),
            "only the first image was used": kernels(dout[:1], x[:1], w, pad),
        }
        assert_close(got, expected, mistakes=mistakes, what="dw")


@check(
    "conv2d-backward",
    points=2,
    hints=(
        "Put K − 1 zeros around dout and let the kernels, turned by half a turn, slide over it.",
        "Sum over output channels and window; cut off the border of `pad` pixels at the end.",
        "np.tensordot(windows of dout, w[:, :, ::-1, ::-1], axes=((1, 4, 5), (0, 2, 3)))",
    ),
)
def test_the_images(student):
    "the gradient of the images"
    for seed, options in enumerate(CASES):
        dout, x, w = problem(seed, **options)
        pad = options.get("pad", 0)
        got, expected = three(student, dout, x, w, pad)[0], images(dout, x, w, pad)
        mistakes = {
            "the kernels were not turned": images(dout, x, w, pad, signal.correlate2d),
            "the border was not cut off": images(dout, bordered(x, pad), w, 0),
            "rows and columns are exchanged": images(dout, x, w.swapaxes(2, 3), pad),
            "only the first kernel was used": images(dout[:, :1], x, w[:1], pad),
        }
        assert_close(got, expected, mistakes=mistakes, what="dx")


@check(
    "conv2d-backward",
    hidden=True,
    after="test_the_images",
    hints=(
        "It must be fast enough to train with, and 32-bit numbers must stay 32-bit.",
        "Loop over the K² entries of the kernel at most; np.zeros needs the type of x.",
        "sliding_window_view and np.tensordot, as in the forward pass.",
    ),
)
def test_many_digits(student):
    "a hundred digits in 32 bits, fast enough to train with; the inputs stay as they are"
    dout, x, w = problem(9, N=100, C=1, H=28, W=28, O=6, K=5, pad=2, dtype="float32")
    one = min(window_by_window(dout[:1], x[:1], w) for _ in range(3))
    start = perf_counter()
    got = three(student, dout, x, w, 2)
    taken = perf_counter() - start
    assert_unchanged(student.conv2d_backward)
    tolerance = {"rtol": 1e-3, "atol": 1e-3}
    assert_close(got[0][:1], images(dout[:1], x[:1], w, 2), **tolerance, what="dx of one digit")
    assert_close(got[1], kernels(dout, x, w, 2), rtol=1e-3, atol=0.05, what="dw")
    assert_close(got[2], dout.sum((0, 2, 3), dtype=float), rtol=1e-3, atol=0.05, what="db")
    for name, value in zip(("dx", "dw", "db"), got, strict=True):
        assert value.dtype == np.float32, f"{name} is {value.dtype}; expected float32"
    assert taken < 30 * one, (
        f"a hundred digits took as long as {taken / one:.0f} that are read window by window in "
        "loops; let NumPy take all windows at once"
    )


def window_by_window(dout, x, w):
    """Seconds that loops over everything take, with a border of two."""
    start, K = perf_counter(), w.shape[-1]
    x = np.pad(x, [(0, 0), (0, 0), (2, 2), (2, 2)])
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for n, o, i, j in np.ndindex(dout.shape):
        dw[o] += dout[n, o, i, j] * x[n, :, i : i + K, j : j + K]
        dx[n, :, i : i + K, j : j + K] += dout[n, o, i, j] * w[o]
    return perf_counter() - start
