"""Arithmetic with whole numbers: exact matrix products, and factors without real numbers."""

import numpy as np

INT32 = 2**31 - 1


def integer_product(a, b):
    """Multiply two matrices of whole numbers exactly, with sums of 32 bits.

    Parameters
    ----------
    a : array_like
        (M, K), whole numbers of 8 or 16 bits.
    b : array_like
        (K, N), likewise.

    Returns
    -------
    numpy.ndarray
        (M, N) int32.

    Raises
    ------
    TypeError
        If the numbers are of another type.
    ValueError
        If the shapes do not fit, or a sum could leave 32 bits.

    Notes
    -----
    NumPy multiplies whole numbers slowly, and in the type it is given, in which sums run over. A
    product of real numbers is exact for whole ones as long as no sum leaves the 24 or 53 bits of
    its significand; that is what is used here. Chapter :ref:`quantization`.
    """
    a, b = np.asarray(a), np.asarray(b)
    for matrix in (a, b):
        if matrix.dtype.kind not in "iu" or matrix.dtype.itemsize > 2:
            raise TypeError(
                f"integer_product: {matrix.dtype} numbers; expected whole ones of 8 or 16 bits"
            )
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError(f"integer_product: {a.shape} and {b.shape} do not fit")
    largest = a.shape[1] * _largest(a) * _largest(b)
    if largest > INT32:
        raise ValueError(
            f"integer_product: {a.shape[1]} products of {a.dtype} and {b.dtype} may sum to "
            f"{largest:,}, more than 32 bits hold; use fewer bits or shorter sums"
        )
    real = np.float32 if largest <= 2**24 else np.float64
    return (a.astype(real) @ b.astype(real)).astype(np.int32)


def _largest(matrix):
    """Return the largest absolute value in a matrix; 0 if it is empty."""
    return max(int(matrix.max()), -int(matrix.min())) if matrix.size else 0


def fixed_point(factor):
    """Write positive factors as whole ones of 31 bits, divided by a power of two.

    Parameters
    ----------
    factor : array_like
        Above 0 and below 2³⁰.

    Returns
    -------
    tuple of numpy.ndarray
        Whole numbers f and shifts n, both int64, with factor ≈ f / 2ⁿ to 31 bits. A factor below
        2⁻³², by which no sum of 32 bits comes to one half, becomes 0.

    Raises
    ------
    ValueError
        If a factor is out of range.
    """
    factor = np.asarray(factor, np.float64)
    if not ((factor > 0) & (factor < 2**30)).all():
        raise ValueError(f"fixed_point: {factor}; expected factors above 0 and below 2**30")
    share, power = np.frexp(factor)
    whole = np.rint(share * 2**31).astype(np.int64)
    tiny = power < -31
    return np.where(tiny, 0, whole), np.where(tiny, 31, 31 - power).astype(np.int64)


def rescaled(sums, factor, shift):
    """Multiply sums by `fixed_point` factors: one product and one shift; halves are rounded up."""
    return (np.asarray(sums, np.int64) * factor + (1 << (shift - 1))) >> shift
