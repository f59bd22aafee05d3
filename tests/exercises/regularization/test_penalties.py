"""Checks of the exercises in the chapter on penalties."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def lowest(penalty, a, lam=3.0):
    """Where the penalized parabola is lowest, by trying points a 400th apart."""
    w = np.arange(-4000, 4001) / 400
    return float(w[np.argmin((w - a) ** 2 / 2 + lam * penalty(w))])


def six(student):
    """The learner's six numbers."""
    got = student.lowest_points()
    assert isinstance(got, tuple | list), f"expected a tuple of six numbers, got {kind_of(got)}"
    assert len(got) == 6, f"expected six numbers, got {len(got)}"
    return tuple(got)


@check(
    "divided-or-subtracted",
    hints=(
        "With L2 the slope w - a + 3w is 0 at the lowest point.",
        "Solve 4w = a, for a = 8, 2 and -4.",
        "8/4, 2/4 and -4/4",
    ),
)
def test_what_l2_leaves(student):
    "the lowest points with L2"
    expected = tuple(lowest(lambda w: w**2 / 2, a) for a in (8, 2, -4))
    mistakes = {
        "this is without the ½ in the penalty": (8 / 7, 2 / 7, -4 / 7),
        "divided by λ, not by 1 + λ": (8 / 3, 2 / 3, -4 / 3),
        "these are those of L1": (5.0, 0.0, -1.0),
    }
    assert_close(six(student)[:3], expected, rtol=0.01, mistakes=mistakes, what="with L2")


@check(
    "divided-or-subtracted",
    hints=(
        "L1 takes the same amount away from every size, and no more than there is.",
        "8 loses 3. From 2 less than nothing would be left. -4 moves up by 3.",
        "S₃(a): 8 - 3, then 0, then -4 + 3",
    ),
)
def test_what_l1_leaves(student):
    "the lowest points with L1"
    expected = tuple(lowest(np.abs, a) for a in (8, 2, -4))
    mistakes = {
        "the middle one went past 0 to the other side": (5.0, -1.0, -1.0),
        "3 is taken from the size: a negative number moves up": (5.0, 0.0, -7.0),
        "the weights above the threshold lose it, too": (8.0, 0.0, -4.0),
    }
    got = six(student)[3:]
    assert_close(got, expected, rtol=0.01, atol=1e-3, mistakes=mistakes, what="with L1")


def trained(way, steps=1000, lam=0.2, rate=0.1):
    """Weights of a linear model with 20 useless features, trained in one of the three ways."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(40, 22))
    y = X[:, 0] - X[:, 1] + 0.5 * rng.normal(size=40)
    w = np.zeros(22)
    for _ in range(steps):
        g = X.T @ (X @ w - y) / 40
        if way == "l2":
            w = w - rate * (g + lam * w)
        elif way == "l1 subgradient":
            w = w - rate * (g + lam * np.sign(w))
        else:
            w = w - rate * g
            w = np.where(abs(w) > rate * lam, w - rate * lam * np.sign(w), 0)
    return w


@check(
    "which-leaves-zeros",
    hints=(
        "An exact zero needs a step that stops at 0, not one that shrinks towards it.",
        "The pull of L2 fades; the gradient of L1 overshoots.",
        "the one with a soft threshold",
    ),
)
def test_which_way_leaves_zeros(student):
    "the way that leaves exact zeros, by training in all three"
    ways = ("l2", "l1 subgradient", "l1 proximal")
    zeros = {way: int(np.sum(trained(way) == 0)) for way in ways}
    mistakes = {
        "the pull of L2 fades as the weight gets small": "l2",
        "added as a gradient, L1 steps over 0 again and again": "l1 subgradient",
    }
    answer = student.leaves_zeros()
    assert_close(answer, max(zeros, key=zeros.get), mistakes=mistakes, what="the answer")


def lists(shapes, seed=0):
    """Weights and gradients, matrices and vectors in turn."""
    rng = np.random.default_rng(seed)
    return [[rng.normal(size=shape) for shape in shapes] for _ in range(2)]


LAYERS = ((4, 3), (4,), (2, 4), (2,))


@check(
    "penalized-gradients",
    hints=(
        "The penalty λ/2 ‖W‖² has the gradient λW; it is added to that of the cost.",
        "Go through both lists together, and look at the ndim of each array.",
        "[g + lam * w if w.ndim == 2 else g for w, g in zip(weights, gradients)]",
    ),
)
def test_matrices_get_their_share(student):
    "λW is added to the gradient of each matrix"
    weights, gradients = lists(LAYERS)
    got = student.penalized_gradients(weights, gradients, 0.3)
    assert isinstance(got, tuple | list), f"expected a list of arrays, got {kind_of(got)}"
    assert len(got) == 4, f"expected one gradient for each of 4 arrays, got {len(got)}"
    for k in (0, 2):
        w, g = weights[k], gradients[k]
        mistakes = {
            "the ½ goes when the square is differentiated": g + 0.15 * w,
            "there is a ½ in the penalty": g + 0.6 * w,
            "it is added, not subtracted": g - 0.3 * w,
            "the penalty is missing": g,
            "this is the gradient of the penalty alone": 0.3 * w,
            "this is the penalty, not its gradient": g + 0.15 * np.sum(w**2),
            "this is the gradient of L1": g + 0.3 * np.sign(w),
        }
        what = f"the gradient of W{k // 2 + 1}"
        assert_close(got[k], g + 0.3 * w, mistakes=mistakes, what=what)


@check(
    "penalized-gradients",
    hints=(
        "The biases cost nothing, so their gradients stay as they are.",
        "A bias has one dimension, also where a matrix has a single row.",
        "else g",
    ),
)
def test_biases_are_left_alone(student):
    "gradients of biases stay, and a matrix of one row is a matrix"
    weights, gradients = lists(((1, 3), (1,), (5, 1), (5,), (1, 5), (1,)), seed=1)
    got = student.penalized_gradients(weights, gradients, 0.5)
    assert len(got) == 6, f"expected one gradient for each of 6 arrays, got {len(got)}"
    for k, (w, g) in enumerate(zip(weights, gradients, strict=True)):
        name = f"{'b' if k % 2 else 'W'}{k // 2 + 1}"
        if k % 2:
            mistakes = {"biases cost nothing": g + 0.5 * w, "it became 0": np.zeros_like(g)}
            assert_close(got[k], g, mistakes=mistakes, what=f"the gradient of {name}")
        else:
            mistakes = {"a matrix of one row or column is a matrix": g}
            what = f"the gradient of {name}, shape {w.shape}"
            assert_close(got[k], g + 0.5 * w, mistakes=mistakes, what=what)


@check(
    "penalized-gradients",
    hidden=True,
    hints=(
        "Does your function write into the arrays that it was given?",
        "+= on an array changes it in place, for the caller, too.",
        "g + lam * w makes a new array",
    ),
)
def test_inputs_stay_as_they_are(student):
    "weights and gradients that were passed in are unchanged"
    weights, gradients = lists(LAYERS, seed=2)
    student.penalized_gradients(weights, gradients, 0.3)
    assert_unchanged(student.penalized_gradients)


def sparse_problem(seed):
    """60 examples to learn from, 1,000 to judge by; five of 120 features have an effect."""
    rng = np.random.default_rng(seed)
    X, w = rng.normal(size=(1060, 120)), np.zeros(120)
    w[rng.permutation(120)[:5]] = rng.choice([-1, 1], 5) * rng.uniform(1, 2, 5)
    y = X @ w + 0.5 * rng.normal(size=1060)
    return X[:60], y[:60], X[60:], y[60:]


def judge(student, seed):
    X, y, X_new, y_new = sparse_problem(seed)
    w = np.asarray(student.few_weights(X, y), dtype=float)
    assert w.shape == (120,), f"expected weights of shape (120,), got {w.shape}"
    assert np.isfinite(w).all(), "some weights are not finite; is the rate too large?"
    left = int(np.sum(w != 0))
    assert left <= 30, f"{left} of the 120 weights are not exactly 0; at most 30 may be"
    error = np.mean((X_new @ w - y_new) ** 2)
    assert error <= 1.5, f"the mean squared error on new examples is {error:.2f}, more than 1.5"


@check(
    "few-weights",
    points=2,
    hints=(
        "Zeros need L1 with proximal steps; the error needs a λ that is not too large.",
        "Step along -Xᵀ(Xw - y)/m, then the soft threshold at rate · λ. A λ near 0.15 will do.",
        "w = np.sign(w) * np.maximum(np.abs(w) - rate * lam, 0), 500 times",
    ),
)
def test_few_weights_and_a_small_error(student):
    "at most 30 weights, and an error of at most 1.5 on new examples, on two data sets"
    for seed in (0, 1):
        judge(student, seed)


@check(
    "few-weights",
    points=2,
    hidden=True,
    hints=(
        "Other data sets have other useful features, and somewhat other curvatures.",
        "Take the rate from X, 1 over the largest curvature, not a number that suited one set.",
        "rate = len(X) / np.linalg.norm(X, 2) ** 2",
    ),
)
def test_other_data_sets(student):
    "the same on two other data sets"
    for seed in (2, 3):
        judge(student, seed)
