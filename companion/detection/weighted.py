"""A loss of several parts, each with a weight."""


def weighted(parts, weights, expected):
    """Add the parts of a loss up, each times its weight.

    Parameters
    ----------
    parts : callable
        ``parts(output, target)``: a dictionary of scalars.
    weights : dict
        Weight of each part.
    expected : iterable of str
        Names of the parts.

    Returns
    -------
    callable
        ``loss(output, target)``, a scalar, as `companion.training.fit` takes it.

    Raises
    ------
    ValueError
        If a part has no weight, or a weight no part.
    """
    if set(weights) != set(expected):
        raise ValueError(f"weights for {sorted(weights)}; expected {sorted(expected)}")
    return lambda output, target: sum(
        weights[name] * value for name, value in parts(output, target).items()
    )
