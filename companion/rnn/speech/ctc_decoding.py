"""From what is said at each frame to a text: collapse, greedy decoding, prefix beam search.

Derived in the chapters :ref:`ctc` and :ref:`ctc_by_hand`.
"""

from collections import defaultdict
from itertools import groupby
from math import inf

import numpy as np

from companion.gradients.losses.base import values_of


def collapse(path, blank=0):
    """Make a text of a path: join neighbours that are equal, then drop the blanks.

    Parameters
    ----------
    path : sequence
        One label for each frame.
    blank : object
        The label that says nothing.

    Returns
    -------
    tuple
        Labels that are left.

    Notes
    -----
    Graves et al. (2006). Derived in the chapter :ref:`ctc`.
    """
    return tuple(label for label, _ in groupby(path) if label != blank)


def greedy_decode(log_probs, lengths=None, blank=0):
    """Collapse the path of the most probable label of each frame.

    Parameters
    ----------
    log_probs : Tensor or array_like
        (T, N, C).
    lengths : array_like of int, optional
        (N,): frames that count; all by default.
    blank : int
        Number of the label that says nothing.

    Returns
    -------
    list of tuple of int
        N texts. The best path need not belong to the best text.

    Raises
    ------
    ValueError
        If shapes, lengths or the blank do not fit, or a number is NaN.
    """
    values = values_of(log_probs)
    if values.ndim != 3:
        raise ValueError(f"greedy_decode: log_probs {values.shape}; expected (T, N, C)")
    _admit("greedy_decode", values, blank)
    best = values.argmax(axis=2).T
    frames = best.shape[1]
    lengths = np.full(len(best), frames) if lengths is None else np.asarray(lengths)
    if lengths.shape != (len(best),):
        raise ValueError(f"greedy_decode: {lengths.shape} lengths for {len(best)} sequences")
    if (
        lengths.dtype.kind not in "iuf"
        or not ((lengths >= 0) & (lengths <= frames) & (lengths % 1 == 0)).all()
    ):
        raise ValueError(
            f"greedy_decode: lengths {lengths.tolist()}; expected whole numbers of 0 … {frames}, "
            "the number of frames"
        )
    lengths = lengths.astype(int)
    return [
        collapse(row[:frames].tolist(), blank) for row, frames in zip(best, lengths, strict=True)
    ]


def prefix_beam_search(log_probs, beams=8, blank=0):
    """Search for the most probable texts, adding up the paths of each.

    A beginning of a text keeps two numbers: the log-probability of its paths that end in a blank,
    and of those that end in its last label. Only after a blank the same label begins anew.

    Parameters
    ----------
    log_probs : Tensor or array_like
        (T, C), of one sequence.
    beams : int
        How many beginnings are kept at each frame.
    blank : int
        Number of the label that says nothing.

    Returns
    -------
    list of (tuple of int, float)
        Texts with their log-probabilities, the best first. What fell out of the beam on the way
        is missing in a sum, so each is at most the true one.

    Raises
    ------
    ValueError
        If the shape or the blank does not fit, a number is NaN or above 0, or there is no beam.

    Notes
    -----
    Hannun et al. (2014), without a language model. Derived in the chapter :ref:`ctc_by_hand`.
    """
    values = np.asarray(values_of(log_probs), float)
    if values.ndim != 2 or not beams >= 1 or beams % 1:
        raise ValueError(
            f"prefix_beam_search: log_probs {values.shape}, beams={beams}; expected (T, C), ≥ 1"
        )
    _admit("prefix_beam_search", values, blank)
    if (values > 1e-3).any():
        raise ValueError(
            f"prefix_beam_search: log_probs up to {values.max():g}; logarithms of probabilities "
            "are not above 0; take log_softmax of scores, np.log of probabilities"
        )
    beams = int(beams)
    kept = {(): (0.0, -inf)}  # text → paths that end in a blank, and in its last label
    for frame in values:
        found = defaultdict(lambda: [-inf, -inf])
        for text, (silent, spoken) in kept.items():
            either = np.logaddexp(silent, spoken)
            _add(found[text], 0, either + frame[blank])
            for label in np.flatnonzero(np.arange(len(frame)) != blank).tolist():
                again = bool(text) and text[-1] == label
                if again:
                    _add(found[text], 1, spoken + frame[label])
                _add(found[(*text, label)], 1, (silent if again else either) + frame[label])
        best = sorted(found.items(), key=lambda item: -np.logaddexp(*item[1]))[:beams]
        kept = dict(best)
    scores = [(text, float(np.logaddexp(*parts))) for text, parts in kept.items()]
    return [(text, score) for text, score in scores if score > -inf]


def _admit(name, values, blank):
    """Raise if a label is missing for the blank, or a number is NaN."""
    classes = values.shape[-1]
    if not 0 <= blank < classes or blank % 1:
        raise ValueError(
            f"{name}: blank={blank} among {classes} labels; expected 0 … {classes - 1}"
        )
    if np.isnan(values).any():
        raise ValueError(f"{name}: log_probs hold NaN at {int(np.isnan(values).sum())} places")


def _add(parts, which, log_probability):
    """Add a probability, both as logarithms."""
    parts[which] = np.logaddexp(parts[which], log_probability)
