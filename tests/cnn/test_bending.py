"""Bent digits are those of SciPy, and without a bend those of the affine maps alone."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import map_coordinates

from companion.cnn.bending import bent
from companion.data.digits import digits
from companion.regularization.transforms import RandomAffine, warped

STILL = RandomAffine(0)


def some(n=6):
    return digits().X_train[:n].reshape(-1, 1, 28, 28).astype(float)


def test_without_a_bend_it_is_the_affine_map():
    move, X = RandomAffine(20, translate=(0.1, 0.1), scale=(0.8, 1.2)), some()
    found, labels = bent(X, "labels", np.random.default_rng(3), move=move, bend=0.0)
    maps = move.draw((28, 28), np.random.default_rng(3), len(X))
    np.testing.assert_allclose(found[:, 0], warped(X[:, 0], maps), atol=1e-9)
    assert labels == "labels"
    assert np.abs(found - X).max() > 0.5


def test_a_bend_is_that_of_scipy():
    X, rng = some(), np.random.default_rng(4)
    found, _ = bent(X, None, np.random.default_rng(4), move=STILL, bend=1.5, knots=4)
    STILL.draw((28, 28), rng, len(X))
    pushes = rng.normal(0, 1.5, (2, len(X), 4, 4))
    at, places = np.linspace(0, 27, 4), np.indices((28, 28)).astype(float)
    for n, image in enumerate(X[:, 0]):
        right, down = (
            RegularGridInterpolator((at, at), push[n])(np.moveaxis(places, 0, -1))
            for push in pushes
        )
        at_pushed = np.add(places, [down, right])
        expected = map_coordinates(image, at_pushed, order=1, mode="grid-constant")
        np.testing.assert_allclose(found[n, 0], expected, atol=1e-9)


def test_type_and_size_stay_and_none_will_do():
    X = np.ones((3, 1, 6, 9), "float32")
    found, _ = bent(X, None, np.random.default_rng(0))
    assert found.dtype == np.float32
    assert found.shape == X.shape
    assert bent(X[:0], None, np.random.default_rng(0))[0].shape == (0, 1, 6, 9)


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((2, 28, 28), {}, r"\(2, 28, 28\); expected one channel"),
        ((2, 3, 8, 8), {}, "expected one channel"),
        ((2, 1, 8, 8), {"knots": 1}, "1 knots along an axis; expected at least 2"),
    ],
)
def test_what_cannot_be_bent(shape, options, message):
    with pytest.raises(ValueError, match=message):
        bent(np.zeros(shape), None, np.random.default_rng(0), **options)
