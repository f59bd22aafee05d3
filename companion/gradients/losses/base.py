"""What all losses share: checks, a loss for each example, and the reduction to one number.

The losses themselves stand in `regression`, `margins`, `class_numbers`, `cross_entropies` and
`binary_cross_entropies`; :ref:`choosing_a_loss` compares them. All reduce as torch does:
``"mean"``, ``"sum"`` or ``"none"``.
"""

import inspect

import numpy as np

from companion.gradients import reductions
from companion.gradients.graph import wants_gradient
from companion.gradients.module import Module
from companion.gradients.tape import Tensor

REDUCTIONS = {"mean": reductions.mean, "sum": reductions.sum, "none": lambda losses: losses}


class Loss(Module):
    """Base of the losses: checks, then the loss of each example, then the reduction.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        What to make of the losses of the examples.

    Raises
    ------
    ValueError
        If `reduction` is none of these; when called, if input and target do not fit each other.
    TypeError
        When called, if the input does not hold floating-point numbers.
    """

    reductions = REDUCTIONS
    target_gets_gradient = False

    def __init__(self, *, reduction="mean"):
        if reduction not in self.reductions:
            raise ValueError(f"reduction is {reduction!r}; choose one of {[*self.reductions]}")
        self.reduction = reduction

    def forward(self, input, target):
        """Return the reduced loss of `input` against `target`.

        A loss too large for its type is infinite, without a warning; `fit` stops there.
        """
        self.admit(target, input)
        values = values_of(target)
        self.check(values_of(input), values)
        with np.errstate(over="ignore"):
            losses = self.each(input, target if self.target_gets_gradient else values)
            return self.reduce(losses, values)

    def admit(self, target, *inputs):
        """Raise unless inputs are floating point and the target wants no gradient in vain."""
        name = type(self).__name__
        if wants_gradient(target) and not self.target_gets_gradient:
            raise ValueError(
                f"{name}: the target requires a gradient, which this loss does not give it; "
                "pass target.detach()"
            )
        for values in map(values_of, inputs):
            if values.dtype.kind != "f":
                raise TypeError(
                    f"{name}: input holds {values.dtype}; expected floating-point numbers"
                )

    def within(self, name, values, low, high, remedy):
        """Raise a ValueError that names the worst of `values` unless low ≤ values ≤ high."""
        if values.size and not (values.min() >= low and values.max() <= high):
            beyond = np.maximum(values, high) - high if np.isfinite(high) else 0
            beyond = low - np.minimum(values, low) + beyond
            worst = values.flat[np.argmax(beyond)]  # NaN counts as the largest
            raise ValueError(f"{type(self).__name__}: {name} holds {worst:.4g}; {remedy}")

    def reduce(self, losses, target):
        """Make one number of the losses, or leave them as they are."""
        return self.reductions[self.reduction](losses)


class ElementwiseLoss(Loss):
    """Base of the losses that compare number with number: input and target of the same shape."""

    def check(self, input, target):
        """Raise a ValueError unless the shapes are equal."""
        if input.shape != target.shape:
            raise ValueError(
                f"{type(self).__name__}: input {input.shape} and target {target.shape} differ"
            )


def values_of(given):
    """Return the values of a tensor, array or list as an array."""
    return given.data if isinstance(given, Tensor) else np.asarray(given)


def as_function(loss, name):
    """Turn a loss class into the function of the same loss, as in ``torch.nn.functional``.

    Parameters
    ----------
    loss : type
        Subclass of `Loss`.
    name : str
        Name of the function.

    Returns
    -------
    callable
        ``function(input, target, **options)``, with the inputs of ``forward`` and the options of
        the class.
    """

    def function(*inputs, **options):
        try:
            given = signature.bind(*inputs, **options)
        except TypeError as error:
            raise TypeError(f"{name}: {error}") from None
        return loss(**given.kwargs)(*given.args)

    inputs = [*inspect.signature(loss.forward).parameters.values()][1:]
    options = inspect.signature(loss).parameters.values()
    signature = inspect.Signature(
        [*inputs, *(option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in options)]
    )
    function.__signature__ = signature
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{loss.__doc__.splitlines()[0]} As a function; see `{loss.__name__}`."
    return function
