"""What the options of a schedule may be: checks that name the value and the remedy."""

import math
from numbers import Integral


def require(owner, **conditions):
    """Refuse options: name → (value, whether it is fine, what was expected)."""
    for option, (value, fine, expected) in conditions.items():
        if not fine:
            raise ValueError(f"{type(owner).__name__}: {option} is {value}; expected {expected}")


def whole(value, low=1):
    """Give `require` a whole number of at least `low`."""
    fine = isinstance(value, Integral) and value >= low  # NumPy's integers, too
    return value, fine, f"a whole number of at least {low}"


def between(value, low=0, high=math.inf):
    """Give `require` a finite number from `low` to `high`."""
    bound = f"of at least {low}" if high == math.inf else f"from {low} to {high}"
    return value, low <= value <= high and value < math.inf, f"a number {bound}"


def groups_of(owner, optimizer):
    """Return the groups of an optimizer, or say that it is none."""
    if not hasattr(optimizer, "param_groups"):
        raise TypeError(
            f"{type(owner).__name__}: got a {type(optimizer).__name__} as optimizer; make the "
            "optimizer first and pass it"
        )
    return optimizer.param_groups


def each(owner, optimizer, option, value):
    """Spread one value over the groups of the optimizer, or check that a list has one a group."""
    count = len(groups_of(owner, optimizer))
    values = list(value) if isinstance(value, list | tuple) else [value] * count
    if len(values) != count:
        raise ValueError(
            f"{type(owner).__name__}: {option} has {len(values)} entries for {count} groups; "
            "pass one a group, or a single one for all"
        )
    return values
