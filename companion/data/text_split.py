"""Texts in three parts: to learn from, to choose by, and to judge by."""

from typing import NamedTuple

import numpy as np


class Split(NamedTuple):
    """Texts to learn from, to choose by, and to judge by.

    Attributes
    ----------
    train, val, test : list of str
        No text stands in two of them.
    """

    train: list
    val: list
    test: list


def split_texts(texts, seed=0):
    """Split texts at random into eight, one and one tenths.

    Parameters
    ----------
    texts : list of str
        At least ten, each once.
    seed : int
        Of the order.

    Returns
    -------
    Split
        To learn from, to choose by, to judge by.

    Raises
    ------
    ValueError
        If there are fewer than ten, or one stands there twice.
    """
    if len(texts) < 10 or len(set(texts)) < len(texts):
        raise ValueError(
            f"split_texts: {len(texts)} texts, {len(set(texts))} different; expected at least ten, "
            "each once"
        )
    order = np.random.default_rng(seed).permutation(len(texts))
    tenth = len(texts) // 10
    parts = order[2 * tenth :], order[:tenth], order[tenth : 2 * tenth]
    return Split(*([texts[i] for i in part] for part in parts))
