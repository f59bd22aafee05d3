"""The layers of a dense network, under torch's names.

Derived in the chapter :ref:`backpropagation`.
"""

from companion.gradients import shaping
from companion.gradients.initialization import fan_in_uniform
from companion.gradients.module import Module, Parameter
from companion.gradients.tape import primitive


@primitive
def linear(x, w, b):
    """Affine map x wᵀ + b. x: (…, D), w: (M, D), b: (M,) → (…, M).

    Pullbacks: dy w, dyᵀ x and the sum of dy over the examples.
    """
    if x.ndim < 1 or x.shape[-1] != w.shape[-1]:
        raise ValueError(f"{x.shape[-1] if x.ndim else 'no axis'} ≠ {w.shape[-1]} features")
    y = x @ w.T
    y += b
    return (
        y,
        lambda dy: dy @ w,
        lambda dy: dy.reshape(-1, len(w)).T @ x.reshape(-1, w.shape[1]),
        lambda dy: dy.reshape(-1, len(w)).sum(axis=0),
    )


class Linear(Module):
    """Fully connected layer y = x Wᵀ + b.

    Parameters
    ----------
    in_features, out_features : int
        Numbers of inputs D and outputs M.
    bias : bool
        Whether to add b.

    Notes
    -----
    ``weight`` is (M, D), ``bias`` is (M,); both start uniform in ±1/√D, as in torch.
    """

    def __init__(self, in_features, out_features, bias=True):
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(fan_in_uniform((out_features, in_features), in_features))
        self.bias = Parameter(fan_in_uniform(out_features, in_features)) if bias else None

    def forward(self, x):
        """Map x: (…, D) to (…, M)."""
        return x @ self.weight.T if self.bias is None else linear(x, self.weight, self.bias)

    def extra_repr(self):
        """Return the sizes."""
        bias = self.bias is not None
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={bias}"


class Identity(Module):
    """Returns its input."""

    def forward(self, x):
        """Return x."""
        return x


class Flatten(Module):
    """Joins all axes but the first: (N, …) → (N, D)."""

    def forward(self, x):
        """Flatten each example."""
        return shaping.reshape(x, shape=(x.shape[0], -1))
