"""What a deferred graph is made of: nodes that know their inputs and hold no value."""

import numpy as np

from companion.gradients import arithmetic
from companion.gradients.tape import Tensor

OPERATORS = ("add", "sub", "mul", "pow", "matmul", "div")


class Node:
    """A value that does not exist yet.

    Parameters
    ----------
    *inputs : Node, array_like or number
        What it will be computed from; what is not a node becomes a `Constant`.
    label : str
        Name of the operation, or of the variable or placeholder.

    Attributes
    ----------
    inputs : tuple of Node
        The arrows that lead here.

    Notes
    -----
    Told in the chapter :ref:`frameworks`.
    """

    # NumPy arrays on the left of an operator leave the operation to us.
    __array_ufunc__ = None

    def __init__(self, *inputs, label):
        self.inputs = tuple(i if isinstance(i, Node) else Constant(i) for i in inputs)
        self.label = label

    def __repr__(self):
        return f"<{type(self).__name__} {self.label}>"

    def __bool__(self):
        raise TypeError(f"{self!r} has no value before a session runs, so it decides nothing")

    def __iter__(self):
        raise TypeError(f"{self!r} has no length before a session runs")


class Placeholder(Node):
    """A value that every run is given.

    Parameters
    ----------
    label : str
        Name, for messages.
    """

    def __init__(self, label):
        super().__init__(label=label)


class Constant(Node):
    """A value that is known now.

    Parameters
    ----------
    value : array_like
        The value, kept as it is.
    """

    def __init__(self, value):
        super().__init__(label="constant")
        self.value = as_value(value)


class Variable(Node):
    """A value that a session keeps from run to run.

    Parameters
    ----------
    start : array_like
        Value at the begin of each session; Python numbers become float32.
    label : str
        Name, for messages.
    """

    def __init__(self, start, label="variable"):
        super().__init__(label=label)
        self.start = Tensor(start).data


class Operation(Node):
    """A primitive that will be applied to what the inputs will be.

    Parameters
    ----------
    primitive : callable
        Operation of the companion, such as ``companion.gradients.activations.relu``.
    *inputs : Node, array_like or number
        Its inputs, in order.
    **options
        Its options.
    """

    def __init__(self, primitive, *inputs, **options):
        super().__init__(*inputs, label=primitive.__name__)
        self.primitive, self.options = primitive, options

    def apply(self, values):
        """Return the primitive's result for the values of the inputs, as a recorded tensor.

        Parameters
        ----------
        values : sequence of numpy.ndarray or number
            In the order of the inputs.

        Returns
        -------
        Tensor
            The result; its node holds the pullbacks. Python's numbers among themselves are
            float64.
        """
        if all(map(is_number, values)):
            values = [np.float64(value) for value in values]
        return self.primitive(*map(_watched, values), **self.options)


class Pullback(Node):
    """The gradient that an operation will pass back to one of its inputs.

    Parameters
    ----------
    operation : Operation
        What is differentiated.
    gradient : Node
        Gradient with respect to its result.
    position : int
        Which input.
    """

    def __init__(self, operation, gradient, position):
        super().__init__(operation, gradient, label=f"pullback {position} of {operation.label}")
        self.position = position


class Assign(Node):
    """A new value for a variable, from the next run on.

    Parameters
    ----------
    variable : Variable
        What changes.
    value : Node
        Its next value.
    """

    def __init__(self, variable, value):
        super().__init__(value, label=f"assign {variable.label}")
        self.variable = variable


class Group(Node):
    """Several nodes to be run together; its own value is None.

    Parameters
    ----------
    *nodes : Node
        The members.
    """

    def __init__(self, *nodes):
        super().__init__(*nodes, label="group")


def as_value(value):
    """Return what is no array as one; Python's numbers stay, since they follow what they meet.

    Parameters
    ----------
    value : array_like or number
        Any value.

    Returns
    -------
    numpy.ndarray or number
        Fit for a primitive.
    """
    return value if is_number(value) else np.asarray(value)


def is_number(value):
    """Whether a value is one of Python's own numbers, which have no type of array yet.

    Parameters
    ----------
    value : object
        Any value.

    Returns
    -------
    bool
        True for bool, int and float themselves, False for NumPy's numbers and arrays.
    """
    return type(value) in (bool, int, float)


def _watched(value):
    """Make floating-point arrays ask for gradients, so that pullbacks are recorded."""
    return value if is_number(value) else Tensor(value, requires_grad=value.dtype.kind == "f")


def _operator(primitive, swapped=False):
    def build(self, other):
        return Operation(primitive, other, self) if swapped else Operation(primitive, self, other)

    return build


for _name in OPERATORS:
    _python = "truediv" if _name == "div" else _name
    setattr(Node, f"__{_python}__", _operator(getattr(arithmetic, _name)))
    setattr(Node, f"__r{_python}__", _operator(getattr(arithmetic, _name), swapped=True))
