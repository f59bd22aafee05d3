"""Gradient clipping, under the names of ``torch.nn.utils``.

Derived in the chapter :ref:`vanishing`. Both functions are called between ``backward()`` and
``step()`` and change the gradients in place.
"""

import numpy as np

from companion.gradients.tape import Tensor

EPSILON = 1e-6
"""torch's protection against division by a norm of 0."""


def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False):
    """Shorten all gradients by one common factor if their joint norm exceeds `max_norm`.

    Parameters
    ----------
    parameters : iterable of Tensor, or Tensor
        Whose gradients to clip; those without one are passed over.
    max_norm : float
        Largest norm allowed, at least 0.
    norm_type : float
        p of the p-norm, above 0; ``inf`` is the largest absolute value.
    error_if_nonfinite : bool
        Whether a norm that is infinite or not a number is an error. Otherwise the gradients are
        scaled with it, and become zeros or NaN.

    Returns
    -------
    float
        Norm of all gradients, as one vector, before clipping.

    Raises
    ------
    RuntimeError
        If the norm is not finite and `error_if_nonfinite` is set.
    ValueError
        If `max_norm` or `norm_type` is out of range.

    Notes
    -----
    The direction stays as it is. Pascanu, Mikolov and Bengio, *On the difficulty of training
    recurrent neural networks* (2013), algorithm 1.
    """
    if not max_norm >= 0:
        raise ValueError(f"clip_grad_norm_: max_norm is {max_norm}; expected at least 0")
    if not float(norm_type) > 0:
        raise ValueError(f"clip_grad_norm_: norm_type is {norm_type}; expected a number above 0")
    gradients = _gradients(parameters)
    total = joint_norm(gradients, float(norm_type))
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(
            f"clip_grad_norm_: the norm of the gradients is {total}; look for the first layer "
            "whose output is not finite, or try a smaller learning rate"
        )
    factor = min(max_norm / (total + EPSILON), 1.0) if total == total else total
    with np.errstate(invalid="ignore"):  # 0 times infinity is NaN, as asked for
        for gradient in gradients:
            gradient *= factor
    return total


def clip_grad_value_(parameters, clip_value):
    """Move each entry of each gradient into the interval from -`clip_value` to `clip_value`.

    Parameters
    ----------
    parameters : iterable of Tensor, or Tensor
        Whose gradients to clip; those without one are passed over.
    clip_value : float
        Largest absolute value allowed, at least 0.

    Raises
    ------
    ValueError
        If `clip_value` is negative.
    """
    if not clip_value >= 0:
        raise ValueError(f"clip_grad_value_: clip_value is {clip_value}; expected at least 0")
    for gradient in _gradients(parameters):
        np.clip(gradient, -clip_value, clip_value, out=gradient)


def joint_norm(arrays, p=2.0):
    """p-norm of several arrays as one vector; neither tiny nor huge entries are lost in powers.

    Parameters
    ----------
    arrays : iterable of array_like
        Any shapes; none at all gives 0.
    p : float
        Above 0; ``inf`` is the largest absolute value.

    Returns
    -------
    float
        The norm, in float64.
    """
    sizes = [np.abs(np.asarray(a, dtype=np.float64)).ravel() for a in arrays]
    sizes = np.concatenate(sizes) if sizes else np.zeros(0)
    largest = sizes.max(initial=0.0)
    if not 0 < largest < np.inf or p == np.inf:
        return float(largest)
    return float(largest * np.sum((sizes / largest) ** p) ** (1 / p))


def _gradients(parameters):
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p.grad for p in parameters if p.grad is not None]
