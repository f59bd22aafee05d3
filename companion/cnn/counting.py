"""What a network costs: shapes, parameters and multiply–adds of each layer, from one forward pass.

Biases, activations and pooling are not among the multiply–adds: they add or compare.
"""

from math import prod
from typing import NamedTuple

import numpy as np

from companion.gradients.tensor import Tensor
from companion.tables import table
from companion.training import engines

CONVOLUTIONS = {"Conv1d", "Conv2d", "Conv3d"}
SCALED = {"BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "GroupNorm", "LayerNorm", "PReLU"}
"""One multiplication and one addition for each number that comes out, in evaluation."""


class Layer(NamedTuple):
    """What one call of a layer costs.

    Attributes
    ----------
    name, kind : str
        Where it stands in the model, and its class.
    shape : tuple of int
        Of the output for one example.
    parameters : int
        Numbers it learns; 0 where they were counted above, as for a layer that is called twice.
    multiply_adds : int
        Products that are summed, for one example.
    """

    name: str
    kind: str
    shape: tuple
    parameters: int
    multiply_adds: int


class Costs(list):
    """A `Layer` for each call of a layer, in the order of the calls; printed, a table."""

    @property
    def parameters(self):
        """All numbers that the model learns."""
        return sum(layer.parameters for layer in self)

    @property
    def multiply_adds(self):
        """All multiply–adds for one example."""
        return sum(layer.multiply_adds for layer in self)

    def __repr__(self):
        rows = [("layer", "", "output", "parameters", "multiply-adds")]
        for name, kind, shape, *numbers in self:
            rows.append((name, kind, " × ".join(map(str, shape)), *map(_grouped, numbers)))
        rows.append(("", "sum", "", f"{self.parameters:,}", f"{self.multiply_adds:,}"))
        wide = [max(len(row[k]) for row in rows) for k in (3, 4)]
        return table([(*row[:3], row[3].rjust(wide[0]), row[4].rjust(wide[1])) for row in rows])


def _grouped(number):
    return f"{number:,}" if number else "-"


def count(model, shape, rules=None):
    """Count what each layer costs, by sending one input of zeros through the model.

    Parameters
    ----------
    model : Module
        Of this engine or of torch. Left as it was.
    shape : tuple of int
        Of one example, such as (1, 28, 28).
    rules : dict, optional
        Class name → function of (layer, input shape, output shape), of one example each, that
        returns the multiply–adds of a layer with parameters that is not known here.

    Returns
    -------
    Costs
        Rows, and their sums ``parameters`` and ``multiply_adds``.

    Raises
    ------
    TypeError
        If a layer has parameters and there is no rule for it.

    Notes
    -----
    A convolution takes O · P · K · C / G multiply–adds, with P places and K entries in a kernel; a
    dense layer as many as it has weights, for each vector. Derived in the chapter
    :ref:`local_and_shared`.
    """
    found, seen, rules = Costs(), set(), rules or {}
    was = [(module, module.training) for module in model.modules()]
    hooks = []
    try:
        model.eval()
        for name, module in model.named_modules():
            own = _own(module)
            if not own and any(True for _ in module.children()):
                continue

            def note(module, inputs, output, name=name, own=own):
                into, out = tuple(inputs[0].shape[1:]), tuple(output.shape[1:])
                new = [p for p in own if id(p) not in seen]
                seen.update(map(id, new))
                numbers = sum(prod(p.shape) for p in new)
                products = _multiply_adds(name, module, into, out, bool(own), rules)
                found.append(Layer(name, type(module).__name__, out, numbers, products))

            hooks.append(module.register_forward_hook(note))
        with engines.no_grad(model):
            model(_zeros(model, shape))
    finally:
        for hook in hooks:
            hook.remove()
        for module, training in was:
            module.training = training
    return found


def _own(module):
    """List the parameters that are attributes of this very module."""
    if engines.is_torch(module):
        return list(module.parameters(recurse=False))
    below = {id(p) for child in module.children() for p in child.parameters()}
    return [p for p in module.parameters() if id(p) not in below]


def _zeros(model, shape):
    """Make one example of zeros, in the type of the weights."""
    first = next(model.parameters(), None)
    zeros = np.zeros((1, *shape), np.float32)
    if engines.is_torch(model):
        (x,) = engines.adapt(model, zeros)
        return x if first is None else x.to(first.dtype)
    return Tensor(zeros if first is None else zeros.astype(first.dtype))


def _multiply_adds(name, layer, into, out, learns, rules):
    kind = type(layer).__name__
    if kind in rules:
        return int(rules[kind](layer, into, out))
    if kind in CONVOLUTIONS:
        return prod(out) * prod(layer.kernel_size) * layer.in_channels // layer.groups
    if kind == "Linear":
        return prod(out) * layer.in_features
    if kind in SCALED:
        return prod(out)
    if learns:
        raise TypeError(
            f"count: no rule for {name or 'the model'}, a {kind} with parameters; say in "
            f"rules={{{kind!r}: function}} how many multiply-adds it takes"
        )
    return 0
