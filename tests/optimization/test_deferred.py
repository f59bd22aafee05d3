"""Deferred graphs: the values and gradients of torch, and no more work than was asked for."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from companion.gradients import activations, reductions, shaping
from companion.gradients.tape import primitive
from companion.optimization.deferred.gradients import gradients, minimize
from companion.optimization.deferred.nodes import (
    Assign,
    Constant,
    Group,
    Operation,
    Placeholder,
    Variable,
)
from companion.optimization.deferred.rewriting import listing, reads, simplify
from companion.optimization.deferred.session import Session, needed

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(7, 5)), np.eye(3)[RANDOM.integers(0, 3, 7)]
W1, B1 = RANDOM.normal(size=(5, 4)), RANDOM.normal(size=4)
W2, B2 = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=(1, 3))


def network():
    """Placeholders, variables, scores and cost of a small network, deferred."""
    x, y = Placeholder("x"), Placeholder("y")
    variables = [Variable(v, label=n) for n, v in zip("abcd", (W1, B1, W2, B2), strict=True)]
    w1, b1, w2, b2 = variables
    scores = Operation(activations.tanh, x @ w1 + b1) @ w2 + b2
    total = Operation(reductions.logsumexp, scores, axis=1)
    right = Operation(reductions.sum, scores * y, axis=1)
    cost = Operation(reductions.mean, total - right) + 0.01 * Operation(reductions.sum, w2 * w2)
    return (x, y), variables, scores, cost


def with_torch():
    """Cost and gradients of the same network by torch."""
    w1, b1, w2, b2 = (torch.tensor(v, requires_grad=True) for v in (W1, B1, W2, B2))
    scores = torch.tanh(torch.tensor(X) @ w1 + b1) @ w2 + b2
    cost = torch.nn.functional.cross_entropy(scores, torch.tensor(Y)) + 0.01 * (w2 * w2).sum()
    cost.backward()
    return cost.item(), [p.grad.numpy() for p in (w1, b1, w2, b2)]


def test_values_and_gradients_equal_torch():
    (x, y), variables, _, cost = network()
    value, *slopes = Session().run([cost, *gradients(cost, variables)], {x: X, y: Y})
    expected, expected_slopes = with_torch()
    assert value == pytest.approx(expected, abs=1e-12)
    for got, wanted in zip(slopes, expected_slopes, strict=True):
        assert got.shape == wanted.shape
        np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-12)


def test_every_operator_equals_torch():
    a, b = Variable(np.array([1.5, 0.3])), Variable(np.array([[2.0], [0.7]]))

    def formula(a, b):
        return ((2 - a) * b + a / b - 3 / a + (b - 1) ** 2 + 1.5**a).__rsub__(4.0)

    ta, tb = (torch.tensor(v.start, requires_grad=True) for v in (a, b))
    result = formula(ta, tb)
    result.sum().backward()
    node = formula(a, b)
    total = Operation(reductions.sum, node)
    value, da, db = Session().run([node, *gradients(total, [a, b])])
    np.testing.assert_allclose(value, result.detach().numpy(), rtol=1e-14)
    np.testing.assert_allclose(da, ta.grad.numpy(), rtol=1e-13)
    np.testing.assert_allclose(db, tb.grad.numpy(), rtol=1e-13)


def test_descent_on_a_parabola_in_closed_form():
    """w ← w - 0.01 (2w - 10) from 0 is 5 (1 - 0.98ᵗ)."""
    w = Variable(np.zeros(()), label="w")
    cost = w**2 - 10 * w + 25
    train, session = minimize(cost, [w], lr=0.01), Session()
    for t in range(200):
        assert session.run(w) == pytest.approx(5 * (1 - 0.98**t), abs=1e-12)
        assert session.run(train) is None
    assert Session().run(w) == 0  # another session knows nothing of this one


def test_all_variables_change_together():
    a, b = Variable(1.0), Variable(2.0)
    session = Session()
    old = session.run([a, b, Group(Assign(a, b), Assign(b, a))])
    assert [float(v) for v in old[:2]] == [1, 2]
    assert [float(v) for v in session.run([a, b])] == [2, 1]


def counting():
    """A primitive that counts how often it is evaluated."""
    calls = []

    @primitive
    def doubled(a):
        calls.append(1)
        return 2 * a, lambda dc: 2 * dc

    return doubled, calls


def test_only_what_is_fetched_is_evaluated_and_once(monkeypatch):
    monkeypatch.setattr("companion.gradients.tape.PRIMITIVES", {})
    doubled, calls = counting()
    x = Placeholder("x")
    shared = Operation(doubled, x)
    used, unused = shared + shared, Operation(doubled, shared)
    assert Session().run(used, {x: 3.0}) == 12
    assert len(calls) == 1
    assert unused not in needed([used])
    assert Session().run(used, {shared: 5.0}) == 10  # fed: x is not needed
    assert len(calls) == 1


def test_needed_is_in_topological_order_and_deep():
    node = Variable(0.0)
    for _ in range(20_000):
        node = node + 1.0
    order = needed([node, node])
    place = {n: k for k, n in enumerate(order)}
    assert len(order) == len(place) == 40_001
    assert all(place[i] < place[n] for n in order for i in n.inputs)
    assert Session().run(node) == 20_000


def test_simplified_graph_is_smaller_and_has_the_same_values():
    (x, y), variables, scores, cost = network()
    w1, b1, w2, b2 = variables
    again = Operation(activations.tanh, x @ w1 + b1) @ w2 + b2  # written a second time
    factor = Constant(2.0) * 3.0 + 1.0
    fetches = [cost, scores + factor * again, *gradients(cost, variables)]
    simple = simplify(fetches)
    feeds = {x: X, y: Y}
    before, after = Session().run(fetches, feeds), Session().run(simple, feeds)
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)
    # The second scores (5 operations) go, of the factor (3 constants, 2 operations) one is left.
    assert len(needed(fetches)) - len(needed(simple)) >= 5 + 4
    assert sum("tanh" in line and "pullback" not in line for line in
               listing(simple).splitlines()) == 1


def test_simplify_keeps_apart_what_differs():
    a, b = Variable(1.0), Variable(1.0)
    x = Placeholder("x")
    pairs = [
        (a, b),
        (a + 1.0, b + 1.0),
        (a - b, b - a),
        (x + 1, x + True),
        (Operation(reductions.sum, x, axis=0), Operation(reductions.sum, x, axis=1)),
        (Constant(np.zeros(2)), Constant(np.zeros((2, 1)))),
        (Constant(np.float32(0)), Constant(np.float64(0))),
    ]
    for left, right in pairs:
        one, other = simplify([left, right])
        assert one is not other
    one, other = simplify([a + b, a + b])
    assert one is other


def test_simplify_compares_every_number_of_an_option():
    """NumPy prints long arrays with the middle left out."""
    x, first = Placeholder("x"), np.zeros(5000, dtype=int)
    second = first.copy()
    second[2500] = 1
    lookup = [Operation(shaping.getitem, x, index=i) for i in (first, second, first.copy())]
    one, other, again = simplify(lookup)
    assert one is again
    got = Session().run([one, other], {x: np.array([3.0, 4.0])})
    np.testing.assert_array_equal(got, [np.full(5000, 3.0), 3.0 + second])


def test_simplify_tells_options_apart_by_type_and_identity():
    x = Placeholder("x")

    @dataclass
    class Setting:
        value: int

        def __repr__(self):
            return "a setting"

    shared = Setting(1)
    for left, right, same in (
        (1, 1.0, False),
        ((1, 2), [1, 2], False),
        ((1, (2, None)), (1, (2, None)), True),
        (slice(0, 2), slice(0, 2), True),
        (shared, shared, True),
        (Setting(1), Setting(2), False),
    ):
        one, other = simplify([Operation(shaping.getitem, x, index=i) for i in (left, right)])
        assert (one is other) == same


def test_gradients_of_an_array_are_those_of_its_sum():
    x = Variable(np.array([1.0, -2.0, 3.0]))
    (slope,) = gradients(x**2, [x])
    np.testing.assert_allclose(Session().run(slope), [2, -4, 6], rtol=0, atol=1e-15)


def test_listing_names_each_node_and_its_inputs():
    a = Variable(1.0, label="a")
    assert listing([a * a + 2]) == "%0 = a\n%1 = mul %0 %0\n%2 = constant 2\n%3 = add %1 %2"


def test_a_graph_as_a_dictionary_names_each_node_and_what_it_reads():
    a = Variable(1.0, label="a")
    graph = reads([a * a + 2, a + np.zeros(3)])
    assert list(graph.items())[:4] == [
        ("%0 a", []),
        ("%1 mul", ["%0 a", "%0 a"]),
        ("%2 2", []),
        ("%3 add", ["%1 mul", "%2 2"]),
    ]
    assert graph["%5 add"] == ["%0 a", "%4 constant"]


def test_python_numbers_follow_the_type_they_meet():
    x = Placeholder("x")
    for dtype in (np.float32, np.float64):
        fed = np.ones(3, dtype)
        cost = Operation(reductions.mean, 0.1 * x * x)
        value, slope = Session().run([cost, *gradients(cost, [x])], {x: fed})
        assert value.dtype == slope.dtype == dtype
        penalty = Constant(1e-3) / 2 * Operation(reductions.sum, x * x)  # numbers among themselves
        for node in (penalty, *simplify([penalty])):
            value = Session().run(node, {x: fed})
            assert value.dtype == dtype
            assert value == pytest.approx(1.5e-3, rel=1e-6)


def test_gradient_for_a_number_that_is_fed():
    """d/dx (x³ + x b) = 3x² + b, with plain numbers for both."""
    x, b = Placeholder("x"), Placeholder("b")
    (slope,) = gradients(x * x * x + x * b, [x])
    for at, shift in ((2.0, 0.5), (3, -1)):
        found = Session().run(slope, {x: at, b: shift})
        assert found == pytest.approx(3 * at**2 + shift, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: Session().run(x + 1), ValueError, "<Placeholder x> has no value; pass it"),
        (bool, TypeError,
         "has no value before a session runs"),
        (list, TypeError, "no length before a session runs"),
        (lambda x: gradients(x * 2, [x, Variable(1.0, "w")]), ValueError, r"depend on \['w'\]"),
        (lambda x: Session().run(x @ np.ones((4, 2)), {x: np.ones((5, 3))}), ValueError,
         r"matmul: \(5, 3\) and \(4, 2\) do not fit: 3 ≠ 4"),
    ],
)  # fmt: skip
def test_errors_name_the_node_and_the_remedy(call, error, message):
    with pytest.raises(error, match=message):
        call(Placeholder("x"))


def test_a_fed_operation_has_no_pullbacks():
    x = Variable(1.0)
    y = x * 3.0
    (slope,) = gradients(y * y, [x])
    with pytest.raises(ValueError, match="mul> was fed, so it has no pullbacks"):
        Session().run(slope, {y: 2.0})
