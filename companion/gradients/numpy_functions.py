"""What NumPy's own functions do with a tensor: they must not lose a gradient without a word.

``np.stack`` of tensors would return a plain array, and no gradient would ever come back. So on a
tensor that requires one, NumPy's functions raise, and name what to use instead. Shapes, comparisons
and searches have no gradient to lose and go on working.
"""

from companion.gradients.graph import wants_gradient

HARMLESS = {
    *("shape", "ndim", "size", "array_equal", "array_equiv", "allclose", "isclose", "array_repr"),
    *("array2string", "array_str", "argmax", "argmin", "argsort", "count_nonzero", "nonzero"),
    *("any", "all", "iscomplexobj", "isrealobj", "result_type", "shares_memory", "copyto"),
    *("may_share_memory", "zeros_like", "ones_like", "empty_like", "full_like", "isfinite"),
}
INSTEAD = {
    "concatenate": "companion.gradients.shaping.cat",
    "stack": "companion.gradients.shaping.stack",
    "where": "companion.gradients.elementwise.where",
    "dot": "a @ b",
    "inner": "a @ b",
    "einsum": "companion.gradients.einsum.einsum",
    "tensordot": "a @ b",
    "transpose": "x.permute(...) or x.T",
    "swapaxes": "x.transpose(...)",
    "moveaxis": "x.permute(...)",
    "expand_dims": "x.unsqueeze(...)",
    "squeeze": "x.squeeze(...)",
    "pad": "companion.gradients.shaping.pad",
    "take_along_axis": "x.gather(...)",
    "ravel": "x.flatten()",
    "broadcast_to": "x.expand(...)",
    **{name: f"x.{name}(...)" for name in ("sum", "mean", "max", "min", "var", "std", "cumsum")},
    **{name: f"x.{name}(...)" for name in ("clip", "reshape", "flip")},
    **{f"a{name}": f"x.{name}(...)" for name in ("max", "min")},
}


def call(function, args, kwargs):
    """Call a NumPy function on the arrays behind tensors.

    Parameters
    ----------
    function : callable
        One of NumPy's.
    args, kwargs : tuple, dict
        What it was called with, tensors somewhere among it.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    TypeError
        If a tensor among the arguments requires a gradient, which the result could not carry.
    """
    name = function.__name__
    given = [*args, *kwargs.values()]
    if name not in HARMLESS and any(_holds_gradient(value) for value in given):
        instead = f"use {INSTEAD[name]}" if name in INSTEAD else "use the tensor's own operations"
        raise TypeError(
            f"np.{name} of a tensor that requires a gradient would lose it: {instead}, or "
            "x.detach().numpy() if no gradient is wanted"
        )
    return function(*map(_plain, args), **{key: _plain(value) for key, value in kwargs.items()})


def _holds_gradient(value):
    if isinstance(value, (list, tuple)):
        return any(map(_holds_gradient, value))
    return wants_gradient(value)


def _plain(value):
    if isinstance(value, (list, tuple)):
        return type(value)(map(_plain, value))
    return value.data if hasattr(value, "requires_grad") and hasattr(value, "node") else value
