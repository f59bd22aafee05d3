"""Which words are near? Vectors compared by the angle between them.

Derived in the chapter :ref:`embeddings`.
"""

from difflib import get_close_matches

import numpy as np


def of_length_one(vectors):
    """Scale vectors to length 1.

    Parameters
    ----------
    vectors : array_like
        (…, D), none of them zero.

    Returns
    -------
    numpy.ndarray
        (…, D).

    Raises
    ------
    ValueError
        If a vector is zero or not finite: it has no direction.
    """
    vectors = np.asarray(vectors)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise ValueError("of_length_one: a vector that is zero or not finite has no direction")
    return vectors / lengths


def cosine_similarities(one, other):
    """Cosine of the angle between vectors, each with each.

    Parameters
    ----------
    one, other : array_like
        (M, D) and (N, D), none of them zero.

    Returns
    -------
    numpy.ndarray
        (M, N), from -1 to 1.

    Raises
    ------
    ValueError
        If a vector is zero, or D differs.

    Notes
    -----
    Derived in the chapter :ref:`embeddings`.
    """
    one, other = of_length_one(one), of_length_one(other)
    if one.shape[-1] != other.shape[-1]:
        raise ValueError(f"cosine_similarities: {one.shape} and {other.shape}; expected equal D")
    return np.clip(one @ other.T, -1, 1)


def nearest_rows(unit, rows, count):
    """Find for some rows of a table which others are nearest.

    Parameters
    ----------
    unit : numpy.ndarray
        (V, D), each of length 1, or zero.
    rows : array_like
        (R,) int.
    count : int
        How many, less than V.

    Returns
    -------
    numpy.ndarray
        (R, count) int64: rows with the largest cosine, nearest first, without the row itself.

    Raises
    ------
    ValueError
        If there are not that many others.
    """
    rows = np.asarray(rows)
    if not 0 < count < len(unit):
        raise ValueError(f"nearest_rows: {count} others of {len(unit)} rows")
    cosines = unit[rows] @ unit.T
    cosines[np.arange(len(rows)), rows] = -np.inf
    near = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(cosines, near, axis=1), axis=1)
    return np.take_along_axis(near, order, axis=1)


class WordSpace:
    """Words with directions: who is near whom.

    Parameters
    ----------
    words : sequence of str
        Each once.
    vectors : array_like
        (V, D), none of them zero; kept with length 1.

    Raises
    ------
    ValueError
        If words and vectors are not equally many, or a word stands there twice.

    Attributes
    ----------
    words : list of str
        In the order given.
    unit : numpy.ndarray
        (V, D), each of length 1.

    Notes
    -----
    Used first in the chapter :ref:`embeddings`.
    """

    def __init__(self, words, vectors):
        self.words, self.unit = list(words), of_length_one(vectors)
        self._number = {word: row for row, word in enumerate(self.words)}
        if self.unit.ndim != 2 or len(self.words) != len(self.unit):
            raise ValueError(
                f"WordSpace: {len(self.words)} words and vectors {self.unit.shape}; "
                "expected one vector (D,) for each word"
            )
        if len(self._number) < len(self.words):
            raise ValueError("WordSpace: a word stands there twice")

    def __contains__(self, word):
        return word in self._number

    def __len__(self):
        return len(self.words)

    def rows(self, words):
        """Return the rows of words, (N,) int64.

        Raises
        ------
        ValueError
            If a word is unknown; words with a near spelling are named.
        """
        for word in words:
            if word not in self._number:
                near = get_close_matches(str(word), self.words, n=3)
                hint = f"; near spellings: {', '.join(near)}" if near else ""
                raise ValueError(f"no vector for {word!r} among {len(self)} words{hint}")
        return np.array([self._number[word] for word in words], np.int64)

    def vectors(self, *words):
        """Return the vectors of words, (N, D), each of length 1."""
        return self.unit[self.rows(words)]

    def likeness(self, one, other):
        """Return the cosine of two words."""
        a, b = self.vectors(one, other)
        return float(a @ b)

    def nearest(self, word, count=5, without=()):
        """Find the words nearest to a word or a vector.

        Parameters
        ----------
        word : str or array_like
            A word, which is left out itself, or a vector (D,).
        count : int
            How many.
        without : sequence of str
            Words to leave out.

        Returns
        -------
        list of tuple
            (word, cosine), nearest first.

        Raises
        ------
        ValueError
            If a word is unknown or the vector is zero or of another length.
        """
        if isinstance(word, str):
            without = (*without, word)
            target = self.vectors(word)[0]
        else:
            target = of_length_one(word)
        if target.shape != self.unit.shape[1:]:
            raise ValueError(f"nearest: {target.shape}; expected equal D, {self.unit.shape[1:]}")
        cosines = self.unit @ target
        left_out = set(self.rows(without).tolist())
        order = np.argsort(-cosines, kind="stable")[: count + len(left_out)]
        kept = [row for row in order.tolist() if row not in left_out][:count]
        return [(self.words[row], float(cosines[row])) for row in kept]
