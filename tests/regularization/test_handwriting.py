"""Ink, slant and loops of drawings whose values are known, and straightening against SciPy."""

import numpy as np
import pytest
from scipy import ndimage

from companion.data.digits import train_dev_test
from companion.regularization.handwriting import ink, loops, slant, straightened

DIGITS = train_dev_test().X_dev[:40]


def stroke(lean):
    """A line of one pixel a row through the middle, that leans."""
    picture = np.zeros((28, 28))
    for row in range(6, 23):
        at = 14 + lean * (14 - row)
        left = int(np.floor(at))
        picture[row, left] += 1 - (at - left)
        picture[row, left + 1] += at - left
    return picture.reshape(1, -1)


def ring(side=10):
    picture = np.zeros((28, 28))
    picture[4 : 4 + side, 4 : 4 + side] = 1
    picture[6 : 2 + side, 6 : 2 + side] = 0
    return picture


@pytest.mark.parametrize("lean", [-0.5, 0.0, 0.25, 1.0])
def test_the_slant_of_a_stroke_is_its_lean(lean):
    np.testing.assert_allclose(slant(stroke(lean)), [lean], atol=1e-9)


def test_the_slant_is_the_slope_of_a_weighted_line():
    rows, columns = np.mgrid[:28, :28]
    expected = [
        np.polyfit(-rows.ravel(), columns.ravel(), 1, w=np.sqrt(digit.astype(float)))[0]
        for digit in DIGITS
    ]
    np.testing.assert_allclose(slant(DIGITS), expected, rtol=1e-6, atol=1e-9)


def test_straightening_is_scipy_s_shear():
    for digit in DIGITS[:10]:
        picture = digit.reshape(28, 28).astype(float)
        row = ndimage.center_of_mass(picture)[0]
        lean = slant(digit[None])[0]
        matrix = [[1, 0], [-lean, 1]]
        expected = ndimage.affine_transform(
            picture, matrix, offset=[0, lean * row], order=1, mode="grid-constant"
        )
        got = straightened(digit[None]).reshape(28, 28)
        np.testing.assert_allclose(got, expected, atol=1e-5)


def test_what_was_straightened_stands_upright_and_an_upright_digit_stays():
    assert np.abs(slant(straightened(DIGITS))).max() < 0.05
    np.testing.assert_allclose(straightened(stroke(0.0)), stroke(0.0), atol=1e-6)


def test_ink_is_the_mean_grey_value():
    np.testing.assert_allclose(ink(DIGITS), DIGITS.mean(axis=1), rtol=1e-5)


def euler(picture):
    """Pieces minus loops of a black and white picture, from its 2 × 2 squares (Gray, 1971)."""
    ink = np.pad(picture, 1).astype(int)
    squares = ink[:-1, :-1] + ink[1:, :-1] + ink[:-1, 1:] + ink[1:, 1:]
    crossed = (squares == 2) & (ink[:-1, :-1] == ink[1:, 1:])
    return (np.sum(squares == 1) - np.sum(squares == 3) - 2 * np.sum(crossed)) // 4


def test_loops_agree_with_the_euler_number():
    for digit in DIGITS:
        black = digit.reshape(28, 28) > 0.4
        pieces = ndimage.label(black, np.ones((3, 3)))[1]  # ink belongs together at corners too
        assert loops(digit[None], smallest=1)[0] == pieces - euler(black)


def test_loops_of_drawings():
    eight = ring() + np.roll(ring(), 8, axis=0)
    open_ring = ring()
    open_ring[4:6, 8] = 0
    pictures = np.stack([ring(), np.clip(eight, 0, 1), open_ring, np.zeros((28, 28))])
    np.testing.assert_array_equal(loops(pictures.reshape(4, -1)), [1, 2, 0, 0])


def test_a_loop_at_the_edge_and_one_too_small():
    edge = np.zeros((28, 28))
    edge[:5, :5] = 1
    edge[1:4, 1:4] = 0
    speck = np.ones((28, 28))
    speck[10, 10] = 0
    np.testing.assert_array_equal(loops(np.stack([edge, speck]).reshape(2, -1)), [1, 0])


@pytest.mark.parametrize("empty", [np.zeros((1, 784)), np.eye(1, 784, 400)])
def test_an_empty_picture_and_a_single_dot_do_not_lean(empty):
    assert slant(empty) == 0
    np.testing.assert_allclose(straightened(empty), empty, atol=1e-6)


@pytest.mark.parametrize("measure", [ink, slant, loops, straightened])
def test_another_shape_is_refused(measure):
    with pytest.raises(ValueError, match=rf"{measure.__name__}: X has shape \(784,\)"):
        measure(np.zeros(784))
