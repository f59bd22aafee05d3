"""Known wrong answers to the exercises of the chapter on backpropagation."""

import numpy as np

from companion.exercises import wrong


@wrong("count-parameters", fails="test_count_of_the_digit_network")
def count_parameters(sizes, bias=True):
    """Forgets the biases."""
    return sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


@wrong("count-parameters", fails="test_count_of_the_digit_network")
def count_parameters(sizes, bias=True):
    """Gives the inputs biases too."""
    return sum(a * b for a, b in zip(sizes, sizes[1:], strict=False)) + bias * sum(sizes)


@wrong("count-parameters", fails="test_count_of_the_digit_network")
def count_parameters(sizes, bias=True):
    """One bias per layer instead of one per unit."""
    return sum(a * b + bias for a, b in zip(sizes, sizes[1:], strict=False))


@wrong("count-parameters", fails="test_count_without_biases")
def count_parameters(sizes, bias=True):
    """Ignores the argument."""
    return sum((a + 1) * b for a, b in zip(sizes, sizes[1:], strict=False))


@wrong("swish-pullback", fails="test_swish_agrees_with_differences")
def swish_pullback(z, da):
    """Differentiates the sigmoid only."""
    s = 1 / (1 + np.exp(-z))
    return da * z * s * (1 - s)


@wrong("swish-pullback", fails="test_swish_agrees_with_differences")
def swish_pullback(z, da):
    """Treats the sigmoid as a constant."""
    return da / (1 + np.exp(-z))


@wrong("swish-pullback", fails="test_swish_passes_on_what_comes_back")
def swish_pullback(z, da):
    """Forgets what comes back."""
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


@wrong("regression-gradients", fails="test_output_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Keeps the factor 2 of the square."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = 2 * (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * (Z1 > 0)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_output_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Truth minus prediction."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = (y - A1 @ w2 - b2) / len(y)
    dZ1 = np.outer(dy, w2) * (Z1 > 0)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_hidden_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Forgets the slope of relu."""
    A1 = np.maximum(X @ W1.T + b1, 0)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_hidden_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Uses relu itself where its slope belongs."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * A1
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_copies_of_the_data_change_nothing")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Leaves the factor 1/m out."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = A1 @ w2 + b2 - y
    dZ1 = np.outer(dy, w2) * (Z1 > 0)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


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
