"""Line searches: the conditions themselves, closed forms, and SciPy's search."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import line_search

from companion.optimization.second_order.line_search import NoStep, backtracking
from companion.optimization.second_order.wolfe import strong_wolfe
from tests.optimization.second_order.problems import PROBLEMS

# φ and φ' of functions with one or several minima on the way; the last are Moré and Thuente's.
FUNCTIONS = {
    "parabola": (lambda a: (a - 3) ** 2, lambda a: 2 * (a - 3)),
    "quartic": (lambda a: a**4 - 2 * a, lambda a: 4 * a**3 - 2),
    "waves": (
        lambda a: np.cos(3 * a) - a + 0.1 * a * a,
        lambda a: -3 * np.sin(3 * a) - 1 + 0.2 * a,
    ),
    "far": (lambda a: -a / (a * a + 2), lambda a: (a * a - 2) / (a * a + 2) ** 2),
    "steep": (
        lambda a: (a + 0.004) ** 5 - 2 * (a + 0.004) ** 4,
        lambda a: 5 * (a + 0.004) ** 4 - 8 * (a + 0.004) ** 3,
    ),
}


def meets_wolfe(phi, dphi, alpha, c1, c2):
    enough = phi(alpha) <= phi(0.0) + c1 * alpha * dphi(0.0)
    return enough and abs(dphi(alpha)) <= c2 * abs(dphi(0.0))


@pytest.mark.parametrize("first", [1e-3, 1e-2, 0.1, 1.0, 10.0, 1e3])
@pytest.mark.parametrize("c2", [0.1, 0.9])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_steps_meet_the_strong_wolfe_conditions(name, c2, first):
    phi, dphi = FUNCTIONS[name]
    alpha = strong_wolfe(phi, dphi, first=first, c1=1e-4, c2=c2)
    assert alpha > 0
    assert meets_wolfe(phi, dphi, alpha, 1e-4, c2)


@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.1, 0.4, 0.9]), st.floats(-3, 3))
def test_steps_on_random_functions(seed, c2, power):
    """Sums of waves in a bowl, with any first step."""
    rng = np.random.default_rng(seed)
    height, pace, shift = rng.normal(size=5), rng.uniform(0.2, 3, size=5), rng.uniform(0, 6, 5)

    def phi(a):
        return float(np.sum(height * np.sin(pace * a + shift)) + 0.05 * a * a)

    def dphi(a):
        return float(np.sum(height * pace * np.cos(pace * a + shift)) + 0.1 * a)

    if dphi(0.0) > -1e-3:
        with pytest.raises(ValueError, match="not a descent direction"):
            strong_wolfe(lambda a: phi(-a), lambda a: abs(dphi(-a)), first=1.0)
        return
    alpha = strong_wolfe(phi, dphi, first=10**power, c1=1e-4, c2=c2)
    assert meets_wolfe(phi, dphi, alpha, 1e-4, c2)
    back = backtracking(phi, dphi(0.0), first=10**power)
    assert phi(back) <= phi(0.0) + 1e-4 * back * dphi(0.0)


@pytest.mark.parametrize("which", PROBLEMS)
def test_scipy_s_steps_and_ours_meet_the_same_conditions(which):
    """Where the first step or one twice, four times … as long is good, both take that one."""
    problem, rng = PROBLEMS[which], np.random.default_rng(0)
    same = 0
    for _ in range(20):
        x = np.array(problem.start) + rng.normal(scale=0.1, size=len(problem.start))
        g = problem.gradient(x)
        p = -g * np.exp(rng.normal(size=len(x))) / np.linalg.norm(g) / 10

        def phi(a, x=x, p=p):
            return problem.value(x + a * p)

        def dphi(a, x=x, p=p):
            return float(problem.gradient(x + a * p) @ p)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = line_search(problem.value, problem.gradient, x, p, c1=1e-4, c2=0.9, amax=1e10)
        assert theirs[0] is not None
        asked = []
        alpha = strong_wolfe(lambda a, phi=phi, kept=asked: kept.append(a) or phi(a), dphi)
        for step in (alpha, theirs[0]):
            assert meets_wolfe(phi, dphi, step, 1e-4, 0.9)
        doubled = asked[1:] == [2.0**k for k in range(len(asked) - 1)]
        if doubled:
            same += 1
            assert alpha == theirs[0]
    assert same > 5


@given(
    st.floats(0.02, 0.98).map(lambda share: round(share, 6)),
    st.floats(-4, 4),
    st.floats(-3, 3),
)
def test_zoom_finds_the_bottom_of_a_parabola_at_once(where, height, size):
    """Interpolation is exact there, where the bottom is not within a tenth of an end."""
    curvature = 10**size

    def phi(a):
        return 10**height + curvature * (a * a / 2 - where * a)

    def dphi(a):
        return curvature * (a - where)

    alpha = strong_wolfe(phi, dphi, first=1.0, c1=1e-7, c2=0.01)
    if 0.1 <= where <= 0.9 and height - size < 4:  # not lost in the rounding errors of the height
        assert alpha == pytest.approx(where, rel=1e-6)
    else:
        assert abs(dphi(alpha)) <= 0.01 * abs(dphi(0.0))


def test_zoom_is_exact_on_a_cubic():
    """φ = α³ - α has its minimum at 1/√3; both ends of [0, 1] have a value and a slope."""
    asked = []

    def phi(a):
        asked.append(a)
        return a**3 - a - 0.2 * a

    alpha = strong_wolfe(phi, lambda a: 3 * a * a - 1.2, first=1.0, c2=1e-3)
    assert alpha == pytest.approx(0.4**0.5, rel=1e-12)
    assert asked == [0.0, 1.0, alpha]


def test_backtracking_takes_the_first_power_that_falls_enough():
    phi, slope = (lambda a: (a - 0.1) ** 2), -0.2
    assert backtracking(phi, slope) == 0.125  # 1, ½ and ¼ lie above the line
    assert backtracking(phi, slope, c1=0.5) == 0.0625  # the condition is α ≤ 0.1
    assert backtracking(phi, slope, first=1, shrink=0.1) == pytest.approx(0.1)
    assert backtracking(phi, slope, first=0.01) == 0.01


@pytest.mark.parametrize("beyond", [np.inf, np.nan])
def test_values_that_are_not_finite_are_too_far(beyond):
    def phi(a):
        return (a - 0.3) ** 2 if a < 0.4 else beyond

    assert backtracking(phi, -0.6) == 0.25
    alpha = strong_wolfe(phi, lambda a: 2 * (a - 0.3), c2=0.1)
    assert meets_wolfe(phi, lambda a: 2 * (a - 0.3), alpha, 1e-4, 0.1)


def test_the_accepted_step_was_looked_at_last():
    for phi, dphi in FUNCTIONS.values():
        values, slopes = [], []
        alpha = strong_wolfe(
            lambda a, f=phi, v=values: v.append(a) or f(a),
            lambda a, f=dphi, s=slopes: s.append(a) or f(a),
            c2=0.1,
        )
        assert values[-1] == slopes[-1] == alpha


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"slope": 0.0}, "the slope is 0: not a descent direction; expected below 0"),
        ({"slope": 2.0}, "the slope is 2"),
        ({"slope": np.nan}, "the slope is nan"),
        ({"first": 0.0}, "first is 0.0; expected a step above 0"),
        ({"first": np.inf}, "first is inf"),
        ({"c1": 0.0}, "c1 is 0.0"),
        ({"c1": 1.0}, "c1 is 1.0"),
    ],
)
def test_errors_of_both(options, message):
    phi, dphi = FUNCTIONS["parabola"]
    with pytest.raises(ValueError, match=message):
        strong_wolfe(phi, dphi, **{"slope": -6.0, **options})
    with pytest.raises(ValueError, match=message):
        backtracking(phi, **{"slope": -6.0, **options})


def test_errors_of_each():
    phi, dphi = FUNCTIONS["parabola"]
    for c2 in (1e-4, 1e-5, 1.0):
        with pytest.raises(ValueError, match="expected 0 < c1 < c2 < 1"):
            strong_wolfe(phi, dphi, c2=c2)
    for shrink in (0.0, 1.0):
        with pytest.raises(ValueError, match="shrink is"):
            backtracking(phi, -6.0, shrink=shrink)


def test_giving_up_says_where_to_look():
    with pytest.raises(NoStep, match="is it bounded below along this direction"):
        strong_wolfe(lambda a: -a, lambda a: -1.0)
    with pytest.raises(NoStep, match=r"at a step of 8e\+00"):
        strong_wolfe(lambda a: -a, lambda a: -1.0, longest=8.0)
    with pytest.raises(NoStep, match="is the gradient that of the function"):
        strong_wolfe(lambda a: a, lambda a: -1.0)
    with pytest.raises(NoStep, match="is the gradient that of the function"):
        backtracking(lambda a: a, -1.0)
