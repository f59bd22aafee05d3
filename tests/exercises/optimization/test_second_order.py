"""Checks of the exercises in the chapter on second-order methods."""

import numpy as np
from scipy.optimize import BFGS, SR1

from companion.exercises import Source, assert_close, assert_raises, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.optimization.second_order.logistic import LogisticCost

RANDOM = np.random.default_rng(9)


def several(answer, names):
    """As many values as names, or a failure that says what came instead."""
    expected = f"({', '.join(names)})"
    assert isinstance(answer, tuple), f"expected a tuple {expected}, got {kind_of(answer)}"
    assert len(answer) == len(names), f"expected the values {expected}, got {len(answer)}"
    return answer


# --- a Newton step ---------------------------------------------------------------------------

X = RANDOM.normal(size=(30, 2)) * [1.0, 3.0]
T = np.where(X @ [1.0, -0.4] + RANDOM.normal(size=30) > 0, 1.0, -1.0)
W = np.array([0.3, -0.2])


def derivatives(X, t, w, lam):
    """Gradient and Hessian by the companion's formulas for labels 0 and 1, proved against torch."""
    cost = LogisticCost(X, (t + 1) / 2, lam)
    return cost.gradient(w), cost.hessian(w)


@check(
    "newton-step",
    points=2,
    hints=(
        "The gradient of log(1 + e^(-t z)) by z is -t σ(-t z).",
        "Its second derivative is σ(-t z) (1 - σ(-t z)), as t² = 1; then X comes in twice.",
        "H = (X.T * (q * (1 - q) / len(t))) @ X + lam * np.eye(len(w)), q = expit(-t * (X @ w))",
    ),
)
def test_step_is_newton_s(student):
    "the step is -H⁻¹g with the gradient and the Hessian of the whole cost, penalty included"
    for w, lam in ((W, 0.1), (np.array([-0.5, 0.4]), 0.7)):
        g, H = derivatives(X, T, w, lam)
        plain = np.linalg.solve(H - lam * np.eye(2), g)
        mistakes = {
            "this goes uphill: the step is -H⁻¹g": w + np.linalg.solve(H, g),
            "this is the step p; return w + p": -np.linalg.solve(H, g),
            "the penalty is missing in the Hessian": w - plain,
            "the penalty is missing in the gradient": w - np.linalg.solve(H, g - lam * w),
            "H⁻¹ is missing: this is a step of gradient descent": w - g,
        }
        expected = w - np.linalg.solve(H, g)
        assert_close(student.newton_step(X, T, w, lam), expected, mistakes=mistakes)


@check(
    "newton-step",
    hidden=True,
    hints=(
        "A mean over examples stands in the gradient and in the Hessian.",
        "Both are divided by the number of examples; the penalty is not.",
        "gradient = -X.T @ (t * q) / len(t) + lam * w, and the same 1 / len(t) in the Hessian",
    ),
)
def test_every_example_twice_changes_nothing(student):
    "a set in which every example stands twice has the same mean cost, and the same step"
    once = student.newton_step(X, T, W, 0.3)
    twice = student.newton_step(np.r_[X, X], np.r_[T, T], W, 0.3)
    g, H = derivatives(X, T, W, 0.3)
    assert_close(once, W - np.linalg.solve(H, g))
    assert_close(twice, once, what="the step with every example twice")


# --- backtracking ----------------------------------------------------------------------------


def counted(formula, most=None):
    """The sum of a formula; from call `most` + 1 on it refuses."""
    if most is None:
        return Source(f"lambda x: float(np.sum({formula}))")
    setup = f"""
calls = []
def f(x):
    calls.append(1)
    if len(calls) > {most}:
        raise RuntimeError("f was called more often than needed: {most} calls are enough")
    return float(np.sum({formula}))
"""
    return Source("f", setup)


@check(
    "armijo-step",
    hints=(
        "Halve α until φ(α) lies on or below the line φ(0) + 0.1 α g·p.",
        "The right side shrinks with α as well: compute it anew for each trial.",
        "while f(x + alpha * p) > start + 0.1 * alpha * slope: alpha = alpha / 2",
    ),
)
def test_step_and_count(student):
    "the step is the first that falls enough, and the count is what it took"
    x = np.array([0.5])
    # φ(α) = (½ - α·8)² with slope -8: the condition is α ≤ 0.9 · 8 / 64.
    alpha, count = several(
        student.armijo_step(counted("x**2"), x, 2 * x, np.array([-8.0])), ("alpha", "count")
    )
    mistakes = {"any fall at all was taken for enough": 0.125, "one halving too many": 0.03125}
    assert_close(alpha, 0.0625, mistakes=mistakes, what="α")
    off = {"φ(0) counts as well": 5, "φ(0) is needed only once": 10}
    assert_close(count, 6, mistakes=off, what="the count")
    x = np.array([1.0, -2.0])
    alpha, count = several(
        student.armijo_step(counted("x**4"), x, 4 * x**3, -(4 * x**3)), ("alpha", "count")
    )
    expected = next(
        a
        for a in 0.5 ** np.arange(20)
        if np.sum((x - a * 4 * x**3) ** 4) <= 17 - 0.1 * a * np.sum(16 * x**6)
    )
    assert_close(alpha, expected, what="α")
    assert_close(count, 2 - round(np.log2(expected)), what="the count")


@check(
    "armijo-step",
    hidden=True,
    hints=(
        "A full step may be good at once.",
        "Test α = 1 before you halve.",
        "alpha = 1.0 before the loop, and halve inside it",
    ),
)
def test_the_full_step_where_it_is_good(student):
    "a step of 1 that falls enough is taken, after two calls"
    x = np.array([3.0, -1.0])
    got = several(student.armijo_step(counted("x**2"), x, 2 * x, -x), ("alpha", "count"))
    assert_close(got, (1.0, 2))


@check(
    "armijo-step",
    hidden=True,
    hints=(
        "Each value is needed once; φ(0) stays the same for all trials.",
        "Keep f(x) in a variable before the loop, and let the loop's condition be the only call.",
        "start = f(x), then: while f(x + alpha * p) > start + 0.1 * alpha * (g @ p): ...",
    ),
)
def test_no_more_calls_than_needed(student):
    "f is called once at x and once for each trial, whatever count is returned"
    x = np.array([0.5])
    for p, alpha, most in ((-8.0, 0.0625, 6), (-3.0, 0.25, 4), (-0.5, 1.0, 2)):
        got = student.armijo_step(counted("x**2", most), x, 2 * x, np.array([p]))
        assert_close(several(got, ("alpha", "count")), (alpha, most))


@check(
    "armijo-step",
    hidden=True,
    hints=(
        "Uphill, no step falls.",
        "Test g·p before the first trial; 0 is not downhill either.",
        "if g @ p >= 0: raise ValueError(...)",
    ),
)
def test_uphill_is_refused(student):
    "a direction with g·p ≥ 0 is refused with a ValueError"
    x = np.array([1.0, 2.0])
    for p in (x, np.array([2.0, -1.0])):
        assert_raises(student.armijo_step, counted("x**2"), x, 2 * x, p, error="ValueError")


# --- a step of conjugate gradients -----------------------------------------------------------

ROOT = RANDOM.normal(size=(5, 5))
A = ROOT @ ROOT.T + np.eye(5)
B = RANDOM.normal(size=5)


def best_over(A, b, x, basis):
    """The minimum of ½xᵀAx - b·x over x plus the span of some vectors, by least squares."""
    S = np.array(basis).T
    return x + S @ np.linalg.solve(S.T @ A @ S, S.T @ (b - A @ x))


@check(
    "cg-step",
    points=2,
    hints=(
        "The step minimizes along p; β uses the new and the old residual.",
        "β = r_new·r_new / r·r, and α = r·r / pᵀAp.",
        "new = r - alpha * Ap; return x + alpha * p, new, new + (new @ new) / (r @ r) * p",
    ),
)
def test_two_steps_reach_the_best_of_the_plane(student):
    "from x = 0, one step reaches the best point along r, a second the best in the plane"
    x, r, p = np.zeros(5), B, B
    first = best_over(A, B, x, [B])
    x1, r1, p1 = several(student.cg_step(A, x, r, p), ("x", "r", "p"))
    assert_unchanged(student.cg_step)
    assert_close(x1, first, mistakes={"the step goes the wrong way": -first}, what="the first x")
    assert_close(
        r1, B - A @ first, mistakes={"minus the residual": A @ first - B}, what="the first r"
    )
    second = best_over(A, B, x, [B, A @ B])
    direction = (second - first) / np.linalg.norm(second - first)
    ratio = (r1 @ r1) / (B @ B)
    mistakes = {
        "β is upside down": r1 + p / ratio,
        "β is missing": r1,
        "the sign of β is wrong": r1 - ratio * p,
    }
    expected = direction * (r1 @ r1) / (direction @ r1)  # p·r = r·r fixes its length
    assert_close(p1, expected, mistakes=mistakes, what="the new p")
    x2, _, _ = several(student.cg_step(A, x1, r1, p1), ("x", "r", "p"))
    assert_close(x2, second, what="the second x")


@check(
    "cg-step",
    hidden=True,
    hints=(
        "Each new direction is conjugate to all before it.",
        "Use r·r of the residual you were given, not b·b or p·p.",
        "beta = (new @ new) / (r @ r)",
    ),
)
def test_five_steps_solve_five_equations(student):
    "five steps solve a system with five unknowns, from any start, along conjugate directions"
    x = np.array([1.0, -2.0, 0.5, 3.0, 1.0])
    r = p = B - A @ x
    directions = [p]
    for _ in range(5):
        x, r, p = several(student.cg_step(A, x, r, p), ("x", "r", "p"))
        directions.append(p)
    assert_close(x, np.linalg.solve(A, B), rtol=1e-7, atol=1e-7)
    P = np.array(directions[:5])
    P = P / np.sqrt(np.einsum("ki,ij,kj->k", P, A, P))[:, None]
    assert_close(P @ A @ P.T, np.eye(5), rtol=1e-6, atol=1e-6, what="the products pᵢᵀ A pⱼ")


# --- BFGS with a pencil ----------------------------------------------------------------------

PAIR = np.array([1.0, 1.0]), np.array([2.0, 0.0])


def corrected(s, y, V=None):
    """SciPy's correction of an inverse Hessian by one pair."""
    update = BFGS(min_curvature=1e-300, init_scale=np.eye(len(s)) if V is None else V)
    update.initialize(len(s), "inv_hess")
    update.update(s, y)
    return np.array(update.get_matrix())


@check(
    "secant-pencil",
    points=2,
    hints=(
        "Work out ρ = 1 / s·y first, then the left factor I - ρ s yᵀ.",
        "s yᵀ has the rows (2, 0) and (2, 0); the right factor is the transpose of the left one.",
        "[[0, 0], [0, 2]] plus ½ s sᵀ, which is ½ everywhere",
    ),
)
def test_matrix_of_one_pair(student):
    "the corrected matrix, row by row"
    got, _ = several(student.pencil_bfgs(), ("matrix", "direction"))
    s, y = PAIR
    expected = corrected(s, y)
    left = np.eye(2) - np.outer(s, y) / 2
    flipped = np.eye(2) - np.outer(y, s) / 2
    mistakes = {
        "the last term ρ s sᵀ is missing": left @ left.T,
        "ρ is 1 / s·y = ½, not 1": (2 * left - np.eye(2)) @ (2 * left - np.eye(2)).T
        + np.outer(s, s),
        "s and y are exchanged": flipped @ flipped.T + np.outer(y, y) / 2,
        "only one of the two factors was applied": left + np.outer(s, s) / 2,
    }
    mistakes = {text: value.tolist() for text, value in mistakes.items()}
    assert_close(got, expected.tolist(), mistakes=mistakes, what="the matrix")


@check(
    "secant-pencil",
    after="test_matrix_of_one_pair",
    hints=(
        "The direction is minus the matrix times g.",
        "Row by row: ½·2 + ½·4, and ½·2 + 2.5·4.",
        "[-3, -11]",
    ),
)
def test_direction_of_one_pair(student):
    "the direction for g = (2, 4)"
    _, direction = several(student.pencil_bfgs(), ("matrix", "direction"))
    g = np.array([2.0, 4.0])
    expected = -corrected(*PAIR) @ g
    mistakes = {
        "the sign is missing: this leads uphill": (-expected).tolist(),
        "this is -g: the matrix was not used": (-g).tolist(),
    }
    assert_close(direction, expected.tolist(), mistakes=mistakes, what="the direction")


# --- rank one --------------------------------------------------------------------------------

V = np.diag([1.0, 2.0, 0.5])
S3 = np.array([0.4, -1.0, 0.3])
Y3 = np.array([1.0, 0.5, -2.0])


def sr1(V, s, y):
    """SciPy's update of an inverse Hessian."""
    update = SR1(min_denominator=1e-8, init_scale=V)
    update.initialize(len(s), "inv_hess")
    update.update(s, y)
    return np.array(update.get_matrix())


@check(
    "rank-one",
    points=2,
    hints=(
        "Multiply V + c u uᵀ by y and set it equal to s.",
        "c (u·y) u = s - Vy = u.",
        "V + np.outer(u, u) / (u @ y) with u = s - V @ y",
    ),
)
def test_update_is_the_symmetric_rank_one_update(student):
    "the new matrix satisfies V y = s and differs from V by a matrix of rank one"
    for s, y in ((S3, Y3), (np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 1.0]))):
        expected, u = sr1(V, s, y), s - V @ y
        bfgs = BFGS(init_scale=V, min_curvature=1e-300)
        bfgs.initialize(3, "inv_hess")
        if s @ y > 0:
            bfgs.update(s, y)
        mistakes = {
            "this is the update of BFGS": np.array(bfgs.get_matrix()),
            "u was divided by its length, not by u·y": V + np.outer(u, u) / (u @ u),
            "the sign is wrong": V - np.outer(u, u) / (u @ y),
            "this is the update of the Hessian: s and y are exchanged": sr1(V, y, s),
        }
        assert_close(student.rank_one(V, s, y), expected, mistakes=mistakes)
    assert_unchanged(student.rank_one)


@check(
    "rank-one",
    hidden=True,
    hints=(
        "The denominator u·y may be zero, though u is not.",
        "Compare |u·y| with 10⁻⁸ ‖u‖ ‖y‖ before you divide; take ≤, for u may be 0.",
        "if abs(u @ y) <= 1e-8 * np.linalg.norm(u) * np.linalg.norm(y): return V",
    ),
)
def test_update_is_left_out_where_it_has_no_meaning(student):
    "V comes back as it was where u is orthogonal to y, and where V y = s holds already"
    y = np.array([1.0, 0.0, 0.0])
    assert_close(student.rank_one(V, V @ y + [0.0, 1.0, 0.0], y), V)
    assert_close(student.rank_one(V, V @ y, y), V)
    s = V @ y - [1e-3, 0.0, 0.0]  # a negative u·y is no reason to leave it out
    assert_close(student.rank_one(V, s, y), np.diag([1 - 1e-3, 2.0, 0.5]))


@check(
    "rank-one",
    hidden=True,
    hints=(
        "Almost orthogonal is as bad as orthogonal: c = 1 / u·y would be huge.",
        "Compare |u·y| with 10⁻⁸ ‖u‖ ‖y‖, not with 0 and not with a fixed number.",
        "if abs(u @ y) <= 1e-8 * np.linalg.norm(u) * np.linalg.norm(y): return V",
    ),
)
def test_the_limit_is_a_share_of_both_lengths(student):
    "the update is left out up to 10⁻⁸ ‖u‖ ‖y‖ and made above, whatever the lengths"
    for length in (1e-3, 1.0, 1e3):
        y = np.array([length, 0.0, 0.0])
        for share, made in ((5e-9, False), (-5e-9, False), (5e-8, True), (-5e-8, True)):
            u = length * np.array([share, 1.0, 0.0])
            u = V @ y + u - V @ y  # as rounding leaves it
            expected = V + np.outer(u, u) / (u @ y) if made else V
            got = student.rank_one(V, V @ y + u, y)
            what = f"the update for u·y = {share:g} ‖u‖ ‖y‖, ‖y‖ = {length:g}"
            assert_close(got, expected, rtol=1e-4, what=what)


# --- two loops -------------------------------------------------------------------------------

HESSIAN = np.diag([1.0, 3.0, 0.5, 8.0])
STEPS = RANDOM.normal(size=(5, 4))
CHANGES = STEPS @ HESSIAN
G = RANDOM.normal(size=4)


def by_matrix(g, S, Y, scale=None):
    """-Vg with the matrix V written out, from the formula of the update."""
    kept = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    if not kept:
        return -g
    s, y = kept[-1]
    V = np.eye(len(g)) * ((s @ y) / (y @ y) if scale is None else scale)
    for s, y in kept:
        left = np.eye(len(g)) - np.outer(s, y) / (s @ y)
        V = left @ V @ left.T + np.outer(s, s) / (s @ y)
    return -V @ g


@check(
    "two-loops",
    points=2,
    hints=(
        "The first loop runs from the newest pair to the oldest, the second from the oldest on.",
        "Between the loops multiply by γ of the newest pair; in the second loop use y·q of the "
        "changed q.",
        "q = q + (share - (y @ q) / (s @ y)) * s, with the shares in reverse",
    ),
)
def test_direction_is_that_of_the_matrix(student):
    "the direction is -Vg with the matrix V that the updates build"
    for k in (1, 3, 5):
        S, Y = STEPS[:k], CHANGES[:k]
        expected = by_matrix(G, S, Y)
        oldest = (S[0] @ Y[0]) / (Y[0] @ Y[0])
        mistakes = {
            "the sign is missing: this is Vg": -expected,
            "γ is missing": by_matrix(G, S, Y, 1.0),
            "γ is that of the oldest pair": by_matrix(G, S, Y, oldest),
            "the pairs come in the wrong order": by_matrix(G, S[::-1], Y[::-1]),
        }
        if k == 1:
            mistakes = {m: v for m, v in mistakes.items() if "pair" not in m}
        assert_close(student.lbfgs_direction(G, S, Y), expected, mistakes=mistakes)
    assert_unchanged(student.lbfgs_direction)


@check(
    "two-loops",
    hidden=True,
    hints=(
        "A pair that curves downwards would spoil the direction.",
        "Leave such pairs out before anything else, so that γ does not see them either.",
        "pairs = [(s, y) for s, y in zip(S, Y) if s @ y > 0]",
    ),
)
def test_pairs_that_curve_down_are_left_out(student):
    "pairs with s·y ≤ 0 change nothing, wherever they stand"
    for bad, turn in ((0, -1), (2, -1), (4, -1), (3, 0)):
        Y = CHANGES.copy()
        Y[bad] *= turn  # 0: s·y = 0
        mistakes = {}
        if bad == 4:
            scale = (STEPS[bad] @ Y[bad]) / (Y[bad] @ Y[bad])
            mistakes = {"γ is that of a pair left out": by_matrix(G, STEPS, Y, scale)}
        assert_close(
            student.lbfgs_direction(G, STEPS, Y),
            by_matrix(G, STEPS, Y),
            mistakes=mistakes,
            what=f"the direction with pair {bad} left out",
        )


@check(
    "two-loops",
    hidden=True,
    hints=(
        "Without pairs V is the identity.",
        "The factor γ needs a pair; the loops do nothing.",
        "if pairs: before γ",
    ),
)
def test_without_pairs_it_is_the_gradient(student):
    "without pairs, or with none that is left, the direction is -g"
    assert_close(student.lbfgs_direction(G, np.zeros((0, 4)), np.zeros((0, 4))), -G)
    assert_close(student.lbfgs_direction(G, STEPS[:2], -CHANGES[:2]), -G)
