"""Group normalization: each example standardized over groups of its channels."""

import math

import numpy as np

from companion.gradients.module import Module, Parameter
from companion.optimization.normalization.normalize import normalize


def group_norm(input, num_groups, weight=None, bias=None, eps=1e-5):
    """Standardize groups of channels of each example; then scale and shift each channel.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C) or (N, C, …).
    num_groups : int
        Number of groups G, a divisor of C. One group is layer normalization over all channels and
        pixels; C groups are known as instance normalization.
    weight, bias : Tensor, array or None
        Scale γ and shift β, (C,).
    eps : float
        ε, added to the variance.

    Returns
    -------
    Tensor
        Shape and type of `input`.

    Raises
    ------
    ValueError
        If the groups do not divide the channels, or a shape does not fit.

    Notes
    -----
    Wu and He (2018). Derived in the chapter :ref:`normalization`.
    """
    if len(input.shape) < 2:
        raise ValueError(f"group_norm: expected (N, C, …), got {input.shape}")
    examples, channels, *rest = input.shape
    _divided(channels, num_groups, "group_norm")
    for name, given in (("weight", weight), ("bias", bias)):
        if given is not None and given.shape != (channels,):
            raise ValueError(f"group_norm: {name} is {given.shape}, expected ({channels},)")
    pixels = math.prod(rest)
    weight = 1.0 if weight is None else weight
    bias = 0.0 if bias is None else bias
    groups = 1, examples * num_groups, channels // num_groups * pixels
    by_channel = examples, channels, pixels
    return normalize(input, weight, bias, statistics=groups, affine=by_channel, eps=eps)


class GroupNorm(Module):
    """Group normalization of (N, C) or (N, C, …).

    Parameters
    ----------
    num_groups : int
        Number of groups G.
    num_channels : int
        Number of channels C, a multiple of G.
    eps : float
        ε, added to the variance.
    affine : bool
        Whether to learn a scale and a shift for each channel.
    bias : bool
        Whether to learn the shift, if `affine`.

    Attributes
    ----------
    weight, bias : Parameter or None
        Scale γ and shift β, (C,); 1 and 0 at first.

    Raises
    ------
    ValueError
        If the groups do not divide the channels.

    Notes
    -----
    Wu and He (2018). Derived in the chapter :ref:`normalization`.
    """

    def __init__(self, num_groups, num_channels, eps=1e-5, affine=True, *, bias=True):
        _divided(num_channels, num_groups, "GroupNorm")
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.affine = affine
        self.weight = Parameter(np.ones(num_channels, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(num_channels, np.float32)) if affine and bias else None

    def forward(self, x):
        """Standardize the groups of each example of x: (N, C, …); same shape."""
        if len(x.shape) < 2 or x.shape[1] != self.num_channels:
            raise ValueError(f"GroupNorm: got {x.shape}, expected (N, {self.num_channels}, …)")
        return group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self):
        """Return the sizes and options."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


def _divided(channels, groups, name):
    if groups < 1 or channels % groups:
        raise ValueError(
            f"{name}: {groups} groups do not divide {channels} channels; choose a divisor"
        )
