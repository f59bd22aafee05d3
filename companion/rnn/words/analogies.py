"""a is to b as c is to …: the word nearest to c + (b - a).

Derived in the chapter :ref:`embeddings`.
"""

from typing import NamedTuple

import numpy as np


class Answers(NamedTuple):
    """Rows that answer questions, (N,) int64 each.

    Attributes
    ----------
    free : numpy.ndarray
        The nearest word of all.
    other : numpy.ndarray
        The nearest word that is none of the three given ones.
    """

    free: np.ndarray
    other: np.ndarray


def completed(space, a, b, c, count=5, given=False):
    """Answer "a is to b as c is to …" by 3CosAdd.

    Parameters
    ----------
    space : companion.rnn.words.neighbours.WordSpace
        Words and directions.
    a, b, c : str
        The three given words.
    count : int
        How many answers.
    given : bool
        Whether the given words may be answers.

    Returns
    -------
    list of tuple
        (word, cosine), best first.

    Raises
    ------
    ValueError
        If a word is unknown.

    Notes
    -----
    Mikolov, Yih and Zweig (2013); the name is from Levy and Goldberg (2014). Derived in the chapter
    :ref:`embeddings`.
    """
    first, second, third = space.vectors(a, b, c)
    return space.nearest(third + second - first, count, () if given else (a, b, c))


def known_questions(space, questions):
    """Turn the questions whose four words are all known into rows.

    Parameters
    ----------
    space : companion.rnn.words.neighbours.WordSpace
        Words and directions.
    questions : sequence of tuple
        (a, b, c, d) of words.

    Returns
    -------
    numpy.ndarray
        (N, 4) int64; (0, 4) if none is known.
    """
    known = [question for question in questions if all(word in space for word in question)]
    return np.array([space.rows(question) for question in known], np.int64).reshape(-1, 4)


def answers(space, questions, at_once=1024):
    """Answer many questions, with and without the given words.

    Parameters
    ----------
    space : companion.rnn.words.neighbours.WordSpace
        Words and directions, more than three.
    questions : numpy.ndarray
        (N, 3) or more columns of int64: rows of a, b, c; further columns are not looked at.
    at_once : int
        Questions for each product, which bounds the memory.

    Returns
    -------
    Answers
        Of equal words the first.

    Raises
    ------
    ValueError
        If there are fewer than four words.
    """
    if len(space) < 4:
        raise ValueError(f"answers: {len(space)} words; expected a fourth beside a, b, c")
    a, b, c = np.asarray(questions)[:, :3].T
    free, other = [], []
    for k in range(0, len(a), at_once):
        part = slice(k, k + at_once)
        targets = space.unit[c[part]] + space.unit[b[part]] - space.unit[a[part]]
        scores = targets @ space.unit.T
        free.append(scores.argmax(axis=1))
        rows = np.arange(len(scores))
        for given in (a, b, c):
            scores[rows, given[part]] = -np.inf
        other.append(scores.argmax(axis=1))
    none = np.zeros(0, np.int64)
    return Answers(np.concatenate([none, *free]), np.concatenate([none, *other]))
