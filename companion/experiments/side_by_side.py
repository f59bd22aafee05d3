"""Many small networks of the same shape, trained as one: their weights are stacked."""

import numpy as np

from companion.gradients.layers import Linear
from companion.gradients.module import Module, Parameter


class SideBySide(Module):
    """R networks with the same layers as one network whose weights have a further first axis.

    The networks share no weights, so that the gradient of the sum of their losses is each
    network's own gradient; and all optimizers here work entry by entry. So R networks trained side
    by side end where each would end alone, in a fraction of the time. A learning rate of shape
    (R, 1, 1) gives each network a rate of its own.

    Parameters
    ----------
    models : sequence of Sequential
        R networks of equal shape, made of `Linear` layers and of layers without weights that go
        entry by entry, such as activations. Their weights are copied.

    Raises
    ------
    ValueError
        If there are no models, their layers differ in kind, size or options, or a layer other than
        `Linear` has weights or buffers.

    Notes
    -----
    Used first in the chapter :ref:`adaptive`.
    """

    def __init__(self, models):
        models = [list(model) for model in models]
        kinds = [[repr(layer) for layer in model] for model in models]
        if not models:
            raise ValueError("SideBySide: got 0 models; need at least one")
        for other in kinds:
            if other != kinds[0]:
                raise ValueError(f"SideBySide: need equal layers, got {kinds[0]} and {other}")
        self._layers = []
        for k, same in enumerate(zip(*models, strict=True)):
            if isinstance(same[0], Linear):
                weight, bias = self._stack(same)
                setattr(self, f"weight{k}", weight)
                setattr(self, f"bias{k}", bias)
                self._layers.append((weight, bias))
            elif same[0].state_dict():
                raise ValueError(
                    f"SideBySide: layer {k} keeps weights or a state and is no Linear: {same[0]}"
                )
            else:
                setattr(self, f"layer{k}", same[0])  # found by train and eval, as dropout needs
                self._layers.append(same[0])

    def forward(self, x):
        """Return what each network puts out, (R, N, K).

        Parameters
        ----------
        x : Tensor
            Inputs for all networks, (N, D), or for each its own, (R, N, D).
        """
        *_, last = self.layer_outputs(x)
        return last

    def layer_outputs(self, x):
        """Yield what each layer of all networks puts out, in turn: (R, N, width)."""
        for layer in self._layers:
            if isinstance(layer, tuple):
                weight, bias = layer
                x = x @ weight if bias is None else x @ weight + bias
            else:
                x = layer(x)
            yield x

    def _stack(self, layers):
        """Copy the weights of R layers: (R, in, out), and the biases: (R, 1, out)."""
        weight = Parameter(np.stack([layer.weight.data.T for layer in layers]))
        if layers[0].bias is None:
            return weight, None
        return weight, Parameter(np.stack([layer.bias.data[None] for layer in layers]))
