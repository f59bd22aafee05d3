"""Checks of the exercises in the chapter on what a convolutional network sees."""

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "cam-by-hand",
    points=2,
    hints=(
        "Each map gets one weight: the mean of its four gradients.",
        "The weights are 1 and -1/2. Weigh, add, and then set what is below 0 to 0.",
        "above: 1 - 2/2 and 3 - 0; below: max(0, 0 - 4/2) and 2 - 0",
    ),
)
def test_grad_cam_of_two_maps(student):
    "Grad-CAM of the two maps"
    maps = np.array([[[1.0, 3], [0, 2]], [[2, 0], [4, 0]]])
    gradients = np.array([[[1.0, 1], [0, 2]], [[-1, 0], [-1, 0]]])
    alpha = gradients.mean(axis=(1, 2))
    total = np.tensordot(alpha, maps, 1)
    mistakes = {
        "the ReLU is missing": total,
        "the gradients were added up, not averaged": np.maximum(4 * total, 0),
        "each gradient was multiplied with its own place, without a mean": np.maximum(
            (gradients * maps).sum(axis=0), 0
        ),
        "the second map counts as if it spoke for the class": np.tensordot(abs(alpha), maps, 1),
    }
    got = np.array(student.cam_by_hand(), dtype=float)
    assert_close(got, np.maximum(total, 0), mistakes=mistakes, what="Grad-CAM")


@check(
    "black-image",
    hints=(
        "What is the derivative of w · x + b by x?",
        "It is w, and no x stands in it.",
        "|w| for the photograph and |w| for the black image",
    ),
)
def test_saliency_of_a_black_image(student):
    "the saliency of a linear score"
    words = ("all zero", "the same", "the negative")
    got = student.saliency_of_black()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    w, h = np.array([2.0, -1.0, 0.5]), 1e-6

    def slopes(x):
        return np.array([abs(w @ (x + h * e) - w @ (x - h * e)) / (2 * h) for e in np.eye(3)])

    same = np.allclose(slopes(np.zeros(3)), slopes(np.array([0.3, 0.9, 0.1])))
    assert (got == "the same") == same, "take the derivative: does the image stand in it?"


def largest_sizes(gradient):
    """Pixel by pixel, in Python's own numbers."""
    N, C, H, W = gradient.shape
    maps = np.zeros((N, H, W))
    for n, i, j in np.ndindex(N, H, W):
        maps[n, i, j] = max(abs(float(gradient[n, c, i, j])) for c in range(C))
    return maps


@check(
    "scaled-saliency",
    points=2,
    hints=(
        "How strongly a pixel matters does not depend on the sign of its derivative.",
        "First the absolute value, then the maximum over axis 1, then divide each map by its own.",
        "maps / maps.max(axis=(1, 2), keepdims=True)",
    ),
)
def test_largest_size_among_the_channels(student):
    "the largest size among the channels, each map up to 1"
    gradient = np.random.default_rng(0).normal(size=(3, 3, 4, 5)) * np.array(
        [1.0, 10, 1e-9]
    ).reshape(3, 1, 1, 1)
    maps = largest_sizes(gradient)
    top = maps.max(axis=(1, 2), keepdims=True)
    signed = gradient.max(axis=1)
    mistakes = {
        "the maximum was taken before the absolute value": np.abs(signed)
        / np.abs(signed).max(axis=(1, 2), keepdims=True),
        "all maps are divided by one number": maps / maps.max(),
        "the maps are not scaled": maps,
        "something was added to the divisor: small maps stay too small": maps / (top + 1e-8),
        "the channels were averaged": np.abs(gradient).mean(axis=1)
        / np.abs(gradient).mean(axis=1).max(axis=(1, 2), keepdims=True),
    }
    assert_close(student.scaled_saliency(gradient), maps / top, mistakes=mistakes, what="the maps")


@check(
    "scaled-saliency",
    hints=(
        "A map of zeros has the maximum 0.",
        "Divide such a map by 1 instead.",
        "maps / np.where(largest == 0, 1, largest)",
    ),
)
def test_a_map_of_zeros(student):
    "a gradient of zeros gives a map of zeros, and the others are not touched by it"
    gradient = np.random.default_rng(1).normal(size=(3, 2, 3, 3))
    gradient[1] = 0
    maps = largest_sizes(gradient)
    expected = np.stack([maps[0] / maps[0].max(), maps[1], maps[2] / maps[2].max()])
    assert_close(student.scaled_saliency(gradient), expected, what="the maps")
    assert_unchanged(student.scaled_saliency)


def weighed(maps, gradients):
    """Sum over maps of mean gradient times map."""
    N, M, h, w = maps.shape
    total = np.zeros((N, h, w))
    for n, k in np.ndindex(N, M):
        total[n] += gradients[n, k].sum() / (h * w) * maps[n, k]
    return total


def two_of(student, maps, gradients):
    got = student.for_and_against(maps, gradients)
    assert isinstance(got, tuple | list), f"expected a pair of arrays, got {kind_of(got)}"
    assert len(got) == 2, f"expected two arrays, got {len(got)}"
    return got


def a_layer(seed):
    rng = np.random.default_rng(seed)
    return np.maximum(rng.normal(size=(2, 5, 3, 4)), 0), rng.normal(size=(2, 5, 3, 4))


@check(
    "for-and-against",
    points=2,
    hints=(
        "One weight for each map of each image: the mean of its gradients.",
        "Multiply, sum over the maps (axis 1), and then keep what is above 0.",
        "np.maximum((gradients.mean(axis=(2, 3), keepdims=True) * maps).sum(axis=1), 0)",
    ),
)
def test_what_speaks_for_the_class(student):
    "Grad-CAM"
    maps, gradients = a_layer(2)
    total = weighed(maps, gradients)
    positive = np.maximum(gradients.mean(axis=(2, 3), keepdims=True), 0)
    mistakes = {
        "the ReLU is missing": total,
        "the ReLU was applied to the weights, so nothing speaks against": (positive * maps).sum(
            axis=1
        ),
        "the gradients were not averaged over the places": np.maximum(
            (gradients * maps).sum(axis=1), 0
        ),
        "the gradients were added up, not averaged": np.maximum(12 * total, 0),
    }
    got, _ = two_of(student, maps, gradients)
    assert_close(got, np.maximum(total, 0), mistakes=mistakes, what="what speaks for the class")


@check(
    "for-and-against",
    hints=(
        "Against the class is what would lower the score: the sum is negative there.",
        "The same sum with the other sign, and what is above 0 of it.",
        "np.maximum(-total, 0)",
    ),
)
def test_what_speaks_against_the_class(student):
    "what speaks against the class"
    maps, gradients = a_layer(3)
    total = weighed(maps, gradients)
    mistakes = {
        "it is negative: change the sign": np.minimum(total, 0),
        "it is what speaks for the class": np.maximum(total, 0),
    }
    _, got = two_of(student, maps, gradients)
    assert_unchanged(student.for_and_against)
    assert_close(
        got, np.maximum(-total, 0), mistakes=mistakes, what="what speaks against the class"
    )


def linear_falls(image, side, fill):
    weights = np.arange(image.size).reshape(image.shape) % 7 - 2.0
    lost = weights * (image - fill)
    rows, columns = image.shape[0] // side, image.shape[1] // side
    return np.array(
        [
            [
                lost[i * side : (i + 1) * side, j * side : (j + 1) * side].sum()
                for j in range(columns)
            ]
            for i in range(rows)
        ]
    )


def scorer():
    weights = "(np.arange(image.size).reshape(image.shape) % 7 - 2.0)"
    return Source(f"lambda image: float(({weights} * image).sum())")


@check(
    "covered-squares",
    points=3,
    hints=(
        "Only one square is covered at a time: each needs a fresh copy of the image.",
        "copy[i * side : (i + 1) * side, j * side : (j + 1) * side] = image.mean()",
        "falls[i, j] = score(image) - score(copy)",
    ),
)
def test_fall_of_a_linear_score(student):
    "how far a linear score falls for each square"
    image = np.random.default_rng(4).random((6, 8))
    got = student.covered_squares(scorer(), image.copy(), 2)
    expected = linear_falls(image, 2, image.mean())
    mistakes = {
        "the sign is turned round: the fall is whole minus covered": -expected,
        "the squares are black, not as bright as the mean": linear_falls(image, 2, 0),
        "the squares before stay covered: take a fresh copy": expected.cumsum().reshape(3, 4),
    }
    assert_close(got, expected, mistakes=mistakes, what="the falls")


@check(
    "covered-squares",
    after="test_fall_of_a_linear_score",
    hints=(
        "What does not fill a square is left out, and the image stays as it is.",
        "H // side rows of squares, W // side columns.",
        "copy = image.copy() inside the loop",
    ),
)
def test_edges_and_the_image(student):
    "edges that fill no square are left out; the image stays; scores need not be linear"
    image = np.random.default_rng(5).random((7, 5))
    got = student.covered_squares(scorer(), image.copy(), 3)
    assert_close(got, linear_falls(image, 3, image.mean()), what="the falls")
    assert_unchanged(student.covered_squares)
    squares = Source("lambda image: float(1 + (image**2).sum())")
    lost = image**2 - image.mean() ** 2
    expected = np.array([[lost[:3, :3].sum()], [lost[3:6, :3].sum()]])
    mistakes = {
        "the score of a difference is not the difference of scores": np.array(
            [[1 + ((image - image.mean())[i : i + 3, :3] ** 2).sum()] for i in (0, 3)]
        ),
    }
    got = student.covered_squares(squares, image.copy(), 3)
    assert_close(got, expected, mistakes=mistakes, what="the falls of a score that is not linear")


def animals(seed, share):
    """Maps and masks; `share` of each map lies on the animal."""
    rng = np.random.default_rng(seed)
    masks = np.zeros((len(share), 6, 6), bool)
    for n in range(len(share)):
        i, j = rng.integers(0, 3, size=2)
        masks[n, i : i + 2, j : j + 3 + n % 2] = True
    maps = rng.random(masks.shape)
    for one, mask, part in zip(maps, masks, share, strict=True):
        one[mask] *= part / one[mask].sum()
        one[~mask] *= (1 - part) / one[~mask].sum()
    return maps, masks


@check(
    "background",
    points=2,
    hints=(
        "Two shares: of the map, and of the pixels.",
        "(maps * masks).sum() over maps.sum() for each image, against masks.mean().",
        "on_animal < masks.mean(axis=(1, 2)) * maps.sum(axis=(1, 2))",
    ),
)
def test_share_of_the_map_and_of_the_pixels(student):
    "the share of the map is compared with the share of the pixels"
    share = [0.9, 0.05, 0.3, 0.1, 0.4]
    maps, masks = animals(6, share)
    maps *= np.array([1.0, 40, 0.2, 7, 3]).reshape(-1, 1, 1)
    expected = np.array([s < m.mean() for s, m in zip(share, masks, strict=True)])
    mistakes = {
        "more than half of the map was asked for: a small animal cannot have it": np.array(share)
        < 0.5,
        "it says where the network looks at the animal": ~expected,
    }
    got = student.looks_at_background(maps, masks)
    assert_close(got, expected, mistakes=mistakes, what="what is suspected")


@check(
    "background",
    hidden=True,
    hints=(
        "A map of zeros marks nothing, so there is nothing to suspect.",
        "0 / 0 is no share: compare without a division.",
        "on_animal < area * maps.sum(axis=(1, 2))",
    ),
)
def test_a_map_that_marks_nothing(student):
    "a map of zeros is not suspected, nor one that marks all places alike; one image will do"
    maps, masks = animals(7, [0.02, 0.8])
    maps[0] = 0
    assert_close(student.looks_at_background(maps, masks), np.array([False, False]))
    maps, masks = animals(8, [0.01])
    assert_close(student.looks_at_background(maps, masks), np.array([True]))
    maps, masks = np.ones((1, 6, 6)), np.zeros((1, 6, 6), bool)
    masks[0, :3, 1:4] = True
    what = "what is suspected where all places are marked alike"
    assert_close(student.looks_at_background(maps, masks), np.array([False]), what=what)
