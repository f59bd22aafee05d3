"""Checks of the exercises in the chapter on data augmentation."""

import numpy as np

from companion import optim
from companion.data.digits import train_dev_test
from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.experiments.regularization import small_sets as small
from companion.experiments.side_by_side import SideBySide
from companion.regularization.transforms import RandomAffine, augmenter


def pair_of(student):
    got = student.mirrored_and_padded()
    assert isinstance(got, tuple), f"expected a tuple of box and point, got {kind_of(got)}"
    assert len(got) == 2, f"expected a box and a point, got {len(got)} values"
    return got


@check(
    "mirror-and-pad",
    hints=(
        "In a mirror the right edge becomes the left one.",
        "x1' = 10 - x2 and x2' = 10 - x1; y stays. Then the border adds to all of them.",
        "(10 - 5 + 2, 1 + 1, 10 - 2 + 2, 4 + 1)",
    ),
)
def test_where_the_box_is(student):
    "the box after mirror and border"
    box, _ = pair_of(student)
    x = 10 - np.array([5, 2]) + 2
    mistakes = {
        "each edge was mirrored by itself, so left and right are exchanged": (10, 2, 7, 5),
        "the border is missing": (5, 1, 8, 4),
        "pixels were counted: W - 1 - x is for columns, W - x for edges": (6, 2, 9, 5),
        "only the border was added": (4, 2, 7, 5),
    }
    expected = (x[0], 1 + 1, x[1], 4 + 1)
    assert_close(tuple(box), expected, mistakes=mistakes, what="the box")


@check(
    "mirror-and-pad",
    hints=(
        "A point has no edges: only x changes in the mirror.",
        "x' = 10 - 9.5; then the border adds 2 to x and 1 to y.",
        "(10 - 9.5 + 2, 3 + 1)",
    ),
)
def test_where_the_point_is(student):
    "the point after mirror and border"
    _, point = pair_of(student)
    mistakes = {
        "the border is missing": (0.5, 3),
        "pixels were counted: the image reaches to x = 10, not to 9": (1.5, 4),
        "only the border was added": (11.5, 4),
    }
    assert_close(tuple(point), (10 - 9.5 + 2, 3 + 1), mistakes=mistakes, what="the point")


@check(
    "turned-box",
    hints=(
        "Where do the four corners go? How far apart are the left and the right one then?",
        "At 45° the corners lie left, right, above and below: the new side is the diagonal.",
        "(√2 · side)² = 2 · side²",
    ),
)
def test_area_of_the_new_box(student):
    "the area of the box around the turned corners"
    words = ("the same", "1.4 times", "twice")
    got = student.area_of_the_new_box()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    turn = np.pi / 4
    corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) @ [[np.cos(turn)], [np.sin(turn)]]
    times = (np.ptp(corners) / 2) ** 2
    right = {1.0: "the same", 1.4: "1.4 times", 2.0: "twice"}[round(float(times), 1)]
    assert got == right, "not that much: draw the turned square and the upright one around it"


def shifted(images, shifts):
    """Each pixel by itself: where it comes from, if it comes from inside."""
    moved = np.zeros_like(images)
    i, j = np.indices(images.shape[1:])
    for n, (dy, dx) in enumerate(shifts):
        up, left = i - dy, j - dx
        inside = (up >= 0) & (up < images.shape[1]) & (left >= 0) & (left < images.shape[2])
        moved[n][inside] = images[n][up[inside], left[inside]]
    return moved


def asked(student, images, limit, seed):
    got = student.random_shifts(images.copy(), limit, Source(f"np.random.default_rng({seed})"))
    size = (len(images), 2)
    return got, np.random.default_rng(seed).integers(-limit, limit + 1, size=size)


@check(
    "shifted",
    points=2,
    hints=(
        "Each image needs its own shift; draw all of them first, in one call.",
        "Put a border of `limit` zeros around all images and cut a window out of each.",
        "moved[n] = padded[n, limit - dy : limit - dy + 28, limit - dx : limit - dx + 28]",
    ),
)
def test_each_image_moves_by_its_own_shift(student):
    "each image is moved by its own dy, dx"
    images = np.zeros((6, 28, 28), "float32")  # ink in the middle: nothing leaves
    images[:, 9:19, 8:20] = np.random.default_rng(0).random((6, 10, 12))
    for limit, seed in ((3, 1), (6, 2)):
        got, shifts = asked(student, images, limit, seed)
        mistakes = {
            "it moved against dy, dx": shifted(images, -shifts),
            "dy and dx are exchanged": shifted(images, shifts[:, ::-1]),
            "all images have the shift of the first": shifted(images, np.tile(shifts[:1], (6, 1))),
            "no image moved": images,
            "+limit is never drawn: the end of rng.integers is left out": shifted(
                images, np.random.default_rng(seed).integers(-limit, limit, size=(6, 2))
            ),
        }
        assert_close(got, shifted(images, shifts), mistakes=mistakes, what="the moved images")


@check(
    "shifted",
    after="test_each_image_moves_by_its_own_shift",
    hints=(
        "What leaves on one side must not come in on the other.",
        "np.roll turns an image round and round: the rows or columns that came in must be 0.",
        "padded = np.pad(images, ((0, 0), (limit, limit), (limit, limit)))",
    ),
)
def test_nothing_wraps_around(student):
    "what enters is 0"
    images = 0.1 + 0.9 * np.random.default_rng(3).random((8, 28, 28)).astype("float32")
    for limit, seed in ((5, 4), (28, 5)):
        got, shifts = asked(student, images, limit, seed)
        turned = np.stack([np.roll(a, s, (0, 1)) for a, s in zip(images, shifts, strict=True)])
        edge = np.pad(images, ((0, 0), (28, 28), (28, 28)), mode="edge")
        kept = np.stack([
            a[28 - dy : 56 - dy, 28 - dx : 56 - dx]
            for a, (dy, dx) in zip(edge, shifts, strict=True)
        ])  # fmt: skip
        mistakes = {
            "what left came in on the other side": turned,
            "what enters is a copy of the edge": kept,
        }
        assert_close(got, shifted(images, shifts), mistakes=mistakes, what="the moved images")


@check(
    "shifted",
    hidden=True,
    hints=(
        "A new array, also where nothing moves.",
        "With limit 0 a slice such as padded[limit:-limit] is empty; and images must not change.",
        "window = padded[n, i : i + H, j : j + W], with i = limit - dy",
    ),
)
def test_no_shift_and_the_input(student):
    "limit 0 changes nothing, one image or none will do, and the input stays as it is"
    images = np.random.default_rng(6).random((3, 28, 28))
    got, _ = asked(student, images, 0, 7)
    assert_close(got, images, what="the images with limit 0")
    for many in (images[:1], images[:0], images):
        got, shifts = asked(student, many, 2, 8)
        assert_unchanged(student.random_shifts)
        assert_close(got, shifted(many, shifts), what="the moved images")


def development_error(degrees, shift, zoom):
    """What the part's network reaches with these ranges."""
    change = RandomAffine(degrees, (shift / 28, shift / 28), (1 - zoom, 1 + zoom))
    data, (X, y) = train_dev_test(), small.own_sets([20])
    networks = SideBySide([small.network(20)])
    adam = optim.Adam(networks.parameters(), lr=1e-3)
    small.learn(networks, X, y, adam, epochs=40, augment=augmenter(change))
    return small.errors(networks, data.X_dev, data.y_dev)[0]


@check(
    "choose-changes",
    points=3,
    hints=(
        "Changes so small that you would not notice them keep the label, and they help.",
        "Some ten degrees, a pixel or two, a tenth of the size.",
        "return 10, 2, 0.1",
    ),
)
def test_the_development_error_falls(student):
    "with your ranges the development error is at most 9.5 %"
    got = student.ranges()
    assert isinstance(got, tuple), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    degrees, shift, zoom = (float(value) for value in got)
    assert 0 <= degrees <= 180, f"the angle is from 0 to 180 degrees, got {degrees:g}"
    assert 0 <= shift <= 28, f"the shift is from 0 to 28 pixels, got {shift:g}"
    assert 0 <= zoom < 1, f"the zoom is a share from 0 to below 1, such as 0.1; got {zoom:g}"
    error = development_error(degrees, shift, zoom)
    assert error <= 0.095, f"the development error is {error:.1%}, more than 9.5%"
