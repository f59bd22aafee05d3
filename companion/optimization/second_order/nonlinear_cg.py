"""Conjugate gradients on functions that are not quadratic."""

from companion.optimization.second_order.descent import Rule, iterate, unit_at_first, wolfe_search
from companion.optimization.second_order.objective import Objective

FORMULAS = {
    "fletcher-reeves": lambda new, old: (new @ new) / (old @ old),
    "polak-ribiere": lambda new, old: max(0.0, new @ (new - old) / (old @ old)),
}
"""Name → β of a new and an old gradient."""


def nonlinear_cg(
    value,
    gradient,
    start,
    *,
    formula="polak-ribiere",
    restart=0.1,
    c1=1e-4,
    c2=0.1,
    tolerance=1e-8,
    max_iterations=10_000,
    keep_path=True,
):
    """Minimize along p ← -∇J + βp, each step by the strong Wolfe conditions.

    Parameters
    ----------
    value, gradient : callable
        Point (n,) → number, and point (n,) → gradient (n,).
    start : array_like
        First point, (n,).
    formula : str
        ``"fletcher-reeves"``, β = ‖g‖² / ‖g_old‖², or ``"polak-ribiere"``,
        β = max(0, g·(g - g_old) / ‖g_old‖²), known as PR+.
    restart : float
        Start afresh with -∇J where g·g_old is at least `restart` times ‖g‖² in size: on a
        quadratic function successive gradients are orthogonal. ``inf`` never does.
    c1, c2 : float
        As for `strong_wolfe`, with c2 below ½.
    tolerance : float
        Norm of the gradient to reach.
    max_iterations : int
        Steps before it gives up.
    keep_path : bool
        Whether to keep every point.

    Returns
    -------
    Minimum
        The result.

    Raises
    ------
    ValueError
        If the formula is unknown, c2 is not below ½, the start, or the function there, is not
        finite, or a shape does not fit.

    Notes
    -----
    Fletcher and Reeves (1964); Polak and Ribière (1969). With exact steps on a quadratic function
    both are `conjugate_gradients`. Restarts: after Powell (1977), with the limit of Nocedal and
    Wright, *Numerical Optimization* (2006), section 5.2. A direction that does not lead downhill is
    replaced by -∇J as well. Derived in the chapter :ref:`second_order`.
    """
    if formula not in FORMULAS:
        raise ValueError(f"formula is {formula!r}; expected one of {sorted(FORMULAS)}")
    if not c2 < 0.5:
        raise ValueError(f"c2 is {c2}; expected less than ½, or directions may lead uphill")
    rule, search = _Conjugate(FORMULAS[formula], restart), wolfe_search(c1, c2)
    objective = Objective(value, gradient, start)
    return iterate(objective, rule, search, tolerance, max_iterations, keep_path)


class _Conjugate(Rule):
    def __init__(self, formula, restart):
        self.formula, self.restart, self.p, self.g = formula, restart, None, None

    def direction(self, x, g):
        p = -g
        if self.p is not None and abs(g @ self.g) < self.restart * (g @ g):
            p = p + self.formula(g, self.g) * self.p
        if not p @ g < 0:
            p = -g
        self.p, self.g = p, g
        return p

    def first_step(self, g, slope, fall):
        # As much fall as last time, if the function were a parabola along the direction.
        return unit_at_first(g, None) if not fall or fall < 0 else -2.02 * fall / slope
