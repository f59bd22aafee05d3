"""Do vectors know which words are of a kind? Groups of words of the Bible, named beforehand.

Used in the chapter :ref:`word2vec` and on the page :ref:`glove`.
"""

import numpy as np

from companion.faces.curves import auc
from companion.rnn.words.neighbours import WordSpace, nearest_rows

TUNING = {
    "kin": "father mother brother sister son daughter husband wife",
    "body": "head hand eyes ears mouth feet heart tongue lips neck arm knees",
    "tribes": "judah benjamin ephraim manasseh reuben simeon levi gad asher issachar zebulun",
    "times": "day night morning evening month year hour",
    "weather": "rain wind snow hail dew clouds tempest whirlwind",
    "weapons": "sword spear bow shield arrows",
    "countries": "egypt assyria moab edom babylon syria ethiopia tyre zidon",
    "wrongs": "iniquity transgression sin wickedness abominations",
}
"""Groups to choose settings by."""
JUDGING = {
    "numbers": "two three four five six seven eight nine ten twelve twenty thirty forty fifty",
    "animals": "ox sheep lamb goats horses ass camels lion dogs bullock ram",
    "metals": "gold silver brass iron lead",
    "peoples": "amorites hittites canaanites perizzites hivites jebusites philistines",
    "disciples": "peter john james philip paul barnabas timotheus",
    "kings": "saul david solomon ahab hezekiah josiah jeroboam rehoboam asa jehoshaphat ahaz",
    "food": "bread wine oil milk honey corn barley wheat flour",
    "clothes": "garment robe coat linen shoes girdle raiment",
    "towns": "jerusalem samaria bethel hebron gilgal jericho shechem ramah gibeon gibeah",
    "colours": "blue purple scarlet white red black",
    "virtues": "righteousness mercy truth peace faith hope wisdom understanding knowledge",
}
"""Groups that judge, with no word of `TUNING` in them."""


def grouped(groups, words):
    """Find the words of groups in a vocabulary.

    Parameters
    ----------
    groups : dict of str to str
        Name → its words, with blanks between.
    words : sequence of str
        The vocabulary.

    Returns
    -------
    rows : numpy.ndarray
        (K,) numbers of the words.
    kinds : numpy.ndarray
        (K,) number of the group of each.

    Raises
    ------
    ValueError
        If a word is not in the vocabulary.
    """
    number = {word: row for row, word in enumerate(words)}
    listed = [(word, k) for k, text in enumerate(groups.values()) for word in text.split()]
    if missing := [word for word, _ in listed if word not in number]:
        raise ValueError(f"grouped: no vectors of {missing}; take a larger vocabulary")
    return np.array([number[word] for word, _ in listed]), np.array([k for _, k in listed])


def unit(vectors):
    """Return rows of length 1; a row of zeros stays."""
    vectors = np.asarray(vectors, float)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def kindred(vectors, words, groups=JUDGING):
    """Return the chance that two words of a kind have a larger cosine than two of different kinds.

    Parameters
    ----------
    vectors : array_like
        (V, D).
    words : sequence of str
        Whose they are.
    groups : dict
        As for `grouped`.

    Returns
    -------
    float
        An area under a ROC curve: 0.5 for vectors by chance.
    """
    rows, kinds = grouped(groups, words)
    chosen = unit(vectors)[rows]
    first, second = np.triu_indices(len(rows), 1)
    return float(auc(-(chosen @ chosen.T)[first, second], kinds[first] == kinds[second]))


def of_a_kind(vectors, words, groups=JUDGING, nearest=5):
    """Return the share of a word's nearest words, among all, that are of its group.

    Parameters
    ----------
    vectors, words, groups
        As for `kindred`.
    nearest : int
        How many neighbours of each word to look at.

    Returns
    -------
    float
        From 0 to 1; it cannot reach 1 where a group is small or not complete.
    """
    rows, kinds = grouped(groups, words)
    group = np.full(len(vectors), -1)
    group[rows] = kinds
    best = nearest_rows(unit(vectors), rows, nearest)
    return float((group[best] == kinds[:, None]).mean())


def neighbours(vectors, words, word, count=5):
    """List the words with the largest cosine to a word.

    Parameters
    ----------
    vectors, words
        As for `kindred`.
    word : str
        One of them.
    count : int
        How many to list.

    Returns
    -------
    list of str
        Nearest first, without the word itself.

    Raises
    ------
    ValueError
        If the word has no vector, or a vector is zero.
    """
    return [near for near, _ in WordSpace(words, vectors).nearest(word, count)]
