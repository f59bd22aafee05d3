"""Checks of the exercises in the chapter on compact networks."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "larger-kernels",
    hints=(
        "The share is 1/O + 1/k². Which part changes?",
        "O stays 64, and k² grows from 9 to 25.",
        "1/64 + 1/25 against 1/64 + 1/9",
    ),
)
def test_the_share(student):
    "the share of the full convolution's products"
    words = ("smaller", "the same", "larger")
    got = student.share_with_larger_kernels()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    share = {k: (64 * k * k + 64 * 64) / (64 * 64 * k * k) for k in (3, 5)}
    right = "smaller" if share[5] < share[3] else "larger"
    assert got == right, "the full convolution gets dearer by 25/9; what does the separable one do?"


def two_of(student):
    got = student.price_of_the_layer()
    assert isinstance(got, tuple | list | np.ndarray), f"expected two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "layer-price",
    hints=(
        "How many places, and how many products at each?",
        "Border 1 keeps 10 × 10 places; a kernel has 8 · 3 · 3 numbers, and there are 16.",
        "100 · 8 · 16 · 9",
    ),
)
def test_the_full_price(student):
    "the full convolution"
    mistakes = {
        "border 1 keeps all 100 places": 64 * 8 * 16 * 9,
        "that is the price at one place": 8 * 16 * 9,
        "a kernel reads all 8 channels": 100 * 16 * 9,
    }
    assert_close(two_of(student)[0], 100 * 8 * 16 * 9, mistakes=mistakes, what="the full price")


@check(
    "layer-price",
    hints=(
        "Two convolutions after each other: their prices add up.",
        "Depthwise: 9 products for each of 8 channels; pointwise: 8 for each of 16.",
        "100 · (8 · 9 + 8 · 16)",
    ),
)
def test_the_separable_price(student):
    "the separable convolution"
    mistakes = {
        "the pointwise half is missing": 100 * 8 * 9,
        "the depthwise half is missing": 100 * 8 * 16,
        "the depthwise half has one kernel for each channel that comes in": 100
        * (16 * 9 + 8 * 16),
        "that is the price at one place": 200,
    }
    right = 100 * (8 * 9 + 8 * 16)
    assert_close(two_of(student)[1], right, mistakes=mistakes, what="the separable price")


def counted(C, out, t, k, s, H, W):
    """Products place by place."""
    first = sum(C * t * C for _ in range(H) for _ in range(W)) if t > 1 else 0
    places = len(range(0, H, s)) * len(range(0, W, s))
    return first + places * t * C * k * k + places * t * C * out


@check(
    "inverted-price",
    hints=(
        "Three convolutions: widen, filter, narrow. Each has a price at each of its places.",
        "With stride 1 all three work at H · W places.",
        "H * W * (C * t * C + t * C * k * k + t * C * out)",
    ),
)
def test_with_stride_1(student):
    "stride 1, widening 6"
    C, out, t, k, H, W = 24, 32, 6, 3, 14, 10
    mistakes = {
        "the depthwise convolution does not sum over channels": H
        * W
        * (C * t * C + (t * C) ** 2 * k * k + t * C * out),
        "the last convolution reads the widened channels": H
        * W
        * (C * t * C + t * C * k * k + C * out),
        "the first convolution is missing": H * W * (t * C * k * k + t * C * out),
        "the middle works on the widened channels": H * W * (C * t * C + C * k * k + t * C * out),
    }
    got = student.inverted_price(C, out, t, k, 1, H, W)
    assert_close(got, counted(C, out, t, k, 1, H, W), mistakes=mistakes, what="the price")


@check(
    "inverted-price",
    after="test_with_stride_1",
    hints=(
        "Which of the three convolutions sees the image before it gets smaller?",
        "Only the depthwise one takes steps; the first works at all pixels, the last after it.",
        "places = -(-H // s) * -(-W // s)",
    ),
)
def test_with_a_stride(student):
    "strides 2, 3 and 4, sides that they do not divide"
    for C, out, t, k, s, H, W in (
        (16, 24, 6, 3, 2, 15, 9),
        (8, 12, 4, 5, 3, 14, 11),
        (6, 6, 2, 3, 4, 13, 17),
        (5, 5, 3, 3, 1, 6, 4),
    ):
        wide, left = t * C, -(-H // s) * -(-W // s)
        mistakes = {
            "the first convolution works on all pixels": left
            * (C * wide + wide * k * k + wide * out),
            "the depthwise convolution works at the places that are left": H
            * W
            * (C * wide + wide * k * k)
            + left * wide * out,
            "round the places up": H * W * C * wide + (H // s) * (W // s) * wide * (k * k + out),
        }
        got = student.inverted_price(C, out, t, k, s, H, W)
        right = counted(C, out, t, k, s, H, W)
        assert_close(got, right, mistakes=mistakes, what=f"the price with stride {s}")


@check(
    "inverted-price",
    hidden=True,
    after="test_with_stride_1",
    hints=(
        "What is there to widen if t is 1?",
        "Then the block begins with the depthwise convolution.",
        "widen = H * W * C * t * C if t > 1 else 0",
    ),
)
def test_without_widening(student):
    "widening 1"
    got = student.inverted_price(32, 16, 1, 3, 1, 12, 12)
    mistakes = {"there is no first convolution": 144 * (32 * 32 + 32 * 9 + 32 * 16)}
    assert_close(got, counted(32, 16, 1, 3, 1, 12, 12), mistakes=mistakes, what="the price")


def dealt(x, groups):
    """Shuffle by an explicit list of channels."""
    size = x.shape[1] // groups
    return x[:, [g * size + i for i in range(size) for g in range(groups)]]


@check(
    "unshuffled",
    points=2,
    hints=(
        "A shuffle writes a table row by row and reads it column by column. Undo that.",
        "What came out is a table with C // groups rows and `groups` columns.",
        "x.reshape(N, C // groups, groups, H, W).swapaxes(1, 2)",
    ),
)
def test_back_again(student):
    "what was shuffled comes back"
    rng = np.random.default_rng(0)
    for C, groups in ((6, 2), (12, 3), (8, 4)):
        x = rng.normal(size=(2, C, 3, 4))
        mixed = dealt(x, groups)
        mistakes = {"that shuffles once more": dealt(mixed, groups), "nothing changed": mixed}
        got = student.unshuffled(mixed, groups)
        assert_close(got, x, mistakes=mistakes, what=f"{C} channels in {groups} groups")
        assert_unchanged(student.unshuffled)


@check(
    "unshuffled",
    hidden=True,
    after="test_back_again",
    hints=(
        "One group, and as many groups as channels: a shuffle changes nothing.",
        "Images need not be square; only channels move.",
        "return table.swapaxes(1, 2).reshape(N, C, H, W)",
    ),
)
def test_ends_and_other_images(student):
    "one group, groups of one channel, a single pixel"
    rng = np.random.default_rng(1)
    for C, groups, size in ((5, 1, (2, 7)), (5, 5, (3, 1)), (10, 2, (1, 1))):
        x = rng.normal(size=(3, C, *size))
        got = student.unshuffled(dealt(x, groups), groups)
        assert_close(got, x, what=f"{C} channels in {groups} groups")


def convolved(x, depth, point):
    """Depthwise, then pointwise, place by place."""
    k = depth.shape[2]
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    each = np.einsum("nchwij,cij->nchw", windows, depth[:, 0])
    return np.einsum("oc,nchw->nohw", point[:, :, 0, 0], each)


def as_one(x, W):
    k = W.shape[2]
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", windows, W)


@check(
    "one-kernel",
    points=2,
    hints=(
        "All full kernels that read channel c are multiples of that channel's depthwise kernel.",
        "W[o, c] = point[o, c, 0, 0] * depth[c, 0], for all o and c at once.",
        "point * depth[:, 0]",
    ),
)
def test_the_same_convolution(student):
    "the full convolution does the same"
    for seed, (C, out, k) in enumerate(((3, 4, 3), (2, 5, 1), (5, 5, 5))):
        rng = np.random.default_rng(seed)
        depth, point = rng.normal(size=(C, 1, k, k)), rng.normal(size=(out, C, 1, 1))
        W = student.one_kernel(depth, point)
        shape = np.shape(W)
        assert shape == (out, C, k, k), f"expected shape {(out, C, k, k)}, got {shape}"
        x = rng.normal(size=(2, C, 7, 6))
        what = f"what the kernels make of an image, {C} to {out} channels,"
        right = convolved(x, depth, point)
        assert_close(as_one(x, np.asarray(W)), right, rtol=1e-5, atol=1e-6, what=what)


def made_of(student, W):
    got = student.taken_apart(W)
    assert isinstance(got, tuple | list), f"expected depth and point, got {kind_of(got)}"
    assert len(got) == 2, f"expected depth and point, got {len(got)} values"
    depth, point = (np.asarray(a) for a in got)
    out, C, k, _ = W.shape
    assert depth.shape == (C, 1, k, k), f"depth: expected {(C, 1, k, k)}, got {depth.shape}"
    assert point.shape == (out, C, 1, 1), f"point: expected {(out, C, 1, 1)}, got {point.shape}"
    return point * depth[:, 0]


def separable_kernels(seed, out, C, k):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(out, C, 1, 1)) * rng.normal(size=(C, k, k))


@check(
    "taken-apart",
    points=2,
    hints=(
        "Which kernel can stand for its channel? All others are multiples of it.",
        "Another kernel's factor is its scalar product with d, divided by that of d with itself.",
        "point = (W * depth).sum(axis=(2, 3)) / (depth**2).sum(axis=(1, 2))",
    ),
)
def test_the_halves_make_the_kernels(student):
    "both halves together make W again"
    for seed, shape in enumerate(((4, 3, 3), (1, 5, 3), (6, 1, 5))):
        W = separable_kernels(seed, *shape)
        assert_close(made_of(student, W), W, what=f"point · depth for W of shape {W.shape}")
        assert_unchanged(student.taken_apart)


@check(
    "taken-apart",
    hints=(
        "The kernel of the first result may be 0. Then it says nothing about the others.",
        "Take for each channel its largest kernel.",
        "largest = (W**2).sum(axis=(2, 3)).argmax(axis=0)",
    ),
)
def test_some_kernels_are_zero(student):
    "kernels of 0 here and there"
    W = separable_kernels(7, 4, 3, 3)
    W[0, 0] = W[2, 1] = W[0, 2] = W[1, 2] = 0
    assert_close(made_of(student, W), W, what="point · depth")
    edges = np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
    W = np.array([1.0, -2, 1]).reshape(3, 1, 1, 1) * np.stack([edges, np.roll(edges, 1)])
    what = "point · depth, for kernels with zeros in them, whose sums are 0,"
    assert_close(made_of(student, W), W, what=what)


@check(
    "taken-apart",
    hidden=True,
    after="test_the_halves_make_the_kernels",
    hints=(
        "What is divided by if all kernels of a channel are 0?",
        "Any factor will do there, as long as it is a number.",
        "np.where(norm == 0, 1, norm)",
    ),
)
def test_a_channel_that_nobody_reads(student):
    "all kernels of a channel are 0"
    W = separable_kernels(8, 4, 3, 3)
    W[:, 1] = 0
    got = made_of(student, W)
    assert np.isfinite(got).all(), "a channel whose kernels are all 0 gave NaN; do not divide by 0"
    assert_close(got, W, what="point · depth")
