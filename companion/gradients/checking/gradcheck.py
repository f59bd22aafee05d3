"""Gradient checking: compare what a backward pass computes with what can be measured.

Three ways in: `gradcheck` for an operation on arrays, `check_gradients` for a model with its loss
or for a derivation by hand, `compare_gradients` for numbers that are there already. All return a
`GradientReport`. Derived in the chapter :ref:`gradient_checking`.
"""

import numpy as np

from companion.gradients.checking.finite_differences import (
    UNIT_ROUNDOFF,
    differences,
    find_kink,
    numerical_gradient,
)
from companion.gradients.checking.report import GradientReport, judge
from companion.gradients.checking.verdicts import relative_difference
from companion.gradients.graph import reverse_order
from companion.gradients.tensor import Tensor, no_grad

__all__ = [
    "check_gradients",
    "compare_gradients",
    "gradcheck",
    "numerical_gradient",
    "relative_difference",
]


def gradcheck(operation, *inputs, eps=1e-6):
    """Check the gradient of an operation with respect to each of its inputs.

    Parameters
    ----------
    operation : callable
        Maps tensors to one tensor of any shape.
    *inputs : array_like
        Where to check; taken as float64.
    eps : float
        Step of the central differences.

    Returns
    -------
    GradientReport
        With the names ``"input 0"``, ``"input 1"``, …

    Raises
    ------
    ValueError
        If two calls with the same inputs differ.
    """
    arrays = {f"input {k}": np.array(x, dtype=float) for k, x in enumerate(inputs)}
    tensors = {name: Tensor(x, requires_grad=True) for name, x in arrays.items()}
    out = operation(*tensors.values())
    # A random direction weighs all outputs, so that errors in different ones do not cancel.
    weight = np.random.default_rng(0).normal(size=out.shape)
    if out.requires_grad:
        out.backward(weight)
    found = {name: t.grad for name, t in tensors.items()}
    rows = _check(lambda: np.sum(weight * operation(*tensors.values()).numpy()), arrays, found, eps)
    return GradientReport(rows, _how(eps), in_order=False)


def check_gradients(closure, parameters, gradients=None, *, eps=1e-6, coordinates=None, seed=0):
    """Check the gradients of a cost with respect to parameters by central differences.

    Parameters
    ----------
    closure : callable
        Takes nothing and returns the cost, computed anew from the parameters: a tensor of one
        value, or a number if `gradients` is given. It must return the same at each call.
    parameters : Module or dict
        A model, or name → tensor or array, in the order of the forward pass. All float64. They
        are moved a little and put back exactly; their ``grad`` stays as it was, and so do the
        buffers of a model, such as the running averages of batch normalization.
    gradients : dict, optional
        Name → gradient derived by hand. By default ``backward()`` computes them.
    eps : float
        Step of the differences.
    coordinates : int, optional
        How many entries of each parameter to check, chosen at random; all by default. Each takes
        two calls of `closure`.
    seed : int
        Seed of that choice.

    Returns
    -------
    GradientReport
        One entry for each parameter.

    Raises
    ------
    TypeError
        If a parameter or the cost is not float64.
    ValueError
        If two calls of `closure` differ, if its value is not one finite number, or if the names
        or shapes of `gradients` are not those of `parameters`.

    Notes
    -----
    Derived in the chapter :ref:`gradient_checking`.
    """
    named = parameters if isinstance(parameters, dict) else dict(parameters.named_parameters())
    arrays = {name: _float64(name, p) for name, p in named.items()}
    if coordinates is not None and coordinates < 1:
        raise ValueError(f"coordinates is {coordinates}; expected at least 1, or None for all")
    buffers = () if isinstance(parameters, dict) else parameters.named_buffers()
    kept = [(buffer, buffer.numpy().copy()) for _, buffer in buffers]
    try:
        if gradients is None:
            gradients = _computed(closure, named)
        if gradients.keys() != arrays.keys():
            raise ValueError(f"gradients of {[*gradients]} were given, for parameters {[*arrays]}")
        rows = _check(lambda: _number(closure()), arrays, gradients, eps, coordinates, seed)
    finally:
        for buffer, values in kept:
            buffer.copy_(values)
    return GradientReport(rows, _how(eps, coordinates, seed))


def compare_gradients(analytic, numeric):
    """Compare gradients by parameter with values measured elsewhere.

    Parameters
    ----------
    analytic, numeric : dict
        Name → gradient, in the order of the forward pass.

    Returns
    -------
    GradientReport
        One entry for each parameter. Kinks and rounding errors cannot be told from numbers alone.

    Raises
    ------
    ValueError
        If names or shapes differ.
    """
    if analytic.keys() != numeric.keys():
        raise ValueError(f"gradients of {[*analytic]} were given, measured were {[*numeric]}")
    rows = []
    for name, value in numeric.items():
        value = np.asarray(value, dtype=float)
        found = _entries(name, analytic[name], value.shape, slice(None))
        rows.append(judge(name, value.shape, found, value.ravel()))
    return GradientReport(tuple(rows))


def _check(cost, arrays, gradients, eps, coordinates=None, seed=0):
    """Measure the gradient for each array and judge the one that was computed."""
    rng, rows = np.random.default_rng(seed), []
    with no_grad():
        at = _steady(cost, "two calls of it at the same place gave")
        for name, x in arrays.items():
            positions = np.arange(x.size)
            if coordinates is not None and coordinates < x.size:
                positions = np.sort(rng.choice(x.size, coordinates, replace=False))
            found = _entries(name, gradients[name], x.shape, positions)
            measured = differences(cost, x, eps, positions, at)
            with np.errstate(invalid="ignore"):
                rows.append(
                    judge(
                        name,
                        x.shape,
                        found,
                        measured.central,
                        positions,
                        noise=measured.noise,
                        slopes=(measured.left, measured.right),
                        kink=find_kink(cost, x, measured, positions),
                        value=x.ravel()[positions],
                    )
                )
        _steady(cost, "before and after the check it gave", at)
    return tuple(rows)


def _steady(cost, when, first=None):
    """Return the cost at the point, or raise if it is not finite or not always the same."""
    first = float(cost()) if first is None else first
    if not np.isfinite(first):
        raise ValueError(f"the cost is {first} at the point itself: there is nothing to check")
    second = float(cost())
    if not abs(first - second) <= 100 * UNIT_ROUNDOFF * abs(first):
        raise ValueError(
            f"the cost is not deterministic: {when} {first:.17g} and {second:.17g}; "
            "switch dropout off with model.eval(), or fix the seed and the batch inside the closure"
        )
    return first


def _computed(closure, named):
    """Gradients by ``backward()``; every ``grad`` is put back as it was."""
    if unknown := [name for name, p in named.items() if not isinstance(p, Tensor)]:
        raise TypeError(
            f"{unknown[0]} is an array: pass gradients=… for what was derived by hand"
        )
    cost = closure()
    if not isinstance(cost, Tensor):
        raise TypeError(f"closure returned a {type(cost).__name__}; backward needs a tensor")
    _number(cost)
    leaves = [t for t in reverse_order(cost) if t.keeps_grad]
    kept = {t: t.grad for t in (*leaves, *named.values())}
    try:
        for t in kept:
            t.grad = None
        if cost.requires_grad:
            cost.backward()
        return {name: p.grad for name, p in named.items()}
    finally:
        for t, grad in kept.items():
            t.grad = grad


def _number(cost):
    """Return the cost as a float; complain about anything but one float64."""
    value = np.asarray(cost)
    if value.size != 1:
        raise ValueError(f"closure returned shape {value.shape}; expected the cost, one number")
    if value.dtype == np.float32:
        raise TypeError("the cost is float32: rounding would hide the gradient; use model.double()")
    return float(value.reshape(()))


def _float64(name, parameter):
    """Return the array behind a parameter, which must be float64."""
    x = parameter.data if isinstance(parameter, Tensor) else parameter
    if not isinstance(x, np.ndarray):
        raise TypeError(f"{name} is a {type(x).__name__}; expected an array that closure reads")
    if x.dtype != np.float64:
        raise TypeError(
            f"{name} is {x.dtype}: rounding would hide the gradient; use model.double(), or "
            "array.astype(float)"
        )
    return x


def _entries(name, gradient, shape, positions):
    """Return the entries to compare, or None if there is no gradient."""
    if gradient is None:
        return None
    gradient = np.asarray(gradient, dtype=float)
    if gradient.shape != shape:
        hint = ": transposed?" if gradient.shape == shape[::-1] else ""
        raise ValueError(f"the gradient of {name} has shape {gradient.shape}, not {shape}{hint}")
    return gradient.ravel()[positions]


def _how(eps, coordinates=None, seed=0):
    sample = f"{coordinates} random entries of each (seed {seed})" if coordinates else "every entry"
    return f"Central differences with ε = {eps:g}, {sample}."
