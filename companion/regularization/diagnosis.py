"""What to do next: the gaps between five errors, and the first of them that matters."""

from numbers import Real
from typing import NamedTuple

CURES = {
    "avoidable bias": ("a larger network", "longer training", "a better optimizer"),
    "variance": ("more training data", "regularization", "augmentation"),
    "data mismatch": ("training data more like the dev set", "a look at how the sets differ"),
    "variance or data mismatch": ("a train-dev set, to tell the two apart",),
    "overfitting to the dev set": ("a larger dev set",),
    "nothing": ("the test in the real world; a new dev set or metric if that fails",),
}
"""What `next_step` can name → what to try."""


class Diagnosis(NamedTuple):
    """What five errors say; see `next_step`.

    Attributes
    ----------
    step : str
        What to work on, a key of `CURES`; ``"nothing"`` if no gap matters.
    gaps : dict
        Name of each gap that could be measured → its size with its sign, in the order of the chain.
    """

    step: str
    gaps: dict

    @property
    def cures(self):
        """What to try, a tuple of texts."""
        return CURES[self.step]


def gaps(human, train, train_dev, dev, test=None):
    """Take the differences of neighbouring errors along the chain human → train → … → test.

    Parameters
    ----------
    human, train, train_dev, dev, test : float
        As for `next_step`.

    Returns
    -------
    dict
        Name of the gap → error of the later link minus error of the earlier one.

    Raises
    ------
    TypeError, ValueError
        As for `next_step`.
    """
    human, train, dev = (
        _error(name, value) for name, value in (("human", human), ("train", train), ("dev", dev))
    )
    found = {"avoidable bias": train - human}
    if train_dev is None:
        found["variance or data mismatch"] = dev - train
    else:
        train_dev = _error("train_dev", train_dev)
        found |= {"variance": train_dev - train, "data mismatch": dev - train_dev}
    if test is not None:
        found["overfitting to the dev set"] = _error("test", test) - dev
    return found


def next_step(human, train, train_dev, dev, test=None, *, tolerance=0.02, share=0.5):
    """Name the first gap along the chain human → train → train-dev → dev → test that matters.

    A gap matters if it is at least `tolerance` and at least `share` times the largest gap, up to
    rounding. Of equal gaps the earlier one is named; a negative gap never matters.

    Parameters
    ----------
    human : float
        Error of careful people on the dev set's kind of examples, a stand-in for the Bayes error;
        like all errors here a share of mistakes, 0 … 1.
    train : float
        Error on the training set.
    train_dev : float or None
        Error on examples like the training set's that were not learned from. Without it variance
        and data mismatch are named together. If training and dev set have one source, give `dev`.
    dev : float
        Error on the dev set.
    test : float, optional
        Error on the test set, once all is chosen; without it the last gap is left out.
    tolerance : float
        Smallest gap to look at. Twice the standard error of a gap is a good choice:
        `companion.regularization.set_sizes.visible_difference`.
    share : float
        0 names the first gap of all that reach `tolerance`, 1 the largest.

    Returns
    -------
    Diagnosis
        The step, all gaps, and what to try.

    Raises
    ------
    TypeError
        If an error is not a number.
    ValueError
        If an error lies outside of 0 … 1, `tolerance` is not above 0 or `share` not in 0 … 1.

    Notes
    -----
    The gaps are those of A. Ng, *Machine Learning Yearning* (2018), chapters 21 and 41; the
    rule for several gaps is explained in the chapter :ref:`strategy`.
    """
    if not 0 < tolerance <= 1 or not 0 <= share <= 1:
        raise ValueError(
            f"next_step: tolerance is {tolerance}, share {share}; expected a tolerance above 0 "
            "and a share of 0 to 1"
        )
    found = gaps(human, train, train_dev, dev, test)
    enough = max(tolerance, share * max(found.values())) - 1e-9
    step = next((name for name, gap in found.items() if gap >= enough), "nothing")
    return Diagnosis(step, found)


def _error(name, value):
    if not isinstance(value, Real):
        raise TypeError(
            f"next_step: {name} is {value!r}; expected a number"
            + ("" if value is not None else " (only train_dev and test may be missing)")
        )
    if not 0 <= value <= 1:  # also NaN
        raise ValueError(
            f"next_step: {name} is {value}; expected an error of 0 to 1, such as 0.12 for 12 %"
        )
    return float(value)
