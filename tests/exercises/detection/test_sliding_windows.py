"""Checks of the exercises in the chapter on sliding windows."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "halved-step",
    hints=(
        "Count one row of windows first.",
        "A row has about twice as many. And how many rows are there?",
        "2 · 2",
    ),
)
def test_growth(student):
    "the factor by which the number of windows grows"
    got = student.growth()
    assert not isinstance(got, np.ndarray), f"expected 2, 4 or 8, got {kind_of(got)}"
    assert got in (2, 4, 8), f"expected 2, 4 or 8, got {got!r}"
    numbers = [sum(1 for _ in range(0, 1024 - 32 + 1, step)) ** 2 for step in (16, 8)]
    right = min((2, 4, 8), key=lambda factor: abs(numbers[1] / numbers[0] - factor))
    assert got == right, "the step is halved to the right and down"


def pair_of(student):
    got = student.windows_and_worst()
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "between-windows",
    hints=(
        "Rows and columns are counted apart, and multiplied.",
        "In each direction: (sides of the image less the window) / step, rounded down, plus 1.",
        "(40 // 10 + 1) * (85 // 10 + 1)",
    ),
)
def test_number(student):
    "the number of windows"
    number, _ = pair_of(student)
    right = len(range(0, 60 - 20 + 1, 10)) * len(range(0, 105 - 20 + 1, 10))
    mistakes = {
        "the first window is missing in each direction": 4 * 8,
        "windows must end within the image": 6 * 10,
        "a ninth column ends within the image: 8 steps of 10 make 9 places": 5 * 8,
        "the last column would not end within the image": 5 * 10,
        "windows overlap: count their places, not areas": 60 * 105 // 400,
        "the number comes first, the IoU second": 225 / 575,
    }
    assert_close(number, right, mistakes=mistakes, what="the number")


@check(
    "between-windows",
    hints=(
        "In the worst case the object lies in the middle between four windows.",
        "The nearest is off by half a step in both directions; the common part is 15 × 15.",
        "225 / (400 + 400 - 225)",
    ),
)
def test_worst(student):
    "the IoU in the worst case"
    _, worst = pair_of(student)
    own = np.zeros((60, 60), dtype=bool)
    own[15:35, 15:35] = True
    overlaps = []
    for i in range(0, 41, 10):
        for j in range(0, 41, 10):
            other = np.zeros_like(own)
            other[i : i + 20, j : j + 20] = True
            overlaps.append((own & other).sum() / (own | other).sum())
    mistakes = {
        "off by half a step in both directions, not in one": 300 / 500,
        "off by half a step, not by a whole one": 100 / 700,
        "divide by what both cover together, and not by one window": 225 / 400,
        "the common part counts once in the union": 225 / 800,
        "the number comes first, the IoU second": 45,
    }
    assert_close(worst, max(overlaps), atol=6e-4, mistakes=mistakes, what="the IoU")


def covers(high, wide, side, step):
    """Corners by brute force: regular ones, and those needed at the edge."""

    def along(length):
        found = [k for k in range(length) if k % step == 0 and k + side <= length]
        seen = {pixel for k in found for pixel in range(k, k + side)}
        return found if len(seen) == length else [*found, length - side]

    return np.array([[i, j] for i in along(high) for j in along(wide)])


def corners_of(student, *sizes):
    got = student.covering(*sizes)
    assert isinstance(got, np.ndarray), f"expected an array (N, 2), got {kind_of(got)}"
    assert got.ndim == 2, f"expected an array (N, 2), got shape {got.shape}"
    assert got.shape[1] == 2, f"expected an array (N, 2), got shape {got.shape}"
    return got


@check(
    "covering-windows",
    points=2,
    hints=(
        "Rows and columns do not know of each other: make the starts along one side first.",
        "Regular starts are range(0, length - side + 1, step). Where does the last of them end?",
        "if places[-1] != length - side: places.append(length - side)",
    ),
)
def test_left_over_pixels(student):
    "an image with pixels left over at both edges"
    sizes = (50, 43, 20, 10 - 2)
    got, right = corners_of(student, *sizes), covers(*sizes)
    assert len(np.unique(got, axis=0)) == len(got), "a window occurs twice"
    assert got.min() >= 0, "a window begins outside the image"
    assert (got.max(axis=0) + 20 <= (50, 43)).all(), "a window ends outside the image"
    seen = np.zeros((50, 43), dtype=bool)
    for i, j in got.astype(int):
        seen[i : i + 20, j : j + 20] = True
    assert seen.all(), f"{(~seen).sum()} pixels are in no window"
    mistakes = {
        "rows and columns are exchanged": right[:, ::-1],
        "row by row: the column changes fastest": right[np.lexsort((right[:, 0], right[:, 1]))],
    }
    assert_close(got, right, mistakes=mistakes, what="the corners")


@check(
    "covering-windows",
    hidden=True,
    after="test_left_over_pixels",
    hints=(
        "Where nothing is left over, nothing is added. The side need be no multiple of the step.",
        "Compare the last regular start with length - side.",
        "return places if places[-1] == last else [*places, last]",
    ),
)
def test_nothing_left_over(student):
    "images that the regular windows cover, and one as small as the window"
    for sizes in (
        (64, 64, 24, 8),
        (24, 24, 24, 4),
        (24, 25, 24, 8),
        (30, 10, 10, 10),
        (26, 32, 10, 8),
        (32, 26, 10, 8),
    ):
        got, right = corners_of(student, *sizes), covers(*sizes)
        assert len(got) == len(right), f"{sizes}: expected {len(right)} windows, got {len(got)}"
        assert_close(got, right, what=f"corners for {sizes}")


def layer(seed, K, C, size, larger):
    rng = np.random.default_rng(seed)
    h, w = size
    return rng.normal(size=(K, C * h * w)), rng.normal(size=K), rng.normal(size=(C, *larger)), size


def one_by_one(W, b, a, size):
    h, w = size
    rows, columns = a.shape[1] - h + 1, a.shape[2] - w + 1
    out = np.empty((len(W), rows, columns))
    for y in range(rows):
        for x in range(columns):
            out[:, y, x] = W @ a[:, y : y + h, x : x + w].ravel() + b
    return out


@check(
    "dense-to-kernel",
    points=2,
    hints=(
        "A row of W holds the weights of one kernel.",
        "Reshape W to (K, C, h, w), and take the product with the part of the maps at each place.",
        "W.reshape(len(W), len(a), *size), and a sum over c, i, j at each place",
    ),
)
def test_slides(student):
    "three scores of two maps, with a kernel that is not square"
    given = layer(0, 3, 2, (3, 4), (6, 9))
    W, b, a, size = given
    got, right = student.slide(*given), one_by_one(*given)
    turned = W.reshape(3, 2, 3, 4)[:, :, ::-1, ::-1].reshape(3, -1)
    mistakes = {
        "the bias is missing": one_by_one(W, 0 * b, a, size),
        "the kernel is not turned: this is the cross-correlation": one_by_one(turned, b, a, size),
        "channels come first in the flat order, then rows, then columns": one_by_one(
            W.reshape(3, 3, 4, 2).transpose(0, 3, 1, 2).reshape(3, -1), b, a, size
        ),
        "each score has a bias of its own": one_by_one(W, 0 * b + b[0], a, size),
    }
    assert_unchanged(student.slide)
    assert_close(got, right, rtol=1e-4, atol=1e-4, mistakes=mistakes, what="the scores")


@check(
    "dense-to-kernel",
    hidden=True,
    after="test_slides",
    hints=(
        "Nothing may depend on the sizes of the first example.",
        "Where the maps have the size of the kernel there is one place: the dense layer itself.",
        "rows = H - h + 1, columns = W - w + 1",
    ),
)
def test_other_sizes(student):
    "maps as small as the kernel, kernels of one pixel, one score"
    for k, sizes in enumerate(
        [(4, 3, (4, 4), (4, 4)), (2, 5, (1, 1), (3, 2)), (1, 1, (2, 3), (7, 3))]
    ):
        given = layer(10 + k, *sizes)
        got, right = student.slide(*given), one_by_one(*given)
        assert_close(got, right, rtol=1e-4, atol=1e-4, what=f"scores for {sizes}")
