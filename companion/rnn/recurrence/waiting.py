"""Who waits for whom: the longest chain of operations in the graph of a run.

Derived in the chapter :ref:`recurrent_speed`.
"""

from companion.gradients.graph import reverse_order


def operations(root):
    """Count the operations that `root` was computed by.

    Parameters
    ----------
    root : Tensor
        Result of recorded operations whose graph has not been freed.

    Returns
    -------
    int
        Those through which a gradient goes.

    Raises
    ------
    ValueError
        If no graph is there.
    """
    return sum(tensor.node is not None for tensor in _recorded("operations", root))


def longest_chain(root):
    """Count the operations that must come one after the other.

    With a worker for each operation, all as fast as each other, this many turns are needed however
    many workers there are.

    Parameters
    ----------
    root : Tensor
        Result of recorded operations whose graph has not been freed.

    Returns
    -------
    int
        Operations on the longest way from any input to `root`.

    Raises
    ------
    ValueError
        If no graph is there.
    """
    turn = {}
    for tensor in reversed(_recorded("longest_chain", root)):
        before = tensor.node.inputs if tensor.node else ()
        known = [turn[t] for t in before if hasattr(t, "node") and t in turn]
        turn[tensor] = max(known, default=0) + (tensor.node is not None)
    return turn[root]


def _recorded(who, root):
    """List the tensors of the graph, each before its inputs; refuse what has none."""
    if root.node is None or root.node.inputs is None:
        raise ValueError(
            f"{who}: no graph; compute a tensor from one with requires_grad, and ask before "
            "backward() frees it"
        )
    return reverse_order(root)
