"""Checks of the exercises in the chapter on landmarks."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.tensor import Tensor


@check(
    "landmark-error",
    points=2,
    hints=(
        "Distance of each point, mean of the three, divided by the distance of the eyes.",
        "The nose is off by 3 and 4 pixels, together 5.",
        "(6 + 0 + 5) / 3 / 20",
    ),
)
def test_the_error(student):
    "the normalized mean error"
    said = np.array([[10.0, 26], [30, 20], [23, 36]])
    true = np.array([[10.0, 20], [30, 20], [20, 32]])
    e, unit = np.linalg.norm(said - true, axis=1), np.linalg.norm(true[0] - true[1])
    mistakes = {
        "these are pixels; divide by the distance of the eyes": e.mean(),
        "that is the sum; take the mean of the three points": e.sum() / unit,
        "the unit is the distance of the true eyes": e.mean() / np.linalg.norm(said[0] - said[1]),
        "distances, not squares of them": (e**2).mean() / unit,
        "the distance of (3, 4) is 5, not 7": (6 + 7) / 3 / unit,
        "the right eye counts too, with error 0": e.sum() / 2 / unit,
    }
    assert_close(student.error_by_hand(), e.mean() / unit, mistakes=mistakes, what="the error")


@check(
    "forgotten-swap",
    hints=(
        "Number 0 is the left eye in half of the pictures and the right eye in the others.",
        "A squared error is smallest at the mean.",
        "(12 + 36) / 2",
    ),
)
def test_the_place(student):
    "where the left eye is said to be"
    mistakes = {
        "that would be so if names were exchanged": 12,
        "half of the pictures say so, the others say 12": 36,
    }
    assert_close(student.left_eye_at(), (12 + 36) / 2, mistakes=mistakes, what="x")


def pair_of(got, what):
    assert isinstance(got, tuple | list), f"expected {what} in a tuple, got {kind_of(got)}"
    assert len(got) == 2, f"expected {what}, got {len(got)} values"
    return got


@check(
    "mirror-faces",
    points=2,
    hints=(
        "x becomes W − x, y stays; then names are exchanged.",
        "W is the last number of the images' shape; x is the first of each point.",
        "moved[:, [a, b]] = moved[:, [b, a]]",
    ),
)
def test_points(student):
    "the points of mirrored faces"
    rng = np.random.default_rng(0)
    images, points = rng.random((3, 8, 10)), rng.random((3, 5, 2)) * 8
    kept = points * [-1, 1] + [10, 0]
    expected = kept[:, [1, 0, 2, 4, 3]]
    mistakes = {
        "names are not exchanged": kept,
        "points stay where they were": points,
        "names are exchanged, but points stay": points[:, [1, 0, 2, 4, 3]],
        "that is W − 1 − x; points are counted from the edge": expected - [1, 0],
        "that is the height minus x": expected - [2, 0],
        "that mirrors top and bottom": (points * [1, -1] + [0, 8])[:, [1, 0, 2, 4, 3]],
        "one of each pair is lost: in p[:, a], p[:, b] = … both sides are views": kept[
            :, [1, 1, 2, 4, 4]
        ],
        "only the first pair is exchanged": kept[:, [1, 0, 2, 3, 4]],
    }
    _, got = pair_of(student.mirror(images, points, [(0, 1), (3, 4)]), "images and points")
    assert_unchanged(student.mirror)
    assert_close(got, expected, mistakes=mistakes, what="points")
    _, got = pair_of(student.mirror(images, points, []), "images and points")
    assert_close(got, kept, what="points without pairs")


@check(
    "mirror-faces",
    after="test_points",
    hidden=True,
    hints=(
        "The pixels of each row come in opposite order.",
        "The last axis is the columns.",
        "images[:, :, ::-1]",
    ),
)
def test_images(student):
    "the pixels, another width and other pairs, and all twice"
    rng = np.random.default_rng(1)
    images, points = rng.random((2, 4, 6)), rng.random((2, 4, 2)) * 4
    once = pair_of(student.mirror(images, points, [(3, 0)]), "images and points")
    mistakes = {
        "that mirrors top and bottom": images[:, ::-1],
        "pixels stay": images,
        "the order of the images is turned around": images[::-1],
        "the order of the images is turned around as well": images[::-1, :, ::-1],
    }
    assert_close(once[0], np.flip(images, 2), mistakes=mistakes, what="images")
    kept = points * [-1, 1] + [6, 0]
    mistakes = {
        "the pairs are those of the argument, not always the same": kept[:, [1, 0, 2, 3]],
        "the width is the last number of the images' shape, not always 10": (
            (points * [-1, 1] + [10, 0])[:, [3, 1, 2, 0]]
        ),
    }
    assert_close(once[1], kept[:, [3, 1, 2, 0]], mistakes=mistakes, what="points")
    twice = pair_of(student.mirror(*once, [(3, 0)]), "images and points")
    assert_close(twice[0], images, what="images mirrored twice")
    assert_close(twice[1], points, what="points mirrored twice")


def by_the_engine(said, true, seen):
    y = Tensor(said, requires_grad=True)
    apart = (y - true) * seen[..., None]
    loss = (apart * apart).sum() * (1.0 / max(seen.sum(), 1))
    loss.backward()
    return float(loss.numpy()), y.grad


@check(
    "hidden-points",
    points=2,
    hints=(
        "Hidden points must be multiplied by 0 before anything is added up.",
        "Divide by the number of points seen, not by all.",
        "apart = (said - true) * seen[..., None]; (apart**2).sum() / seen.sum()",
    ),
)
def test_loss_and_gradient(student):
    "the loss and its gradient"
    rng = np.random.default_rng(0)
    said, true = rng.random((2, 4, 5, 2))
    seen = (rng.random((4, 5)) < 0.6).astype(float)
    loss, slope = by_the_engine(said, true, seen)
    squares = (said - true) ** 2
    n = seen.sum()
    mistakes = {
        "hidden points are counted": squares.sum() / seen.size,
        "divide by the points seen, not by all": loss * n / seen.size,
        "a point's squared distance is the sum over x and y": loss / 2,
        "that is the sum, not the mean": loss * n,
        "distances must be squared before the mean": np.sqrt(squares.sum(axis=2))[seen > 0].mean(),
        "divide by the points seen, not by the pictures": loss * n / len(said),
    }
    got = pair_of(student.loss_of_seen(said, true, seen), "loss and gradient")
    assert_unchanged(student.loss_of_seen)
    assert_close(got[0], loss, mistakes=mistakes, what="the loss")
    slips = {
        "hidden points get a gradient": 2 * (said - true) / n,
        "the 2 is missing": slope / 2,
        "the gradient is divided by the points seen, like the loss": slope * n,
        "the sign is turned": -slope,
    }
    assert_close(got[1], slope, mistakes=slips, what="the gradient")


@check(
    "hidden-points",
    after="test_loss_and_gradient",
    hidden=True,
    hints=(
        "How many points are seen when all are hidden?",
        "0 divided by 0 is NaN.",
        "count = max(seen.sum(), 1)",
    ),
)
def test_nothing_seen(student):
    "all points hidden, and all but one"
    said, true = np.ones((2, 3, 2)), np.zeros((2, 3, 2))
    got = pair_of(student.loss_of_seen(said, true, np.zeros((2, 3))), "loss and gradient")
    assert_close(got[0], 0.0, what="the loss")
    assert_close(got[1], np.zeros((2, 3, 2)), what="the gradient")
    seen = np.zeros((2, 3))
    seen[1, 2] = 1
    got = pair_of(student.loss_of_seen(said, true, seen), "loss and gradient")
    assert_close(got[0], 2.0, what="the loss where one point is seen")
    right = 2 * np.repeat(seen[..., None], 2, axis=2)
    assert_close(got[1], right, what="the gradient where one point is seen")
