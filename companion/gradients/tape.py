"""Tensors that remember how they were made, and the backward pass over that memory.

Derived in the chapter *Backpropagation*, section *The same, by machine*.
"""

from __future__ import annotations

import functools
import itertools
import threading
from contextlib import ContextDecorator
from operator import attrgetter

import numpy as np

PRIMITIVES: dict[str, callable] = {}
"""Every primitive by name; the tests check the gradient of each."""


class Tensor:
    """A NumPy array that can be differentiated.

    Parameters
    ----------
    data : array_like
        The values. Lists and Python numbers become float32; arrays keep their type.
    requires_grad : bool
        Whether `backward` should leave dLoss/dself in `grad`.

    Attributes
    ----------
    data : numpy.ndarray
        The values.
    grad : numpy.ndarray or None
        Sum of the gradients of every `backward` since it was last set to None; same shape as
        `data`. Filled for leaves (tensors made by hand) and after `retain_grad`.
    requires_grad : bool
        True for leaves that asked for it and for everything computed from them.

    Raises
    ------
    TypeError
        If `requires_grad` is asked of integers or booleans.

    Notes
    -----
    Derived in the chapter :ref:`backpropagation`. The names are those of ``torch.Tensor``.
    """

    __slots__ = ("__weakref__", "_keep", "data", "grad", "node", "requires_grad")
    # NumPy arrays on the left of an operator leave the operation to us.
    __array_ufunc__ = None

    def __init__(self, data, requires_grad=False):
        data = data.data if isinstance(data, Tensor) else data
        known = isinstance(data, (np.ndarray, np.generic))
        self.data = np.asarray(data) if known else np.asarray(data, dtype=np.float32)
        if requires_grad and self.data.dtype.kind != "f":
            raise TypeError(f"only floating-point tensors have gradients, not {self.data.dtype}")
        self.requires_grad = requires_grad
        self.grad = self.node = None
        self._keep = False

    @property
    def shape(self):
        """Length of each axis."""
        return self.data.shape

    @property
    def ndim(self):
        """Number of axes."""
        return self.data.ndim

    @property
    def dtype(self):
        """NumPy type of the values."""
        return self.data.dtype

    def numel(self):
        """Return the number of values."""
        return self.data.size

    def item(self):
        """Return the only value as a Python number."""
        return self.data.item()

    def numpy(self):
        """Return the values as an array that shares memory."""
        return self.data

    def detach(self):
        """Return the same values without their history."""
        return Tensor(self.data)

    def retain_grad(self):
        """Keep `grad` although this tensor is not a leaf; return self."""
        self._keep = True
        return self

    def backward(self, gradient=None, retain_graph=False):
        """Add dself/dleaf to the `grad` of every leaf this tensor was computed from.

        Parameters
        ----------
        gradient : array_like, optional
            dLoss/dself, same shape as self. Needed unless self is a single number.
        retain_graph : bool
            Keep the graph for a second `backward`; otherwise it is freed on the way.

        Raises
        ------
        RuntimeError
            If nothing here requires a gradient, if the graph was already freed, or if self is
            not a single number and no `gradient` is given.
        ValueError
            If `gradient` has another shape.
        """
        backward(self, gradient, retain_graph)

    def __len__(self):
        return len(self.data)

    def __bool__(self):
        return bool(self.data)

    def __float__(self):
        return float(self.item())

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype, copy=copy)

    def __repr__(self):
        values = np.array2string(self.data, precision=4, separator=", ", prefix="Tensor(")
        grad = ", requires_grad=True" if self.requires_grad else ""
        return f"Tensor({values}{grad})"


class Node:
    """One recorded operation: its name, its input tensors and a pullback for each."""

    __slots__ = ("birth", "inputs", "name", "pullbacks")
    _births = itertools.count()

    def __init__(self, name, inputs, pullbacks):
        self.name, self.inputs, self.pullbacks = name, inputs, pullbacks
        self.birth = next(self._births)

    def free(self):
        """Forget inputs and pullbacks, and with them the arrays they hold."""
        self.inputs = self.pullbacks = None


class _Recording(threading.local):
    on = True


_recording = _Recording()


class no_grad(ContextDecorator):
    """Record nothing: ``with no_grad(): ...`` or ``@no_grad()``. Saves time and memory."""

    def __enter__(self):
        # A stack, because one instance may decorate a function that calls itself.
        self._before = [*getattr(self, "_before", ()), _recording.on]
        _recording.on = False

    def __exit__(self, *_):
        _recording.on = self._before.pop()


def primitive(rule):
    """Turn a forward rule with its pullbacks into an operation on tensors.

    Parameters
    ----------
    rule : callable
        ``rule(*arrays, **options)`` returns its value followed by one pullback per positional
        input. A pullback maps the gradient of the value to the gradient of that input; it may
        leave broadcasting undone, and must return its argument, a view, or a new array.

    Returns
    -------
    callable
        The operation. It takes tensors, arrays and numbers, records itself when a gradient is
        needed, and calls only the pullbacks somebody needs.

    Raises
    ------
    ValueError
        By the operation, with its name and the shapes, when they do not fit.
    TypeError
        By the operation, when float32 and float64 tensors meet: nothing is cast silently.
    """
    name = rule.__name__

    @functools.wraps(rule)
    def operation(*inputs, **options):
        arrays = _arrays(name, inputs)
        try:
            value, *pullbacks = rule(*arrays, **options)
        except ValueError as error:
            raise ValueError(f"{name}: {_misfit(error, arrays)}") from error
        out = Tensor(value)
        if _recording.on and any(isinstance(t, Tensor) and t.requires_grad for t in inputs):
            out.requires_grad = True
            out.node = Node(name, inputs, pullbacks)
        return out

    PRIMITIVES[name] = operation
    return operation


def backward(root, gradient=None, retain_graph=False):
    """Reverse-mode differentiation from `root`; see `Tensor.backward`."""
    if not root.requires_grad:
        raise RuntimeError("backward: nothing this tensor was computed from requires a gradient")
    gradients = {root: _seed(root, gradient)}
    for out in reverse_order(root):
        gradient, node = gradients.pop(out), out.node
        if node is None or out._keep:
            # NumPy turns sums of single numbers into scalars; a gradient stays an array.
            out.grad = np.asarray(gradient if out.grad is None else out.grad + gradient)
        if node is None:
            continue
        if node.pullbacks is None:
            raise RuntimeError(
                f"backward: the graph behind {node.name} was freed by an earlier backward(); "
                "compute the loss again, or call backward(retain_graph=True) the first time"
            )
        for tensor, pullback in zip(node.inputs, node.pullbacks, strict=True):
            if isinstance(tensor, Tensor) and tensor.requires_grad:
                part = _unbroadcast(pullback(gradient), tensor.shape)
                known = gradients.get(tensor)
                # `part` may be `gradient` itself or a view of it, which others read: add out of
                # place, and give a tensor that keeps its gradient a copy of its own.
                shared = part is gradient or part.base is not None
                if known is not None:
                    part = known + part
                elif shared and (tensor.node is None or tensor._keep):
                    part = part.copy()
                gradients[tensor] = part
        if not retain_graph:
            node.free()


def reverse_order(root):
    """List the tensors `root` depends on that require a gradient, each before its inputs.

    Inputs exist before the operation that uses them, so birth, newest first, is such an order.
    Leaves come last. No recursion: a chain of 10,000 operations is one loop.
    """
    seen, waiting = {root}, [root]
    while waiting:
        node = waiting.pop().node
        for tensor in (node.inputs or ()) if node else ():
            if isinstance(tensor, Tensor) and tensor.requires_grad and tensor not in seen:
                seen.add(tensor)
                waiting.append(tensor)
    made = sorted((t for t in seen if t.node), key=attrgetter("node.birth"), reverse=True)
    return made + [t for t in seen if t.node is None]


def _seed(root, gradient):
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


def _unbroadcast(gradient, shape):
    """Sum `gradient` over the axes that broadcasting added to, or stretched from, `shape`."""
    if gradient.shape == shape:
        return gradient
    added = gradient.ndim - len(shape)
    stretched = tuple(
        added + axis
        for axis, length in enumerate(shape)
        if length == 1 and gradient.shape[added + axis] != 1
    )
    return gradient.sum(axis=(*range(added), *stretched)).reshape(shape)


def _arrays(name, inputs):
    """Unwrap tensors; give floating constants the type of the tensors they meet."""
    types = {t.data.dtype for t in inputs if isinstance(t, Tensor) and t.data.dtype.kind == "f"}
    if len(types) > 1:
        raise TypeError(
            f"{name}: float32 and float64 tensors do not mix; "
            "make them alike with Tensor(x.numpy().astype(...))"
        )
    dtype = next(iter(types), None)
    return [t.data if isinstance(t, Tensor) else _constant(t, dtype) for t in inputs]


def _constant(value, dtype):
    if dtype is not None and type(value) in (bool, int, float):
        return value  # Python's own numbers follow the array they meet; np.float64 would not
    value = np.asarray(value)
    return value.astype(dtype, copy=False) if dtype and value.dtype.kind == "f" else value


def _misfit(error, arrays):
    shapes = [np.shape(a) for a in arrays]
    text = " and ".join(map(str, shapes))
    if "broadcast" not in str(error) or len(shapes) < 2:
        return f"{text} do not fit: {error}" if len(shapes) > 1 else f"{text}: {error}"
    columns = itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1)
    lengths = next(({*c} - {1} for c in columns if len({*c} - {1}) > 1), {"?"})
    return f"{text} do not fit: {' ≠ '.join(map(str, sorted(lengths)))}"
