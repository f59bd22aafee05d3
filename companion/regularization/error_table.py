"""A table of mistakes: what share falls into each category, and what curing it could gain."""

from typing import NamedTuple

import numpy as np


class ErrorTable(NamedTuple):
    """How the mistakes that were looked at fall into categories; see `error_table`.

    Attributes
    ----------
    categories : tuple of str
        Most frequent first, of equals in alphabetical order.
    counts : numpy.ndarray
        Mistakes in each, (K,). A mistake may be in several, or in none.
    looked_at : int
        Number of mistakes.
    error : float
        Error on the whole set, between 0 and 1.
    """

    categories: tuple
    counts: np.ndarray
    looked_at: int
    error: float

    @property
    def shares(self):
        """Share of the mistakes that is in each category, (K,). They need not add up to 1."""
        return self.counts / self.looked_at

    @property
    def ceilings(self):
        """How far the error would fall if all mistakes of a category went away, (K,)."""
        return self.error * self.shares

    @property
    def left(self):
        """Error that would be left then, (K,)."""
        return self.error - self.ceilings

    @property
    def uncertainty(self):
        """Standard error of each ceiling, (K,), from looking at so many mistakes and no more."""
        return self.error * standard_error(self.shares, self.looked_at)

    def __str__(self):
        lines = [f"{'category':20} mistakes  share  ceiling   left"]
        for row in zip(*self[:2], self.shares, self.ceilings, self.left, strict=True):
            lines.append("{:20} {:8} {:6.0%} {:8.1%} {:6.1%}".format(*row))
        return "\n".join(lines)


def error_table(tags, error):
    """Count how often each category occurs among the mistakes that were looked at.

    Parameters
    ----------
    tags : sequence of set of str
        For each mistake the categories it falls into; an empty set for "none of them".
    error : float
        Error on the whole set, between 0 and 1.

    Returns
    -------
    ErrorTable
        One row for each category.

    Raises
    ------
    ValueError
        If there are no mistakes, or `error` is not between 0 and 1.
    TypeError
        If the tags of a mistake are a single string.

    Notes
    -----
    Source: A. Ng, *Machine Learning Yearning* (2018), chapters 14 to 19. Derived in the chapter
    :ref:`error_analysis`.
    """
    tags = list(tags)
    if not tags:
        raise ValueError("error_table: got no mistakes; look at some first")
    if not 0 <= error <= 1:
        raise ValueError(f"error_table: error is {error}; expected a share between 0 and 1")
    for k, given in enumerate(tags):
        if isinstance(given, str):
            raise TypeError(f"error_table: tags[{k}] is {given!r}; make it a set: {{{given!r}}}")
    found = [category for given in tags for category in set(given)]
    counts = {category: found.count(category) for category in set(found)}
    categories = sorted(counts, key=lambda category: (-counts[category], category))
    return ErrorTable(
        tuple(categories), np.array([counts[c] for c in categories], dtype=int), len(tags), error
    )


def standard_error(share, looked_at):
    """How far a share found in a random sample is off, typically: √(p (1 - p) / n).

    Parameters
    ----------
    share : array_like
        Shares between 0 and 1.
    looked_at : array_like
        Sizes n of the samples, at least 1.

    Returns
    -------
    numpy.ndarray or float
        The standard deviation of a count among n independent draws, divided by n.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1, or a sample is empty.

    Notes
    -----
    Derived in the chapter :ref:`error_analysis`.
    """
    share, looked_at = np.asarray(share, dtype=float), np.asarray(looked_at)
    if share.size and not (share.min() >= 0 and share.max() <= 1):
        raise ValueError(f"standard_error: share is {share}; expected values between 0 and 1")
    if looked_at.size and looked_at.min() < 1:
        raise ValueError(f"standard_error: looked_at is {looked_at}; expected at least 1")
    return np.sqrt(share * (1 - share) / looked_at)
