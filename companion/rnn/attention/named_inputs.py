"""Layers whose inputs are also given by name, as those of torch's attention usually are."""

from inspect import signature

from companion.gradients.module import Module


class NamedInputs(Module):
    """Base of layers with several inputs: ``layer(x, mask=m)`` is ``layer(x, m)``."""

    def __call__(self, *inputs, **named):
        """Return ``forward`` of all inputs in their order, as the hooks leave it."""
        if named:
            bound = signature(self.forward).bind(*inputs, **named)
            bound.apply_defaults()
            inputs = bound.args
        return super().__call__(*inputs)
