"""All methods on standard problems: the minima are SciPy's, in about as many iterations."""

import warnings

import numpy as np
import pytest
from scipy import optimize

from companion.optimization.second_order.bfgs import bfgs
from companion.optimization.second_order.lbfgs import lbfgs
from companion.optimization.second_order.newton import newton
from companion.optimization.second_order.newton_cg import newton_cg
from companion.optimization.second_order.nonlinear_cg import nonlinear_cg
from tests.optimization.second_order.problems import PROBLEMS

TOLERANCE = 1e-6
FACTOR = 1.5
METHODS = {  # ours: SciPy's, and its options
    "newton": (newton, "Newton-CG", {"xtol": 1e-14}),
    "newton_cg": (newton_cg, "Newton-CG", {"xtol": 1e-14}),
    "polak-ribiere": (nonlinear_cg, "CG", {"gtol": TOLERANCE, "norm": 2, "maxiter": 20_000}),
    "fletcher-reeves": (nonlinear_cg, "CG", {"gtol": TOLERANCE, "norm": 2, "maxiter": 20_000}),
    "bfgs": (bfgs, "BFGS", {"gtol": TOLERANCE, "norm": 2}),
    "lbfgs": (lbfgs, "L-BFGS-B", {"gtol": 1e-9, "ftol": 0, "maxcor": 10, "maxfun": 100_000}),
}
# From this start Newton-CG, SciPy's as ours, crawls for hundreds of steps along Wood's saddle.
CASES = [(m, p) for m in METHODS for p in PROBLEMS if (m, p) != ("newton_cg", "Wood")]


def ours(name, problem, **options):
    options = {"tolerance": TOLERANCE, **options}
    if name == "newton":
        return newton(problem.value, problem.gradient, problem.hessian, problem.start, **options)
    if name in ("polak-ribiere", "fletcher-reeves"):
        options["formula"] = name
    return METHODS[name][0](problem.value, problem.gradient, problem.start, **options)


def scipy_s(name, problem):
    """SciPy's result, and the iterations until the gradient's norm was down to the tolerance."""
    _, method, options = METHODS[name]
    norms = []

    def watch(intermediate_result):
        norms.append(np.linalg.norm(problem.gradient(intermediate_result.x)))
        # Its Newton-CG looks at steps, not at gradients, and may go on for hundreds of iterations.
        if method == "Newton-CG" and norms[-1] <= TOLERANCE:
            raise StopIteration

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of its runs end in rounding errors
        found = optimize.minimize(
            problem.value,
            problem.start,
            jac=problem.gradient,
            hess=problem.hessian if method == "Newton-CG" else None,
            method=method,
            callback=watch,
            options=options,
        )
    return found, int(np.argmax(np.array(norms) <= TOLERANCE)) + 1, min(norms)


@pytest.mark.parametrize(("name", "which"), CASES)
def test_minima_and_iterations_are_scipy_s(name, which):
    problem = PROBLEMS[which]
    found = ours(name, problem)
    assert found.converged, found.message
    assert np.linalg.norm(problem.gradient(found.x)) <= TOLERANCE
    assert np.linalg.eigvalsh(problem.hessian(found.x)).min() > -1e-8, "not a minimum"
    if (name, which) == ("newton", "Wood"):
        # SciPy's Newton-CG does not come down; the minimum of Wood's function is known.
        np.testing.assert_allclose(found.x, 1, atol=1e-6)
        return
    theirs, iterations, least = scipy_s(name, problem)
    assert least <= TOLERANCE, "SciPy did not converge: the comparison is void"
    # Powell's function is flat like a fourth power: there only the value is determined.
    assert abs(found.value - theirs.fun) <= 1e-8 * max(1, abs(theirs.fun))
    if "Powell" not in which:
        np.testing.assert_allclose(found.x, theirs.x, atol=3e-4)
    assert found.iterations <= FACTOR * iterations + 1

@pytest.mark.parametrize("name", METHODS)
@pytest.mark.usefixtures("unperturbed")
def test_the_result_says_how_it_got_there(name):
    problem, calls = PROBLEMS["Beale"], {"value": 0, "gradient": 0}

    def counted(what):
        def call(x):
            calls[what] += 1
            return getattr(problem, what)(x)

        return call

    class Counted:
        value, gradient = staticmethod(counted("value")), staticmethod(counted("gradient"))
        hessian, start = staticmethod(problem.hessian), problem.start

    found = ours(name, Counted)
    assert found.value_evaluations == calls["value"]
    assert found.gradient_evaluations == calls["gradient"]
    assert found.path.shape == (found.iterations + 1, 2)
    np.testing.assert_array_equal(found.path[0], problem.start)
    np.testing.assert_array_equal(found.path[-1], found.x)
    np.testing.assert_array_equal(found.values, [problem.value(x) for x in found.path])
    norms = [np.linalg.norm(problem.gradient(x)) for x in found.path]
    np.testing.assert_array_equal(found.gradient_norms, norms)
    assert found.value == found.values[-1]
    assert found.gradient_norm == norms[-1]
    assert found.evaluations[0] == 1
    assert (np.diff(found.evaluations) >= 1).all()
    assert (np.diff(found.values) <= 0).all()
    assert "at most 1.0e-06" in found.message
    short = ours(name, problem, keep_path=False)
    np.testing.assert_array_equal(short.path, [found.x])
    np.testing.assert_array_equal(short.values, found.values)


@pytest.mark.parametrize("name", METHODS)
def test_giving_up_is_told(name):
    found = ours(name, PROBLEMS["Rosenbrock"], max_iterations=3)
    assert not found.converged
    assert found.iterations == 3
    assert found.message.startswith("after 3 iterations the gradient has norm ")


@pytest.mark.parametrize("name", METHODS)
def test_a_minimum_at_the_start_costs_one_look(name):
    problem = PROBLEMS["Rosenbrock"]._replace(start=(1.0, 1.0))
    found = ours(name, problem)
    assert (found.iterations, found.value_evaluations, found.gradient_evaluations) == (0, 1, 1)
    assert found.converged


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": (np.nan, 1.0)}, r"start\[0\] is nan; expected finite numbers"),
        ({"start": (1.0, np.inf)}, r"start\[1\] is inf"),
        ({"start": ((1.0, 2.0),)}, r"start has shape \(1, 2\); expected a vector"),
        ({"start": ()}, r"start has shape \(0,\)"),
        ({"value": lambda x: np.inf}, "at the start the value is inf"),
        ({"gradient": lambda x: x * np.nan}, "at the start the value is .* start elsewhere"),
        ({"value": lambda x: x}, r"value returned shape \(2,\); expected one number"),
        ({"gradient": lambda x: x[:1]}, r"gradient returned shape \(1,\) for a point of \(2,\)"),
    ],
)
def test_errors_name_the_value_and_the_remedy(name, change, message):
    class Bowl:
        value, gradient = staticmethod(lambda x: x @ x / 2), staticmethod(lambda x: x)
        hessian, start = staticmethod(lambda x: np.eye(2)), (1.0, 2.0)

    for attribute, wrong in change.items():
        setattr(Bowl, attribute, staticmethod(wrong) if callable(wrong) else wrong)
    with pytest.raises(ValueError, match=message):
        ours(name, Bowl)


@pytest.mark.parametrize(
    "options", [{"tolerance": 0.0}, {"tolerance": np.nan}, {"max_iterations": -1}]
)
def test_options_out_of_range(options):
    with pytest.raises(ValueError, match="expected a tolerance above 0 and at least 0 iterations"):
        ours("bfgs", PROBLEMS["Beale"], **options)


def test_other_options_out_of_range():
    bowl = (lambda x: x @ x / 2, lambda x: x, (1.0, 2.0))
    with pytest.raises(ValueError, match="memory is 0; expected at least 1"):
        lbfgs(*bowl, memory=0)
    with pytest.raises(ValueError, match=r"formula is 'hestenes'; expected one of \['fletcher"):
        nonlinear_cg(*bowl, formula="hestenes")
    with pytest.raises(ValueError, match=r"c2 is 0.5; expected less than ½"):
        nonlinear_cg(*bowl, c2=0.5)
    with pytest.raises(ValueError, match=r"hessian returned shape \(2,\); expected \(2, 2\)"):
        newton(*bowl[:2], lambda x: x, (1.0, 2.0))
    with pytest.raises(ValueError, match="Hessian is not finite"):
        newton(*bowl[:2], lambda x: np.full((2, 2), np.nan), (1.0, 2.0))


@pytest.mark.parametrize("name", METHODS)
def test_trials_that_overflow_are_only_too_far(name):
    """exp is infinite from 710 on; a start with a slope of e³⁰ makes the first trials end there."""

    class Steep:
        value = staticmethod(lambda x: float(np.sum(np.exp(30 * x) + np.exp(-x))))
        gradient = staticmethod(lambda x: 30 * np.exp(30 * x) - np.exp(-x))
        hessian = staticmethod(lambda x: np.diag(900 * np.exp(30 * x) + np.exp(-x)))
        start = (-30.0, 1.0)

    found = ours(name, Steep, tolerance=1e-5)
    assert found.converged, found.message
    np.testing.assert_allclose(found.x, -np.log(30) / 31, atol=1e-6)


def test_a_wrong_gradient_is_suspected():
    found = bfgs(lambda x: x @ x, lambda x: -2 * x, (1.0, 2.0))
    assert not found.converged
    assert "is the gradient that of the function" in found.message


def test_a_function_without_a_bottom_is_suspected():
    found = bfgs(lambda x: -np.sum(x), lambda x: -np.ones_like(x), (1.0, 2.0))
    assert not found.converged
    assert "is it bounded below" in found.message
