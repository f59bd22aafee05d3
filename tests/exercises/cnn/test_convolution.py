"""Checks of the exercises in the chapter on convolution."""

from time import perf_counter

import numpy as np
from scipy import signal

from companion.data.photographs import photograph
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

IMAGE = np.array([[1, 0, 2, 0], [3, 1, 0, 1], [0, 2, 1, 1], [1, 0, 0, 2]], float)
KERNEL = np.array([[1, 0, -1], [2, 0, 0], [0, 1, 0]], float)


@check(
    "four-numbers",
    points=2,
    hints=(
        "Lay the kernel on the upper left of the image and add up the nine products.",
        "Four entries of the kernel are not 0: so each number is a sum of four products.",
        "[[1 − 2 + 2·3 + 2, 0 − 0 + 2·1 + 1], [3 − 0 + 2·0 + 0, 1 − 1 + 2·2 + 0]]",
    ),
)
def test_the_four_sums(student):
    "the four sums of products"
    got = student.four_numbers()
    full = signal.correlate2d(IMAGE, KERNEL, "full")
    mistakes = {
        "the kernel was turned by half a turn, as in mathematics": signal.convolve2d(
            IMAGE, KERNEL, "valid"
        ),
        "rows and columns are exchanged": full[2:4, 2:4].T,
        "the minus was lost": signal.correlate2d(IMAGE, np.abs(KERNEL), "valid"),
        "the sums were divided by nine": full[2:4, 2:4] / 9,
    }
    assert_close(np.array(got, float), full[2:4, 2:4], mistakes=mistakes, what="the output")


@check(
    "mirrored-edges",
    hints=(
        "Where does an edge go? And is it still brighter on the same side?",
        "A step up from left to right is a step down in the mirror.",
        "The kernel, mirrored left and right, is its own negative.",
    ),
)
def test_edges_in_the_mirror(student):
    "the map of a mirrored photograph"
    words = ("the same", "mirrored", "the sign turned", "mirrored and the sign turned")
    got = student.edges_of_the_mirror_image()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    sobel = np.outer([1, 2, 1], [-1, 0, 1])
    before = signal.correlate2d(IMAGE, sobel, "valid")
    after = signal.correlate2d(IMAGE[:, ::-1], sobel, "valid")
    maps = {words[0]: before, words[1]: before[:, ::-1], words[2]: -before}
    right = next((w for w, map in maps.items() if np.allclose(after, map)), words[3])
    assert got == right, "not so: try a row of pixels, 0 0 1 1 1, and its mirror image"


def kernel_of(student):
    got = student.diagonal_kernel()
    assert np.shape(got) == (3, 3), f"expected a kernel of shape (3, 3), got {kind_of(got)}"
    got = np.asarray(got, float)
    assert np.isfinite(got).all(), "the kernel has entries that are not finite"
    return got


def along(kernel, turn):
    """Sums of the kernel along its falling diagonals, or its rising ones."""
    return np.array([np.trace(kernel[:, ::turn], k) for k in range(-2, 3)][::turn])


@check(
    "diagonal-kernel",
    hints=(
        "On an image that depends on i − j alone, all pixels of a falling diagonal are equal.",
        "So the entries along each falling diagonal must add up to 0; the corners stand alone.",
        "The corner at the upper right is 0, its two neighbours are −1 and 1, or −a and a.",
    ),
)
def test_nothing_along_falling_diagonals(student):
    "0 on images that depend on i − j alone"
    sums = along(kernel_of(student), 1)
    assert_close(sums, np.zeros(5), atol=1e-9, what="the sums along the falling diagonals")


@check(
    "diagonal-kernel",
    points=2,
    hints=(
        "Turn Sobel's kernel by an eighth of a turn.",
        "Bright lower right minus dark upper left: negative above the rising diagonal.",
        "[[-2, -1, 0], [-1, 0, 1], [0, 1, 2]]",
    ),
)
def test_brighter_to_the_lower_right(student):
    "positive where the image gets brighter towards the lower right"
    kernel = kernel_of(student)
    i, j = np.indices((3, 3))
    answers = {c: float(np.sum(kernel * (i + j >= c))) for c in range(1, 5)}
    ramp = float(np.sum(kernel * (i + j)))
    if ramp < 0:
        raise AssertionError("the sign is turned: it answers positively to what gets darker")
    for c, answer in answers.items():
        assert answer >= -1e-9, (
            f"an image that is 1 where i + j ≥ {c} and else 0 rises, but the answer is {answer:g}"
        )
        assert answer > 1e-9, (
            f"an image that is 1 where i + j ≥ {c} and else 0 rises, but the answer is 0"
        )


def two_kernels(seed, a, b):
    rng = np.random.default_rng(seed)
    return rng.normal(size=a), rng.normal(size=b)


@check(
    "merged-kernels",
    points=2,
    hints=(
        "What does one entry of b contribute? The map of a, moved.",
        "Start with zeros of the larger size; add b[u, v] · a at the place (u, v).",
        "c[u : u + K, v : v + L] += b[u, v] * a",
    ),
)
def test_one_kernel_does_what_two_do(student):
    "one kernel does what a and then b do"
    for seed, size in enumerate([((3, 3), (3, 3)), ((2, 2), (2, 2)), ((1, 1), (3, 3))]):
        a, b = two_kernels(seed, *size)
        mistakes = {
            "the second kernel was turned: add b[u, v] · a at (u, v)": signal.correlate2d(a, b),
            "the entries were only multiplied": a * b if a.shape == b.shape else None,
        }
        expected = signal.convolve2d(a, b)
        assert_close(student.merged(a, b), expected, mistakes=mistakes, what="the kernel")
        x = np.random.default_rng(9).normal(size=(8, 9))
        twice = signal.correlate2d(signal.correlate2d(x, a, "valid"), b, "valid")
        assert np.allclose(signal.correlate2d(x, expected, "valid"), twice)


@check(
    "merged-kernels",
    hidden=True,
    hints=(
        "Kernels need not be square, nor of the same size.",
        "Take rows from a.shape[0], columns from a.shape[1], and likewise of b.",
        "c = np.zeros((K + M - 1, L + N - 1))",
    ),
)
def test_kernels_of_any_size(student):
    "kernels that are not square; a and b stay as they are"
    for seed, size in enumerate([((1, 3), (3, 1)), ((2, 4), (3, 2)), ((5, 1), (1, 1))]):
        a, b = two_kernels(seed, *size)
        assert_close(student.merged(a, b), signal.convolve2d(a, b), what="the kernel")
        assert_unchanged(student.merged)


def layer(seed, N=2, C=3, H=7, W=6, O=4, K=3, dtype=float):  # noqa: E741
    rng = np.random.default_rng(seed)
    shapes = (N, C, H, W), (O, C, K, K), (O,)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def maps(x, w, b, pad):
    """The layer, plane by plane, by SciPy."""
    x = np.pad(x.astype(float), [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    return np.array([
        [sum(map(planes, image, kernel)) + bias for kernel, bias in zip(w, b, strict=True)]
        for image in x
    ])  # fmt: skip


def planes(plane, kernel):
    return signal.correlate2d(plane, kernel, "valid")


@check(
    "conv2d-forward",
    points=2,
    hints=(
        "Each output is a dot product over channels, rows and columns of a window, plus a bias.",
        "windows = sliding_window_view(x, (K, K), axis=(2, 3)) has the axes N, C, H', W', K, K.",
        "np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))) has the axes N, H', W', O.",
    ),
)
def test_values_without_a_border(student):
    "without a border: sums over window and channels, plus the bias"
    for x, w, b in (layer(0), layer(1, N=1, C=1, H=5, W=8, O=2, K=2), layer(2, K=1)):
        got = student.conv2d_forward(x, w, b, 0)
        expected = maps(x, w, b, 0)
        mistakes = {
            "the kernel was turned by half a turn": maps(x, w[:, :, ::-1, ::-1], b, 0),
            "the bias is missing": maps(x, w, 0 * b, 0),
            "the bias was added once for each channel": maps(x, w, b * x.shape[1], 0),
            "rows and columns of the kernel are exchanged": maps(x, w.swapaxes(2, 3), b, 0),
            "the channels were averaged, not added": maps(x, w / x.shape[1], b, 0),
            "only the first channel was seen": maps(x[:, :1], w[:, :1], b, 0),
        }
        assert_close(got, expected, mistakes=mistakes, what="the maps")


@check(
    "conv2d-forward",
    after="test_values_without_a_border",
    hints=(
        "The border goes around height and width only.",
        "np.pad takes a pair for each axis: (before, after).",
        "np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))",
    ),
)
def test_values_with_a_border(student):
    "with a border of zeros on all four sides"
    for pad in (1, 2):
        x, w, b = layer(3 + pad)
        edge = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode="edge")
        mistakes = {
            "the border is a copy of the edge; it must be 0": maps(edge, w, b, 0),
            "the border was put around the map": np.pad(
                maps(x, w, b, 0), [(0, 0), (0, 0), (pad, pad), (pad, pad)]
            ),
        }
        got = student.conv2d_forward(x, w, b, pad)
        assert_close(got, maps(x, w, b, pad), mistakes=mistakes, what="the maps")


@check(
    "conv2d-forward",
    after="test_values_without_a_border",
    hints=(
        "np.zeros makes 64-bit numbers, and what is added to them stays 64-bit.",
        "np.zeros(shape, x.dtype), or no array of zeros at all.",
        "np.tensordot of two 32-bit arrays is 32-bit, and so is the sum with a 32-bit bias.",
    ),
)
def test_32_bits_stay_32_bits(student):
    "32-bit inputs give a 32-bit result, and stay as they are"
    x, w, b = layer(6, dtype="float32")
    for pad in (1, 0):
        got = student.conv2d_forward(x.copy(), w, b, pad)
        assert_unchanged(student.conv2d_forward)
        assert_close(got, maps(x, w, b, pad), rtol=1e-3, atol=1e-4, what="the maps")
        assert got.dtype == np.float32, f"the result is {got.dtype}; expected float32"


@check(
    "conv2d-forward",
    hidden=True,
    after="test_values_without_a_border",
    hints=(
        "A loop over images, kernels, rows and columns takes too long for many digits.",
        "Loop over the K² entries of the kernel at most; let NumPy do the rest.",
        "windows = sliding_window_view(x, (K, K), axis=(2, 3)), then one np.tensordot.",
    ),
)
def test_many_digits(student):
    "a hundred digits by six kernels of 5 × 5, fast enough to train with"
    x, w, b = layer(7, N=100, C=1, H=28, W=28, O=6, K=5, dtype="float32")
    one = min(window_by_window(x[:1], w, b, 2) for _ in range(3))  # seconds for a single digit
    start = perf_counter()
    got = student.conv2d_forward(x, w, b, 2)
    taken = perf_counter() - start
    assert np.shape(got) == (100, 6, 28, 28), f"expected (100, 6, 28, 28), got {np.shape(got)}"
    assert_close(got[:2], maps(x[:2], w, b, 2), rtol=1e-3, atol=1e-4, what="the first two maps")
    assert taken < 30 * one, (
        f"a hundred digits took as long as {taken / one:.0f} that are read window by window in "
        "loops; let NumPy take all windows at once"
    )


def window_by_window(x, w, b, pad):
    """Seconds that loops over everything take."""
    start, x, K = perf_counter(), np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)]), w.shape[-1]
    N, _, H, W = x.shape
    for n, o, i, j in np.ndindex(N, len(w), H - K + 1, W - K + 1):
        _ = (x[n, :, i : i + K, j : j + K] * w[o]).sum() + b[o]
    return perf_counter() - start


@check(
    "find-kernel",
    points=3,
    hints=(
        "The output is linear in the nine entries of the kernel: a linear regression.",
        "A row of the table for each place: the nine pixels under the kernel. y is the target.",
        "np.linalg.lstsq(sliding_window_view(x, (3, 3)).reshape(-1, 9), y.ravel())[0]",
    ),
)
def test_the_kernel_is_found(student):
    "the unknown kernel, to 0.01 in each entry"
    x = photograph("coffee")[::4, ::4].mean(axis=2).astype(float)
    for seed in range(2):
        w = np.random.default_rng(seed).normal(size=(3, 3))
        got = student.find_kernel(x, signal.correlate2d(x, w, "valid"))
        mistakes = {
            "it is turned by half a turn": w[::-1, ::-1],
            "rows and columns are exchanged": w.T,
        }
        assert_close(got, w, rtol=0, atol=0.01, mistakes=mistakes, what="the kernel")
