"""Checks of the exercises on the page why normalization works."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(24)


@check(
    "centring-pullback",
    hints=(
        "The matrix of the forward pass is I - 1 1ᵀ / D; what is its transpose?",
        "Symmetric: take the mean of dy out of dy, row by row.",
        "dy - dy.mean(axis=1, keepdims=True)",
    ),
)
def test_centring_agrees_with_differences(student):
    "the gradient agrees with central differences, for several shapes"
    for shape in ((3, 5), (1, 2), (4, 4)):
        dy = RANDOM.normal(size=shape) + 1
        numeric = numerical_gradient(
            lambda x, dy=dy: float(np.sum((x - x.mean(axis=1, keepdims=True)) * dy)),
            RANDOM.normal(size=shape),
        )
        mistakes = {
            "the mean was treated as a constant": dy,
            "means over the examples, not over a row": dy - dy.mean(axis=0),
            "one mean for all rows": dy - dy.mean(),
            "the sum was taken out instead of the mean": dy - dy.sum(axis=1, keepdims=True),
        }
        got = student.centring_pullback(dy)
        assert_close(got, numeric, rtol=1e-5, atol=1e-7, mistakes=mistakes, what="the gradient")
    assert_unchanged(student.centring_pullback)


@check(
    "centring-pullback",
    hidden=True,
    hints=(
        "Adding the same number to all of a row does not change y.",
        "So the gradient of a row sums to 0.",
        "keepdims=True, and axis=1",
    ),
)
def test_no_gradient_along_the_ones(student):
    "each row of the gradient sums to 0, and equal gradients become 0"
    dy = RANDOM.normal(size=(6, 3)) + 2
    assert_close(np.sum(student.centring_pullback(dy), axis=1), np.zeros(6), atol=1e-9)
    assert_close(student.centring_pullback(np.full((2, 4), 3.0)), np.zeros((2, 4)), atol=1e-9)


def rms(x, eps):
    return x / np.sqrt((x * x).mean(axis=1, keepdims=True) + eps)


def assert_pullback(student, x, dy, eps):
    numeric = numerical_gradient(lambda v: float(np.sum(rms(v, eps) * dy)), x)
    s = np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps)
    y = x / s
    through = y * np.mean(dy * y, axis=1, keepdims=True)
    mistakes = {
        "the root was treated as a constant": dy / s,
        "the mean of dy was taken out, as for batch normalization": (
            dy - dy.mean(axis=1, keepdims=True) - through
        )
        / s,
        "a sum where the mean belongs": (dy - y * np.sum(dy * y, axis=1, keepdims=True)) / s,
        "means over the wrong axis": (dy - y * np.mean(dy * y, axis=0)) / s,
        "not divided by the root": dy - through,
        "x instead of y": (dy - x * np.mean(dy * x, axis=1, keepdims=True)) / s,
    }
    got = student.rms_pullback(x, dy, eps) if eps != 1e-5 else student.rms_pullback(x, dy)
    assert_close(got, numeric, rtol=1e-5, atol=1e-7, mistakes=mistakes, what="the gradient")


@check(
    "rms-pullback",
    points=2,
    hints=(
        "Let s be the root: s ds = x · dx / D, as in the derivation, without the centring.",
        "dy goes through the numerator, and minus y times a mean comes from s.",
        "(dy - y * np.mean(dy * y, axis=1, keepdims=True)) / s",
    ),
)
def test_pullback_agrees_with_differences(student):
    "the gradient agrees with central differences, for several shapes"
    for shape in ((3, 5), (1, 2), (6, 3)):
        x = RANDOM.normal(size=shape) * 2 + 1
        assert_pullback(student, x, RANDOM.normal(size=shape), 1e-5)
    assert_unchanged(student.rms_pullback)


@check(
    "rms-pullback",
    hints=(
        "Each row is an example of its own.",
        "Means run over axis 1 and keep it.",
        "np.mean(x**2, axis=1, keepdims=True)",
    ),
)
def test_rows_do_not_mix(student):
    "a row's gradient is the same alone and among others"
    for shape in ((4, 4), (3, 6)):
        x, dy = RANDOM.normal(size=(2, *shape))
        rows = [student.rms_pullback(x[k : k + 1], dy[k : k + 1]) for k in range(shape[0])]
        together = student.rms_pullback(x, dy)
        assert_close(together, np.concatenate(rows), what="the gradient of all rows")
        assert np.abs(np.asarray(together)).max() > 1e-3, "the gradient of random rows is not 0"


@check(
    "rms-pullback",
    hidden=True,
    hints=(
        "eps stands under the root and may be large.",
        "Use it both for s and for y.",
        "s = np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps)",
    ),
)
def test_eps_under_the_root(student):
    "a large eps is used, and rows of zeros get dy / sqrt(eps)"
    x = RANDOM.normal(size=(3, 4))
    x[1] = 0
    assert_pullback(student, x, RANDOM.normal(size=(3, 4)), 0.7)
