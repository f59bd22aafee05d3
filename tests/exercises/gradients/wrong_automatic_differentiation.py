"""Known wrong answers to the exercises on automatic differentiation and hidden units."""

import numpy as np

from companion.exercises import wrong


@wrong("two-uses", fails="test_what_comes_back_is_added")
def two_slopes():
    """Assigns at s instead of adding."""
    return 24.0, 12.0


@wrong("two-uses", fails="test_what_comes_back_is_added")
def two_slopes():
    """Forgets that t reads x."""
    return 42.0, 28.0


@wrong("two-uses", fails="test_what_comes_back_is_added")
def two_slopes():
    """Forgets that t reads s."""
    return 30.0, 16.0


@wrong("gradients-in-order", fails="test_all_paths_count")
def gradients_in_order(graph, order):
    """Assigns instead of adding."""
    gradients = dict.fromkeys(order, 0.0)
    gradients[order[-1]] = 1.0
    for node in reversed(order):
        for source, slope in graph[node]:
            gradients[source] = slope * gradients[node]
    return gradients


@wrong("gradients-in-order", fails="test_all_paths_count")
def gradients_in_order(graph, order):
    """Walks from the inputs to the result."""
    gradients = dict.fromkeys(order, 0.0)
    gradients[order[-1]] = 1.0
    for node in order:
        for source, slope in graph[node]:
            gradients[source] += slope * gradients[node]
    return gradients


@wrong("gradients-in-order", fails="test_an_input_that_is_read_twice")
def gradients_in_order(graph, order):
    """Keeps one slope for each input of an operation."""
    gradients = dict.fromkeys(order, 0.0)
    gradients[order[-1]] = 1.0
    for node in reversed(order):
        for source, slope in dict(graph[node]).items():
            gradients[source] += slope * gradients[node]
    return gradients


@wrong("gradients-in-order", fails="test_an_input_that_is_read_twice")
def gradients_in_order(graph, order):
    """Lists only what was reached."""
    gradients = {order[-1]: 1.0}
    for node in reversed(order):
        for source, slope in graph[node]:
            gradients[source] = gradients.get(source, 0.0) + slope * gradients[node]
    return gradients


@wrong("graph-gradients", fails="test_gradients_add_up")
def graph_gradients(graph, root):
    """Assigns instead of adding."""
    gradients, waiting = dict.fromkeys(graph, 0.0), [root]
    gradients[root] = 1.0
    while waiting:
        node = waiting.pop()
        for source, slope in graph[node]:
            gradients[source] = slope * gradients[node]
            waiting.append(source)
    return gradients


@wrong("graph-gradients", fails="test_order_does_not_depend_on_the_path")
def graph_gradients(graph, root):
    """Passes unfinished gradients on, and then again."""
    gradients, waiting = dict.fromkeys(graph, 0.0), [root]
    gradients[root] = 1.0
    while waiting:
        node = waiting.pop(0)
        for source, slope in graph[node]:
            gradients[source] += slope * gradients[node]
            if source not in waiting:
                waiting.append(source)
    return gradients


@wrong("graph-gradients", fails="test_order_does_not_depend_on_the_path")
def graph_gradients(graph, root):
    """Visits each node once, in the order it is met."""
    gradients, waiting, seen = dict.fromkeys(graph, 0.0), [root], {root}
    gradients[root] = 1.0
    while waiting:
        node = waiting.pop(0)
        for source, slope in graph[node]:
            gradients[source] += slope * gradients[node]
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    return gradients


@wrong("graph-gradients", fails="test_nodes_the_root_does_not_read_get_zero")
def graph_gradients(graph, root):
    """Lists only what the root depends on."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in graph[node]:
                visit(source)
            order.append(node)

    visit(root)
    gradients = dict.fromkeys(order, 0.0)
    gradients[root] = 1.0
    for node in reversed(order):
        for source, slope in graph[node]:
            gradients[source] += slope * gradients[node]
    return gradients


@wrong("count-distinct-units", fails="test_twins_count_once")
def count_distinct_units(W1, b1, W2, tol=1e-8):
    """Counts all units."""
    return len(W1)


@wrong("count-distinct-units", fails="test_bias_and_outgoing_weights_count")
def count_distinct_units(W1, b1, W2, tol=1e-8):
    """Looks at the incoming weights only."""
    kept = []
    for unit in W1:
        if not any(np.abs(unit - other).max() <= tol for other in kept):
            kept.append(unit)
    return len(kept)


@wrong("count-distinct-units", fails="test_bias_and_outgoing_weights_count")
def count_distinct_units(W1, b1, W2, tol=1e-8):
    """Forgets the way out."""
    kept = []
    for unit in np.column_stack([W1, b1]):
        if not any(np.abs(unit - other).max() <= tol for other in kept):
            kept.append(unit)
    return len(kept)


@wrong("count-distinct-units", fails="test_equal_means_within_the_tolerance")
def count_distinct_units(W1, b1, W2, tol=1e-8):
    """Compares exactly."""
    return len(np.unique(np.column_stack([W1, b1, W2.T]), axis=0))
