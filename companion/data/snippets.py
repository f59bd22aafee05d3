"""Sentences of film critics and their verdicts: 200 of Pang and Lee's, as gensim ships them."""

import numpy as np

from companion.data.text_files import text_file
from companion.data.tone_sentences import Sentences

FILE = (
    "gensim",
    "test/test_data/pang_lee_polarity.cor",
    "662c1b7c3bd0612eaaaf3f0c694cbd3897e30c0d87d2940b46c9fd0d15ed70c1",
)
LABELS = {"__label__neg": 0, "__label__pos": 1}


def snippets():
    """Load sentences from reviews of films, 100 bad and 100 good ones.

    Returns
    -------
    Sentences
        Words in lower case, with punctuation as tokens of its own, and 1 where the film was liked.

    Raises
    ------
    ModuleNotFoundError
        If the package gensim is not installed.

    Notes
    -----
    From Pang and Lee (2005), sentences of critics on Rotten Tomatoes, whose mark is that of the
    review. Shared for research; no licence is stated. Used in the chapter :ref:`sentiment`.
    """
    lines = text_file(*FILE).read_text("cp1252").splitlines()
    labels = [line.split()[0] for line in lines]
    tokens = [tuple(line.split()[1:]) for line in lines]
    return Sentences(tokens, np.array([LABELS[label] for label in labels], dtype=np.int64))
