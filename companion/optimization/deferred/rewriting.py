"""Looking at a deferred graph before it runs: fewer nodes for the same values."""

import numpy as np

from companion.optimization.deferred.nodes import Constant, Operation, Pullback
from companion.optimization.deferred.session import Session, needed


def simplify(fetches):
    """Rebuild a graph with equal nodes made one, and with what is known computed beforehand.

    Parameters
    ----------
    fetches : sequence of Node
        What will be asked for.

    Returns
    -------
    list of Node
        As many, with the same values in every run. Variables and placeholders are kept as they
        are; other nodes are new, and those given are not changed.

    Notes
    -----
    Common sub-expressions and constant folding; told in the chapter :ref:`frameworks`. A primitive
    must give the same result for the same inputs and options: one that draws random numbers would
    run once where it stands twice.
    """
    replaced, seen, constants = {}, {}, Session()
    for node in needed(fetches):
        inputs = tuple(replaced[i] for i in node.inputs)
        new = _with_inputs(node, inputs)
        if isinstance(node, Operation) and all(isinstance(i, Constant) for i in inputs):
            new = Constant(constants.run(new))
        replaced[node] = seen.setdefault(_key(new), new)
    return [replaced[node] for node in fetches]


def listing(fetches):
    """Write a graph as lines of text, as a program in which each line has one operation.

    Parameters
    ----------
    fetches : sequence of Node
        What will be asked for.

    Returns
    -------
    str
        A line for each node that is needed: its number, its operation, the numbers of its inputs.
    """
    numbers, lines = {}, []
    for number, node in enumerate(needed(fetches)):
        numbers[node] = number
        inputs = " ".join(f"%{numbers[i]}" for i in node.inputs)
        value = f" {node.value}" if isinstance(node, Constant) else ""
        lines.append(f"%{number} = {node.label}{value} {inputs}".rstrip())
    return "\n".join(lines)


def reads(fetches):
    """Write a graph as a dictionary: each node that is needed, and the nodes that it reads.

    Parameters
    ----------
    fetches : sequence of Node
        What will be asked for.

    Returns
    -------
    dict of str
        Number and label of a node, such as ``"%2 mul"`` → those of its inputs, in order.
    """
    names = {}
    for number, node in enumerate(needed(fetches)):
        said = f"{node.value:g}" if isinstance(node, Constant) and np.ndim(node.value) == 0 else ""
        names[node] = f"%{number} {said or node.label}"
    return {names[node]: [names[i] for i in node.inputs] for node in names}


def _with_inputs(node, inputs):
    """Return the node itself if its inputs are unchanged, else a copy that has the new ones."""
    if inputs == node.inputs:
        return node
    copy = object.__new__(type(node))
    vars(copy).update(vars(node), inputs=inputs)
    return copy


def _key(node):
    """Return what equal nodes have in common; a node that is like no other is its own key."""
    match node:
        case Constant():
            value = np.asarray(node.value)
            return "constant", type(node.value), value.dtype, value.shape, value.tobytes()
        case Operation():
            return node.primitive, _option_key(node.options), tuple(map(id, node.inputs))
        case Pullback():
            return "pullback", node.position, tuple(map(id, node.inputs))
    return node


def _option_key(option):
    """Return something hashable that equal options have in common, and different ones have not."""
    match option:
        case np.ndarray() if option.dtype != object:
            return "array", option.dtype, option.shape, option.tobytes()  # repr leaves numbers out
        case dict():
            return "dict", tuple((name, _option_key(o)) for name, o in sorted(option.items()))
        case list() | tuple():
            return type(option), tuple(map(_option_key, option))
        case None | bool() | int() | float() | str() | slice():
            return type(option), repr(option)
    return "same object", id(option)
