"""The activations as modules, under torch's names; options are given once, when made.

Compared with each other in the chapter :ref:`activations`.
"""

from companion.gradients import activations
from companion.gradients.module import Module


class Activation(Module):
    """Base: applies the class's ``function`` with the options it was made with."""

    function = None

    def __init__(self, **options):
        self.options = options

    def forward(self, z):
        """Apply to each value; same shape."""
        return self.function(z, **self.options)

    def extra_repr(self):
        """Return the options."""
        return ", ".join(f"{name}={value}" for name, value in self.options.items())


class ReLU(Activation):
    """Elementwise max(z, 0)."""

    function = staticmethod(activations.relu)

    def __init__(self):
        super().__init__()


class Sigmoid(Activation):
    """Elementwise 1 / (1 + e^-z)."""

    function = staticmethod(activations.sigmoid)

    def __init__(self):
        super().__init__()


class Tanh(Activation):
    """Elementwise hyperbolic tangent."""

    function = staticmethod(activations.tanh)

    def __init__(self):
        super().__init__()
