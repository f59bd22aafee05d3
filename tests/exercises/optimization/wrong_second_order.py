"""Known wrong answers to the exercises of the chapter on second-order methods."""

import numpy as np
from scipy.special import expit

from companion.exercises import wrong


@wrong("newton-step", fails="test_step_is_newton_s")
def newton_step(X, t, w, lam):
    """Goes uphill."""
    q = expit(-t * (X @ w))
    gradient = -X.T @ (t * q) / len(t) + lam * w
    hessian = (X.T * (q * (1 - q) / len(t))) @ X + lam * np.eye(len(w))
    return w + np.linalg.solve(hessian, gradient)


@wrong("newton-step", fails="test_step_is_newton_s")
def newton_step(X, t, w, lam):
    """Forgets the penalty in the Hessian."""
    q = expit(-t * (X @ w))
    gradient = -X.T @ (t * q) / len(t) + lam * w
    return w - np.linalg.solve((X.T * (q * (1 - q) / len(t))) @ X, gradient)


@wrong("newton-step", fails="test_step_is_newton_s")
def newton_step(X, t, w, lam):
    """Uses the formula for labels 0 and 1."""
    p = expit(X @ w)
    gradient = X.T @ (p - t) / len(t) + lam * w
    hessian = (X.T * (p * (1 - p) / len(t))) @ X + lam * np.eye(len(w))
    return w - np.linalg.solve(hessian, gradient)


@wrong("newton-step", fails="test_step_is_newton_s")
def newton_step(X, t, w, lam):
    """Takes sums for means, so that the penalty counts too little."""
    q = expit(-t * (X @ w))
    gradient = -X.T @ (t * q) + lam * w
    hessian = (X.T * (q * (1 - q))) @ X + lam * np.eye(len(w))
    return w - np.linalg.solve(hessian, gradient)


@wrong("newton-step", fails="test_every_example_twice_changes_nothing")
def newton_step(X, t, w, lam):
    """Divides by a number of examples that it has seen before."""
    q = expit(-t * (X @ w))
    gradient = -X.T @ (t * q) / 30 + lam * w
    hessian = (X.T * (q * (1 - q) / 30)) @ X + lam * np.eye(len(w))
    return w - np.linalg.solve(hessian, gradient)


@wrong("armijo-step", fails="test_step_and_count")
def armijo_step(f, x, g, p):
    """Takes any fall for enough."""
    if g @ p >= 0:
        raise ValueError("uphill")
    start, alpha, count = f(x), 1.0, 2
    while f(x + alpha * p) > start:
        alpha, count = alpha / 2, count + 1
    return alpha, count


@wrong("armijo-step", fails="test_step_and_count")
def armijo_step(f, x, g, p):
    """Asks for the value at x again for every trial."""
    if g @ p >= 0:
        raise ValueError("uphill")
    alpha, count = 1.0, 2
    while f(x + alpha * p) > f(x) + 0.1 * alpha * (g @ p):
        alpha, count = alpha / 2, count + 2
    return alpha, count


@wrong("armijo-step", fails="test_no_more_calls_than_needed")
def armijo_step(f, x, g, p):
    """Asks for the value at x again for every trial, and does not count it."""
    if g @ p >= 0:
        raise ValueError("uphill")
    alpha, count = 1.0, 2
    while f(x + alpha * p) > f(x) + 0.1 * alpha * (g @ p):
        alpha, count = alpha / 2, count + 1
    return alpha, count


@wrong("armijo-step", fails="test_step_and_count")
def armijo_step(f, x, g, p):
    """Keeps the line at the height of the first trial."""
    if g @ p >= 0:
        raise ValueError("uphill")
    start, alpha, count = f(x), 1.0, 2
    goal = start + 0.1 * (g @ p)
    while f(x + alpha * p) > goal and count < 60:
        alpha, count = alpha / 2, count + 1
    return alpha, count


@wrong("armijo-step", fails="test_the_full_step_where_it_is_good")
def armijo_step(f, x, g, p):
    """Never tries the full step."""
    if g @ p >= 0:
        raise ValueError("uphill")
    start, alpha, count = f(x), 0.5, 2
    while f(x + alpha * p) > start + 0.1 * alpha * (g @ p):
        alpha, count = alpha / 2, count + 1
    return alpha, count + 1


@wrong("armijo-step", fails="test_uphill_is_refused")
def armijo_step(f, x, g, p):
    """Goes back and back along any direction."""
    start, alpha, count = f(x), 1.0, 2
    while f(x + alpha * p) > start + 0.1 * alpha * (g @ p) and count < 60:
        alpha, count = alpha / 2, count + 1
    return alpha, count


@wrong("armijo-step", fails="test_uphill_is_refused")
def armijo_step(f, x, g, p):
    """Lets a slope of zero pass."""
    if g @ p > 0:
        raise ValueError("uphill")
    start, alpha, count = f(x), 1.0, 2
    while f(x + alpha * p) > start + 0.1 * alpha * (g @ p) and count < 60:
        alpha, count = alpha / 2, count + 1
    return alpha, count


@wrong("cg-step", fails="test_two_steps_reach_the_best_of_the_plane")
def cg_step(A, x, r, p):
    """Turns β upside down."""
    Ap = A @ p
    alpha = (r @ r) / (p @ Ap)
    new = r - alpha * Ap
    return x + alpha * p, new, new + (r @ r) / (new @ new) * p


@wrong("cg-step", fails="test_two_steps_reach_the_best_of_the_plane")
def cg_step(A, x, r, p):
    """Goes along the residual each time: steepest descent."""
    Ap = A @ p
    alpha = (r @ r) / (p @ Ap)
    new = r - alpha * Ap
    return x + alpha * p, new, new


@wrong("cg-step", fails="test_two_steps_reach_the_best_of_the_plane")
def cg_step(A, x, r, p):
    """Takes the gradient for the residual."""
    Ap = A @ p
    alpha = (r @ r) / (p @ Ap)
    new = r + alpha * Ap
    return x - alpha * p, new, new + (new @ new) / (r @ r) * p


@wrong("cg-step", fails="test_two_steps_reach_the_best_of_the_plane")
def cg_step(A, x, r, p):
    """Changes what it was given."""
    Ap = A @ p
    square = r @ r
    alpha = square / (p @ Ap)
    x += alpha * p
    r -= alpha * Ap
    return x, r, r + (r @ r) / square * p


@wrong("cg-step", fails="test_five_steps_solve_five_equations")
def cg_step(A, x, r, p):
    """Divides by p·p, which is r·r in the first step only."""
    Ap = A @ p
    alpha = (p @ r) / (p @ Ap)
    new = r - alpha * Ap
    return x + alpha * p, new, new + (new @ new) / (p @ p) * p


@wrong("secant-pencil", fails="test_matrix_of_one_pair")
def pencil_bfgs():
    """Forgets the last term."""
    return [[0, 0], [0, 2]], [0, -8]


@wrong("secant-pencil", fails="test_matrix_of_one_pair")
def pencil_bfgs():
    """Takes 1 for ρ."""
    return [[2, 3], [3, 6]], [-16, -30]


@wrong("secant-pencil", fails="test_matrix_of_one_pair")
def pencil_bfgs():
    """Exchanges s and y."""
    return [[3, -1], [-1, 1]], [-2, -2]


@wrong("secant-pencil", fails="test_direction_of_one_pair")
def pencil_bfgs():
    """Goes uphill."""
    return [[0.5, 0.5], [0.5, 2.5]], [3, 11]


@wrong("rank-one", fails="test_update_is_the_symmetric_rank_one_update")
def rank_one(V, s, y):
    """Divides by the length of u."""
    u = s - V @ y
    return V + np.outer(u, u) / (u @ u)


@wrong("rank-one", fails="test_update_is_the_symmetric_rank_one_update")
def rank_one(V, s, y):
    """Updates the Hessian, with s and y exchanged."""
    u = y - V @ s
    return V + np.outer(u, u) / (u @ s)


@wrong("rank-one", fails="test_update_is_the_symmetric_rank_one_update")
def rank_one(V, s, y):
    """Satisfies the secant equation, but is not symmetric."""
    u = s - V @ y
    return V + np.outer(u, y) / (y @ y)


@wrong("rank-one", fails="test_update_is_left_out_where_it_has_no_meaning")
def rank_one(V, s, y):
    """Divides without looking."""
    u = s - V @ y
    return V + np.outer(u, u) / (u @ y)


@wrong("rank-one", fails="test_update_is_left_out_where_it_has_no_meaning")
def rank_one(V, s, y):
    """Leaves out every negative denominator as well."""
    u = s - V @ y
    if u @ y <= 1e-8 * np.linalg.norm(u) * np.linalg.norm(y) and abs(u @ y) < 0.1:
        return V
    return V + np.outer(u, u) / (u @ y)


@wrong("rank-one", fails="test_the_limit_is_a_share_of_both_lengths")
def rank_one(V, s, y):
    """Leaves the update out only where u·y is exactly zero."""
    u = s - V @ y
    return V if u @ y == 0 else V + np.outer(u, u) / (u @ y)


@wrong("rank-one", fails="test_the_limit_is_a_share_of_both_lengths")
def rank_one(V, s, y):
    """Takes 1e-8 itself for the limit, whatever the lengths."""
    u = s - V @ y
    return V if abs(u @ y) <= 1e-8 else V + np.outer(u, u) / (u @ y)


@wrong("two-loops", fails="test_pairs_that_curve_down_are_left_out")
def lbfgs_direction(g, S, Y):
    """Lets pairs with s·y = 0 pass."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y >= 0]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    if pairs:
        s, y = pairs[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q


@wrong("two-loops", fails="test_direction_is_that_of_the_matrix")
def lbfgs_direction(g, S, Y):
    """Forgets the sign."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    if pairs:
        s, y = pairs[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return q


@wrong("two-loops", fails="test_direction_is_that_of_the_matrix")
def lbfgs_direction(g, S, Y):
    """Forgets γ."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q


@wrong("two-loops", fails="test_direction_is_that_of_the_matrix")
def lbfgs_direction(g, S, Y):
    """Takes γ of the oldest pair."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    if pairs:
        s, y = pairs[0]
        q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q


@wrong("two-loops", fails="test_direction_is_that_of_the_matrix")
def lbfgs_direction(g, S, Y):
    """Begins with the oldest pair."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    q, shares = g.copy(), []
    for s, y in pairs:
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    if pairs:
        s, y = pairs[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(reversed(pairs), reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q


@wrong("two-loops", fails="test_direction_is_that_of_the_matrix")
def lbfgs_direction(g, S, Y):
    """Does not turn the shares around."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    if pairs:
        s, y = pairs[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, shares, strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q


@wrong("two-loops", fails="test_pairs_that_curve_down_are_left_out")
def lbfgs_direction(g, S, Y):
    """Takes in every pair."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True)]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    if pairs:
        s, y = pairs[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q


@wrong("two-loops", fails="test_pairs_that_curve_down_are_left_out")
def lbfgs_direction(g, S, Y):
    """Takes γ of the newest pair, left out or not."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    if pairs:
        s, y = S[-1], Y[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q


@wrong("two-loops", fails="test_without_pairs_it_is_the_gradient")
def lbfgs_direction(g, S, Y):
    """Asks for the newest pair where there is none."""
    pairs = [(s, y) for s, y in zip(S, Y, strict=True) if s @ y > 0]
    q, shares = g.copy(), []
    for s, y in reversed(pairs):
        shares.append((s @ q) / (s @ y))
        q = q - shares[-1] * y
    s, y = pairs[-1]
    q = q * (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (y @ q) / (s @ y)) * s
    return -q
