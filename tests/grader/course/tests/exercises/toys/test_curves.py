"""Checks of the made-up chapter on curves."""

import numpy as np

from companion.exercises import Source, assert_close, assert_gradient, check

HINTS = ("Draw it.", "Look at the formula.", "The formula is nearly the code.")
X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]])
Y = np.array([1.0, 2.0, -1.0])
W = np.array([0.3, -0.2])


@check("slope", points=1, hints=HINTS)
def test_of_a_parabola(student):
    "the slope of x² at 3 is 6"
    assert_close(student.slope(Source("lambda x: x**2"), 3.0), 6.0)


@check("slope", points=1, hints=HINTS)
def test_is_central(student):
    "both sides count: the slope of x³ at 1 with h = 0.1 is 3.01"
    cube = Source("cube", setup="def cube(x):\n    return x**3")
    assert_close(student.slope(cube, 1.0, h=0.1), 3.01)


@check("line-gradients", points=2, hints=HINTS)
def test_agrees_with_finite_differences(student):
    "each gradient agrees with finite differences"

    def cost(w, b):
        return np.mean((X @ w + b - Y) ** 2)

    h = 1e-6
    numeric = {
        "w": [(cost(W + h * e, 0.1) - cost(W - h * e, 0.1)) / (2 * h) for e in np.eye(2)],
        "b": (cost(W, 0.1 + h) - cost(W, 0.1 - h)) / (2 * h),
    }
    assert_gradient(student.line_gradients(X, Y, W, 0.1), numeric)


@check("turns", points=1, hints=HINTS)
def test_of_a_zigzag(student):
    "a zigzag turns at 1, 2 and 4"
    assert_close(student.turns(np.array([0.0, 2, 1, 3, 5, 4])), (1, 2, 4))
