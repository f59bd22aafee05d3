"""The four operations, powers and matrix products, each with its pullbacks."""

import numpy as np

from companion.gradients.tape import primitive


@primitive
def add(a, b):
    """Sum a + b, broadcast. Pullbacks: dc and dc."""
    return a + b, lambda dc: dc, lambda dc: dc


@primitive
def sub(a, b):
    """Difference a - b, broadcast. Pullbacks: dc and -dc."""
    return a - b, lambda dc: dc, lambda dc: -dc


@primitive
def mul(a, b):
    """Elementwise product a * b, broadcast. Pullbacks: dc * b and dc * a."""
    return a * b, lambda dc: dc * b, lambda dc: dc * a


@primitive
def div(a, b):
    """Elementwise quotient a / b, broadcast. Pullbacks: dc / b and -dc * c / b."""
    c = a / b
    return c, lambda dc: dc / b, lambda dc: -dc * c / b


@primitive
def neg(a):
    """Negation -a. Pullback: -dc."""
    return -a, lambda dc: -dc


@primitive
def pow(a, b):
    """Power a ** b, broadcast. Pullbacks: dc * b * a**(b - 1) and dc * c * log(a).

    The second is defined for a > 0; at a = 0 it is taken as 0 where b ≥ 0, as in torch.
    """
    c = a**b

    def for_base(dc):
        # 0 * 0**-1 is 0, not NaN: a constant has no slope.
        slope = np.where(np.equal(b, 0), 0, b * a ** np.where(np.equal(b, 0), 1, b - 1))
        return dc * slope.astype(c.dtype, copy=False)  # `where` makes Python's numbers 64-bit

    def for_exponent(dc):
        flat = np.equal(a, 0) & np.greater_equal(b, 0)
        with np.errstate(divide="ignore"):
            return np.where(flat, 0, dc * c * np.log(np.where(flat, 1, a)))

    return c, for_base, for_exponent


@primitive
def matmul(a, b):
    """Matrix product. a: (…, N, D), b: (…, D, M) → (…, N, M). Pullbacks: dC Bᵀ and Aᵀ dC.

    Vectors are treated as in NumPy: a (D,) on the left is a row, on the right a column.
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        raise ValueError("a number is not a matrix; use *")
    inner = a.shape[-1], b.shape[-2] if b.ndim > 1 else b.shape[0]
    if inner[0] != inner[1]:
        raise ValueError(f"{inner[0]} ≠ {inner[1]}")
    if a.ndim > 1 and b.ndim > 1:
        return a @ b, lambda dc: dc @ b.swapaxes(-1, -2), lambda dc: a.swapaxes(-1, -2) @ dc
    # A vector is a matrix with one row or column that is dropped from the result.
    row, column = a.ndim == 1, b.ndim == 1
    rows, columns = a[None, :] if row else a, b[:, None] if column else b

    def whole(dc):
        dc = dc[..., None] if column else dc
        return dc[..., None, :] if row else dc

    def for_left(dc):
        da = whole(dc) @ columns.swapaxes(-1, -2)
        return da[..., 0, :] if row else da

    def for_right(dc):
        db = rows.swapaxes(-1, -2) @ whole(dc)
        return db[..., 0] if column else db

    return a @ b, for_left, for_right
