"""Checks of the exercises in the chapter on gradient checking."""

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.gradients import backpropagation as by_hand
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(27)

QUADRATIC = Source("lambda x: float(np.sum(x**2))")
CUBIC = Source("lambda x: float(np.sum(x**3) + x.flat[0] * x.flat[1])")


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


@check(
    "observed-order",
    hints=(
        "In the difference of two approximations the true value drops out.",
        "d(h) - d(h/2) = C hᵖ (1 - 2⁻ᵖ); what is the same at half the step?",
        "np.log2 of (d(h) - d(h/2)) / (d(h/2) - d(h/4))",
    ),
)
def test_orders_of_pure_powers(student):
    "errors of C h, C h² and C h⁴ give 1, 2 and 4, whatever C and the true value"
    for order, factor, true in ((1, 3.0, 7.0), (2, -0.5, 7.0), (4, 2.0, -1.0), (0.6, 1.0, 0.0)):
        d = Source(f"lambda h: {true} + {factor} * h**{order}")
        mistakes = {
            "this is 2 to the p": 2.0**order,
            "this is the natural logarithm": order * np.log(2),
            "the ratio is upside down": -order,
            "this takes d(h / 4) for the true value": np.log2(
                (1 - 4.0**-order) / (2.0**-order - 4.0**-order)
            ),
            "p is rounded; an order may be a fraction": float(np.round(order)),
        }
        got = student.observed_order(d, 0.5)
        assert_close(got, float(order), rtol=1e-9, mistakes=mistakes)


@check(
    "observed-order",
    hidden=True,
    after="test_orders_of_pure_powers",
    hints=(
        "Try it on a difference quotient whose order you know.",
        "Use the steps h, h / 2 and h / 4, no others.",
        "The ratio may be negative where the sign of the error changes: take its absolute value.",
    ),
)
def test_orders_of_difference_quotients(student):
    "one-sided differences have order 1, central ones order 2"
    one = Source("lambda h: (np.exp(1 + h) - np.exp(1)) / h")
    two = Source("lambda h: (np.exp(1 + h) - np.exp(1 - h)) / (2 * h)")
    assert_close(student.observed_order(one, 1e-2), 1.0, atol=0.01)
    assert_close(student.observed_order(two, 1e-2), 2.0, atol=0.01)
    only = Source("lambda h: {1.0: 5.0, 0.5: 3.0, 0.25: 3.5}[h]")
    assert_close(student.observed_order(only, 1.0), 2.0)


@check(
    "complex-step",
    points=2,
    hints=(
        "Move one entry at a time by i h and look at the imaginary part of f.",
        "A real array cannot hold i h: make a complex copy first.",
        "z = x.astype(complex); z[index] += 1j * h; f(z).imag / h",
    ),
)
def test_to_the_last_digit(student):
    "the gradient is right to 14 digits, for arrays of one and two axes"
    for shape in ((4,), (2, 3)):
        x = RANDOM.normal(size=shape)
        expected = np.exp(x) * (np.sin(x) + np.cos(x))
        rough = numerical_gradient(lambda v: np.sum(np.exp(v) * np.sin(v)), x)
        mistakes = {
            "this is a difference quotient, not the imaginary part": rough,
            "all entries were moved at once": np.full(shape, expected.sum()),
            "an entry that was moved must go back": np.cumsum(expected).reshape(shape),
        }
        f = Source("lambda z: np.sum(np.exp(z) * np.sin(z))")
        got = student.complex_step(f, x)
        assert_close(got, expected, rtol=1e-13, atol=1e-15, mistakes=mistakes)
        assert_unchanged(student.complex_step)


@check(
    "complex-step",
    hidden=True,
    after="test_to_the_last_digit",
    hints=(
        "Entries of x may depend on each other in f: move exactly one at a time.",
        "Start from a fresh complex copy for each entry, and use the given h.",
        "Make z inside the loop over np.ndindex(x.shape).",
    ),
)
def test_entries_one_at_a_time_with_the_given_step(student):
    "mixed terms are right, and h is used"
    x = RANDOM.normal(size=(2, 2))
    f = Source("lambda z: z[0, 0] * z[0, 1] * z[1, 0] * z[1, 1]")
    assert_close(student.complex_step(f, x), np.prod(x) / x, rtol=1e-12)
    # For a cube the imaginary part is 3 x² h - h³, exactly.
    wide = student.complex_step(Source("lambda z: np.sum(z**3)"), x, h=0.5)
    assert_close(wide, 3 * x**2 - 0.25, rtol=1e-12)


def checked(wrong, sizes=(4, 5, 5, 3), seed=0):
    """Computed and measured gradients of a network by name, with one line wrong."""
    rng = np.random.default_rng(seed)
    parameters = [(W, rng.normal(size=b.shape)) for W, b in by_hand.initialize(sizes, seed=seed)]
    X, y = rng.normal(size=(8, sizes[0])), rng.integers(0, sizes[-1], 8)
    a = by_hand.forward(parameters, X)
    _, dz = by_hand.cost(a[-1], y)
    analytic, numeric, exact = {}, {}, dz
    for layer in range(len(parameters), 0, -1):
        W, _ = parameters[layer - 1]
        if wrong == f"dZ{layer}":
            dz = dz * rng.uniform(1.1, 2, size=dz.shape)
        for letter, g, n in (
            ("W", dz.T @ a[layer - 1], exact.T @ a[layer - 1]),
            ("b", dz.sum(axis=0), exact.sum(axis=0)),
        ):
            name = f"{letter}{layer}"
            analytic[name] = 1.01 * g if wrong == f"d{name}" else g
            # What a measurement leaves: errors of 1e-9, relative to the gradient.
            numeric[name] = n * (1 + 1e-9 * rng.normal(size=n.shape))
        slope = 1 - a[layer - 1] ** 2
        dz, exact = dz @ W * slope, exact @ W * slope
    order = sorted(analytic, key=lambda name: (name[1:], name[0]))
    return {k: analytic[k] for k in order}, {k: numeric[k] for k in order}


@check(
    "culprit",
    hints=(
        "A line for dW or db is used by nobody else, so only its own gradient is wrong.",
        "Compute the relative difference of each parameter and compare it with 1e-6.",
        "If exactly one gradient is wrong, say 'W2', the line is 'dW2'.",
    ),
)
def test_the_line_of_one_gradient(student):
    "a wrong line for one dW or one db is found"
    for line, seed in (("dW2", 0), ("db1", 1), ("dW3", 2), ("db3", 3), ("dW1", 4)):
        mistakes = {"that is the parameter; the line is named after its gradient": line[1:]}
        assert_close(student.culprit(*checked(line, seed=seed)), line, mistakes=mistakes)


@check(
    "culprit",
    points=2,
    hints=(
        "The backward pass runs from the last layer to the first; so does a mistake in dZ.",
        "Start at the last layer: where do both W and b go wrong for the first time?",
        "for layer in range(L, 0, -1): if W and b of it are both wrong: return f'dZ{layer}'",
    ),
)
def test_a_step_back(student):
    "a wrong dZ is found where it happens, not where it ends up"
    for line, seed in (("dZ2", 5), ("dZ3", 6), ("dZ1", 7)):
        source = f"dZ{int(line[2:]) + 1}"
        mistakes = {
            "a step back is named after the layer it leads to, not where it comes from": source,
            "a wrong dZ spoils all layers before it; look for the last of them": "dZ1",
        }
        assert_close(student.culprit(*checked(line, seed=seed)), line, mistakes=mistakes)


@check(
    "culprit",
    hidden=True,
    hints=(
        "Rounding is no mistake, and networks have any number of layers.",
        "L is half the number of keys; sizes do not matter, only the relative difference.",
        "return 'none' after the loop",
    ),
)
def test_none_and_many_layers(student):
    "rounding errors are nobody's fault, and twelve layers are no problem"
    for seed in (8, 9):
        assert_close(student.culprit(*checked(None, seed=seed)), "none")
    deep = (3,) * 12 + (2,)
    for line in ("dZ10", "db11", "dW2", "dZ12"):
        assert_close(student.culprit(*checked(line, deep, seed=10)), line)
    analytic, numeric = checked("dW1", seed=11)
    tiny = {name: 1e-9 * g for name, g in analytic.items()}
    tiny_too = {name: 1e-9 * g for name, g in numeric.items()}
    assert_close(student.culprit(tiny, tiny_too), "dW1", what="the line for very small gradients")


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
