"""Whose fault a wrong translation is: the search's or the model's.

Derived in the chapter :ref:`beam_or_model`.
"""

from typing import NamedTuple

from companion.rnn.translation.rescoring import NO_PENALTY
from companion.rnn.translation.sentences import sentence_log_probabilities, whole

VERDICTS = ("right", "search", "model")


class Blame(NamedTuple):
    """What became of one example.

    Attributes
    ----------
    verdict : str
        "right" if the output is the reference; "search" if the model gives the reference the higher
        score, so that a better search would have found something better; else "model".
    reference, output : float
        Scores of both.
    """

    verdict: str
    reference: float
    output: float


def blame(reference, output, model, source_row, length_penalty=NO_PENALTY):
    """Say who is at fault for one output.

    Parameters
    ----------
    reference, output : sequence of int
        Tokens of the right translation and of the one that was given, without ``<end>``.
    model : EncoderDecoder
        That was searched.
    source_row : array_like of int
        (S,): tokens of the text.
    length_penalty : callable
        The one that the search used: what it tried to make large is compared.

    Returns
    -------
    Blame
        Verdict and scores.

    Notes
    -----
    Derived in the chapter :ref:`beam_or_model`.
    """
    return blames([reference], [output], model, [source_row], length_penalty)[0]


def blames(references, outputs, model, sources, length_penalty=NO_PENALTY):
    """Say who is at fault for each of many outputs.

    Parameters
    ----------
    references, outputs : list of sequence of int
        As in `blame`, as many of the one as of the other.
    model, length_penalty
        As in `blame`.
    sources : list of array_like of int
        Tokens of each text.

    Returns
    -------
    list of Blame
        One for each.

    Raises
    ------
    ValueError
        If the numbers differ, there is nothing, or a token is no whole number.
    """
    if not len(references) == len(outputs) == len(sources):
        raise ValueError(
            f"blames: {len(references)} references, {len(outputs)} outputs, {len(sources)} sources"
        )
    both = [whole(tokens).tolist() for tokens in (*references, *outputs)]
    scores = sentence_log_probabilities(model, [*sources, *sources], both)
    scores = (scores / length_penalty([len(tokens) + 1 for tokens in both])).tolist()
    count = len(references)
    right, given = both[:count], both[count:]
    rows = zip(right, given, scores[:count], scores[count:], strict=True)
    return [Blame(_verdict(a == b, p, q), p, q) for a, b, p, q in rows]


def _verdict(same, reference, output):
    if same:
        return "right"
    return "search" if reference > output else "model"


def shares(found):
    """Count verdicts.

    Parameters
    ----------
    found : list of Blame
        As from `blames`, at least one.

    Returns
    -------
    dict of str to float
        "right", "search" and "model" → share of all examples.

    Raises
    ------
    ValueError
        If the list is empty.
    """
    if not found:
        raise ValueError("shares: no example; nothing to divide by")
    return {v: sum(one.verdict == v for one in found) / len(found) for v in VERDICTS}
