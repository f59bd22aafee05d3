"""What all losses share: checks, a loss for each example, and the reduction to one number.

The losses themselves stand in `cross_entropies`, `regression_losses` and `margin_losses`; the
chapter :ref:`losses` compares them. All reduce as torch does: ``"mean"``, ``"sum"`` or ``"none"``.
"""

import inspect

import numpy as np

from companion.gradients import reductions
from companion.gradients.module import Module

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
        If `reduction` is none of these.
    """

    def __init__(self, reduction="mean"):
        if reduction not in REDUCTIONS:
            raise ValueError(f"reduction is {reduction!r}; choose one of {[*REDUCTIONS]}")
        self.reduction = reduction

    def forward(self, input, target):
        """Return the reduced loss of `input` against `target`."""
        target = np.asarray(target)
        self.check(np.asarray(input), target)
        return REDUCTIONS[self.reduction](self.each(input, target))


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
        ``function(input, target, **options)``, with the options of the class.
    """

    def function(input, target, **options):
        return loss(**options)(input, target)

    options = inspect.signature(loss).parameters.values()
    function.__signature__ = inspect.Signature(
        [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in ("input", "target")]
        + [option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in options]
    )
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{loss.__doc__.splitlines()[0]} As a function; see `{loss.__name__}`."
    return function
