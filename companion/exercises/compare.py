"""Comparing an answer with what is expected, and saying how they differ.

Type, shape and kind of numbers come first; then how many values differ, where most, by how much,
a small slice of both, and the likely mistake when one fits. All text is plain.
"""

from collections.abc import Mapping

import numpy as np

from companion.exercises.failures import Different
from companion.exercises.wording import (
    LIKELY,
    SHOWN,
    capital,
    kind_of,
    likely_line,
    number,
    row,
    short,
)
from companion.gradients.checking.mistakes import likely_mistake
from companion.tables import index_of, table

KINDS = {
    "b": "True/False",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "real numbers",
    "U": "text",
}


def assert_close(got, expected, *, rtol=1e-6, atol=1e-8, mistakes=None, what="the result"):
    """Fail unless an answer equals the expected value up to rounding.

    Parameters
    ----------
    got : object
        What the learner's function returned.
    expected : object
        Number, string, array, or list, tuple or dictionary of them, nested as deep as needed.
    rtol, atol : float
        Allowed: ``|got - expected| ≤ atol + rtol · |expected|``. Expected NaN must be NaN;
        where whole numbers are expected, nothing but they will do.
    mistakes : dict, optional
        Values that known mistakes lead to, by what to tell the learner.
    what : str
        How the message calls the value.

    Raises
    ------
    Different
        With a plain text that says how they differ.
    """
    tolerance = {"rtol": rtol, "atol": atol}
    try:
        _compare(got, expected, tolerance, what)
    except Different as error:
        for text, value in (mistakes or {}).items():
            if _is_same(got, value, tolerance):
                raise Different(str(error).partition(LIKELY)[0] + likely_line(text)) from None
        raise


def assert_gradient(analytic, numeric, *, rtol=1e-5, atol=1e-7):
    """Fail unless each parameter's gradient agrees with the numeric one.

    Parameters
    ----------
    analytic : dict of str to array
        What the learner's function returned, by parameter.
    numeric : dict of str to array
        Finite differences, or another independent value.
    rtol, atol : float
        As in `assert_close`; finite differences allow no more than about 1e-5.

    Raises
    ------
    Different
        With the analytic beside the numeric value at the worst entry of each parameter.
    """
    if not isinstance(analytic, Mapping):
        raise Different(
            f"It returned {kind_of(analytic)}; expected a dict of gradients by parameter."
        )
    _same_keys(analytic, numeric, "the dict of gradients")
    rows, wrong, hint = [], [], None
    for name, expected in numeric.items():
        expected = np.asarray(expected, dtype=float)
        got = _as_array(analytic[name], expected, f"the gradient of {name}")
        far = np.abs(got - expected)
        far = np.where(np.isfinite(far), far, np.inf)
        bad = far > atol + rtol * np.abs(expected)
        index = np.unravel_index(np.argmax(far), far.shape) if far.size else ()
        a, n = (got[index], expected[index]) if far.size else (0.0, 0.0)
        relative = abs(a - n) / max(abs(a), abs(n), 1e-300)
        rows.append(
            (name + index_of(index), f"{a:.6g}", f"{n:.6g}", f"{relative:.1e}", "✗✓"[not bad.any()])
        )
        if bad.any():
            wrong.append(name)
            hint = hint or likely_mistake(got, expected, rtol, atol)
    if wrong:
        lines = table([("worst entry", "analytic", "numeric", "rel. error", ""), *rows])
        tail = likely_line(hint)
        raise Different(f"The gradient of {', '.join(wrong)} is not right.\n{lines}{tail}")


def _compare(got, expected, tolerance, what):
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            raise Different(f"{capital(what)} is {kind_of(got)}; expected a dict.")
        _same_keys(got, expected, what)
        for key, value in expected.items():
            _compare(got[key], value, tolerance, f"{what}[{key!r}]")
    elif isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple):
            raise Different(f"{capital(what)} is {kind_of(got)}; expected {kind_of(expected)}.")
        if len(got) != len(expected):
            raise Different(f"{capital(what)} has {len(got)} elements; expected {len(expected)}.")
        for index, value in enumerate(expected):
            _compare(got[index], value, tolerance, f"{what}[{index}]")
    elif expected is None or isinstance(expected, str | bytes | bool | np.bool_):
        if not isinstance(got, type(expected)) and not (_is_bool(got) and _is_bool(expected)):
            raise Different(f"{capital(what)} is {kind_of(got)}; expected {kind_of(expected)}.")
        if got != expected:
            raise Different(f"{capital(what)} is {short(got)}; expected {short(expected)}.")
    else:
        _compare_numbers(got, expected, tolerance, what)


def _compare_numbers(got, expected, tolerance, what):
    target = np.asarray(expected)
    value = _as_array(got, target, what)
    error = relative = None
    with np.errstate(all="ignore"):
        if target.dtype.kind == "f":
            same = np.isclose(value, target, **tolerance, equal_nan=True)
        else:
            same = np.asarray(value == target)
        if target.dtype.kind in "iuf":
            error = np.abs(value.astype(float) - target.astype(float))
            relative = error / np.abs(target.astype(float))
    if same.all():
        return
    if target.ndim == 0:
        first = f"{capital(what)} is {number(value[()])}; expected {number(target[()])}."
    else:
        first = _differences(value, target, same, error, relative, what)
    hint = likely_mistake(value, target, **tolerance)
    raise Different(first + likely_line(hint))


def _differences(value, target, same, error, relative, what):
    """Return the lines on an array that differs."""
    if error is None:
        worst = np.unravel_index(np.argmin(same), same.shape)
    else:
        weight = np.where(same, -1.0, np.where(np.isnan(error), np.inf, error))
        worst = np.unravel_index(np.argmax(weight), weight.shape)
    lines = [
        f"{(~same).sum()} of {same.size} values of {what} differ.",
        f"  worst at {index_of(worst)}: got {number(value[worst])}, "
        f"expected {number(target[worst])}",
    ]
    if error is not None and np.isfinite(error[~same]).any():
        finite = [part[~same & np.isfinite(part)] for part in (error, relative)]
        shares = [f"{part.max():.2g}" if part.size else "none" for part in finite]
        lines.append(f"  largest error {shares[0]}, relative {shares[1]}")
    rows = tuple(worst[:-1])
    begin = max(0, min(worst[-1] - SHOWN // 2, value.shape[-1] - SHOWN))
    stop = min(begin + SHOWN, value.shape[-1])
    window = (*rows, slice(begin, stop))
    where = index_of((*rows, f"{begin}:{stop}")) if value.size > SHOWN else ""
    for name, array in (("got", value), ("expected", target)):
        lines.append(f"  {name + where:<18} {row(array[window])}")
    return "\n".join(lines)


def _as_array(got, target, what):
    """Return the answer as an array of the expected shape and kind, or fail saying what it is."""
    kind = target.dtype.kind
    if target.ndim and not isinstance(got, np.ndarray):
        is_number = isinstance(got, np.number | int | float)
        hint = likely_mistake(np.asarray(got), target, 1e-6, 1e-8) if is_number else None
        raise Different(
            f"{capital(what)} is {kind_of(got)}; expected an array of shape {target.shape}."
            + likely_line(hint)
        )
    if not isinstance(got, np.ndarray | np.generic | int | float | str) or (
        _is_bool(got) and kind != "b"
    ):
        raise Different(
            f"{capital(what)} is {kind_of(got)}; expected {KINDS.get(kind, 'a number')}."
        )
    value = np.asarray(got)
    if value.shape != target.shape:
        hint = likely_mistake(value, target, 1e-6, 1e-8)
        raise Different(
            f"{capital(what)} has shape {value.shape}; expected {target.shape}." + likely_line(hint)
        )
    groups = {"u": "i"}
    same_kind = groups.get(value.dtype.kind, value.dtype.kind) == groups.get(kind, kind)
    both_numbers = value.dtype.kind in "iuf" and kind in "iuf" and not target.ndim
    if not same_kind and not both_numbers:
        found = KINDS.get(value.dtype.kind, "other things")
        raise Different(
            f"{capital(what)} has dtype {value.dtype} ({found}); "
            f"expected {KINDS.get(kind)}, such as {target.dtype}."
        )
    return value


def _is_same(got, value, tolerance):
    try:
        _compare(got, value, tolerance, "")
    except Different:
        return False
    return True


def _same_keys(got, expected, what):
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing or extra:
        parts = [
            f"{word} {short(keys)}"
            for word, keys in (("missing", missing), ("unknown", extra))
            if keys
        ]
        raise Different(f"{capital(what)} has other keys than expected: {', '.join(parts)}.")


def _is_bool(value):
    return isinstance(value, bool | np.bool_)
