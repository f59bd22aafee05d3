"""Passes over an array (A, B, C) in which each index b has constants of its own.

NumPy is quick where rows are long and what one operation leaves in the processor's cache is there
for the next. So arrays are seen as long rows, and rows are worked on in blocks.
"""

import numpy as np

BLOCK = 2**15
"""Numbers to work on at a time."""
ROW = 2**12
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
        return np.einsum("abc->b", x.reshape(self.shape))

    def sums_of_products(self, x, y):
        """Sum x y over a and c: two arrays of (A, B, C) numbers → (B,)."""
        return np.einsum("abc,abc->b", x.reshape(self.shape), y.reshape(self.shape))

    def affine(self, x, slope, shift):
        """Return slope x + shift, of the shape of `x`; slope and shift are (B,), or one number."""
        return self._combine(x, [(x, slope)], shift)

    def affine_of_two(self, x, slope, y, other, shift):
        """Return slope x + other y + shift, of the shape of `x`."""
        return self._combine(x, [(x, slope), (y, other)], shift)

    def _combine(self, like, terms, shift):
        """Sum factor · array over the terms, and add the shift, block by block."""
        out = np.empty(self._rows, like.dtype)
        terms = [(x.reshape(self._rows), self._along(factor, x.dtype)) for x, factor in terms]
        shift = self._along(shift, like.dtype)
        first, *others = terms
        for here, its in self._blocks():
            part = np.multiply(first[0][here], first[1][its], out=out[here])
            part += shift[its]
            for x, factor in others:
                part += x[here] * factor[its]
        return out.reshape(like.shape)

    def _along(self, values, dtype):
        """Let one value per b, or a number for all, meet the rows."""
        a, b, c = self.shape
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
