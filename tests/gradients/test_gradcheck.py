"""Gradient checking: closed forms, SciPy and torch agree, and each kind of mistake is named."""

import re
import warnings

import numpy as np
import pytest
import torch
from scipy.optimize import approx_fprime, check_grad

from companion import nn
from companion.gradients import activations, elementwise
from companion.gradients import backpropagation as by_hand
from companion.gradients.checking.finite_differences import differences, numerical_gradient
from companion.gradients.checking.gradcheck import check_gradients, compare_gradients, gradcheck
from companion.gradients.checking.verdicts import RIGHT, VERDICTS, WRONG, is_fine, verdict_of
from companion.gradients.tensor import Tensor
from companion.training import manual_seed

RANDOM = np.random.default_rng(11)
X, Y = RANDOM.normal(size=(12, 6)), RANDOM.integers(0, 4, 12)


class Net:
    """A network by hand, with its parameters by name and a gradient to be spoiled."""

    def __init__(self, sizes=(6, 5, 5, 4), seed=1, decay=0.0):
        self.layers, self.decay = by_hand.initialize(sizes, seed=seed), decay
        self.parameters = {}
        for k, (W, b) in enumerate(self.layers, start=1):
            b[:] = RANDOM.normal(size=b.shape)
            self.parameters |= {f"W{k}": W, f"b{k}": b}

    def cost(self):
        penalty = sum(np.sum(W**2) for W, _ in self.layers) * self.decay / 2
        return by_hand.cost(by_hand.forward(self.layers, X)[-1], Y)[0] + penalty

    def gradients(self):
        a = by_hand.forward(self.layers, X)
        pairs = by_hand.backward(self.layers, a, by_hand.cost(a[-1], Y)[1])
        return {
            f"{letter}{k}": gradient
            for k, pair in enumerate(pairs, start=1)
            for letter, gradient in zip("Wb", pair, strict=True)
        }

    def check(self, gradients=None, **options):
        given = self.gradients() if gradients is None else gradients
        return check_gradients(self.cost, self.parameters, given, **options)


# --- the quotients ---------------------------------------------------------------------------


@pytest.mark.parametrize("eps", [1e-1, 1e-2, 1e-3])
def test_central_difference_of_a_quadratic_is_exact(eps):
    A = RANDOM.normal(size=(5, 5))
    x = RANDOM.normal(size=5)
    measured = numerical_gradient(lambda v: v @ A @ v, x, eps)
    np.testing.assert_allclose(measured, (A + A.T) @ x, rtol=0, atol=1e-13 / eps)


@pytest.mark.parametrize("eps", [1e-1, 1e-2, 1e-3])
def test_errors_for_a_cube_in_closed_form(eps):
    x = np.array([[-1.5, 0.0], [0.5, 2.0]])
    f = lambda v: np.sum(v**3)  # noqa: E731
    central = numerical_gradient(f, x, eps) - 3 * x**2
    forward = numerical_gradient(f, x, eps, scheme="forward") - 3 * x**2
    np.testing.assert_allclose(central, eps**2, rtol=0, atol=1e-13 / eps)
    np.testing.assert_allclose(forward, 3 * x * eps + eps**2, rtol=0, atol=1e-13 / eps)


@pytest.mark.parametrize("shape", [(), (1,), (7,), (3, 2), (2, 1, 3), (0,)])
def test_numerical_gradient_equals_scipy(shape):
    x = RANDOM.normal(size=shape)
    f = lambda v: np.sum(np.sin(v) * np.exp(-v))  # noqa: E731
    ours = numerical_gradient(f, x, 1e-7, scheme="forward")
    assert ours.shape == shape
    if x.size:
        flat = lambda v: f(v.reshape(shape))  # noqa: E731
        theirs = approx_fprime(x.ravel(), flat, 1e-7).reshape(shape)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-8)
        exact = (np.cos(x) - np.sin(x)) * np.exp(-x)
        np.testing.assert_allclose(numerical_gradient(f, x), exact, rtol=0, atol=1e-8)
        slope = lambda v: (np.cos(v) - np.sin(v)) * np.exp(-v)  # noqa: E731
        off = check_grad(flat, slope, x.ravel(), epsilon=1e-7)
        assert np.linalg.norm(ours - exact) == pytest.approx(off, abs=1e-8)


def test_the_input_is_left_alone_even_by_a_function_that_raises():
    x = RANDOM.normal(size=(2, 3))
    kept = x.copy()
    numerical_gradient(np.sum, x)
    np.testing.assert_array_equal(x, kept)

    def fails():
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        differences(fails, x, at=1.0)
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("eps", [0, -1e-6, np.nan])
def test_a_step_must_be_positive(eps):
    with pytest.raises(ValueError, match="expected a small positive step"):
        numerical_gradient(np.sum, np.ones(2), eps)
    with pytest.raises(ValueError, match="expected a small positive step"):
        Net().check(eps=eps)


def test_an_unknown_scheme_is_named():
    with pytest.raises(ValueError, match=r"scheme is 'left'; choose one of \['central', 'forward'"):
        numerical_gradient(np.sum, np.ones(2), scheme="left")


# --- right gradients -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_right_gradients_are_right(seed):
    net = Net(seed=seed)
    report = net.check()
    assert report.ok, report
    assert [one.name for one in report] == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert max(one.difference for one in report) < 1e-7
    assert str(report).startswith("Gradient check: 6 right.")
    assert repr(report) == str(report)
    assert report.place() == ""


def test_a_model_is_checked_and_left_as_it_was():
    manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4)).double()
    other = Tensor(np.ones(4), requires_grad=True)
    other.grad = np.full(4, 7.0)
    old = {name: np.full(p.shape, 3.0) for name, p in model.named_parameters()}
    for name, p in model.named_parameters():
        p.grad = old[name]
    arrays = {name: p.data for name, p in model.named_parameters()}
    before = {name: x.copy() for name, x in arrays.items()}

    def closure():
        return nn.CrossEntropyLoss()(model(X) * other, Y)

    report = check_gradients(closure, model)
    assert report.ok, report
    assert len(report) == 4
    for name, p in model.named_parameters():
        assert p.grad is old[name]
        assert p.data is arrays[name]
        np.testing.assert_array_equal(p.data, before[name])
        assert np.all(p.grad == 3)
    np.testing.assert_array_equal(other.grad, 7.0)
    only = check_gradients(closure, {"scale": other})
    assert only.ok
    assert only["scale"].checked == 4


def test_some_coordinates_at_random():
    calls = []
    net = Net()

    def cost():
        calls.append(1)
        return net.cost()

    report = check_gradients(cost, net.parameters, net.gradients(), coordinates=4, seed=2)
    assert report.ok
    assert [one.checked for one in report] == [4, 4, 4, 4, 4, 4]
    # Two calls a coordinate, two for the sharpest bend of each parameter, three to see that
    # the cost is steady.
    assert len(calls) == 2 * 24 + 2 * 6 + 3
    assert "4 random entries of each (seed 2)" in str(report)
    again = Net().check(coordinates=1000)
    assert [one.checked for one in again] == [30, 5, 25, 5, 20, 4]


def test_coordinates_that_are_sampled_find_a_wrong_sign():
    net = Net()
    gradients = net.gradients()
    gradients["W2"] *= -1
    report = net.check(gradients, coordinates=3)
    assert report["W2"].verdict == "wrong"
    assert "the sign is flipped" in report["W2"].advice


def test_numbers_have_gradients_too():
    t = Tensor(np.array(1.5), requires_grad=True)
    report = check_gradients(lambda: (t * t).sum(), {"t": t})
    assert report.ok
    assert report["t"].worst.index == ()
    assert report["t"].worst.analytic == 3


def test_nothing_to_check():
    assert check_gradients(lambda: 1.0, {}, {}).ok
    report = check_gradients(lambda: 1.0, {"none": np.zeros((0, 3))}, {"none": np.zeros((0, 3))})
    assert report["none"].verdict == "right"
    assert "0×3" in str(report)


# --- wrong gradients -------------------------------------------------------------------------


def spoil(name, change):
    def spoiled(net):
        gradients = net.gradients()
        gradients[name] = change(gradients[name])
        return gradients

    return spoiled


def first_entry(gradient):
    out = gradient.copy()
    out[1, 3] = 0.5
    return out


def row(gradient):
    out = gradient.copy()
    out[3] *= -1
    return out


def column(gradient):
    out = gradient.copy()
    out[:, 2] *= 2
    return out


def masked(gradient):
    out = gradient.copy()
    out[0, 1] = out[2, 4] = out[3, 0] = 0
    return out


PLANTED = {
    "sign": (spoil("W1", np.negative), "W1", "the sign is flipped"),
    "transposed": (spoil("W2", np.transpose), "W2", "transposed"),
    "twice": (spoil("W2", lambda g: 2 * g), "W2", "twice as large: accumulated twice"),
    "half": (spoil("b2", lambda g: g / 2), "b2", "half as large"),
    "sum for mean": (spoil("W3", lambda g: 12 * g), "W3", "is a division by 12 missing"),
    "mean for sum": (spoil("b1", lambda g: g / 12), "b1", "12 times too small"),
    "any factor": (spoil("W1", lambda g: 0.9 * g), "W1", "0.9 times what it should be"),
    "zero": (spoil("b3", lambda g: 0 * g), "b3", "it is zero: never computed"),
    "entry": (spoil("W1", first_entry), "W1", r"only \[1, 3\] of the 30 entries checked is wrong"),
    "row": (spoil("W2", row), "W2", "only row 3 is wrong: the sign is flipped"),
    "column": (spoil("W2", column), "W2", "only column 2 is wrong: it is twice as large"),
    "mask": (spoil("W2", masked), "W2", "3 of 25 entries are zero and should not be"),
    "none": (spoil("W2", lambda g: None), "W2", "no gradient reached it"),
    "nan": (spoil("W2", lambda g: g * np.nan), "W2", "NaN or infinity"),
    "infinity": (spoil("W2", lambda g: g + np.inf), "W2", "NaN or infinity"),
}


@pytest.mark.parametrize(("spoiled", "name", "said"), PLANTED.values(), ids=PLANTED)
def test_each_planted_mistake_is_named(spoiled, name, said):
    net = Net()
    report = net.check(spoiled(net))
    assert not report.ok
    assert [one.name for one in report if not one.ok] == [name]
    assert report.worst is report[name]
    assert re.search(said, report[name].advice), report
    assert report.place() == f"Only {name} is wrong: look at the line that computes its gradient."
    assert report[name].advice in " ".join(str(report).split())
    assert max(map(len, str(report).splitlines())) <= 80


def test_a_gradient_that_should_be_zero():
    t = {"t": np.ones(3), "u": np.ones(3)}
    report = check_gradients(lambda: np.sum(t["u"] ** 2), t, {"t": np.ones(3), "u": 2 * np.ones(3)})
    assert "the cost does not depend on it" in report["t"].advice


def test_a_missing_penalty_is_named():
    net = Net(decay=0.3)
    report = net.check()
    for k in (1, 2, 3):
        assert "0.3 times the parameter itself is missing" in report[f"W{k}"].advice
        assert report[f"b{k}"].ok
    gradients = net.gradients()
    for k, (W, _) in enumerate(net.layers, start=1):
        gradients[f"W{k}"] += 0.3 * W
    assert net.check(gradients).ok
    for k, (W, _) in enumerate(net.layers, start=1):
        gradients[f"W{k}"] += 0.3 * W
    assert "0.3 times the parameter itself too much" in net.check(gradients)["W1"].advice


def test_the_worst_entry_is_shown_with_both_values():
    net = Net()
    gradients = net.gradients()
    right = gradients["W2"][4, 1]
    gradients["W2"][4, 1] = right + 0.25
    worst = net.check(gradients)["W2"].worst
    assert worst.index == (4, 1)
    assert worst.analytic == right + 0.25
    assert worst.numeric == pytest.approx(right, abs=1e-8)
    assert worst.error == pytest.approx(0.25 / max(abs(right), abs(right + 0.25)), rel=1e-5)
    line = next(text for text in str(net.check(gradients)).splitlines() if text[2:4] == "W2")
    for cell in ("5×5", "wrong", "[4, 1]", f"{right + 0.25:.3g}", f"{right:.3g}"):
        assert cell in line


def test_one_advice_for_all_is_said_once():
    net = Net()
    report = net.check({name: 2 * g for name, g in net.gradients().items()})
    assert str(report).count("twice as large") == 1
    assert "look at the loss" in report.place()


def test_place_of_a_mistake_that_is_passed_on():
    net = Net()
    gradients = net.gradients()
    for name in ("W1", "b1"):
        gradients[name] = gradients[name] * RANDOM.uniform(0.5, 2, gradients[name].shape)
    assert "All up to b1 are wrong, from W2 on all are right" in net.check(gradients).place()
    gradients["b2"] = gradients["b2"] * 3
    place = net.check(gradients).place()
    assert "steps back to W2 are right" in place
    assert place.endswith("look at the line of b2, then at the step back before W2.")


def own_lines(*names):
    def three_times(net):
        gradients = net.gradients()
        return gradients | {name: 3 * gradients[name] for name in names}

    return three_times


def swapped(net):
    gradients = net.gradients()
    return gradients | {"b1": gradients["b2"], "b2": gradients["b1"]}


def penalty_twice(net):
    gradients = net.gradients()
    return gradients | {f"W{k}": gradients[f"W{k}"] + W for k, (W, _) in enumerate(net.layers, 1)}


@pytest.mark.parametrize(
    ("spoiled", "settled", "lines"),
    [
        (own_lines("b1", "b2", "b3"), "W1", "lines of b1, b2, b3"),
        (own_lines("W1", "W2", "W3"), "b1", "lines of W2, W3, then at the step back before b1"),
        (penalty_twice, "b1", "lines of W2, W3, then at the step back before b1"),
        (swapped, "W1", "lines of b1, b2"),
        (own_lines("W2", "b3"), "W1", "lines of W2, b3"),
    ],
    ids=["biases", "weights", "penalty twice", "swapped", "two"],
)
def test_nothing_is_passed_on_where_something_further_back_is_right(spoiled, settled, lines):
    net = Net()
    place = net.check(spoiled(net)).place()
    assert place.endswith(f"so the steps back to {settled} are right: look at the {lines}.")
    assert "Begin" not in place


def test_zeros_and_rounding_do_not_clear_the_steps_back():
    report = compare_gradients(
        {"a": [0.0], "b": [1.0], "c": [2.0], "d": [1.0]},
        {"a": [0.0], "b": [3.0], "c": [7.0], "d": [1.0]},
    )
    assert report["a"].ok
    assert not report["a"].is_settled
    assert report["d"].is_settled
    assert report.place().startswith("Begin with c: what is wrong there may be passed on")


def test_all_wrong_each_in_its_own_way():
    """The report of the exercise "Mend it", whose first step back is right."""
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(7, 3)), rng.normal(size=7)
    p = {"W1": rng.normal(size=(4, 3)), "b1": rng.normal(size=4)}
    p |= {"w2": rng.normal(size=4), "b2": np.array(0.3)}

    def cost():
        error = np.tanh(x @ p["W1"].T + p["b1"]) @ p["w2"] + p["b2"] - t
        return np.mean(error**2) / 2 + 0.25 * (np.sum(p["W1"] ** 2) + np.sum(p["w2"] ** 2))

    a = np.tanh(x @ p["W1"].T + p["b1"])
    dy = (a @ p["w2"] + p["b2"] - t) / 7
    dz = np.outer(dy, p["w2"]) * (1 - a**2)
    right = {
        "W1": dz.T @ x + 0.5 * p["W1"],
        "b1": dz.sum(axis=0),
        "w2": a.T @ dy + 0.5 * p["w2"],
        "b2": dy.sum(),
    }
    assert check_gradients(cost, p, right).ok
    stub = right | {"W1": right["W1"] - p["W1"], "b1": right["b1"] / 7}
    stub |= {"w2": right["w2"] - 0.5 * p["w2"], "b2": 2 * right["b2"]}
    report = check_gradients(cost, p, stub)
    assert [one.verdict for one in report] == ["wrong"] * 4
    for name, said in (("W1", "1 times the parameter"), ("w2", "0.5 times the parameter")):
        assert said in report[name].advice
    place = report.place()
    assert place.startswith("All are wrong: look at the loss and at the first step back")
    assert place.endswith("If these are right, at the line of each.")
    assert place.split()[:4] == str(report).split("\n")[-3].split()[:4]
    assert max(map(len, str(report).splitlines())) <= 80


# --- what the measurement cannot settle ------------------------------------------------------


def test_a_kink_is_told_from_a_mistake():
    x = np.array([0.7, 0.0, -0.4])
    report = gradcheck(activations.relu, x)
    assert [one.verdict for one in report] == ["kink"]
    assert not report.ok
    assert report["input 0"].kink.index == (1,)
    assert "move the point" in str(report)
    assert gradcheck(activations.relu, x + 1e-3).ok
    # Near the kink, but not at it: the step crosses it.
    assert gradcheck(activations.relu, x + 3e-7).worst.verdict == "kink"
    # A mistake at a kink is a mistake.
    report = gradcheck(lambda t: activations.relu(t) * 2 - activations.relu(t).detach(), x)
    assert report.worst.verdict == "wrong"


def test_a_kink_where_both_agree_is_mentioned():
    report = gradcheck(elementwise.abs, np.array([1.0, 0.0]))
    assert report.ok
    assert report["input 0"].kink.index == (1,)
    assert "right, though the cost has a kink at [1]" in str(report)


@pytest.mark.parametrize("bend", [1.0, 1e2, 1e3])
def test_a_sharp_bend_is_no_kink(bend):
    right = check_gradients(*_cosh(bend, np.sinh))
    assert right["t"].kink is None
    assert right.ok
    report = check_gradients(*_cosh(bend, lambda v: np.sinh(v) + 1))
    assert report["t"].verdict == "wrong"


def _cosh(bend, slope):
    t = np.array([0.3, -0.2]) / bend
    return lambda: np.sum(np.cosh(bend * t)) / bend, {"t": t}, {"t": slope(bend * t)}


def test_a_random_cost_is_refused():
    rng, t = np.random.default_rng(0), {"t": np.ones(3)}
    with pytest.raises(ValueError, match=r"not deterministic: two calls .* model\.eval\(\)"):
        check_gradients(lambda: np.sum(t["t"] * rng.random(3)), t, {"t": np.ones(3)})
    with pytest.raises(ValueError, match="not deterministic"):
        gradcheck(lambda x: x * rng.random(3), np.ones(3))


def test_a_cost_that_drifts_is_refused():
    t, calls = {"t": np.ones(3)}, []

    def cost():
        calls.append(1)
        return np.sum(t["t"]) + (len(calls) > 4)

    with pytest.raises(ValueError, match="before and after the check"):
        check_gradients(cost, t, {"t": np.ones(3)})
    np.testing.assert_array_equal(t["t"], 1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_cost_without_a_value_is_refused(value):
    with pytest.raises(ValueError, match=f"the cost is {value} at the point itself"):
        check_gradients(lambda: value, {"t": np.ones(2)}, {"t": np.ones(2)})


def test_infinity_a_step_away():
    t = {"t": np.array([0.0, 1.0])}

    def cost():
        with np.errstate(invalid="ignore"):
            return np.sum(np.sqrt(t["t"]))

    report = check_gradients(cost, t, {"t": np.array([1.0, 0.5])})
    assert report["t"].verdict == "not finite"
    assert report["t"].worst.index == (0,)


def test_float32_is_refused():
    model = nn.Sequential(nn.Linear(6, 4))
    with pytest.raises(TypeError, match=r"0\.weight is float32: .* model\.double\(\)"):
        check_gradients(lambda: nn.CrossEntropyLoss()(model(X), Y), model)
    with pytest.raises(TypeError, match=r"t is int64"):
        check_gradients(lambda: 1.0, {"t": np.ones(2, int)}, {"t": np.ones(2)})
    t = {"t": np.ones(2)}
    with pytest.raises(TypeError, match="the cost is float32"):
        check_gradients(lambda: np.float32(t["t"].sum()), t, {"t": np.ones(2)})


def test_no_gradient_reached_it():
    a, b, c = (Tensor(np.ones(2), requires_grad=True) for _ in range(3))
    report = check_gradients(lambda: (a * b.detach()).sum(), {"a": a, "b": b, "c": c})
    assert [one.verdict for one in report] == ["right", "no gradient", "unused"]
    assert "no gradient reached it: is requires_grad off" in report["b"].advice
    assert report.worst.name == "b"
    assert not report.ok
    detached = check_gradients(lambda: (a.detach() * 2).sum(), {"a": a})
    assert detached["a"].verdict == "no gradient"
    unused = check_gradients(lambda: (a * 2).sum(), {"a": a, "c": c})
    assert unused.ok
    assert "the cost does not depend on it" in str(unused)


def test_zero_and_nearly_zero():
    t = {"t": np.ones(3)}
    report = check_gradients(lambda: 1.0, t, {"t": np.zeros(3)})
    assert report["t"].verdict == "right"
    assert "both are zero here" in str(report)
    report = check_gradients(lambda: 1.0 + 1e-13 * t["t"].sum(), t, {"t": np.full(3, 5e-13)})
    assert report["t"].verdict == "too small"
    assert report.ok
    assert "which proves nothing" in report["t"].advice


def test_a_gradient_that_agrees_only_to_rounding_says_so():
    # A large constant in the cost costs digits; the check knows how many.
    t, g = {"t": np.ones(3)}, np.full(3, 1e-3)
    cost = lambda: 1e4 + 1e-3 * t["t"].sum()  # noqa: E731
    for given in (g, 1.001 * g):
        report = check_gradients(cost, t, {"t": given})
        assert report["t"].verdict == "right"
        assert report["t"].difference > RIGHT
        assert re.fullmatch(
            r"agrees only to rounding, \d+e-0\d: check at another point", report["t"].advice
        )
        assert not report["t"].is_settled
        assert report["t"].advice in str(report)
    assert not check_gradients(cost, t, {"t": 1.1 * g}).ok


def test_a_mistake_behind_a_large_term_gets_no_place():
    """Off by a factor that varies, but seen only in one row, where the large term is smallest."""
    net = Net()
    W = np.vstack([np.full((4, 6), 1.0), np.full((1, 6), 1e-3)])
    right = net.gradients()["W1"] + 1e4 * W
    error = 5e-2 * RANDOM.uniform(1, 2, size=W.shape)
    report = compare_gradients({"W1": right + error}, {"W1": right})
    bad = np.abs(error) > 1e-4 * np.abs(right) + 1e-6 * np.abs(right).max()
    assert bad.any()
    assert not bad[:4].any()
    assert report["W1"].verdict == "suspicious"
    assert "only" not in report["W1"].advice
    # The same row alone is named, if the others are right.
    error[:4] = 0
    report = compare_gradients({"W1": right + 100 * error}, {"W1": right})
    assert "only row 4 is wrong" in report["W1"].advice


def test_what_is_plainly_wrong_comes_first():
    n = np.array([1.0, 2.0, -3.0])
    close = n * (1 + 2e-5 * np.array([1, -1, 1]))
    alone = compare_gradients({"a": close, "b": n}, {"a": n, "b": n})
    assert "very close for a mistake: try another point" in str(alone)
    both = compare_gradients({"a": close, "b": -n}, {"a": n, "b": n})
    assert both["a"].verdict == "suspicious"
    assert "another point" not in str(both)
    assert "a: too far apart for rounding: mend what is plainly wrong first" in str(both)


# --- the three ways in -----------------------------------------------------------------------


def test_names_and_shapes_must_fit():
    net = Net()
    gradients = net.gradients()
    with pytest.raises(ValueError, match=r"gradient of W1 has shape \(6, 5\), not \(5, 6\): trans"):
        net.check(gradients | {"W1": gradients["W1"].T})
    with pytest.raises(ValueError, match=r"gradients of \['W1'\] were given, for parameters"):
        net.check({"W1": gradients["W1"]})
    with pytest.raises(ValueError, match=r"gradients of \[\] were given, measured were \['a'\]"):
        compare_gradients({}, {"a": 1.0})
    with pytest.raises(TypeError, match="W1 is an array: pass gradients"):
        check_gradients(net.cost, net.parameters)
    with pytest.raises(TypeError, match="t is a float; expected an array"):
        check_gradients(net.cost, {"t": 1.0}, {"t": 1.0})
    with pytest.raises(ValueError, match="coordinates is 0"):
        net.check(coordinates=0)
    t = Tensor(np.ones(2), requires_grad=True)
    with pytest.raises(ValueError, match=r"closure returned shape \(2,\)"):
        check_gradients(lambda: t * 2, {"t": t})
    with pytest.raises(TypeError, match="closure returned a float"):
        check_gradients(lambda: 2.0, {"t": t})


@pytest.mark.usefixtures("unperturbed")
def test_compare_gradients_reads_numbers():
    net = Net()
    right = net.gradients()
    report = compare_gradients(right | {"b1": -right["b1"]}, right)
    assert report["b1"].verdict == "wrong"
    assert report["b1"].difference == 1
    assert report["W1"].difference == 0
    assert "sign is flipped" in str(report)
    assert compare_gradients({"a": None}, {"a": [1.0]})["a"].verdict == "no gradient"


def right_and_wrong():
    yield "cube", lambda x: x**3, lambda x: x**3, True
    yield "half", lambda x: x * x.detach(), lambda x: x * x.detach(), False
    yield "tanh", activations.tanh, torch.tanh, True
    yield (
        "no slope",
        lambda x: x + (activations.tanh(x) - x).detach(),
        (lambda x: x + (torch.tanh(x) - x).detach()),
        False,
    )
    yield "two", lambda x, y: x / y, lambda x, y: x / y, True
    yield (
        "two, one wrong",
        lambda x, y: x / y.detach() + y * 0.0,
        (lambda x, y: x / y.detach() + y * 0.0),
        False,
    )
    yield (
        "softmax",
        lambda x: activations.softmax(x, dim=-1),
        (lambda x: torch.softmax(x, -1)),
        True,
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "right"),
    [c[1:] for c in right_and_wrong()],
    ids=[c[0] for c in right_and_wrong()],
)
@pytest.mark.parametrize("seed", range(3))
def test_verdicts_are_those_of_torch(ours, theirs, right, seed):
    rng = np.random.default_rng(seed)
    inputs = [rng.uniform(0.5, 2, size=(3, 4)) for _ in range(ours.__code__.co_argcount)]
    inputs = inputs or [rng.uniform(0.5, 2, size=(3, 4))]
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    assert torch.autograd.gradcheck(theirs, tensors, raise_exception=False) is right
    assert gradcheck(ours, *inputs).ok is right


def test_verdicts_follow_the_relative_difference():
    n = np.array([1.0, -2.0, 2.0])
    for factor, expected in (
        (1, "right"),
        (1 + 1e-7, "right"),
        (1.001, "suspicious"),
        (1.1, "wrong"),
    ):
        assert verdict_of(factor * n, n) == expected
    assert verdict_of(n * (1 + 2.1 * RIGHT), n) == "suspicious"
    assert verdict_of(n * (1 + 2.1 * WRONG), n) == "wrong"
    assert [v for v in VERDICTS if is_fine(v)] == ["right", "too small", "unused"]


def test_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        huge = {"t": np.array([1e200, -1e200])}
        check_gradients(lambda: np.sum(huge["t"]), huge, {"t": np.ones(2)})
        compare_gradients({"a": [np.inf, np.nan]}, {"a": [np.inf, 1.0]})
