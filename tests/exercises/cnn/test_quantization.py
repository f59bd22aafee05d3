"""Checks of the exercises in the chapter on quantization."""

from fractions import Fraction

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def three_of(student):
    got = student.grid_and_number()
    assert isinstance(got, tuple | list), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected scale, zero point and whole number, got {len(got)} values"
    return got


@check(
    "grid-by-hand",
    hints=(
        "The scale is the distance of neighbours on the grid.",
        "Four bits make 16 points, and 15 steps between them.",
        "s = (0.9 + 0.6) / 15",
    ),
)
def test_the_scale(student):
    "the scale"
    low, high = Fraction(-6, 10), Fraction(9, 10)
    mistakes = {
        "16 points have 15 steps between them": 1.5 / 16,
        "that is the scale of a symmetric grid": 0.9 / 7,
        "the range begins below 0": 0.9 / 15,
        "that is the scale for 8 bits": 1.5 / 255,
    }
    expected = float((high - low) / (2**4 - 1))
    assert_close(three_of(student)[0], expected, mistakes=mistakes, what="the scale")


@check(
    "grid-by-hand",
    hints=(
        "The zero point stands for 0; the whole number 0 stands for −0.6.",
        "How many steps lie between −0.6 and 0?",
        "z = 0.6 / s, and the number becomes round(0.44 / s) + z",
    ),
)
def test_zero_point_and_whole_number(student):
    "the zero point and the whole number"
    _, zero, q = three_of(student)
    points = [Fraction(-6, 10) + k * Fraction(1, 10) for k in range(16)]
    assert_close(
        zero, points.index(0), what="the zero point",
        mistakes={"with a zero point of 0 there is no place for −0.6": 0, "its sign": -6},
    )  # fmt: skip
    nearest = min(range(16), key=lambda k: abs(points[k] - Fraction(44, 100)))
    mistakes = {"add the zero point": 4, "to the nearest, not up": 11, "add, not subtract": -2}
    assert_close(q, nearest, mistakes=mistakes, what="the whole number")


@check(
    "one-large-weight",
    hints=(
        "The largest weight sets the scale.",
        "The scale is 1/7. What does a number below half a scale become?",
        "0.05 is less than 1/14.",
    ),
)
def test_the_small_weights(student):
    "what becomes of the small weights"
    words = ("zero", "two values", "seven values")
    got = student.what_becomes_of_the_others()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    small = np.linspace(-0.05, 0.05, 1001)
    left = len(np.unique(np.rint(small * 7)))
    right = {1: "zero", 2: "two values", 7: "seven values"}[left]
    assert got == right, "compare the small weights with half a step of the grid"


def by_python(a, za, b, zb):
    """The sums in Python's whole numbers, which have no end."""
    rows, columns = a.tolist(), b.T.tolist()
    return np.array([
        [sum((x - za) * (y - zb) for x, y in zip(row, column, strict=True)) for column in columns]
        for row in rows
    ])  # fmt: skip


def matrices(seed, M, K, N):
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 256, size=s, dtype=np.uint8) for s in ((M, K), (K, N))]


@check(
    "two-zero-points",
    points=2,
    hints=(
        "Give the numbers more bits before anything is subtracted or multiplied.",
        "a.astype(np.int32) first, then minus za.",
        "(a.astype(np.int32) - za) @ (b.astype(np.int32) - zb)",
    ),
)
def test_the_sums(student):
    "the sums"
    a, b = matrices(0, 3, 5, 4)
    za, zb = 100, 30
    wide_a, wide_b = a.astype(np.int64), b.astype(np.int64)
    mistakes = {
        "8 bits ran over: give the numbers more bits first": (a - np.uint8(za))
        @ (b - np.uint8(zb)),
        "the zero point of b is missing": (wide_a - za) @ wide_b,
        "the zero point of a is missing": wide_a @ (wide_b - zb),
        "both zero points are missing": wide_a @ wide_b,
        "K · za · zb has to be added again": wide_a @ wide_b
        - za * wide_b.sum(axis=0)
        - zb * wide_a.sum(axis=1, keepdims=True),
    }
    got = student.product_with_zero_points(a, za, b, zb)
    assert_close(got, by_python(a, za, b, zb), mistakes=mistakes, what="the sums")


@check(
    "two-zero-points",
    after="test_the_sums",
    hidden=True,
    hints=(
        "32 bits hold sums of many thousand products.",
        "Look at the type of the result, and at long sums of large numbers.",
        "return … .astype(np.int32), with every product in 32 bits",
    ),
)
def test_long_sums_and_the_type(student):
    "long sums, extreme zero points, and the type"
    for seed, (M, K, N), za, zb in (
        (1, (2, 900, 3), 0, 255),
        (2, (1, 1, 1), 255, 0),
        (3, (3, 5000, 2), 0, 255),
    ):
        a, b = matrices(seed, M, K, N)
        got = student.product_with_zero_points(a, za, b, zb)
        assert_unchanged(student.product_with_zero_points)
        assert_close(got, by_python(a, za, b, zb), what=f"the sums of {K} products")
        kind = np.asarray(got).dtype
        assert kind == np.int32, f"expected int32, got {kind}"


def layers(seed, outputs=3, D=4):
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(outputs, D)), rng.normal(size=outputs)
    gamma, beta, m = rng.normal(size=(3, D))
    return W, b, gamma, beta, m, rng.uniform(0.2, 3, D)


def read_off(W, b, gamma, beta, m, v, eps):
    """The one layer, read off from what both do to 0 and to the unit vectors."""
    def both(x):
        return W @ (gamma * (x - m) / np.sqrt(v + eps) + beta) + b

    at_zero = both(np.zeros(W.shape[1]))
    return np.array([both(e) - at_zero for e in np.eye(W.shape[1])]).T, at_zero


def two_of(got):
    assert isinstance(got, tuple | list), f"expected W2 and b2, got {kind_of(got)}"
    assert len(got) == 2, f"expected two arrays, got {len(got)}"
    return got


@check(
    "fold-before",
    hints=(
        "Each input is multiplied by a number of its own.",
        "Input j meets column j of W.",
        "W2 = W * (gamma / np.sqrt(v + eps))",
    ),
)
def test_the_weights(student):
    "the weights W2"
    given = layers(0, 4, 4)
    W, _, gamma, _, _, v = given
    factor = gamma / np.sqrt(v + 1e-5)
    mistakes = {
        "the factor belongs to the columns: each input has its own": W * factor[:, None],
        "γ is missing": W / np.sqrt(v + 1e-5),
        "divide by the root of the variance": W * gamma / (v + 1e-5),
    }
    W2 = two_of(student.fold_before(*given, 1e-5))[0]
    assert_close(W2, read_off(*given, 1e-5)[0], rtol=1e-5, atol=1e-7, mistakes=mistakes, what="W2")


@check(
    "fold-before",
    after="test_the_weights",
    hints=(
        "What does batch norm make of 0, and what does W make of that?",
        "Each input is shifted by β − γ m / √(v + ε), and W multiplies the shifts.",
        "b2 = b + W @ (beta - factor * m)",
    ),
)
def test_the_biases(student):
    "the biases b2"
    given = layers(1)
    W, b, gamma, beta, m, v = given
    factor = gamma / np.sqrt(v + 1e-5)
    mistakes = {
        "the old biases are missing": W @ (beta - factor * m),
        "β goes through W as well": b - W @ (factor * m) + beta.sum(),
        "the shifts are multiplied by W, not by W2": b + (W * factor) @ (beta - factor * m),
        "β is missing": b - W @ (factor * m),
        "the mean is missing": b + W @ beta,
    }
    b2 = two_of(student.fold_before(*given, 1e-5))[1]
    assert_close(b2, read_off(*given, 1e-5)[1], rtol=1e-5, atol=1e-7, mistakes=mistakes, what="b2")


@check(
    "fold-before",
    after="test_the_biases",
    hidden=True,
    hints=(
        "Mind ε, and what was given.",
        "A feature that hardly varies has a variance near 0.",
        "np.sqrt(v + eps), with the eps that is given",
    ),
)
def test_another_epsilon(student):
    "a large ε, a variance of 0, and the inputs stay as they are"
    W, b, gamma, beta, m, v = layers(2, 2, 5)
    v[0] = 0
    for eps in (0.5, 1e-5):
        got = two_of(student.fold_before(W, b, gamma, beta, m, v, eps))
        assert_unchanged(student.fold_before)
        for mine, right, name in zip(
            got, read_off(W, b, gamma, beta, m, v, eps), ("W2", "b2"), strict=True
        ):
            assert_close(mine, right, rtol=1e-5, atol=1e-6, what=f"{name} with ε = {eps}")


def weights(seed, D=400, outliers=3):
    rng = np.random.default_rng(seed)
    w = rng.normal(size=D)
    w[:outliers] *= 4
    return w


def costs(w, bits, shares):
    """Scales and squared errors, by the nearest of all points of each grid."""
    top = 2 ** (bits - 1) - 1
    scales = [share * max(abs(w)) / top for share in shares]
    grids = [s * np.arange(-top, top + 1) for s in scales]
    return scales, [sum(np.min((g - x) ** 2) for x in w) for g in grids]


SHARES = [round(0.2 + 0.05 * k, 2) for k in range(17)]


@check(
    "best-scale",
    points=2,
    hints=(
        "For each share: make the grid, round, and compare with the weights.",
        "The end of the grid is share * max|w|, and the scale is that end divided by 2^(b−1) − 1.",
        "moved = s * np.rint(w / s).clip(-top, top), and take the smallest sum of (moved - w)²",
    ),
)
def test_the_best_of_the_scales(student):
    "the best scale for 4 and 3 bits"
    for seed, bits in ((0, 4), (1, 3)):
        w = weights(seed)
        scales, found = costs(w, bits, SHARES)
        top = 2 ** (bits - 1) - 1
        unclipped = [np.sum((s * np.rint(w / s) - w) ** 2) for s in scales]
        absolute = [
            np.sum(np.abs(s * np.rint(w / s).clip(-top, top) - w)) for s in scales
        ]
        best = scales[int(np.argmin(found))]
        mistakes = {
            "clip to the ends of the grid": scales[int(np.argmin(unclipped))],
            "that is the scale without cutting off anything": scales[-1],
            "that is the end of the grid; divide by 2^(b−1) − 1": best * top,
            "squares, not absolute values": scales[int(np.argmin(absolute))],
            "that is the share": SHARES[int(np.argmin(found))],
        }
        got = student.best_scale(w, bits, SHARES)
        mistakes = {text: value for text, value in mistakes.items() if value != best}
        assert_close(got, best, mistakes=mistakes, what=f"the scale for {bits} bits")


@check(
    "best-scale",
    after="test_the_best_of_the_scales",
    hints=(
        "With many bits it pays to keep everything.",
        "The number of whole numbers depends on `bits`.",
        "top = 2 ** (bits - 1) - 1",
    ),
)
def test_other_bits(student):
    "8 bits, and 2"
    for seed, bits in ((2, 8), (3, 2)):
        w = weights(seed, 200)
        scales, found = costs(w, bits, SHARES)
        expected = scales[int(np.argmin(found))]
        assert_close(student.best_scale(w, bits, SHARES), expected, what=f"{bits} bits")


@check(
    "best-scale",
    after="test_the_best_of_the_scales",
    hidden=True,
    hints=(
        "Of equally good scales the first counts, and the shares come in any order.",
        "Weights that lie on two of the grids cost nothing on either.",
        "Replace the best only if the new cost is smaller.",
    ),
)
def test_ties_and_order(student):
    "equally good scales, shares in another order, and w stays as it is"
    w = np.array([3.0, -3.0, 0.0, 3.0])
    got = student.best_scale(w, 3, [0.5, 1.0])
    assert_unchanged(student.best_scale)
    assert_close(got, 1.0, what="the scale for weights of ±3 and 0 with three bits")
    got = student.best_scale(np.array([2.0, -1.0, 1.0, 0.0]), 4, [7 / 4, 7 / 2])
    assert_close(got, 0.5, what="the first of two scales that cost nothing")
    w = weights(5, 100)
    shares = SHARES[::-1]
    scales, found = costs(w, 4, shares)
    expected = scales[int(np.argmin(found))]
    assert_close(student.best_scale(w, 4, shares), expected, what="with falling shares")
    assert_unchanged(student.best_scale)
