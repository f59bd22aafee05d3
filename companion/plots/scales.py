"""Limits and ticks of an axis as plain numbers and text, the same for every renderer."""

import numpy as np
from matplotlib import ticker

from companion.results import scientific

_MARGIN = 0.05


def limits(values, log=False):
    """Limits that hold all finite values (above 0 on a logarithmic axis) with a margin."""
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    values = np.log10(values) if log else values
    low, high = (values.min(), values.max()) if len(values) else (0.0, 1.0)
    margin = _MARGIN * (high - low) or 0.5
    ends = np.array([low - margin, high + margin])
    return 10**ends if log else ends


def whole(values):
    """Whether the finite values are several whole numbers, such as ranks, not just two ends."""
    values = np.unique(values[np.isfinite(values)])
    return len(values) > 2 and bool((values == np.round(values)).all())


def scale(ends, log=False, integer=False):
    """Describe an axis: its limits, and its ticks with their texts; `integer`: at whole numbers.

    Raises
    ------
    ValueError
        If the limits do not rise, or start at 0 or below on a logarithmic axis.
    """
    low, high = map(float, ends)
    if not low < high or (log and low <= 0):
        positive = " and positive, for the axis is logarithmic" if log else ""
        raise ValueError(f"explore: limits {low:g} to {high:g}; they must be rising{positive}")
    if log:
        few = np.log10(high / low) < 2
        locator = ticker.LogLocator(subs=(1, 2, 5) if few else (1,))
    else:
        locator = ticker.MaxNLocator(8, steps=[1, 2, 2.5, 5, 10], integer=integer)
    ticks = [float(tick) for tick in locator.tick_values(low, high) if low <= tick <= high]
    texts = [_power(tick) if log else f"{tick:g}".replace("-", "−") for tick in ticks]
    return {"limits": [low, high], "log": log, "ticks": ticks, "texts": texts}


def _power(value):
    if not np.isclose(value, 10.0 ** round(np.log10(value))):
        return f"{value:g}".replace("-", "−")
    return scientific(value)
