"""Tensors that remember how they were made: the tape that `graph` walks back over.

Derived on the page :ref:`automatic_differentiation`.
"""

from __future__ import annotations

import functools
import inspect
import itertools

import numpy as np

from companion.gradients import numpy_functions
from companion.gradients.grad_mode import is_recording, no_grad  # noqa: F401 - for tensor.py
from companion.gradients.graph import Node, backward, wants_gradient

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
        The values. Writing to them between an operation and its `backward` makes the gradient
        wrong; ``t.data -= ...``, `copy_` and optimizers count such writes, and `backward` raises.
        What is written through another name of the array, as in ``t.data[0] = 1``, is not noticed.
    version : int
        How often the values were written to in place.
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
    Derived on the page :ref:`automatic_differentiation`. The names are those of ``torch.Tensor``.
    """

    __slots__ = ("__weakref__", "_data", "_retained", "grad", "node", "requires_grad", "version")
    # NumPy arrays on the left of an operator leave the operation to us.
    __array_ufunc__ = None

    def __init__(self, data, requires_grad=False):
        data = data.data if isinstance(data, Tensor) else data
        known = isinstance(data, (np.ndarray, np.generic))
        self._data = np.asarray(data) if known else np.asarray(data, dtype=np.float32)
        if requires_grad and self._data.dtype.kind != "f":
            raise TypeError(f"only floating-point tensors have gradients, not {self._data.dtype}")
        self.requires_grad = requires_grad
        self.grad = self.node = None
        self._retained = False
        self.version = 0

    @property
    def data(self):
        """The values."""
        return self._data

    @data.setter
    def data(self, values):
        # ``t.data -= x`` writes in place and then assigns the same array: the graph holds it too.
        # Another array leaves the old one, and what was computed from it, as it was.
        if values is self._data:
            self.version += 1
        self._data = values

    @property
    def shape(self):
        """Length of each axis."""
        return self._data.shape

    @property
    def ndim(self):
        """Number of axes."""
        return self.data.ndim

    @property
    def dtype(self):
        """NumPy type of the values."""
        return self._data.dtype

    @property
    def keeps_grad(self):
        """Whether `backward` leaves a gradient here: leaves, and after `retain_grad`."""
        return self.node is None or self._retained

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

    def copy_(self, values):
        """Overwrite the values in place with others that broadcast to them; return self."""
        self._data[...] = values.data if isinstance(values, Tensor) else values
        self.version += 1
        return self

    def retain_grad(self):
        """Keep `grad` although this tensor is not a leaf; return self."""
        self._retained = True
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

    def __array_function__(self, function, types, args, kwargs):
        return numpy_functions.call(function, args, kwargs)

    def __deepcopy__(self, memo):
        if self.node is not None:
            raise RuntimeError(
                f"deepcopy: this tensor is the result of {self.node.name}; only tensors made by "
                "hand can be copied with their gradient (copy x.detach() instead)"
            )
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        Tensor.__init__(twin, self.data.copy(), self.requires_grad)
        twin.grad = None if self.grad is None else self.grad.copy()
        return twin

    def __repr__(self):
        values = np.array2string(self.data, precision=4, separator=", ", prefix="Tensor(")
        grad = ", requires_grad=True" if self.requires_grad else ""
        return f"Tensor({values}{grad})"


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
        The operation. It takes tensors, arrays and numbers, then the options, by name or in
        order as torch's functions do; it records itself when a gradient is needed, and calls only
        the pullbacks somebody needs.

    Raises
    ------
    ValueError
        By the operation, with its name and the shapes, when they do not fit.
    TypeError
        By the operation, when float32 and float64 tensors meet: nothing is cast silently.
    """
    name, split = rule.__name__, _splitter(rule)

    @functools.wraps(rule)
    def operation(*given, **named):
        inputs, options = split(given, named)
        arrays = _arrays(name, inputs)
        try:
            value, *pullbacks = rule(*arrays, **options)
        except ValueError as error:
            raise ValueError(f"{name}: {_misfit(error, arrays)}") from error
        out = Tensor(value)
        if is_recording() and any(map(wants_gradient, inputs)):
            out.requires_grad = True
            out.node = Node(name, inputs, pullbacks)
        return out

    PRIMITIVES[name] = operation
    return operation


def _splitter(rule):
    """Make the function that tells inputs from options, both given in order or by name."""
    parameters = inspect.signature(rule).parameters.values()
    options = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    names = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return lambda given, named: (given, named)

    def split(given, named):
        if len(given) > len(parameters):
            raise TypeError(
                f"{rule.__name__} takes at most {len(parameters)} arguments, got {len(given)}"
            )
        inputs, in_order = given[: len(names)], given[len(names) :]
        if len(inputs) < len(names):
            by_name = [named[name] for name in names[len(inputs) :] if name in named]
            named = {key: value for key, value in named.items() if key not in names}
            inputs = (*inputs, *by_name)
            if len(inputs) < len(names):
                missing = ", ".join(names[len(inputs) :])
                raise TypeError(f"{rule.__name__}: no value for {missing}")
        if in_order:
            named = dict(zip(options, in_order, strict=False), **named)
        return inputs, named

    return split


def _arrays(name, inputs):
    """Unwrap tensors; give constants and integers the type of the floating tensors they meet."""
    types = {t.dtype for t in inputs if isinstance(t, Tensor) and t.dtype.kind == "f"}
    if len(types) > 1:
        raise TypeError(
            f"{name}: float32 and float64 tensors do not mix; "
            "make them alike with Tensor(x.numpy().astype(...))"
        )
    dtype = next(iter(types), None)
    return [_typed(t.data if isinstance(t, Tensor) else t, dtype) for t in inputs]


def _typed(value, dtype):
    if type(value) in (bool, int, float):
        # Python's own numbers follow the array they meet; np.float64 would not.
        return np.asarray(value) if dtype is None else value
    value = np.asarray(value)
    follows = dtype is not None and value.dtype != dtype and value.dtype.kind in "fiu"
    return value.astype(dtype) if follows else value


def _misfit(error, arrays):
    shapes = [np.shape(a) for a in arrays]
    text = " and ".join(map(str, shapes))
    if "broadcast" not in str(error) or len(shapes) < 2:
        return f"{text} do not fit: {error}" if len(shapes) > 1 else f"{text}: {error}"
    columns = itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1)
    lengths = next(({*c} - {1} for c in columns if len({*c} - {1}) > 1), {"?"})
    return f"{text} do not fit: {' ≠ '.join(map(str, sorted(lengths)))}"
