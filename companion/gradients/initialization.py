"""Rules for fresh weights, under the names of ``torch.nn.init``.

Derived in the chapter :ref:`vanishing`. A weight of shape (out, in, …) sums fan-in = in × … numbers
in the forward pass and fan-out = out × … in the backward pass; "…" is empty for `Linear` and the
size of the kernel for a convolution. All rules write into the tensor and return it.
"""

import math

import numpy as np

from companion.gradients.generator import generator

LINEAR = ("linear", *(f"conv{t}{d}d" for t in ("", "_transpose") for d in (1, 2, 3)))
GAINS = {**dict.fromkeys((*LINEAR, "sigmoid"), 1), "tanh": 5 / 3, "relu": 2**0.5, "selu": 3 / 4}


def zeros_(tensor):
    """Fill with 0."""
    return constant_(tensor, 0)


def ones_(tensor):
    """Fill with 1."""
    return constant_(tensor, 1)


def constant_(tensor, val):
    """Fill with `val`."""
    return _fill(tensor, val)


def normal_(tensor, mean=0.0, std=1.0):
    """Draw from the normal distribution with mean `mean` and standard deviation `std`."""
    if not std >= 0:
        raise ValueError(f"normal_: std is {std}; expected a number of at least 0")
    return _fill(tensor, generator().normal(mean, std, tensor.shape))


def uniform_(tensor, a=0.0, b=1.0):
    """Draw uniformly from the interval between `a` and `b`."""
    if not a <= b:
        raise ValueError(f"uniform_: a is {a} and b is {b}; expected a ≤ b")
    return _fill(tensor, generator().uniform(a, b, tensor.shape))


def xavier_uniform_(tensor, gain=1.0):
    """Draw uniformly with the standard deviation gain · √(2 / (fan-in + fan-out)).

    Parameters
    ----------
    tensor : Tensor
        Weights, (out, in, …).
    gain : float
        Factor, as from `calculate_gain`.

    Returns
    -------
    Tensor
        The same tensor.

    Raises
    ------
    ValueError
        If the tensor has fewer than two axes.

    Notes
    -----
    Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*
    (2010), equation 16.
    """
    return _symmetric_uniform(tensor, _glorot(tensor, gain))


def xavier_normal_(tensor, gain=1.0):
    """Draw normally with the standard deviation of `xavier_uniform_`."""
    return normal_(tensor, 0, _glorot(tensor, gain))


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu"):
    """Draw uniformly with the standard deviation gain / √fan.

    Parameters
    ----------
    tensor : Tensor
        Weights, (out, in, …).
    a : float
        Slope of a leaky ReLU for z < 0; 0 is ReLU.
    mode : {"fan_in", "fan_out"}
        Keep the variance in the forward or in the backward pass.
    nonlinearity : str
        Activation that follows, see `calculate_gain`.

    Returns
    -------
    Tensor
        The same tensor.

    Raises
    ------
    ValueError
        If the tensor has fewer than two axes, or `mode` or `nonlinearity` is unknown.

    Notes
    -----
    He et al., *Delving deep into rectifiers* (2015), section 2.2.
    """
    return _symmetric_uniform(tensor, _he(tensor, a, mode, nonlinearity))


def kaiming_normal_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu"):
    """Draw normally with the standard deviation of `kaiming_uniform_`."""
    return normal_(tensor, 0, _he(tensor, a, mode, nonlinearity))


def orthogonal_(tensor, gain=1):
    """Draw a matrix (out, in × …) whose rows, or columns if fewer, are orthonormal, times `gain`.

    Parameters
    ----------
    tensor : Tensor
        Weights, (out, in, …).
    gain : float
        Length of the rows or columns.

    Returns
    -------
    Tensor
        The same tensor.

    Raises
    ------
    ValueError
        If the tensor has fewer than two axes.

    Notes
    -----
    Saxe, McClelland and Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks* (2014). The signs of R make Q uniform among all such matrices.
    """
    _fans(tensor, "orthogonal_")
    if not tensor.data.size:
        return tensor
    rows = tensor.shape[0]
    draw = generator().normal(size=(rows, tensor.data.size // rows))
    wide = draw.shape[0] < draw.shape[1]
    q, r = np.linalg.qr(draw.T if wide else draw)
    q = q * np.where(np.diag(r) < 0, -1, 1)
    return _fill(tensor, gain * (q.T if wide else q).reshape(tensor.shape))


def calculate_gain(nonlinearity, param=None):
    """Return the factor by which weights before an activation are usually enlarged.

    Parameters
    ----------
    nonlinearity : str
        "linear", "conv1d" … "conv_transpose3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu".
    param : float, optional
        Slope of the leaky ReLU for z < 0, by default 0.01.

    Returns
    -------
    float
        √(2 / (1 + slope²)) for rectifiers, which follows from their second moment; 1, 5/3 and 3/4
        for the others, rules of thumb except for the linear ones.

    Raises
    ------
    ValueError
        If `nonlinearity` is none of these, or `param` is not a number.
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"calculate_gain: param is {param!r}; expected the slope, a number")
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity not in GAINS:
        known = [*GAINS, "leaky_relu"]
        raise ValueError(f"calculate_gain: nonlinearity is {nonlinearity!r}; choose one of {known}")
    return GAINS[nonlinearity]


def fan_in_uniform(shape, fan_in):
    """Draw float32 values uniformly from ±1/√fan_in, torch's default for `Linear`.

    Parameters
    ----------
    shape : tuple of int
        Shape of the array.
    fan_in : int
        Number of inputs that one output sums over.

    Returns
    -------
    numpy.ndarray
        Array of `shape`; empty fan-in gives zeros.
    """
    bound = fan_in**-0.5 if fan_in else 0.0
    return generator().uniform(-bound, bound, shape).astype(np.float32)


def _fill(tensor, values):
    tensor.copy_(values)
    return tensor


def _symmetric_uniform(tensor, std):
    """Draw uniformly from ±√3 std, whose standard deviation is std."""
    return uniform_(tensor, -(3**0.5) * std, 3**0.5 * std)


def _fans(tensor, rule):
    """Fan-in and fan-out of a weight (out, in, …)."""
    if tensor.ndim < 2:
        raise ValueError(
            f"{rule}: a tensor of shape {tensor.shape} has no fan-in and fan-out; "
            "expected (out, in) or (out, in, …); for a bias take zeros_"
        )
    kernel = math.prod(tensor.shape[2:])
    return tensor.shape[1] * kernel, tensor.shape[0] * kernel


def _glorot(tensor, gain):
    total = sum(_fans(tensor, "xavier"))
    return gain * (2 / total) ** 0.5 if total else 0.0


def _he(tensor, a, mode, nonlinearity):
    fans = dict(zip(("fan_in", "fan_out"), _fans(tensor, "kaiming"), strict=True))
    if mode not in fans:
        raise ValueError(f"kaiming: mode is {mode!r}; choose one of {[*fans]}")
    gain = calculate_gain(nonlinearity, a)
    return gain / fans[mode] ** 0.5 if fans[mode] else 0.0
