"""Checks of the exercises in the chapter on Inception modules."""

import numpy as np

from companion.exercises import assert_close, assert_raises, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "shuffled-pixels",
    hints=(
        "Does one pixel ever meet another before the mean?",
        "A 1×1 convolution works on each pixel by itself; a mean of numbers has no order.",
        'return "the same"',
    ),
)
def test_what_shuffling_does(student):
    "what shuffling the pixels does to the scores"
    words = ("the same", "different")
    got = student.scores_after_shuffling()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    rng = np.random.default_rng(0)
    x, (W1, W2) = rng.normal(size=(3, 20)), (rng.normal(size=(5, 3)), rng.normal(size=(2, 5)))
    both = x, x[:, rng.permutation(20)]
    scores = [(W2 @ np.maximum(W1 @ part, 0)).mean(axis=1) for part in both]
    right = words[0] if np.allclose(*scores) else words[1]
    assert got == right, "not so: no pixel meets another before the mean, and a mean has no order"


def two_numbers(got):
    assert isinstance(got, tuple | list), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


DIRECT, REDUCE, BEHIND = 14**2 * 48 * 25 * 480, 14**2 * 16 * 480, 14**2 * 48 * 25 * 16


@check(
    "cost-of-a-branch",
    hints=(
        "Each number that comes out costs f² C multiplications.",
        "14 · 14 · 48 numbers come out, each of 5 · 5 · 480 multiplications.",
        "14 * 14 * 48 * 25 * 480",
    ),
)
def test_cost_without(student):
    "the multiplications of the direct way"
    got, _ = two_numbers(student.cost_of_a_branch())
    mistakes = {
        "the side of the kernel counts squared: 25, not 5": DIRECT / 5,
        "the 48 maps are missing": DIRECT / 48,
        "the 480 channels are missing": DIRECT / 480,
        "height times width: 14 · 14 pixels, not 14": DIRECT / 14,
        "the numbers are in the wrong order": REDUCE + BEHIND,
    }
    assert_close(got, DIRECT, mistakes=mistakes, what="the direct cost")


@check(
    "cost-of-a-branch",
    hints=(
        "Two layers, two counts.",
        "First 1×1 from 480 to 16, then 5×5 from 16 to 48.",
        "14 * 14 * 16 * 480 + 14 * 14 * 48 * 25 * 16",
    ),
)
def test_cost_with(student):
    "the multiplications with the bottleneck, both layers"
    _, got = two_numbers(student.cost_of_a_branch())
    mistakes = {
        "the bottleneck itself costs something, too": BEHIND,
        "the large kernels behind the bottleneck are missing": REDUCE,
        "behind the bottleneck the kernels see 16 channels, not 480": REDUCE + DIRECT,
    }
    assert_close(got, REDUCE + BEHIND, mistakes=mistakes, what="the cost with a bottleneck")


def pixel_by_pixel(x, weight, bias, stride=1):
    """Slow and plain."""
    seen = x[:, :, ::stride, ::stride]
    N, _, H, W = seen.shape
    z = np.empty((N, len(weight), H, W))
    for n, i, j in np.ndindex(N, H, W):
        z[n, :, i, j] = weight @ seen[n, :, i, j] + bias
    return z


def some(seed, size=(2, 3, 5, 7), maps=4):
    rng = np.random.default_rng(seed)
    return rng.normal(size=size), rng.normal(size=(maps, size[1])), rng.normal(size=maps)


@check(
    "one-by-one",
    points=2,
    hints=(
        "The same dense layer at each pixel: the sum goes over the channels.",
        "Put the pixels side by side, (N, C, H · W); then weight @ that is (N, O, H · W).",
        "weight @ x.reshape(N, C, H * W), then reshape and add bias[:, None, None]",
    ),
)
def test_it_is_a_dense_layer_at_each_pixel(student):
    "each pixel of the result is weight @ channels + bias"
    for seed, size in ((1, (2, 3, 5, 7)), (2, (1, 1, 1, 4)), (3, (2, 3, 5, 5))):
        x, weight, bias = some(seed, size)
        expected = pixel_by_pixel(x, weight, bias)
        got = student.one_by_one(x.copy(), weight, bias)
        mixed = np.moveaxis(x, 1, -1).reshape(len(x), x.shape[1], -1)
        mistakes = {
            "the bias is missing": pixel_by_pixel(x, weight, 0 * bias),
            "reshape does not move axes: it mixed pixels and channels": (
                weight @ mixed
            ).reshape(expected.shape) + bias[:, None, None],
        }
        assert_close(got, expected, mistakes=mistakes, what="the maps")
        assert_unchanged(student.one_by_one)


@check(
    "one-by-one",
    hints=(
        "With a stride s every s-th pixel of every s-th row is read.",
        "Cut before you multiply: x[:, :, ::stride, ::stride].",
        "x = x[:, :, ::stride, ::stride]; then H and W from the new shape",
    ),
)
def test_stride(student):
    "a stride of 2 or 3, also where it does not divide the size"
    for stride, size in ((2, (2, 3, 5, 8)), (3, (2, 3, 7, 4))):
        x, weight, bias = some(stride, size)
        got = student.one_by_one(x, weight, bias, stride)
        s, every = stride, pixel_by_pixel(x, weight, bias)
        mistakes = {
            "the stride is missing": every,
            "it begins at the second pixel": every[:, :, s - 1 :: s, s - 1 :: s],
            "the stride holds for one direction only": every[:, :, ::s],
        }
        expected = pixel_by_pixel(x, weight, bias, stride)
        assert_close(got, expected, mistakes=mistakes, what="the maps")


def branches(widths, size=(3, 4), seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(2, c, *size)) for c in widths]


def joined_by(student, parts):
    got = student.join(parts)
    assert isinstance(got, tuple), f"expected a tuple of array and list, got {kind_of(got)}"
    assert len(got) == 2, f"expected the array and the list, got {len(got)} values"
    return got


@check(
    "join-branches",
    hints=(
        "Channels are axis 1.",
        "np.concatenate along axis 1 keeps the order of the branches.",
        "np.concatenate(parts, axis=1)",
    ),
)
def test_the_channels_are_joined(student):
    "the joined array has all channels, in the order of the branches"
    parts = branches((2, 2, 2), size=(2, 2))  # equal shapes: each axis would do
    mistakes = {
        "joined along the images; channels are axis 1": np.concatenate(parts),
        "joined along the height; channels are axis 1": np.concatenate(parts, axis=2),
        "the branches are in reversed order": np.concatenate(parts[::-1], axis=1),
        "the branches were added": sum(parts),
    }
    got, _ = joined_by(student, parts)
    assert_close(got, np.concatenate(parts, axis=1), mistakes=mistakes, what="the joined maps")


@check(
    "join-branches",
    hints=(
        "Each branch begins where the one before it ends.",
        "np.cumsum of the numbers of channels gives the ends.",
        "list(zip([0, *ends[:-1]], ends))",
    ),
)
def test_where_each_branch_lies(student):
    "first channel and one past the last, for each branch"
    for widths in ((64, 128, 32, 32), (3,), (1, 5)):
        _, places = joined_by(student, branches(widths, size=(2, 2)))
        places = np.asarray(places)
        assert places.shape == (len(widths), 2), f"expected {len(widths)} pairs, got {places.shape}"
        ends = np.cumsum(widths)
        right = np.stack([ends - widths, ends], axis=1)
        mistakes = {
            "the last channel itself: give one past it": right - [0, 1],
            "first channel and number of channels: give the end": np.stack(
                [ends - widths, widths], axis=1
            ),
            "each branch begins at 0": right - right[:, :1],
        }
        assert_close(places, right, mistakes=mistakes, what="the places")


@check(
    "join-branches",
    hints=(
        "Only height and width must agree.",
        "Collect part.shape[2:] in a set: it must have one member.",
        'if len(sizes) > 1: raise ValueError("sizes differ")',
    ),
)
def test_sizes_that_differ(student):
    "another height or width is a ValueError"
    for other in ((3, 5), (2, 4), (4, 3)):
        parts = branches((2, 3)) + branches((1,), size=other)
        assert_raises(student.join, parts, error="ValueError")


def asked(student, *numbers):
    got = student.widest_bottleneck(*numbers)
    assert got is None or isinstance(got, int | float | np.number), (
        f"expected a whole number or None, got {kind_of(got)}"
    )
    return got


def most(side, channels, maps, f, budget):
    """Try them all."""
    one = side * side * (channels + f * f * maps)
    return max(B for B in range(2000) if one * B <= budget)


@check(
    "bottleneck-for-a-budget",
    points=2,
    hints=(
        "What does one map of the bottleneck cost, in both layers together?",
        "side² (C + f² O) for each map; how often does that go into the budget?",
        "budget // (side**2 * (C + f**2 * O))",
    ),
)
def test_the_widest_that_fits(student):
    "the largest B whose two layers fit into the budget"
    example = (28, 192, 32, 5)
    for numbers in ((*example, 12_443_648), (*example, 12_443_647), (14, 480, 48, 3, 9_999_999)):
        side, channels, maps, f, budget = numbers
        mistakes = {
            "the cost of the 1×1 layer is missing": budget // (side**2 * f**2 * maps),
            "the cost of the large kernels is missing": budget // (side**2 * channels),
            "f counts squared": budget // (side**2 * (channels + f * maps)),
            "one more would not fit, one less is not the most": most(*numbers) - 1,
            "that is one too many": most(*numbers) + 1,
        }
        got = asked(student, *numbers)
        assert got is not None, "the direct way does not fit into this budget"
        assert_close(got, most(*numbers), mistakes=mistakes, what="B")


@check(
    "bottleneck-for-a-budget",
    hints=(
        "First ask whether the direct way fits.",
        "It costs side² O f² C.",
        "if side**2 * O * f**2 * C <= budget: return None",
    ),
)
def test_none_needed_and_none_possible(student):
    "None where the direct way fits, also exactly; 0 where not even one map fits"
    direct = 28 * 28 * 32 * 25 * 192
    for budget in (direct, 10 * direct):
        assert asked(student, 28, 192, 32, 5, budget) is None, "the direct way fits: return None"
    got = asked(student, 28, 192, 32, 5, 700_000)
    assert got is not None, "the direct way does not fit into this budget"
    assert_close(got, 0, what="B where not even one map fits")
