"""How words lean along the direction of pairs, and what can be told when that is taken away.

The test is that of Gonen and Goldberg (2019); used in the chapters :ref:`debiasing` and
:ref:`hidden_bias`.
"""

from typing import NamedTuple

import numpy as np

from companion.data.first_names import first_names
from companion.rnn.words.bias import neutralize
from companion.rnn.words.neighbours import nearest_rows, of_length_one

PAIRS = [
    *[("she", "he"), ("her", "his"), ("woman", "man"), ("mary", "john"), ("herself", "himself")],
    *[("daughter", "son"), ("mother", "father"), ("gal", "guy"), ("girl", "boy")],
    ("female", "male"),
]
"""The ten pairs of Bolukbasi et al. (2016)."""

_OCCUPATIONS = (
    "accountant architect artist astronomer author banker biologist carpenter chef chemist clerk "
    "coach composer dancer dentist designer director doctor driver economist editor engineer "
    "farmer firefighter gardener historian journalist judge lawyer librarian manager mathematician "
    "mechanic merchant musician novelist nurse painter philosopher photographer physician "
    "physicist pianist pilot professor programmer psychologist reporter researcher scientist "
    "secretary shepherd singer soldier steward surgeon teacher therapist translator violinist "
    "writer"
)
OCCUPATIONS = _OCCUPATIONS.split()
"""Words for occupations that women and men have, and that are not common family names."""

_BY_MEANING = (
    "actor actress aunt baron baroness bishop boy boyfriend boys bride brother brothers "
    "businessman businesswoman chairman chairwoman congressman congresswoman count countess dad "
    "daughter daughters duchess duke emperor empress father fathers female females fiancee "
    "fisherman fishermen gal gals gender gentleman gentlemen girl girlfriend girls god goddess "
    "grandfather grandmother groom guy guys heir heiress her hero heroine hers herself him himself "
    "his host hostess husband husbands king kings ladies lady lord maid male males man masculine "
    "men miss mom monk monks mother mothers mrs nephew niece nun nuns policeman policemen pope "
    "priest priests prince princes princess princesses queen queens salesman sexes she sir sister "
    "sisters son sons spokesman spokeswoman stepfather stepmother uncle waiter waitress widow "
    "widower wife wives woman women"
)
BY_MEANING = frozenset(_BY_MEANING.split())
"""Words that say which gender they mean: these are allowed to lean."""


class Leaning(NamedTuple):
    """Words that mean no gender, and how their vectors lean.

    Attributes
    ----------
    words : list of str
        Of letters only, at least three; no first names, none of `BY_MEANING`.
    before : numpy.ndarray
        (N, D), each of length 1.
    lean : numpy.ndarray
        (N,) along the direction.
    after : numpy.ndarray
        (N, D), neutralized, each of length 1 again.
    """

    words: list
    before: np.ndarray
    lean: np.ndarray
    after: np.ndarray


def leaning(space, direction):
    """Collect the words that mean no gender, and neutralize them.

    Parameters
    ----------
    space : companion.rnn.words.neighbours.WordSpace
        Words and directions.
    direction : array_like
        (D,), length 1.

    Returns
    -------
    Leaning
        Words, vectors before and after, and lean.
    """
    left_out = BY_MEANING.union(first_names())
    words = [w for w in space.words if w.isalpha() and len(w) > 2 and w not in left_out]
    return taken_away(words, space.vectors(*words), direction)


def taken_away(words, vectors, direction):
    """Neutralize vectors along a direction and keep what they had there."""
    after = of_length_one(neutralize(vectors, direction))
    return Leaning(words, vectors, vectors @ of_length_one(direction), after)


def both_ends(lean, count):
    """Return the rows that lean most to either side, and the side.

    Parameters
    ----------
    lean : array_like
        (N,).
    count : int
        Words for each side.

    Returns
    -------
    rows : numpy.ndarray
        (2·count,).
    side : numpy.ndarray
        (2·count,) bool: whether on the positive side.

    Raises
    ------
    ValueError
        If there are not that many.
    """
    if not 0 < 2 * count <= len(lean):
        raise ValueError(f"both_ends: {count} words to either side of {len(lean)}")
    order = np.argsort(lean, kind="stable")
    return np.r_[order[:count], order[-count:]], np.repeat([False, True], count)


def told_apart(make, vectors, side, seed):
    """Learn the side from half of the words and judge by the other half.

    Parameters
    ----------
    make : callable
        Returns a classifier with ``fit(X, y)`` and ``score(X, y)``, as in scikit-learn.
    vectors : numpy.ndarray
        (N, D).
    side : numpy.ndarray
        (N,) bool.
    seed : int
        Of the halves.

    Returns
    -------
    score : float
        Share of the other half told right.
    model : object
        The classifier.
    """
    order = np.random.default_rng(seed).permutation(len(side))
    learn, judge = order[: len(side) // 2], order[len(side) // 2 :]
    model = make().fit(vectors[learn], side[learn])
    return float(model.score(vectors[judge], side[judge])), model


def agreement(groups, side):
    """Share of words in the group of their side, whichever group is called which."""
    same = np.mean(np.asarray(groups, bool) == side)
    return float(max(same, 1 - same))


def company(vectors, lean, rows, count=100):
    """Share of the nearest words that lean to the positive side more than the middle word does.

    Parameters
    ----------
    vectors : numpy.ndarray
        (N, D), each of length 1.
    lean : numpy.ndarray
        (N,).
    rows : numpy.ndarray
        (R,) words whose neighbours are looked at.
    count : int
        Neighbours of each.

    Returns
    -------
    numpy.ndarray
        (R,).
    """
    near = nearest_rows(vectors, rows, count)
    return np.mean(lean[near] > np.median(lean), axis=1)
