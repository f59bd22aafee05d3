"""Pixels move as SciPy and torch move them, and boxes, landmarks and masks go where they go."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from companion.regularization.transforms import (
    Compose,
    ElasticTransform,
    Pad,
    RandomAffine,
    RandomApply,
    RandomCrop,
    RandomErasing,
    RandomHorizontalFlip,
    RandomRotation,
    RandomVerticalFlip,
    Sample,
    SanitizeBoundingBoxes,
    augmenter,
    warped,
)
from companion.regularization.transforms.elastic import steepness
from companion.regularization.transforms.moves import Affine, Shifted, matrices
from companion.regularization.transforms.moving import moved
from companion.regularization.transforms.sampling import bilinear, centres, nearest

SIZE = H, W = 40, 52


def noise(shape=SIZE, seed=0, dtype=float):
    return np.random.default_rng(seed).random(shape).astype(dtype)


def blob(x, y, size=SIZE, width=1.5):
    """An image with one bright spot, and nothing near the border if it is inside."""
    at = centres(size)
    return np.exp(-((at[..., 0] - x) ** 2 + (at[..., 1] - y) ** 2) / (2 * width**2))


def middle_of(image):
    weights = image / image.sum()
    return np.einsum("hw,hwc->c", weights, centres(image.shape))


def bounds(mask):
    """The box around the pixels of a mask: (x1, y1, x2, y2)."""
    i, j = np.nonzero(mask)
    return np.array([j.min(), i.min(), j.max() + 1, i.max() + 1])


def boxed(box, size=SIZE):
    """A sample with one box of whole pixels, whose mask is 1 in it."""
    x1, y1, x2, y2 = box
    mask = np.zeros(size, dtype=np.int64)
    mask[y1:y2, x1:x2] = 1
    return Sample(mask.astype(float), 3, [box], [[x1, y1], [x2, y2]], mask)


@st.composite
def boxes(draw, size=SIZE, least=4, margin=0):
    H, W = size
    x1 = draw(st.integers(margin, W - margin - least))
    y1 = draw(st.integers(margin, H - margin - least))
    x2 = draw(st.integers(x1 + least, W - margin))
    y2 = draw(st.integers(y1 + least, H - margin))
    return x1, y1, x2, y2


# Pixels


@pytest.mark.parametrize("fill", [0.0, 0.7])
def test_bilinear_is_scipy_s(fill):
    rng, images = np.random.default_rng(1), noise((3, 7, 9))
    x, y = rng.uniform(-3, 12, (2, 3, 50))
    for image, xs, ys, got in zip(images, x, y, bilinear(images, x, y, fill), strict=True):
        expected = ndimage.map_coordinates(
            image, [ys - 0.5, xs - 0.5], order=1, mode="grid-constant", cval=fill
        )
        np.testing.assert_allclose(got, expected, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bilinear_is_torch_s(dtype):
    """grid_sample counts from −1 to 1 across the image; its pixels are squares, as ours are."""
    images = noise((2, 6, 11), dtype=dtype)
    x, y = np.random.default_rng(2).uniform(-2, 13, (2, 2, 5, 5)).astype(dtype)
    grid = torch.tensor(np.stack([2 * x / 11 - 1, 2 * y / 6 - 1], axis=-1))
    theirs = torch.nn.functional.grid_sample(
        torch.tensor(images)[:, None], grid, align_corners=False
    )
    got = bilinear(images, x, y)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, theirs[:, 0], atol=2e-5 if dtype == np.float32 else 1e-12)


def test_bilinear_of_centres_is_the_image_and_far_away_is_fill():
    image = noise((1, 5, 6))
    x, y = np.moveaxis(centres((5, 6)), -1, 0)
    np.testing.assert_array_equal(bilinear(image, x[None], y[None]), image)
    far = np.array([[-1e9, 1e9, 3.0]])
    got = bilinear(image, far, np.array([[1.0, 1, -0.5]]), 0.3)
    np.testing.assert_allclose(got, 0.3, rtol=1e-12)


def test_nearest_reads_the_pixel_a_point_is_in():
    mask = np.arange(6).reshape(2, 3)
    x, y = np.array([0.0, 2.99, 1.5, 3.0, -0.01, 1]), np.array([0.0, 1.99, 0.5, 1, 1, 2.0])
    np.testing.assert_array_equal(nearest(mask, x, y), [0, 5, 1, 0, 0, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_batch_moves_as_torch_moves_it(dtype):
    """affine_grid wants the map from the output to the input, in its own coordinates."""
    images = noise((70, 28, 28), dtype=dtype)
    maps = RandomAffine(40, (0.2, 0.1), (0.7, 1.4), 20).draw((28, 28), np.random.default_rng(3), 70)
    whole = np.concatenate([maps, np.tile([[[0.0, 0, 1]]], (70, 1, 1))], axis=1)
    unit = np.array([[14.0, 0, 14], [0, 14, 14], [0, 0, 1]])
    theta = (np.linalg.inv(unit) @ np.linalg.inv(whole) @ unit)[:, :2]
    grid = torch.nn.functional.affine_grid(
        torch.tensor(theta.astype(dtype)), (70, 1, 28, 28), align_corners=False
    )
    expected = torch.nn.functional.grid_sample(
        torch.tensor(images)[:, None], grid, align_corners=False
    )
    got = warped(images, maps)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected[:, 0], atol=1e-4 if dtype == np.float32 else 1e-11)


def test_a_batch_moves_as_each_image_does_alone():
    images, one = noise((5, 9, 12)), RandomAffine(30, (0.1, 0.2), (0.8, 1.2), fill=0.4)
    maps = one.draw((9, 12), np.random.default_rng(0), 5)
    for image, matrix, got in zip(images, maps, warped(images, maps, 0.4), strict=True):
        alone = moved(Sample(image), Affine(matrix), fill=0.4).image
        np.testing.assert_allclose(got, alone, atol=1e-12)


def test_a_colour_image_moves_channel_by_channel():
    image = noise((9, 12, 3), dtype=np.float32)
    got = RandomRotation(50)(image, 4)
    assert got.dtype == np.float32
    for c in range(3):
        np.testing.assert_array_equal(got[..., c], RandomRotation(50)(image[..., c], 4))


def test_a_quarter_turn_is_exact():
    image = noise((8, 8))
    got = RandomRotation((90, 90))(image, 0)
    np.testing.assert_allclose(got, np.rot90(image), atol=1e-12)
    points = RandomRotation((90, 90))(Sample(image, landmarks=[[8, 0], [4, 4]]), 0).landmarks
    np.testing.assert_allclose(points, [[0, 0], [4, 4]], atol=1e-12)


# Points


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(18, 34), st.floats(15, 25))
def test_landmarks_stay_on_their_pixels(seed, x, y):
    """A bright spot is where its landmark is, after each geometric transform."""
    sample = Sample(blob(x, y), landmarks=[[x, y]])
    for one, near in {
        RandomHorizontalFlip(1.0): 0.01,
        RandomVerticalFlip(1.0): 0.01,
        Pad((1, 2, 3, 4)): 0.01,
        RandomCrop((36, 47)): 0.01,
        RandomAffine(30, (0.05, 0.05), (0.8, 1.2), 10): 0.05,
        ElasticTransform(20, 6): 0.3,  # the spot itself is bent
    }.items():
        got = one(sample, seed)
        np.testing.assert_allclose(middle_of(got.image), got.landmarks[0], atol=near)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_forward_and_backward_undo_each_other(seed):
    rng = np.random.default_rng(seed)
    points = rng.uniform(-10, 60, (30, 2))
    moves = [
        Affine(RandomAffine(180, (1, 1), (0.2, 5), 40).draw((40, 52), rng)),
        Shifted(ElasticTransform(30, 6).draw((40, 52), rng)),
        Shifted(ElasticTransform(900, 6).draw((40, 52), rng)),
    ]
    for move in moves:
        np.testing.assert_allclose(move.backward(move.forward(points)), points, atol=1e-6)
        np.testing.assert_allclose(move.forward(move.backward(points)), points, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(boxes(), st.integers(0, 10**6))
def test_boxes_and_masks_move_alike_by_whole_pixels(box, seed):
    sample = boxed(box)
    for one in (
        RandomHorizontalFlip(), RandomVerticalFlip(), Pad((3, 0, 1, 2)), RandomCrop((30, 30)),
        RandomCrop((40, 50), padding=4),
    ):  # fmt: skip
        got = one(sample, seed)
        np.testing.assert_array_equal(got.image, got.mask)
        if got.mask.any():
            np.testing.assert_allclose(got.boxes[0], bounds(got.mask), atol=1e-9)
        else:
            assert np.prod(got.boxes[0, 2:] - got.boxes[0, :2]) < 1e-9
        assert got.label == 3


@settings(max_examples=80, deadline=None)
@given(boxes(), st.integers(0, 10**6))
def test_a_box_holds_the_pixels_of_its_mask(box, seed):
    for one in (RandomAffine(180, (0.3, 0.3), (0.5, 2), 25), ElasticTransform(40, 6)):
        got = one(boxed(box), seed)
        if got.mask.any():
            found = bounds(got.mask)
            # A pixel belongs to the mask if its centre does: half of it may stand out, and
            # between 32 points of a bent side a little more.
            assert (got.boxes[0, :2] - 0.55 <= found[:2]).all()
            assert (found[2:] <= got.boxes[0, 2:] + 0.55).all()


@settings(max_examples=80, deadline=None)
@given(boxes(margin=9), st.integers(0, 10**6))
def test_a_box_is_as_small_as_its_pixels_allow(box, seed):
    """All corners stay inside, so the box must be that of the mask, to what pixels can tell."""
    for one in (RandomAffine(25, (0.02, 0.02), (0.8, 1.2)), ElasticTransform(30, 6)):
        got = one(boxed(box), seed)
        assert (got.boxes > 0).all()
        assert (got.boxes < [W, H, W, H]).all()
        np.testing.assert_allclose(got.boxes[0], bounds(got.mask), atol=1.6)


def test_matrices_by_hand():
    c = (2.0, 3.0)
    identity = np.eye(2, 3)
    np.testing.assert_allclose(matrices(centre=c), identity)
    twice = Affine(matrices(scale=2.0, centre=c)).forward(np.array([[2.0, 3], [3, 5]]))
    np.testing.assert_allclose(twice, [[2, 3], [4, 7]])
    # Counter-clockwise on the screen: what is right of the centre goes up, to smaller y.
    up = Affine(matrices(angle=90, centre=c)).forward(np.array([3.0, 3.0]))
    np.testing.assert_allclose(up, [2, 2], atol=1e-12)
    sheared = Affine(matrices(shear=(45, 0))).forward(np.array([[0.0, 1], [1, 0]]))
    np.testing.assert_allclose(sheared, [[1, 1], [1, 0]], atol=1e-12)
    assert matrices(np.zeros(4), np.zeros((4, 2)), np.ones(4), np.zeros((4, 2))).shape == (4, 2, 3)


def test_a_mirror_swaps_the_names_of_left_and_right():
    sample = Sample(noise((4, 10)), landmarks=[[2, 1], [7, 1], [5, 3]])
    got = RandomHorizontalFlip(1.0, swap=[1, 0, 2])(sample, 0)
    np.testing.assert_array_equal(got.landmarks, [[3, 1], [8, 1], [5, 3]])
    with pytest.raises(ValueError, match=r"swap is \[0, 0, 2\] for 3 landmarks"):
        RandomHorizontalFlip(1.0, swap=[0, 0, 2])(sample, 0)


def test_boxes_with_nothing_left_are_dropped_with_their_labels():
    sample = Sample(noise(), [4, 5], [[0, 0, 5, 5], [20, 20, 30, 30]])
    got = Compose([RandomCrop((18, 18), padding=0), SanitizeBoundingBoxes()])(sample, 1)
    kept = RandomCrop((18, 18))(sample, 1).boxes
    stay = (kept[:, 2:] - kept[:, :2] >= 1).all(axis=1)
    np.testing.assert_array_equal(got.boxes, kept[stay])
    np.testing.assert_array_equal(got.label, np.array([4, 5])[stay])
    none = SanitizeBoundingBoxes(50)(sample, 0)
    assert none.boxes.shape == (0, 4)
    assert SanitizeBoundingBoxes()(noise(), 0).shape == SIZE


def test_elastic_pixels_are_read_where_the_field_says():
    image, one = noise(), ElasticTransform(20, 4)
    rng = np.random.default_rng(5)
    shift = 20 * ndimage.gaussian_filter(rng.uniform(-1, 1, (*SIZE, 2)), (4, 4, 0), mode="constant")
    i, j = np.indices(SIZE)
    expected = ndimage.map_coordinates(
        image, [i + shift[..., 1], j + shift[..., 0]], order=1, mode="grid-constant"
    )
    np.testing.assert_allclose(one(image, 5), expected, atol=1e-12)


def test_an_elastic_map_does_not_fold():
    """Neighbours keep their order, however strong the field was meant to be."""
    mild, wild = (
        ElasticTransform(alpha, 3).draw(SIZE, np.random.default_rng(0)) for alpha in (3, 900)
    )
    assert steepness(wild) == pytest.approx(0.9)
    np.testing.assert_allclose(wild / np.abs(wild).max(), mild / np.abs(mild).max())
    came_from = Shifted(wild).backward(centres(SIZE))
    assert (np.diff(came_from[..., 0], axis=1) > 0).all()
    assert (np.diff(came_from[..., 1], axis=0) > 0).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (6, 1)])
def test_an_image_of_one_row_or_column(size):
    sample = Sample(noise(size), boxes=[[0, 0, 1, 1]], landmarks=[[0.5, 0.5]])
    for one in (ElasticTransform(2, 3), RandomAffine(10), RandomHorizontalFlip(1.0)):
        got = one(sample, 0)
        assert got.image.shape == size
        assert np.isfinite(got.landmarks).all()


def test_no_boxes_are_no_boxes():
    sample = Sample(noise(), boxes=np.zeros((0, 4)), landmarks=np.zeros((0, 2)))
    for one in (RandomAffine(20), ElasticTransform(), RandomHorizontalFlip(1.0), Pad(1)):
        got = one(sample, 0)
        assert got.boxes.shape == (0, 4)
        assert got.landmarks.shape == (0, 2)


# Chance


ALL = [
    RandomHorizontalFlip(), RandomVerticalFlip(), RandomCrop((20, 20)), Pad(2),
    RandomRotation(20), RandomAffine(20, (0.1, 0.1), (0.5, 2), 10), ElasticTransform(),
    RandomErasing(1.0), RandomApply(RandomRotation(9), 0.5), SanitizeBoundingBoxes(),
]  # fmt: skip


def same(a, b):
    return all(np.array_equal(p, q) for p, q in zip(a, b, strict=True))


@pytest.mark.parametrize("one", [*ALL, Compose(ALL), Compose([])], ids=lambda t: repr(t)[:25])
def test_the_same_seed_gives_the_same_result_and_the_input_stays(one):
    sample = boxed((5, 6, 20, 30))
    sample = sample._replace(boxes=np.array(sample.boxes, float), landmarks=np.ones((2, 2)))
    before = Sample(*(np.copy(part) for part in sample))
    first = one(sample, [7, 1, 3])
    np.random.default_rng(0).random(5)
    one(sample, 99)
    assert same(first, one(sample, [7, 1, 3]))
    assert same(first, one(sample, np.random.default_rng([7, 1, 3])))
    assert same(sample, before)
    assert np.array_equal(one(sample.image, [7, 1, 3]), first.image)


def test_a_generator_moves_on():
    rng = np.random.default_rng(0)
    assert not np.array_equal(RandomRotation(30)(noise(), rng), RandomRotation(30)(noise(), rng))


def test_coins_fall_as_often_as_asked():
    rng, image = np.random.default_rng(0), noise((2, 3))
    for one, p in ((RandomHorizontalFlip(0.3), 0.3), (RandomApply(Pad(1), 0.8), 0.8)):
        changed = np.mean([not np.array_equal(one(image, rng), image) for _ in range(2000)])
        assert abs(changed - p) < 4 * (p * (1 - p) / 2000) ** 0.5


def test_crops_reach_every_corner():
    seen = {RandomCrop(3)(np.arange(20.0).reshape(4, 5) / 20, k)[0, 0] * 20 for k in range(100)}
    assert np.allclose(sorted(seen), [0, 1, 2, 5, 6, 7])


def test_erased_rectangles_have_the_size_they_were_drawn_for():
    one = RandomErasing(1.0, scale=(0.1, 0.2), ratio=(0.5, 2), value=0.5)
    for seed in range(200):
        hidden = one(np.zeros((50, 60)), seed) == 0.5
        x1, y1, x2, y2 = bounds(hidden)
        h, w = y2 - y1, x2 - x1
        assert hidden.sum() == h * w
        assert 0.08 < h * w / 3000 < 0.22
        assert 0.45 < h / w < 2.2
    np.testing.assert_array_equal(RandomErasing(0.0)(noise(), 0), noise())


def test_augment_draws_one_map_for_each_digit():
    rows = np.tile(noise((1, 784), dtype=np.float32), (20, 1))
    labels = np.arange(20)
    augment = augmenter(RandomAffine(10, scale=(0.9, 1.1)))
    found, same_labels = augment(rows, labels, np.random.default_rng(0))
    assert found.shape == rows.shape
    assert found.dtype == np.float32
    assert len(np.unique(found, axis=0)) == 20
    np.testing.assert_array_equal(same_labels, labels)


# Bad input


@pytest.mark.parametrize(
    ("sample", "error", "message"),
    [
        (np.zeros((4, 4), np.uint8), TypeError, "type uint8; expected floats"),
        (np.full((4, 4), 255.0), ValueError, "between 255 and 255; expected 0 to 1"),
        (np.full((4, 4), np.nan), ValueError, "between nan and nan"),
        (np.zeros(16), ValueError, r"shape \(16,\); expected \(H, W\)"),
        (np.zeros((0, 4)), ValueError, r"shape \(0, 4\)"),
        (np.zeros((1, 3, 8, 8)), ValueError, "channels last"),
        (Sample(np.zeros((4, 4)), boxes=[[3, 0, 1, 2]]), ValueError, "two corners, not a corner"),
        (Sample(np.zeros((4, 4)), boxes=[1, 2, 3, 4]), ValueError, r"expected \(N, 4\)"),
        (Sample(np.zeros((4, 4)), boxes=[[0, 0, np.nan, 1]]), ValueError, "box 0 is"),
        (Sample(np.zeros((4, 4)), landmarks=[[1, 2, 3]]), ValueError, r"expected \(N, 2\)"),
        (Sample(np.zeros((4, 4)), mask=np.zeros((4, 4))), TypeError, "whole class numbers"),
        (Sample(np.zeros((4, 4)), mask=np.zeros((2, 4), int)), ValueError, r"shape \(2, 4\)"),
    ],
)
def test_bad_samples(sample, error, message):
    with pytest.raises(error, match=message):
        RandomHorizontalFlip()(sample, 0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RandomHorizontalFlip(1.5), "RandomHorizontalFlip: p is 1.5"),
        (lambda: RandomRotation(-5), "degrees is -5"),
        (lambda: RandomRotation((5, -5)), "degrees is"),
        (lambda: RandomRotation(np.inf), "degrees is inf"),
        (lambda: RandomAffine(0, scale=(0, 1)), "above 0"),
        (lambda: RandomAffine(0, translate=(2, 0)), "shares from 0 to 1"),
        (lambda: RandomAffine(0, shear=90), "less than 90"),
        (lambda: RandomAffine(0, fill=7), "fill is 7"),
        (lambda: Pad(-1), "padding is -1"),
        (lambda: Pad(1.5), "padding is 1.5"),
        (lambda: Pad(1, fill=2), "fill is 2"),
        (lambda: RandomCrop(0), "at least 1"),
        (lambda: RandomErasing(scale=(0.1, 2)), "shares up to 1"),
        (lambda: ElasticTransform(sigma=0), "sigma 0"),
        (lambda: SanitizeBoundingBoxes(0), "min_size is 0"),
        (lambda: RandomCrop(41)(noise(), 0), "41 × 41 does not fit into an image of 40 × 52"),
        (lambda: warped(noise(), np.eye(2, 3)), r"expected \(M, H, W\)"),
        (lambda: warped(noise((1, 2, 2)), np.zeros((1, 2, 3))), "no inverse"),
    ],
)
def test_bad_options(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_wrong_kinds():
    with pytest.raises(TypeError, match="needs a NumPy generator or a seed"):
        RandomRotation(3)(noise(), None)
    with pytest.raises(TypeError, match="number 1 is 'mirror'"):
        Compose([Pad(1), "mirror"])
    with pytest.raises(TypeError, match="divide whole numbers by 255"):
        warped(np.zeros((1, 2, 2), int), np.eye(2, 3)[None])
