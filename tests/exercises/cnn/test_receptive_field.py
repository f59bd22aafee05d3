"""Checks of the exercises in the chapter on receptive fields."""

import numpy as np
import torch

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of


def pixels(layers):
    """Pixels that output 0 sees: where torch's gradient of ones is not zero."""
    size, _ = field(layers)
    x = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    out = x
    for k, s, d in layers:
        ones = torch.ones(1, 1, k, dtype=torch.float64)
        out = torch.nn.functional.conv1d(out, ones, stride=s, dilation=d)
    out[0, 0, 0].backward()
    return set(torch.nonzero(x.grad[0, 0])[:, 0].tolist())


def jumps(layers):
    found = [1]
    for _, s, _ in layers:
        found.append(found[-1] * s)
    return found[:-1]


def pair(got, what):
    assert isinstance(got, tuple | list), f"{what}: expected two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"{what}: expected two numbers, got {len(got)}"
    return got


FOUR = [(7, 2, 1), (3, 2, 1), (3, 1, 1), (3, 1, 2)]


@check(
    "four-layers",
    hints=(
        "Begin with 1 pixel and jump 1, and go layer by layer.",
        "r grows by d (k - 1) times the jump before the layer: 7, then 7 + 2 · 2, …",
        "7, 11, 19, and then 19 + 2 * 2 * 4",
    ),
)
def test_the_field(student):
    "the receptive field"
    got, _ = pair(student.four_layers(), "the answer")
    mistakes = {
        "the dilation is missing": 27,
        "the jumps are missing": 15,
        "each layer used the jump behind it, not the one before it": 1 + 12 + 8 + 8 + 16,
    }
    assert_close(got, max(pixels(FOUR)) + 1, mistakes=mistakes, what="the receptive field")


@check(
    "four-layers",
    hints=(
        "Neighbours at the end are as many pixels apart as all strides together make.",
        "The strides multiply.",
        "2 * 2",
    ),
)
def test_the_jump(student):
    "the distance of the fields of neighbours"
    _, got = pair(student.four_layers(), "the answer")
    mistakes = {"dilation moves no field": 8, "strides multiply": 6}
    assert_close(got, 2 * 2 * 1 * 1, mistakes=mistakes, what="the jump")


@check(
    "four-times-as-deep",
    hints=(
        "Which part of the field counts: how does its width depend on the depth n?",
        "It is the standard deviation of a sum of n independent steps.",
        "√(4n) / √n",
    ),
)
def test_how_much_wider(student):
    "the growth of the effective width"
    words = ("not", "twice", "four times", "sixteen times")
    got = student.four_times_as_deep()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    right = words[round(4**0.5) - 1]
    assert got == right, "variances of independent steps add up; the width is the root of their sum"


def field(layers):
    size = 1 + sum(d * (k - 1) * j for (k, _, d), j in zip(layers, jumps(layers), strict=True))
    jump = 1
    for _, s, _ in layers:
        jump *= s
    return size, jump


@check(
    "field-of-a-list",
    hints=(
        "Keep two numbers, both 1 at first.",
        "size += d (k - 1) jump, then jump *= s.",
        "for k, s, d in layers: size += d * (k - 1) * jump; jump *= s",
    ),
)
def test_without_stride(student):
    "stacks without stride and dilation, and no layer at all"
    for layers in ([], [(5, 1, 1)], [(3, 1, 1)] * 4, [(1, 1, 1), (2, 1, 1)]):
        got = pair(student.field_of(list(layers)), "field_of")
        assert_close(tuple(got), field(layers), what=f"size and jump of {layers}")


@check(
    "field-of-a-list",
    points=2,
    after="test_without_stride",
    hints=(
        "A stride acts on what later layers add, not on its own.",
        "A kernel with dilation reaches over d (k - 1) + 1 numbers.",
        "size before jump",
    ),
)
def test_with_strides_and_dilation(student):
    "strides and dilations"
    long = [(2, 2, 3), (5, 3, 2), (3, 1, 1)]
    for layers in ([(3, 2, 1), (3, 2, 1)], [(3, 1, 4)], long, long[::-1], FOUR):
        got = pair(student.field_of(list(layers)), "field_of")
        late, jump, flat = 1, 1, 1
        for k, s, d in layers:
            jump *= s
            late += d * (k - 1) * jump
            flat += (k - 1) * jump // s
        mistakes = {
            "the jump was multiplied before the size grew": (late, jump),
            "the dilation is missing": (flat, jump),
        }
        assert_close(
            tuple(got), field(layers), mistakes=mistakes, what=f"size and jump of {layers}"
        )


def set_of(student, layers):
    got = student.pixels_of(list(layers))
    assert isinstance(got, list | tuple), f"expected a list of pixels, got {kind_of(got)}"
    for pixel in got:
        whole = isinstance(pixel, int | np.integer)
        assert whole, f"{layers}: pixels are whole numbers, got {kind_of(pixel)}"
    found = [int(pixel) for pixel in got]
    assert found == sorted(found), f"{layers}: the pixels are not in rising order: {found}"
    assert len(set(found)) == len(found), f"{layers}: pixels come more than once: {found}"
    return set(found)


@check(
    "which-pixels",
    points=2,
    hints=(
        "Which numbers of the map before it does output i of one layer read?",
        "s i + d n for n from 0 to k - 1.",
        "{s * i + d * n for i in needed for n in range(k)}",
    ),
)
def test_one_layer(student):
    "one layer, and none"
    for layers in ([], [(3, 1, 1)], [(3, 2, 2)], [(4, 1, 3)], [(1, 5, 1)]):
        got, expected = set_of(student, layers), pixels(layers) if layers else {0}
        assert got == expected, f"{layers}: expected {sorted(expected)}, got {sorted(got)}"


@check(
    "which-pixels",
    points=2,
    after="test_one_layer",
    hints=(
        "Begin at the end of the list: the last layer reads what the one before it put out.",
        "Holes stay: do not fill from the smallest to the largest.",
        "for k, s, d in reversed(layers): needed = {…}",
    ),
)
def test_several_layers(student):
    "several layers, with holes"
    for layers in ([(3, 1, 2)] * 2, [(2, 3, 1), (3, 1, 1)], [(3, 1, 1), (3, 2, 2)], FOUR):
        got, expected = set_of(student, layers), pixels(layers)
        if got == set(range(max(expected) + 1)) != expected:
            raise AssertionError(f"{layers}: dilation leaves holes; you filled them")
        if got == pixels(layers[::-1]) != expected:
            raise AssertionError(f"{layers}: begin with the last layer, not with the first")
        assert got == expected, f"{layers}: expected {sorted(expected)}, got {sorted(got)}"
