"""Checks of the exercises in the chapter on one object."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.tensor import Tensor


@check(
    "empty-picture",
    hints=(
        "Which of the three questions is asked of an empty picture?",
        "Box and class are multiplied by p_c = 0.",
        "Only the logit of presence is left.",
    ),
)
def test_how_many_learn(student):
    "how many outputs learn from an empty picture"
    mistakes = {
        "the squared error of all numbers would do that; here each part has its own": 15,
        "the box of an empty picture is a placeholder": 5,
        "the logit of presence does learn: it should say no": 0,
    }
    assert_close(student.numbers_that_learn(), 1, mistakes=mistakes, what="how many")


@check(
    "box-by-hand",
    points=2,
    hints=(
        "First centre and size in pixels, then divide by the sides of the picture.",
        "Centre (70, 35), 50 high and 100 wide; x and width by 200, y and height by 100.",
        "(70 / 200, 35 / 100, 50 / 100, 100 / 200)",
    ),
)
def test_four_numbers(student):
    "bx, by, bh, bw"
    x1, y1, x2, y2, W, H = 20, 10, 120, 60, 200, 100
    b = np.array([(x1 + x2) / 2 / W, (y1 + y2) / 2 / H, (y2 - y1) / H, (x2 - x1) / W])
    pixels = np.array([70.0, 35, 50, 100])
    mistakes = {
        "these are pixels, not shares": pixels,
        "that is the corner, not the centre": np.array([x1 / W, y1 / H, b[2], b[3]]),
        "x and y are divided by the other side": np.array([0.7, 0.175, 0.25, 1.0]),
        "all are divided by 200": pixels / 200,
        "all are divided by 100": pixels / 100,
    }
    got = student.shares_by_hand()
    right_kind = isinstance(got, tuple | list | np.ndarray)
    assert right_kind, f"expected four numbers in a tuple, got {kind_of(got)}"
    assert not any(isinstance(share, str) for share in got), "expected numbers, got text"
    assert_close(np.array(got, float), b, mistakes=mistakes, what="b")


def boxes_of(count, seed):
    """Boxes within a picture, as shares and as corners."""
    rng = np.random.default_rng(seed)
    low, high = np.sort(rng.random((2, count, 2)), axis=0)
    middle, size = (low + high) / 2, high - low
    return np.hstack([middle, size[:, ::-1]]), np.hstack([low, high])


@check(
    "back-to-corners",
    hints=(
        "Half of the width lies left of the centre and half right of it.",
        "The third number is the height, the fourth the width.",
        "x1 = (x − wide / 2) · width, y1 = (y − high / 2) · height",
    ),
)
def test_boxes_within(student):
    "boxes within the picture"
    rows, shares = boxes_of(5, 0)
    x, y, high, wide = rows.T
    side = np.array([300.0, 200, 300, 200])
    turned = np.stack([x - high / 2, y - wide / 2, x + high / 2, y + wide / 2], 1)
    mistakes = {
        "height and width are exchanged": np.clip(turned, 0, 1) * side,
        "these are shares, not pixels": shares,
        "the centre is taken for the corner": np.stack([x, y, x + wide, y + high], 1) * side,
        "x is multiplied by the height": shares * side[::-1][[0, 1, 0, 1]],
    }
    got = student.corners_of(rows, 300, 200)
    assert_unchanged(student.corners_of)
    assert_close(got, shares * side, atol=1e-4, mistakes=mistakes, what="corners")


@check(
    "back-to-corners",
    after="test_boxes_within",
    hidden=True,
    hints=(
        "A network may say a box that reaches over the edge.",
        "Cut x off at 0 and the width, y at 0 and the height. Without boxes, return (0, 4).",
        "np.clip(corners, 0, [width, height, width, height])",
    ),
)
def test_boxes_over_the_edge(student):
    "boxes that reach over the edges, and no boxes at all"
    rows = np.array([[0.1, 0.9, 0.4, 0.4], [0.95, 0.1, 0.5, 0.3]])
    for width, height in ((50, 50), (200, 50), (50, 200)):
        side = np.array([width, height, width, height])
        over = np.array([[-0.1, 0.7, 0.3, 1.1], [0.8, -0.15, 1.1, 0.35]]) * side
        mistakes = {
            "boxes reach over the edge": over,
            "y is cut off at the height, not at the width": np.clip(over, 0, width),
            "x is cut off at the width, not at the longer side": np.clip(over, 0, side.max()),
            "the last pixel ends at the side of the picture": np.clip(over, 0, side - 1),
        }
        got = student.corners_of(rows, width, height)
        what = f"corners in a picture of {width} × {height}"
        assert_close(got, np.clip(over, 0, side), atol=1e-4, mistakes=mistakes, what=what)
    got = student.corners_of(np.empty((0, 4)), 50, 50)
    assert_close(got, np.empty((0, 4)), what="the array of no corners")


def by_the_engine(output, target, weight):
    """The gradient by automatic differentiation."""
    y = Tensor(np.array(output, dtype=float), requires_grad=True)
    loss = (y[0].exp() + 1.0).log() - y[0] * target[0]
    if target[0]:
        apart = y[1:5] - target[1:5]
        loss = loss + (apart * apart).sum() * weight
        loss = loss + y[5:].exp().sum().log() - y[5 + int(target[5])]
    loss.backward()
    return y.grad


OUTPUT = np.array([0.5, 0.4, 0.3, 0.6, 0.2, 1.0, -1.0, 0.5])


@check(
    "part-gradients",
    points=2,
    hints=(
        "Three parts, three gradients: σ(s) − p_c, 2λ(b̂ − b), softmax − one-hot.",
        "Slots: 0 is presence, 1 to 4 the box, from 5 on the classes.",
        "slope[1:5] = 2 * weight * (output[1:5] - target[1:5])",
    ),
)
def test_with_an_object(student):
    "pictures with an object, of three classes and of two"
    target = np.array([1, 0.5, 0.5, 0.4, 0.3, 2.0])
    expected = by_the_engine(OUTPUT, target, 20.0)
    no_two, no_weight, no_class, no_sigmoid = (expected.copy() for _ in range(4))
    no_two[1:5] /= 2
    no_weight[1:5] /= 20
    no_class[7] += 1
    no_sigmoid[0] = OUTPUT[0] - 1
    mistakes = {
        "the 2 of the square's slope is missing": no_two,
        "the weight of the box is missing": no_weight,
        "take 1 off the probability of the right class": no_class,
        "presence goes through the logistic function first": no_sigmoid,
    }
    got = student.localization_gradient(OUTPUT, target, 20.0)
    assert_unchanged(student.localization_gradient)
    assert_close(got, expected, mistakes=mistakes, what="the gradient")
    of_two = np.append(OUTPUT[:5], [0.3, -0.4])
    target = np.array([1, 0.2, 0.6, 0.3, 0.1, 0.0])
    expected = by_the_engine(of_two, target, 7.0)
    fixed, no_class = expected.copy(), expected.copy()
    fixed[1:5] *= 20 / 7
    no_class[5] += 1
    mistakes = {
        "the weight of the box is the argument, not always 20": fixed,
        "take 1 off the probability of the right class, class 0 too": no_class,
    }
    got = student.localization_gradient(of_two, target, 7.0)
    assert_close(got, expected, mistakes=mistakes, what="the gradient with two classes")


@check(
    "part-gradients",
    points=2,
    after="test_with_an_object",
    hints=(
        "What does not matter gets no gradient.",
        "If p_c is 0, only slot 0 may differ from 0, whatever stands in the target. And exp of a "
        "large score overflows: take the largest off all class scores first.",
        "if target[0] == 1: fill in box and class, with p = np.exp(z - z.max()), p / p.sum()",
    ),
)
def test_without_an_object(student):
    "pictures without an object; large scores"
    for rest in ([0, 0, 0, 0, 0], [0.5, 0.2, 0.1, 0.4, 1]):
        target = np.array([0, *rest], dtype=float)
        expected = by_the_engine(OUTPUT, target, 5.0)
        box = expected.copy()
        box[1:5] = 10 * (OUTPUT[1:5] - target[1:5])
        got = student.localization_gradient(OUTPUT, target, 5.0)
        mistakes = {"the box of an empty picture gets a gradient": box}
        assert_close(got, expected, mistakes=mistakes, what="the gradient")
    large = np.array([0.0, 0, 0, 0, 0, 1000, 0, 0])
    target = np.array([1, 0, 0, 0, 0, 1.0])
    got = student.localization_gradient(large, target, 1.0)
    assert_close(
        got, np.array([-0.5, 0, 0, 0, 0, 1, -1, 0]), what="the gradient at a score of 1000"
    )
