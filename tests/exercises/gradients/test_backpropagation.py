"""Checks of the exercises in the chapter on backpropagation."""

import numpy as np

from companion.exercises import assert_close, assert_gradient, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(5)


@check(
    "count-parameters",
    hints=(
        "Layer l has a weight for each pair of a unit before and a unit in it.",
        "The input layer has no parameters; every other layer has a bias for each unit.",
        "sum((before + 1) * units for before, units in zip(sizes, sizes[1:]))",
    ),
)
def test_count_of_the_digit_network(student):
    "the network 784–128–64–10 has 109,386 parameters"
    mistakes = {
        "the biases are missing": 784 * 128 + 128 * 64 + 64 * 10,
        "the inputs have no biases": 109_386 + 784,
    }
    assert_close(student.count_parameters([784, 128, 64, 10]), 109_386, mistakes=mistakes)
    assert_close(student.count_parameters([2, 3, 4, 5, 6]), 9 + 16 + 25 + 36)


@check(
    "count-parameters",
    hidden=True,
    hints=(
        "Without biases only the matrices count.",
        "Use the argument `bias`.",
        "(before + bias) * units works for True and False.",
    ),
)
def test_count_without_biases(student):
    "bias=False leaves the weights alone, and two sizes are a network as well"
    assert_close(student.count_parameters([3, 5, 2], bias=False), 25)
    assert_close(student.count_parameters([7, 1]), 8)


@check(
    "swish-pullback",
    hints=(
        "a is a product of two functions of z.",
        "Use the product rule; σ' = σ (1 - σ).",
        "da * (s + z * s * (1 - s)) with s = σ(z)",
    ),
)
def test_swish_agrees_with_differences(student):
    "the result agrees with central differences"
    z, da = np.linspace(-3, 3, 7), np.ones(7)
    numeric = numerical_gradient(lambda v: np.sum(v / (1 + np.exp(-v))), z)
    assert_gradient({"z": student.swish_pullback(z, da)}, {"z": numeric})


@check(
    "swish-pullback",
    hints=(
        "A pullback is a derivative times what comes back.",
        "Multiply by da, entry by entry.",
        "return da * (...)",
    ),
)
def test_swish_passes_on_what_comes_back(student):
    "what comes back is multiplied in, entry by entry, in any shape"
    z, da = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=(3, 4))
    s = 1 / (1 + np.exp(-z))
    expected = da * (s + z * s * (1 - s))
    mistakes = {"da is not used": s + z * s * (1 - s)}
    got = student.swish_pullback(z, da)
    # Tight enough to tell a derivative from a measured slope.
    assert_close(got, expected, rtol=1e-12, atol=1e-14, mistakes=mistakes)


X, Y = RANDOM.normal(size=(7, 3)), RANDOM.normal(size=7)
W1, B1, W2, B2 = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=4), RANDOM.normal(size=4), 0.3
NAMES = ("W1", "b1", "w2", "b2")


def regression_cost(W1, b1, w2, b2):
    hidden = np.maximum(X @ W1.T + b1, 0)
    return np.mean((hidden @ w2 + b2 - Y) ** 2) / 2


def differences(position):
    """Central differences of the cost for one of the four parameters."""
    parameters = [W1, B1, W2, B2]

    def cost(value):
        return regression_cost(*parameters[:position], value, *parameters[position + 1 :])

    return numerical_gradient(cost, parameters[position])


def four(answer):
    """Four named gradients, or a failure that says what came instead."""
    got = kind_of(answer)
    assert isinstance(answer, tuple), f"expected a tuple of four gradients, got {got}"
    assert len(answer) == 4, f"expected four gradients, got {len(answer)}"
    shapes = [np.shape(gradient) for gradient in answer]
    assert shapes != [(4,), (), (4, 3), (4,)], "the order is dW1, db1, dw2, db2"
    return dict(zip(NAMES, answer, strict=True))


@check(
    "regression-gradients",
    points=1,
    hints=(
        "The gradient for ŷ is (ŷ - y) / m: the ½ cancels the 2.",
        "w2 is read with a[1] coming in: dw2 = a[1]ᵀ dŷ.",
        "dy = (A1 @ w2 + b2 - y) / len(y); dw2 = A1.T @ dy; db2 = dy.sum()",
    ),
)
def test_output_layer_gradients(student):
    "the gradients of w2 and b2 agree with central differences"
    got = four(student.regression_gradients(X, Y, W1, B1, W2, B2))
    assert_unchanged(student.regression_gradients)
    numeric = {name: differences(NAMES.index(name)) for name in ("w2", "b2")}
    assert_gradient({name: got[name] for name in numeric}, numeric)


@check(
    "regression-gradients",
    points=2,
    after="test_output_layer_gradients",
    hints=(
        "What comes back to a hidden unit is dŷ times its weight in w2.",
        "The slope of relu is 1 where Z1 > 0 and 0 elsewhere.",
        "dZ1 = np.outer(dy, w2) * (Z1 > 0); dW1 = dZ1.T @ X; db1 = dZ1.sum(axis=0)",
    ),
)
def test_hidden_layer_gradients(student):
    "the gradients of W1 and b1 agree with central differences"
    got = four(student.regression_gradients(X, Y, W1, B1, W2, B2))
    numeric = {name: differences(NAMES.index(name)) for name in ("W1", "b1")}
    assert_gradient({name: got[name] for name in numeric}, numeric)


@check(
    "regression-gradients",
    hidden=True,
    hints=(
        "The cost is a mean over the examples.",
        "Listing every example twice must not change a mean.",
        "Divide by len(y), once.",
    ),
)
def test_copies_of_the_data_change_nothing(student):
    "listing each example twice leaves all gradients as they are"
    got = four(student.regression_gradients(np.tile(X, (2, 1)), np.tile(Y, 2), W1, B1, W2, B2))
    for position, name in enumerate(NAMES):
        expected = differences(position)
        mistakes = {"the factor 1/m is missing": 14 * expected}
        assert_close(got[name], expected, rtol=1e-4, atol=1e-6, mistakes=mistakes, what=f"d{name}")


ROWS = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [1.0, 2.0]])
BIAS = np.array([0.5, 0.5, 0.5, 0.5])
OUT = np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0]])


@check(
    "count-distinct-units",
    hints=(
        "Units with the same numbers going in and out are the same unit.",
        "Put all numbers of a unit into one row and count different rows.",
        "np.column_stack([W1, b1, W2.T]) has a row per unit.",
    ),
)
def test_twins_count_once(student):
    "three equal units and a different one make two"
    mistakes = {"this counts the groups of twins": 1, "this counts the units": 4}
    assert_close(student.count_distinct_units(ROWS, BIAS, OUT), 2, mistakes=mistakes)
    rows = np.array([[0.0], [1.0], [2.0], [1.0], [0.0], [3.0]])
    assert_close(student.count_distinct_units(rows, np.zeros(6), np.ones((1, 6))), 4)


@check(
    "count-distinct-units",
    after="test_twins_count_once",
    hints=(
        "Two units may read the same and still be used differently.",
        "Compare the bias and the outgoing weights as well.",
        "The outgoing weights of unit h are the column W2[:, h].",
    ),
)
def test_bias_and_outgoing_weights_count(student):
    "a difference in the bias alone, or in an outgoing weight alone, makes units different"
    bias, out = BIAS.copy(), OUT.copy()
    bias[1] = 0.6
    out[1, 3] = -2.0
    assert_close(
        student.count_distinct_units(ROWS, bias, OUT), 3, what="the count with another bias"
    )
    assert_close(
        student.count_distinct_units(ROWS, BIAS, out),
        3,
        what="the count with another outgoing weight",
    )


@check(
    "count-distinct-units",
    hidden=True,
    after="test_twins_count_once",
    hints=(
        "Numbers that come out of training are never exactly equal.",
        "Use `tol`: equal means no entry differs by more than it.",
        "np.abs(unit - other).max() <= tol",
    ),
)
def test_equal_means_within_the_tolerance(student):
    "units that differ by less than tol are twins"
    rows = ROWS + 1e-10 * np.arange(8).reshape(4, 2)
    assert_close(student.count_distinct_units(rows, BIAS, OUT), 2)
    wide = student.count_distinct_units(ROWS, BIAS, OUT, tol=5.0)
    assert_close(wide, 1, what="the count with tol = 5")


@check(
    "graph-gradients",
    points=2,
    hints=(
        "The gradient of an input is slope × gradient, added over all who read it.",
        "Use +=, never =.",
        "gradients[source] += slope * gradients[node]",
    ),
)
def test_gradients_add_up(student):
    "an input that is read twice gets both contributions"
    graph = {"c": [("a", 2.0), ("b", -1.0), ("a", 3.0)], "a": [], "b": []}
    expected = {"c": 1.0, "a": 5.0, "b": -1.0}
    mistakes = {"contributions were assigned, not added": {"c": 1.0, "a": 3.0, "b": -1.0}}
    assert_close(student.graph_gradients(graph, "c"), expected, mistakes=mistakes)


@check(
    "graph-gradients",
    after="test_gradients_add_up",
    hints=(
        "A node may pass its gradient on only when all who read it have reported.",
        "Find an order in which every node comes before its inputs.",
        "Depth first: list a node after all its inputs; go through the list backwards.",
    ),
)
def test_order_does_not_depend_on_the_path(student):
    "a short and a long path give the sum over all paths, also where there are very many"
    graph = {
        "x": [],
        "s": [("x", 4.0)],
        "root": [("s", 1.0), ("e", 1.0)],
        "f": [("s", 2.0)],
        "e": [("f", 5.0)],
    }
    expected = {"x": 44.0, "s": 11.0, "root": 1.0, "f": 5.0, "e": 1.0}
    assert_close(student.graph_gradients(graph, "root"), expected)
    mirrored = {**graph, "root": [("e", 1.0), ("s", 1.0)]}
    assert_close(student.graph_gradients(mirrored, "root"), expected)
    # Thirty diamonds in a row have 2³⁰ paths: following each one does not end in time.
    ladder = {0: []} | {k: [(k - 1, 1.0), (k - 1, 1.0)] for k in range(1, 31)}
    expected = {k: 2.0 ** (30 - k) for k in ladder}
    assert_close(student.graph_gradients(ladder, 30), expected)


@check(
    "graph-gradients",
    hidden=True,
    hints=(
        "Not every node need matter to the root.",
        "Start with 0.0 for every node in the graph.",
        "gradients = {node: 0.0 for node in graph}",
    ),
)
def test_nodes_the_root_does_not_read_get_zero(student):
    "nodes that the root does not depend on are listed with 0.0"
    graph = {"z": [("y", 3.0)], "y": [], "late": [("z", 7.0), ("w", 1.0)], "w": []}
    assert_close(student.graph_gradients(graph, "z"), {"z": 1.0, "y": 3.0, "late": 0.0, "w": 0.0})
