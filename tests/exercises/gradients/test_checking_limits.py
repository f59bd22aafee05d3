"""Checks of the exercises on the limits of gradient checking."""

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.gradients import backpropagation as by_hand
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(27)


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
