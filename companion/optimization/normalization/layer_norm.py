"""Layer normalization: each example standardized over its own features."""

import math

import numpy as np

from companion.gradients.module import Module, Parameter
from companion.optimization.normalization.normalize import normalize


def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Standardize each example over its last axes; then scale and shift each feature.

    Parameters
    ----------
    input : Tensor or array_like
        (…, D₁, D₂ …), ending in `normalized_shape`.
    normalized_shape : int or sequence of int
        Lengths of the axes to standardize over.
    weight, bias : Tensor, array or None
        Scale γ and shift β, of `normalized_shape`.
    eps : float
        ε, added to the variance.

    Returns
    -------
    Tensor
        Shape and type of `input`.

    Raises
    ------
    ValueError
        If a shape does not fit.

    Notes
    -----
    Ba, Kiros and Hinton (2016). Derived in the chapter :ref:`normalization`.
    """
    shape = _as_shape(normalized_shape)
    if not shape or input.shape[len(input.shape) - len(shape) :] != shape:
        raise ValueError(f"layer_norm: input {input.shape} does not end in the axes {shape}")
    for name, given in (("weight", weight), ("bias", bias)):
        if given is not None and given.shape != shape:
            raise ValueError(f"layer_norm: {name} is {given.shape}, expected {shape}")
    features = math.prod(shape)
    examples = math.prod(input.shape[: len(input.shape) - len(shape)])
    weight = 1.0 if weight is None else weight
    bias = 0.0 if bias is None else bias
    over_features, feature_by_feature = (1, examples, features), (examples, features, 1)
    return normalize(
        input, weight, bias, statistics=over_features, affine=feature_by_feature, eps=eps
    )


class LayerNorm(Module):
    """Layer normalization over the last axes of the input.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        Lengths of these axes.
    eps : float
        ε, added to the variance.
    elementwise_affine : bool
        Whether to learn a scale and a shift for each feature.
    bias : bool
        Whether to learn the shift, if `elementwise_affine`.

    Attributes
    ----------
    weight, bias : Parameter or None
        Scale γ and shift β, of `normalized_shape`; 1 and 0 at first.

    Notes
    -----
    Ba, Kiros and Hinton (2016). Derived in the chapter :ref:`normalization`.
    """

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True, bias=True):
        self.normalized_shape = shape = _as_shape(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = Parameter(np.ones(shape, np.float32)) if elementwise_affine else None
        learn_bias = elementwise_affine and bias
        self.bias = Parameter(np.zeros(shape, np.float32)) if learn_bias else None

    def forward(self, x):
        """Standardize each example of x: (…, D₁, D₂ …); same shape."""
        return layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        """Return the sizes and options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


def _as_shape(given):
    return tuple(given) if np.ndim(given) else (int(given),)
