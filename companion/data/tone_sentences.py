"""Sentences made of words that people have rated, so that the order of the words decides.

No person rated the sentences: their tone is that of the one word that is not denied, as *not*,
*never* turn "not cruel" into something good. They are made for a controlled experiment.
"""

from typing import NamedTuple

import numpy as np

SUBJECTS = (
    ("the", "film"), ("the", "food"), ("her", "answer"), ("his", "voice"), ("the", "day"),
    ("our", "talk"), ("the", "room"), ("this", "book"),
)  # fmt: skip
VERBS = ("was", "is", "seemed")
DEGREES = ((), (), ("very",), ("really",), ("quite",))
DENIALS = ("not", "never")
KINDS = ("A", "not A", "not A but B", "A and not B")
ENDINGS = (
    "able", "ible", "ful", "less", "ous", "ive", "ing", "ic", "al", "ent", "ant", "y",
)  # fmt: skip
"""How words end that fit behind *the film was*, most of them adjectives."""
OTHER_ENDINGS = ("ly", "ity", "acy", "ment")
"""How words end that do not, although `ENDINGS` holds for them."""


class Words(NamedTuple):
    """Words by their tone.

    Attributes
    ----------
    bad, good : list of str
        No word stands in both.
    """

    bad: list
    good: list


class Sentences(NamedTuple):
    """Made sentences.

    Attributes
    ----------
    tokens : list of tuple of str
        Words of each.
    good : numpy.ndarray
        (N,) int64: 1 for good, 0 for bad.
    """

    tokens: list
    good: np.ndarray


def adjectives(ratings, known, least=1.0):
    """Pick rated words that can stand behind *the film was*, by their ending.

    Parameters
    ----------
    ratings : Ratings
        From `companion.data.word_tests.word_ratings`.
    known : container of str
        Words that have a vector; others are left out.
    least : float
        Mean ratings nearer to 0 are left out.

    Returns
    -------
    Words
        In the order of the ratings.
    """
    fit = [
        (word, mean) for word, mean in zip(ratings.words, ratings.mean, strict=True)
        if abs(mean) >= least and word in known
        and word.endswith(ENDINGS) and not word.endswith(OTHER_ENDINGS)
    ]  # fmt: skip
    return Words([w for w, mean in fit if mean < 0], [w for w, mean in fit if mean > 0])


def split_words(words, seed=0):
    """Split words at random into six, two and two tenths, each tone by itself.

    Parameters
    ----------
    words : Words
        At least five of each tone.
    seed : int
        Of the order.

    Returns
    -------
    train, val, test : Words
        No word stands in two of them.

    Raises
    ------
    ValueError
        If there are fewer than five bad or good ones.
    """
    if min(map(len, words)) < 5:
        raise ValueError(
            f"split_words: {len(words.bad)} bad, {len(words.good)} good words; expected 5 of each"
        )
    rng, parts = np.random.default_rng(seed), []
    for tone in words:
        order, fifth = rng.permutation(len(tone)), len(tone) // 5
        cuts = order[2 * fifth :], order[:fifth], order[fifth : 2 * fifth]
        parts.append([[tone[i] for i in cut] for cut in cuts])
    return tuple(Words(*both) for both in zip(*parts, strict=True))


def made_sentences(words, kind, count, seed=0, denials=DENIALS):
    """Make sentences of one kind, half of them bad and half good.

    Parameters
    ----------
    words : Words
        What A and B are drawn from. A and B of a sentence have opposite tones.
    kind : str
        One of `KINDS`: ``"A"``, ``"not A"``, ``"not A but B"``, ``"A and not B"``.
    count : int
        How many.
    seed : int or numpy.random.Generator
        Of the draws.
    denials : sequence of str
        What stands for *not*.

    Returns
    -------
    Sentences
        Bad and good ones in turn.

    Raises
    ------
    ValueError
        If the kind is unknown, or there is no bad or no good word.
    """
    if kind not in KINDS:
        raise ValueError(f"made_sentences: kind {kind!r}; expected one of {', '.join(KINDS)}")
    if not words.bad or not words.good:
        raise ValueError("made_sentences: no bad or no good word to draw from")
    rng = np.random.default_rng(seed)

    def one_of(choices):
        return choices[rng.integers(len(choices))]

    tokens, good = [], np.arange(count) % 2
    for tone in good:
        meant, other = one_of(words[tone]), one_of(words[1 - tone])
        degree, denial = one_of(DEGREES), one_of(denials)
        end = {
            "A": (*degree, meant),
            "not A": (denial, *degree, other),
            "not A but B": (denial, other, "but", *degree, meant),
            "A and not B": (*degree, meant, "and", denial, other),
        }[kind]
        tokens.append((*one_of(SUBJECTS), one_of(VERBS), *end))
    return Sentences(tokens, good)


def together(*parts):
    """Put several `Sentences` behind each other."""
    return Sentences([t for part in parts for t in part.tokens],
                     np.concatenate([part.good for part in parts]))  # fmt: skip
