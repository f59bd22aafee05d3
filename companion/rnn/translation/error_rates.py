"""How many tokens of a sentence are wrong: edit distance, and the error rates made of it.

Derived in the chapter :ref:`bleu`.
"""

import numpy as np


def edit_table(said, right):
    """Count the edits between all beginnings of two texts.

    Parameters
    ----------
    said, right : sequence
        Tokens, I and J of them; a str counts as its letters.

    Returns
    -------
    numpy.ndarray
        (I + 1, J + 1) int64: entry (i, j) is the least number of insertions, deletions and
        substitutions that turn the first i tokens of `said` into the first j of `right`.

    Notes
    -----
    Levenshtein (1966); Wagner and Fischer (1974). Derived in the chapter :ref:`bleu`.
    """
    table = np.zeros((len(said) + 1, len(right) + 1), dtype=np.int64)
    table[:, 0], table[0, :] = np.arange(len(said) + 1), np.arange(len(right) + 1)
    for i, token in enumerate(said, 1):
        for j, wanted in enumerate(right, 1):
            swap = table[i - 1, j - 1] + (token != wanted)
            table[i, j] = min(swap, table[i - 1, j] + 1, table[i, j - 1] + 1)
    return table


def edit_distance(said, right):
    """Count the insertions, deletions and substitutions that turn one text into another.

    Parameters
    ----------
    said, right : sequence
        Tokens; a str counts as its letters.

    Returns
    -------
    int
        The least number of edits, from 0 to the length of the longer text.
    """
    return int(edit_table(said, right)[-1, -1])


def error_rate(said, right):
    """Edits for each token that should have been said, over many texts.

    With words as tokens it is the *word error rate*, with phonemes the *phoneme error rate*, with
    letters the *character error rate*.

    Parameters
    ----------
    said, right : list of sequence
        As many texts as right ones.

    Returns
    -------
    float
        All edits divided by all tokens of `right`: 0 is perfect, and it may be above 1.

    Raises
    ------
    ValueError
        If the numbers of texts differ, or the right ones hold no token.
    """
    if len(said) != len(right):
        raise ValueError(f"error_rate: {len(said)} texts and {len(right)} right ones")
    tokens = sum(map(len, right))
    if not tokens:
        raise ValueError("error_rate: the right texts hold no token; there is nothing to divide by")
    return sum(map(edit_distance, said, right)) / tokens


def exact(said, right):
    """Share of texts without any error.

    Parameters
    ----------
    said, right : list of sequence
        As many texts as right ones, at least one.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If the numbers of texts differ, or there is none.
    """
    if len(said) != len(right) or not said:
        raise ValueError(
            f"exact: {len(said)} texts and {len(right)} right ones; expected as many, at least 1"
        )
    return sum(list(a) == list(b) for a, b in zip(said, right, strict=True)) / len(said)
