"""Passes over an array (A, B, C) in which each index b has constants of its own.

NumPy is quick where rows are long and what one operation leaves in the processor's cache is there
for the next. So arrays are seen as long rows, and rows are worked on in blocks.
"""

import numpy as np

BLOCK = 2**17
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
    rows : tuple of int
        Shape under which elementwise operations see the array: what `along` returns broadcasts
        against it.
    """

    def __init__(self, shape):
        a, b, c = self.shape = shape
        self.count = a * c
        self.joined = 1
        while a > 1 and a % (2 * self.joined) == 0 and self.joined * b * c < ROW:
            self.joined *= 2
        self.rows = (b, c) if a == 1 else (a // self.joined, self.joined * b * c)

    def sums(self, x):
        """Sum over a and c: array of (A, B, C) numbers → (B,)."""
        a, b, c = self.shape
        if c == 1:
            return np.ones(a, x.dtype) @ x.reshape(a, b)
        return np.einsum("abc->b", x.reshape(self.shape))

    def sums_of_products(self, x, y):
        """Sum x y over a and c: two arrays of (A, B, C) numbers → (B,)."""
        return np.einsum("abc,abc->b", x.reshape(self.shape), y.reshape(self.shape))

    def along(self, values):
        """Let one value per b, or a number for all, meet the rows."""
        a, b, c = self.shape
        spread = np.empty((b, 1) if a == 1 else (self.joined, b, c), values.dtype)
        spread[...] = values.reshape(-1, 1)
        return spread if a == 1 else spread.reshape(-1)

    def blocks(self):
        """Yield the rows of one block, and where their constants are, block by block."""
        number, length = self.rows
        step = max(1, BLOCK // max(1, length))
        for start in range(0, number, step):
            here = slice(start, start + step)
            yield here, here if self.shape[0] == 1 else slice(None)
