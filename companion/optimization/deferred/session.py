"""Running a deferred graph: what is needed and nothing else, each node once."""

import numpy as np

from companion.gradients.graph import unbroadcast
from companion.optimization.deferred.nodes import (
    Assign,
    Constant,
    Group,
    Node,
    Operation,
    Pullback,
    Variable,
    as_value,
    is_number,
)


def needed(fetches, known=()):
    """List the nodes that must be evaluated, each after its inputs.

    Parameters
    ----------
    fetches : sequence of Node
        What is asked for.
    known : collection of Node
        Nodes whose values are given: what only they need is left out.

    Returns
    -------
    list of Node
        In topological order, each once.
    """
    order, done, waiting = [], set(), list(fetches)[::-1]
    while waiting:  # no recursion: a graph may be deeper than Python's stack
        node = waiting[-1]
        inputs = () if node in known else node.inputs
        missing = [i for i in inputs if i not in done]
        if missing and node not in done:
            waiting.extend(reversed(missing))
            continue
        waiting.pop()
        if node not in done:
            done.add(node)
            order.append(node)
    return order


class Session:
    """Holds the values of variables and runs graphs.

    Notes
    -----
    All variables are read before any is assigned: a fetch shows the values from before the step.
    Told in the chapter :ref:`frameworks`.
    """

    def __init__(self):
        self._values = {}

    def value(self, variable):
        """Return the present value of a variable.

        Parameters
        ----------
        variable : Variable
            Any variable; one that was never assigned here has its start.

        Returns
        -------
        numpy.ndarray
            Its value, as the next run reads it.
        """
        return self._values.get(variable, variable.start)

    def run(self, fetches, feeds=None):
        """Evaluate nodes.

        Parameters
        ----------
        fetches : Node or sequence of Node
            What to evaluate.
        feeds : dict, optional
            Node → value: all placeholders that are needed, and any other node whose value is to be
            taken instead of computed.

        Returns
        -------
        value or list
            The values of the fetches: arrays, numbers, and None for a group.

        Raises
        ------
        ValueError
            If a placeholder that is needed is not fed, or shapes do not fit.
        """
        feeds = {node: as_value(value) for node, value in (feeds or {}).items()}
        single = isinstance(fetches, Node)
        wanted = [fetches] if single else list(fetches)
        values, records, changes = dict(feeds), {}, {}
        for node in needed(wanted, feeds):
            if node not in feeds:
                values[node] = self._evaluate(node, values, records)
            if isinstance(node, Assign):
                changes[node.variable] = values[node]
        self._values.update(changes)
        found = [values[node] for node in wanted]
        return found[0] if single else found

    def _evaluate(self, node, values, records):
        inputs = [values[i] for i in node.inputs]
        match node:
            case Constant():
                return node.value
            case Variable():
                return self.value(node)
            case Operation():
                records[node] = out = node.apply(inputs)
                # What Python's numbers make goes on following the type of the arrays it meets.
                return out.item() if all(map(is_number, inputs)) else out.data
            case Pullback() if node.inputs[0] in records:
                return _pull_back(records[node.inputs[0]], node.position, inputs[1])
            case Assign():
                return inputs[0]
            case Group():
                return None
            case Pullback():
                raise ValueError(f"{node!r}: {node.inputs[0]!r} was fed, so it has no pullbacks")
        raise ValueError(f"{node!r} has no value; pass it in feeds")


def _pull_back(out, position, gradient):
    """Apply one recorded pullback."""
    shape = np.shape(out.node.inputs[position])
    gradient = np.broadcast_to(np.asarray(gradient, dtype=out.dtype), out.shape)
    return unbroadcast(np.asarray(out.node.pullbacks[position](gradient)), shape)
