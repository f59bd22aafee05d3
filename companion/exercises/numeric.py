"""An answer of numbers as an array: what most checks do before they compare."""

import numpy as np

from companion.exercises.failures import Different
from companion.exercises.wording import kind_of


def array_of(got, what):
    """Return an answer as an array of real numbers.

    Parameters
    ----------
    got : object
        What the learner's function returned.
    what : str
        What was expected, as the message calls it: ``"two numbers"``.

    Returns
    -------
    numpy.ndarray
        Of float64, a copy.

    Raises
    ------
    Different
        If it is no tuple, list or array of numbers, or its parts differ in length.
    """
    if not isinstance(got, tuple | list | np.ndarray):
        raise Different(f"expected {what}, got {kind_of(got)}")
    try:
        got = np.array(got)
    except ValueError:
        raise Different(f"expected {what}; its parts differ in length") from None
    if got.dtype.kind not in "iuf":
        raise Different(f"expected {what}, all of them numbers")
    return got.astype(float)


def numbers_of(got, shape, what):
    """Return an answer as an array of real numbers of one shape.

    Parameters
    ----------
    got : object
        What the learner's function returned.
    shape : tuple of int
        The only shape that will do.
    what : str
        As for `array_of`.

    Returns
    -------
    numpy.ndarray
        Of float64 and that shape, a copy.

    Raises
    ------
    Different
        As `array_of` does, and if the shape is another one.
    """
    got = array_of(got, what)
    if got.shape != shape:
        raise Different(f"expected {what}, got shape {got.shape}")
    return got
