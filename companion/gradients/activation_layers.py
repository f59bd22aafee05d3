"""The activations as modules, under torch's names; options are given once, when made.

Compared with each other in the chapter :ref:`activations`.
"""

import numpy as np

from companion.gradients import activations
from companion.gradients.layers import Linear
from companion.gradients.module import Module, Parameter


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


class LeakyReLU(Activation):
    """Elementwise z where z > 0, else `negative_slope` z.

    Parameters
    ----------
    negative_slope : float
        Slope at and below 0.
    """

    function = staticmethod(activations.leaky_relu)

    def __init__(self, negative_slope=0.01):
        super().__init__(negative_slope=negative_slope)


class ELU(Activation):
    """Elementwise z where z > 0, else alpha (e^z - 1).

    Parameters
    ----------
    alpha : float
        The function comes down to -alpha.
    """

    function = staticmethod(activations.elu)

    def __init__(self, alpha=1.0):
        super().__init__(alpha=alpha)


class SELU(Activation):
    """Elementwise scaled `ELU` with its two fixed constants."""

    function = staticmethod(activations.selu)

    def __init__(self):
        super().__init__()


class GELU(Activation):
    """Elementwise z Φ(z).

    Parameters
    ----------
    approximate : {"none", "tanh"}
        The normal distribution function itself, or its approximation by tanh.
    """

    function = staticmethod(activations.gelu)

    def __init__(self, approximate="none"):
        super().__init__(approximate=approximate)

    def extra_repr(self):
        """Return the option, quoted as in torch."""
        return f"approximate={self.options['approximate']!r}"


class SiLU(Activation):
    """Elementwise z σ(z)."""

    function = staticmethod(activations.silu)

    def __init__(self):
        super().__init__()


class Softplus(Activation):
    """Elementwise log(1 + e^(beta z)) / beta.

    Parameters
    ----------
    beta : float
        The larger, the closer to ReLU.
    threshold : float
        Where beta z is above this, z itself.
    """

    function = staticmethod(activations.softplus)

    def __init__(self, beta=1.0, threshold=20.0):
        super().__init__(beta=beta, threshold=threshold)


class Softmax(Activation):
    """Shares e^z / Σ e^z along an axis.

    Parameters
    ----------
    dim : int
        The axis whose values share 1. Must be given; see :ref:`differences`.
    """

    function = staticmethod(activations.softmax)

    def __init__(self, dim):
        super().__init__(dim=dim)


class LogSoftmax(Activation):
    """Logarithm of the shares along an axis, exact where a share rounds to 0.

    Parameters
    ----------
    dim : int
        The axis whose shares sum to 1. Must be given; see :ref:`differences`.
    """

    function = staticmethod(activations.log_softmax)

    def __init__(self, dim):
        super().__init__(dim=dim)


class PReLU(Module):
    """Elementwise z where z > 0, else w z with a learned w.

    Parameters
    ----------
    num_parameters : int
        1 for one w in all, or C for one per channel (axis 1).
    init : float
        Where each w starts.

    Notes
    -----
    ``weight`` is (num_parameters,).
    """

    def __init__(self, num_parameters=1, init=0.25):
        self.num_parameters = num_parameters
        self.weight = Parameter(np.full(num_parameters, init, dtype=np.float32))

    def forward(self, z):
        """Apply to each value; same shape."""
        return activations.prelu(z, self.weight)

    def extra_repr(self):
        """Return the number of slopes."""
        return f"num_parameters={self.num_parameters}"


class Maxout(Module):
    """Layer whose units take the largest of several affine functions; torch has none.

    Parameters
    ----------
    in_features, out_features : int
        Numbers of inputs D and of units M.
    pieces : int
        Affine functions per unit, k.

    Raises
    ------
    ValueError
        If `pieces` is below 1.

    Notes
    -----
    ``linear.weight`` is (M k, D): rows j k to j k + k - 1 belong to unit j. Source: Goodfellow et
    al. (2013); derived in the chapter :ref:`activations`.
    """

    def __init__(self, in_features, out_features, pieces=2):
        if pieces < 1:
            raise ValueError(f"Maxout: pieces is {pieces}; expected at least 1")
        self.pieces = pieces
        self.linear = Linear(in_features, out_features * pieces)

    def forward(self, x):
        """Map x: (…, D) to (…, M)."""
        return activations.maxout(self.linear(x), pieces=self.pieces)
