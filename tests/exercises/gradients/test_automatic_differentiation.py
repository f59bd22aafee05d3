"""Checks of the exercises on automatic differentiation, and on hidden units."""

import numpy as np

from companion.exercises import assert_close, check
from companion.gradients.checking.gradcheck import numerical_gradient


def product_and_sum(v):
    """L = s (s + x) with s = x y, for v = (x, y)."""
    s = v[0] * v[1]
    return s * (s + v[0])


@check(
    "two-uses",
    points=2,
    hints=(
        "s is read twice: by the sum t and by the product L. Both send something back.",
        "At t comes 6 (the other factor); at s come 8 from the product and 6 through the sum.",
        "dL/dx = 6 (through t) + 14 · 3 (through s); dL/dy = 14 · 2",
    ),
)
def test_what_comes_back_is_added(student):
    "the slopes of L at x and y"
    got = student.two_slopes()
    assert isinstance(got, tuple | list), "expected a tuple of two numbers"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    expected = numerical_gradient(product_and_sum, np.array([2.0, 3.0]))
    mistakes = (
        {
            "x is read by t as well as by s": 42.0,
            "s is read by L as well as by t: add both": 24.0,
            "s is read by t as well as by L: add both": 30.0,
        },
        {"s is read by t as well as by L: add both": 16.0, "s is read twice": 12.0},
    )
    for k, name in enumerate("xy"):
        what = f"the slope at {name}"
        assert_close(got[k], expected[k], rtol=1e-6, mistakes=mistakes[k], what=what)


DIAMOND = {
    "a": [],
    "b": [("a", 2.0)],
    "c": [("a", -1.0), ("b", 3.0)],
    "d": [("c", 1.0), ("b", 4.0)],
}


@check(
    "gradients-in-order",
    hints=(
        "Go through the nodes from the result back; each passes its gradient on to its inputs.",
        "The list has inputs first, so walk through it backwards.",
        "for node in reversed(order): for source, slope in graph[node]: "
        "gradients[source] += slope * gradients[node]",
    ),
)
def test_all_paths_count(student):
    "a graph of four numbers with three paths"
    got = student.gradients_in_order(DIAMOND, ["a", "b", "c", "d"])
    # d = c + 4b, c = -a + 3b, b = 2a, so that d = -a + 14a.
    expected = {"d": 1.0, "c": 1.0, "b": 7.0, "a": 13.0}
    mistakes = {
        "contributions were assigned, not added": {"d": 1.0, "c": 1.0, "b": 3.0, "a": 6.0},
        "the list was walked forwards": {"d": 1.0, "c": 1.0, "b": 4.0, "a": 0.0},
    }
    assert_close(got, expected, mistakes=mistakes)


@check(
    "gradients-in-order",
    hidden=True,
    after="test_all_paths_count",
    hints=(
        "An input may be read twice by one operation, and one node alone is a graph too.",
        "Start with 0.0 for every node and 1.0 for the last of the list.",
        "gradients = dict.fromkeys(order, 0.0); gradients[order[-1]] = 1.0",
    ),
)
def test_an_input_that_is_read_twice(student):
    "an input read twice by one operation, and a node without inputs"
    graph = {"x": [], "y": [("x", 3.0), ("x", 4.0)], "unused": [], "L": [("y", 2.0)]}
    got = student.gradients_in_order(graph, ["x", "unused", "y", "L"])
    assert_close(got, {"L": 1.0, "y": 2.0, "x": 14.0, "unused": 0.0})
    assert_close(student.gradients_in_order({"L": []}, ["L"]), {"L": 1.0})


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
