"""Checks of the exercises in the chapter on gradient checking."""

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.gradients import backpropagation as by_hand
from companion.gradients.checking.gradcheck import numerical_gradient, relative_difference

RANDOM = np.random.default_rng(27)

QUADRATIC = Source("lambda x: float(np.sum(x**2))")
CUBIC = Source("lambda x: float(np.sum(x**3) + x.flat[0] * x.flat[1])")


@check(
    "differences-by-hand",
    points=3,
    hints=(
        "A difference quotient is a change of f divided by the distance between the two points.",
        "From one side the points are 1 and 2, a distance of 1; from both sides 0 and 2.",
        "f(0) = 0, f(1) = 2, f(2) = 12; the true slope is 2 + 3, and |a - b| / (a + b).",
    ),
)
def test_the_three_numbers(student):
    "the one-sided difference, the central one, and the relative difference to the true slope"

    def f(x):
        return x**2 + x**3

    one, both, true = f(2) - f(1), (f(2) - f(0)) / 2, 2 + 3
    far = abs(both - true) / (both + true)
    mistakes = {
        "the central difference is divided by ε, not by 2ε": (one, 2 * both, far),
        "this one-sided difference looks to the left": (f(1) - f(0), both, far),
        "the two differences are in the other order": (both, one, far),
        "the distance is divided by the true slope, not by the sum of both": (
            one,
            both,
            abs(both - true) / true,
        ),
        "this is the relative difference of the one-sided difference": (
            one,
            both,
            (one - true) / (one + true),
        ),
        "the third number is the distance; divide it by the sum of both": (one, both, both - true),
    }
    expected = tuple(map(float, (one, both, far)))
    got = student.differences_by_hand()
    assert_close(got, expected, rtol=2e-3, mistakes=mistakes, what="the three numbers")


def spoiled(layers, layer):
    """How many gradients of a network are wrong if the slope is missing in one dZ."""
    sizes = [4] * layers + [3]
    rng = np.random.default_rng(3)
    parameters = [(W, rng.normal(size=b.shape)) for W, b in by_hand.initialize(sizes, seed=3)]
    a = by_hand.forward(parameters, rng.normal(size=(8, 4)))
    dz = by_hand.cost(a[-1], rng.integers(0, 3, 8))[1]
    right, wrong = by_hand.backward(parameters, a, dz), 0
    for k in range(layers, 0, -1):
        for found, exact in zip((dz.T @ a[k - 1], dz.sum(axis=0)), right[k - 1], strict=True):
            wrong += relative_difference(found, exact) > 1e-6
        slope = 1 if k - 1 == layer else 1 - a[k - 1] ** 2
        dz = dz @ parameters[k - 1][0] * slope
    return int(wrong)


@check(
    "how-many-wrong",
    points=2,
    hints=(
        "The backward pass runs from layer 5 to layer 1 and reads each dZ on the way.",
        "dW3 and db3 are computed from dZ3. What else is?",
        "Count two gradients for each layer from 3 down to 1.",
    ),
)
def test_how_far_a_wrong_step_spreads(student):
    "the number is what a check of such a network finds"
    mistakes = {
        "a wrong dZ3 is also what dZ2 and dZ1 are computed from": 2,
        "dZ is an array on the way, not one of the ten gradients": 3,
        "layers 4 and 5 were finished before the mistake": 10,
        "dZ4 was right: only the step from it to dZ3 is wrong": 8,
        "dW3 and db3 are computed from dZ3, so they are wrong too": 4,
    }
    got = student.how_many_wrong()
    assert_close(got, spoiled(5, 3), mistakes=mistakes, what="the number of wrong gradients")


def apart(s, d):
    """Relative difference of two numbers."""
    return abs(s - d) / (abs(s) + abs(d))


@check(
    "directional-check",
    hints=(
        "Both numbers say how fast f changes along v; the gradient's answer is g · v.",
        "The measured slope needs f at two points: one step along v and one against it.",
        "(f(x + eps * v) - f(x - eps * v)) / (2 * eps)",
    ),
)
def test_right_and_wrong_gradients(student):
    "a right gradient gives nearly 0, half of it 1/3, its negative 1"
    x, v = RANDOM.normal(size=(3, 2)), RANDOM.normal(size=(3, 2))
    slope = np.sum(2 * x * v)
    size = np.linalg.norm(v)
    for factor, expected in ((1, 0.0), (0.5, 1 / 3), (-1, 1.0), (0, 1.0)):
        mistakes = {
            "this is a one-sided difference": apart(factor * slope, slope + 1e-3 * size**2),
            "v is divided by its length in the step, but not in g · v": apart(
                factor * slope, slope / size
            ),
            "the denominator is the larger size, not the sum of both": (
                abs(factor - 1) / max(abs(factor), 1)
            ),
        }
        got = student.directional_check(QUADRATIC, x, factor * 2 * x, v, eps=1e-3)
        assert_close(got, expected, rtol=1e-8, atol=1e-8, mistakes=mistakes)
    assert_unchanged(student.directional_check)


@check(
    "directional-check",
    hidden=True,
    after="test_right_and_wrong_gradients",
    hints=(
        "x, g and v may have any number of axes, and all of it may be zero.",
        "Take the product entry by entry and sum over everything; mind 0 / 0.",
        "size = abs(s) + abs(d); return abs(s - d) / size if size else 0.0",
    ),
)
def test_any_shape_step_and_zero(student):
    "arrays of any shape, the given step, and 0 where both are zero"
    x, v = RANDOM.normal(size=(2, 2, 3)), RANDOM.normal(size=(2, 2, 3))
    g = 3 * x**2
    g.flat[0] += x.flat[1]
    g.flat[1] += x.flat[0]
    said, wide = np.sum(g * v), 0.5
    # For a cubic the central difference is off by ε² times the sum of v³, exactly.
    measured = said + wide**2 * np.sum(v**3)
    expected = abs(said - measured) / (abs(said) + abs(measured))
    assert_close(student.directional_check(CUBIC, x, g, v, eps=wide), expected, rtol=1e-9)
    zero = np.zeros(3)
    assert_close(student.directional_check(QUADRATIC, zero, zero, np.ones(3)), 0.0)


X, Y = RANDOM.normal(size=(6, 3)), RANDOM.normal(size=6)
NAMED = {
    "W1": RANDOM.normal(size=(4, 3)),
    "b1": RANDOM.normal(size=4),
    "w2": RANDOM.normal(size=4),
    "b2": np.array(0.3),
}


def ridge(name, X=X, Y=Y, lam=0.7):
    """Central differences of the cost for one of the four parameters."""

    def cost(value):
        p = NAMED | {name: value}
        error = np.tanh(X @ p["W1"].T + p["b1"]) @ p["w2"] + p["b2"] - Y
        return np.mean(error**2) / 2 + lam / 2 * (np.sum(p["W1"] ** 2) + np.sum(p["w2"] ** 2))

    return numerical_gradient(cost, NAMED[name])


def answers(student, X=X, Y=Y, lam=0.7):
    """The learner's dictionary, or a failure that says what came instead."""
    got = student.ridge_gradients(X, Y, *(v if v.ndim else 0.3 for v in NAMED.values()), lam)
    kind = type(got).__name__
    assert isinstance(got, dict), f"expected a dict of four gradients by name, got a {kind}"
    assert got.keys() == NAMED.keys(), f"expected the names {[*NAMED]}, got {[*got]}"
    return got


def near(got, expected, name, mistakes=None):
    assert_close(
        np.asarray(got), expected, rtol=1e-6, atol=1e-7, mistakes=mistakes, what=f"d{name}"
    )


@check(
    "ridge-gradients",
    hints=(
        "The report says what W1 lacks: a multiple of the parameter itself.",
        "The gradient of λ/2 ‖W‖² is λ W, and it is added.",
        '"W1": dZ1.T @ X + lam * W1, "w2": A1.T @ dy + lam * w2',
    ),
)
def test_the_weights(student):
    "the gradients of W1 and w2 agree with central differences"
    got = answers(student)
    assert_unchanged(student.ridge_gradients)
    for name in ("W1", "w2"):
        expected = ridge(name)
        mistakes = {
            "the penalty is missing": expected - 0.7 * NAMED[name],
            "the penalty is subtracted": expected - 1.4 * NAMED[name],
            "1/m belongs to the data, not to λ": expected + (1 / 6 - 1) * 0.7 * NAMED[name],
        }
        near(got[name], expected, name, mistakes)


@check(
    "ridge-gradients",
    hints=(
        "A bias is added to every example, so every example sends its part back.",
        "1/m stands in dy already: add up, do not take the mean again.",
        '"b1": dZ1.sum(axis=0), "b2": dy.sum()',
    ),
)
def test_the_biases(student):
    "the gradients of b1 and b2 agree with central differences"
    got = answers(student)
    for name in ("b1", "b2"):
        expected = ridge(name)
        mistakes = {
            "1/m is in it twice": expected / 6,
            "it is twice as large": 2 * expected,
            "the penalty is on the weights only": expected + 0.7 * NAMED[name],
        }
        near(got[name], expected, name, mistakes)


@check(
    "ridge-gradients",
    hidden=True,
    after="test_the_weights",
    hints=(
        "The cost of the data is a mean, the penalty is not.",
        "λ is an argument; and listing every example twice must change nothing.",
        "Divide by len(y) once; use lam as it is given.",
    ),
)
def test_other_data_and_strength(student):
    "without a penalty, and with every example listed twice, all four are right"
    twice = np.tile(X, (2, 1)), np.tile(Y, 2)
    got = answers(student, *twice, lam=0.0)
    for name in NAMED:
        near(got[name], ridge(name, *twice, lam=0.0), name)
