"""Derivatives as further nodes of the graph: built once, before anything runs."""

from companion.optimization.deferred.nodes import Assign, Constant, Group, Operation, Pullback
from companion.optimization.deferred.session import needed


def gradients(cost, variables):
    """Add the nodes of the derivatives of a cost to its graph.

    Parameters
    ----------
    cost : Node
        A single number, made of operations. For an array: derivatives of the sum of its elements.
    variables : sequence of Node
        With respect to what.

    Returns
    -------
    list of Node
        One for each variable.

    Raises
    ------
    ValueError
        If the cost does not depend on one of the variables.

    Notes
    -----
    Reverse-mode differentiation as in the chapter :ref:`backpropagation`, with nodes in place of
    values. Told in the chapter :ref:`frameworks`.
    """
    order = needed([cost])
    depends = set(variables)
    for node in order:
        if isinstance(node, Operation) and depends.intersection(node.inputs):
            depends.add(node)
    arrived = {cost: Constant(1.0)}
    for node in reversed(order):
        if not isinstance(node, Operation) or node not in arrived or node in variables:
            continue
        for position, source in enumerate(node.inputs):
            if source in depends:
                part = Pullback(node, arrived[node], position)
                arrived[source] = arrived[source] + part if source in arrived else part
    missing = [v.label for v in variables if v not in arrived]
    if missing:
        raise ValueError(f"gradients: the cost does not depend on {missing}; leave them out")
    return [arrived[variable] for variable in variables]


def minimize(cost, variables, lr):
    """Build the node that takes one step of gradient descent when it is run.

    Parameters
    ----------
    cost : Node
        A single number.
    variables : sequence of Variable
        What may change.
    lr : float
        Learning rate.

    Returns
    -------
    Group
        To be fetched; all variables change together, after the run.
    """
    slopes = gradients(cost, variables)
    return Group(*(Assign(v, v - lr * slope) for v, slope in zip(variables, slopes, strict=True)))
