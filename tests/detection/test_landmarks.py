"""Points: there and back, errors by SciPy, heat maps whose centres are the points, drawn faces."""

import numpy as np
import pytest
import torch
from scipy.ndimage import center_of_mass
from scipy.spatial.distance import cdist

from companion.data.drawn_faces import SWAP, drawn_faces
from companion.detection.experiments.face_points import flipped, points_of, train_points
from companion.detection.landmarks import (
    centres_of_mass,
    heat_maps,
    normalized_errors,
    point_errors,
    to_pixels,
    to_shares,
)
from companion.regularization import transforms as tf

FACES = drawn_faces(30, seed=2)


def test_shares_and_back():
    np.testing.assert_allclose(to_pixels(to_shares(FACES.points, 48), 48), FACES.points, atol=1e-4)
    eyes = to_shares([[[15, 18], [33, 18]]], 48)
    np.testing.assert_allclose(eyes, [[-3 / 16, -1 / 8, 3 / 16, -1 / 8]])
    assert to_shares(np.empty((0, 5, 2)), 48).shape == (0, 10)


def test_errors_by_scipy():
    rng = np.random.default_rng(0)
    said, true = rng.random((2, 4, 5, 2)) * 48
    expected = np.array([np.diag(cdist(a, b)) for a, b in zip(said, true, strict=True)])
    np.testing.assert_allclose(point_errors(said, true), expected)
    unit = np.array([cdist(b[:1], b[1:2])[0, 0] for b in true])
    np.testing.assert_allclose(normalized_errors(said, true), expected.mean(axis=1) / unit)


def test_normalized_errors_do_not_change_with_size():
    said = FACES.points + 1.5
    once = normalized_errors(said, FACES.points)
    twice = normalized_errors(said * 2, FACES.points * 2)
    np.testing.assert_allclose(once, twice)


def test_heat_maps_by_formula_and_centres_by_scipy():
    maps = heat_maps([[[10.5, 20.5], [30, 8]]], 48, sigma=2.0)
    assert maps[0, 0, 20, 10] == 1
    assert maps[0, 0, 20, 12] == pytest.approx(np.exp(-0.5))
    for k in range(2):
        row, column = center_of_mass(maps[0, k].astype(float))
        np.testing.assert_allclose(centres_of_mass(maps)[0, k], [column + 0.5, row + 0.5])
    np.testing.assert_allclose(centres_of_mass(maps)[0], [[10.5, 20.5], [30, 8]], atol=1e-3)
    np.testing.assert_allclose(centres_of_mass(np.zeros((1, 1, 4, 6))), [[[3, 2]]])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: point_errors(np.zeros((2, 5, 2)), np.zeros((2, 4, 2))), "one shape"),
        (lambda: to_shares(np.zeros((5, 2)), 48), r"expected \(N, K, 2\)"),
        (lambda: to_shares(np.full((1, 5, 2), np.nan), 48), "image 0 are not finite"),
        (lambda: to_pixels(np.zeros((2, 9)), 48), r"expected \(N, 2 K\)"),
        (lambda: normalized_errors(np.ones((1, 2, 2)), np.ones((1, 2, 2))), "no unit"),
        (lambda: heat_maps(FACES.points, 48, sigma=0), "sigma is 0"),
        (lambda: centres_of_mass(np.full((1, 1, 4, 4), -1.0)), "none negative"),
        (lambda: drawn_faces(1, "all"), "no part 'all'"),
        (lambda: drawn_faces(1, radius=(11, 30)), "up to 18.5"),
        (lambda: drawn_faces(1, turn=200), "turn 200"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_faces_lie_within_and_come_again():
    assert FACES.images.shape == (30, 1, 48, 48)
    assert 0 <= FACES.images.min() < FACES.images.max() <= 1
    assert FACES.points.min() > 0
    assert FACES.points.max() < 48
    again = drawn_faces(30, seed=2)
    assert np.array_equal(FACES.images, again.images)
    assert not np.array_equal(FACES.images, drawn_faces(30, "dev", seed=2).images)
    assert drawn_faces(0).points.shape == (0, 5, 2)


def test_eyes_are_drawn_at_their_points():
    """White and pupil: around the point of an eye lie both very bright and very dark pixels."""
    made = drawn_faces(40, seed=5, turn=0, look=0)
    left, right = made.points[:, 0], made.points[:, 1]
    assert (left[:, 0] < right[:, 0]).all()
    near = 0
    for image, points in zip(made.images[:, 0], made.points, strict=True):
        rows, columns = np.indices(image.shape) + 0.5
        ring = np.hypot(columns - points[0, 0], rows - points[0, 1]) < 3
        near += image[ring].max() - image[ring].min() > 0.5
    assert near == 40


def test_mirrored_as_the_transform_does():
    mirrored = flipped(FACES, SWAP, seed=1)
    chosen = np.random.default_rng(1).random(30) < 0.5
    flip = tf.RandomHorizontalFlip(p=1, swap=SWAP)
    for k in range(30):
        image, points = FACES.images[k, 0], FACES.points[k]
        if chosen[k]:
            seen = flip(tf.Sample(image, landmarks=points), 0)
            image, points = seen.image, seen.landmarks
        assert np.array_equal(mirrored.images[k, 0], image)
        np.testing.assert_allclose(mirrored.points[k], points)
    forgot = flipped(FACES, None, seed=1)
    np.testing.assert_allclose(forgot.points[chosen][:, list(SWAP)], mirrored.points[chosen])


def test_a_short_training_beats_the_mean_face():
    known, new = drawn_faces(600), drawn_faces(100, "dev")
    model = train_points(torch.nn, torch.optim, known, epochs=6)
    mean = np.broadcast_to(known.points.mean(axis=0), new.points.shape)
    learned = point_errors(points_of(model, new.images), new.points).mean()
    guess = point_errors(mean, new.points).mean()
    assert learned < 0.75 * guess
