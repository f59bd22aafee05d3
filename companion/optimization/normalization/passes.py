"""Passes over an array (A, B, C) in which each index b has constants of its own.

NumPy is quick where rows are long and what one operation leaves in the processor's cache is there
for the next. So arrays are seen as long rows, and rows are worked on in blocks.
"""

import numpy as np

BLOCK = 2**16
"""Numbers to work on at a time."""
ROW = 2**9
"""Length from which on rows are not made longer."""


class Layout:
    """How an array of shape (A, B, C) is walked through.

    Parameters
    ----------
    shape : tuple of int
        A, B and C.

    Attributes
    ----------
    count : int
        Numbers for each b: A C.
    """

    def __init__(self, shape):
        a, b, c = self.shape = shape
        self.count = a * c
        self._joined = 1
        while a > 1 and a % (2 * self._joined) == 0 and self._joined * b * c < ROW:
            self._joined *= 2
        self._rows = (b, c) if a == 1 else (a // self._joined, self._joined * b * c)

    def sums(self, x):
        """Sum over a and c: array of (A, B, C) numbers → (B,)."""
        a, b, c = self.shape
        if c == 1:
            return np.ones(a, x.dtype) @ x.reshape(a, b)
        return (x.reshape(a * b, c) @ np.ones(c, x.dtype)).reshape(a, b).sum(axis=0)

    def sums_of_products(self, x, y):
        """Sum x y over a and c: two arrays of (A, B, C) numbers → (B,)."""
        a, b, c = self.shape
        if c == 1:
            return np.einsum("ab,ab->b", x.reshape(a, b), y.reshape(a, b))
        return np.vecdot(x.reshape(a, b, c), y.reshape(a, b, c)).sum(axis=0)

    def affine(self, x, slope, shift):
        """Return slope x + shift, of the shape of `x`; slope and shift are (B,), or one number."""
        out, rows, x, (slope, shift) = self._prepare(x, slope, shift)
        for here, its in self._blocks():
            part = np.multiply(x[here], slope[its], out=rows[here])
            part += shift[its]
        return out

    def scaled_residual(self, y, x, slope, shift, scale):
        """Return scale (y - slope x - shift), of the shape of `y`."""
        out, rows, y, (slope, shift, scale) = self._prepare(y, slope, shift, scale)
        x = x.reshape(self._rows)
        for here, its in self._blocks():
            part = np.multiply(x[here], slope[its], out=rows[here])
            np.subtract(y[here], part, out=part)
            part -= shift[its]
            part *= scale[its]
        return out

    def _prepare(self, x, *constants):
        """Make room for the result; return it, it and `x` as rows, and what meets the rows."""
        out = np.empty(x.shape, x.dtype)
        constants = [self._along(values, x.dtype) for values in constants]
        return out, out.reshape(self._rows), x.reshape(self._rows), constants

    def _along(self, values, dtype):
        """Let one value per b, or a number for all, meet the rows."""
        a, b, c = self.shape
        if self._joined * c == 1 < a:
            return np.asarray(values, dtype).reshape(-1)
        spread = np.empty((b, 1) if a == 1 else (self._joined, b, c), dtype)
        spread[...] = np.reshape(values, (-1, 1))
        return spread if a == 1 else spread.reshape(-1)

    def _blocks(self):
        """Yield the rows of one block, and where their constants are, block by block."""
        number, length = self._rows
        step = max(1, BLOCK // max(1, length))
        for start in range(0, number, step):
            here = slice(start, start + step)
            yield here, here if self.shape[0] == 1 else slice(None)
