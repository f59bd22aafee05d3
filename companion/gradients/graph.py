"""The graph a computation leaves behind, and the walk back over it.

Derived on the page :ref:`automatic_differentiation`.
"""

import itertools
from operator import attrgetter

import numpy as np


class Node:
    """One recorded operation: its name, its input tensors and a pullback for each."""

    __slots__ = ("birth", "inputs", "name", "pullbacks", "versions")
    _births = itertools.count()

    def __init__(self, name, inputs, pullbacks):
        self.name, self.inputs, self.pullbacks = name, inputs, pullbacks
        self.versions = [getattr(tensor, "version", 0) for tensor in inputs]
        self.birth = next(self._births)

    def free(self):
        """Forget inputs and pullbacks, and with them the arrays they hold."""
        self.inputs = self.pullbacks = None


def wants_gradient(value):
    """Whether a value is a tensor that requires a gradient; numbers and arrays never do."""
    return getattr(value, "requires_grad", False)


def backward(root, gradient=None, retain_graph=False):
    """Reverse-mode differentiation from `root`; see `Tensor.backward`."""
    gradients = {root: _seed(root, gradient)}
    for out in reverse_order(root):
        gradient = gradients.pop(out)
        if out.keeps_grad:
            out.grad = _plus(out.grad, gradient)
        for tensor, part in _pull_back(out, gradient):
            gradients[tensor] = _plus(gradients.get(tensor), part)
        if out.node and not retain_graph:
            out.node.free()


def reverse_order(root):
    """List the tensors `root` depends on that require a gradient, each before its inputs.

    Inputs exist before the operation that uses them, so birth, newest first, is such an order.
    Leaves come last. No recursion: a chain of 10,000 operations is one loop.
    """
    seen, waiting = {root}, [root]
    while waiting:
        node = waiting.pop().node
        for tensor in (node.inputs or ()) if node else ():
            if wants_gradient(tensor) and tensor not in seen:
                seen.add(tensor)
                waiting.append(tensor)
    made = sorted((t for t in seen if t.node), key=attrgetter("node.birth"), reverse=True)
    return made + [t for t in seen if t.node is None]


def _pull_back(out, gradient):
    """Yield the inputs of `out` that want a gradient, each with its part of it."""
    if out.node is None:
        return
    if out.node.pullbacks is None:
        raise RuntimeError(
            f"backward: the graph behind {out.node.name} was freed by an earlier backward(); "
            "compute the loss again, or call backward(retain_graph=True) the first time"
        )
    written = [
        tensor
        for tensor, version in zip(out.node.inputs, out.node.versions, strict=True)
        if getattr(tensor, "version", 0) != version
    ]
    for tensor, pullback in zip(out.node.inputs, out.node.pullbacks, strict=True):
        if wants_gradient(tensor):
            if written and any(_reads(pullback, other.data) for other in written):
                raise RuntimeError(
                    f"backward: an input of {out.node.name} was written to in place after the "
                    "operation, and its gradient needs the old values; call backward before the "
                    "optimizer's step, or compute the loss again"
                )
            part = unbroadcast(pullback(gradient), tensor.shape)
            shared = part is gradient or part.base is not None
            # What a tensor keeps must be its own: optimizers write to it.
            yield tensor, part.copy() if shared and tensor.keeps_grad else part


def _reads(held, array):
    """Whether a pullback, or anything its closure holds, can see the memory of an array."""
    if isinstance(held, np.ndarray):
        return np.may_share_memory(held, array)
    if isinstance(held, (tuple, list)):
        return any(_reads(one, array) for one in held)
    cells = getattr(held, "__closure__", None) or ()
    return any(_reads(cell.cell_contents, array) for cell in cells)


def _plus(sum_so_far, part):
    """Add out of place, since others may read `part`; NumPy's scalars become arrays again."""
    return np.asarray(part if sum_so_far is None else sum_so_far + part)


def _seed(root, gradient):
    if not root.requires_grad:
        raise RuntimeError("backward: nothing this tensor was computed from requires a gradient")
    if gradient is None:
        if root.data.size != 1:
            raise RuntimeError(
                f"backward: a tensor of shape {root.shape} is not one number; "
                "reduce it first (sum, mean) or pass its gradient"
            )
        return np.ones_like(root.data)
    gradient = np.array(gradient, dtype=root.dtype)
    if gradient.shape != root.shape:
        raise ValueError(f"backward: gradient has shape {gradient.shape}, tensor {root.shape}")
    return gradient


def unbroadcast(gradient, shape):
    """Sum a gradient over the axes that broadcasting added to, or stretched from, a shape.

    Parameters
    ----------
    gradient : numpy.ndarray
        Gradient with respect to the broadcast array.
    shape : tuple of int
        Shape before broadcasting.

    Returns
    -------
    numpy.ndarray
        Gradient of that shape.
    """
    if gradient.shape == shape:
        return gradient
    added = gradient.ndim - len(shape)
    stretched = tuple(
        added + axis
        for axis, length in enumerate(shape)
        if length == 1 and gradient.shape[added + axis] != 1
    )
    return gradient.sum(axis=(*range(added), *stretched)).reshape(shape)
