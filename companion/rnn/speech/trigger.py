"""A detector that listens all the time and fires just after a trigger word.

Derived in the chapter :ref:`trigger_word`.
"""

from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.data.spoken import RATE
from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.gradients.tensor import Tensor, no_grad
from companion.rnn.recurrence.layers import GRU
from companion.rnn.speech.mel import log_mel

SIZE, HOP, BANDS = 256, 160, 24
FRAMES_A_SECOND = RATE / HOP


def heard(signal):
    """Turn a signal into what the detector reads.

    Parameters
    ----------
    signal : array_like
        (samples,), 8,000 a second.

    Returns
    -------
    numpy.ndarray
        (frames, 24), float32: logarithms of the powers in mel bands, moved and scaled by numbers
        that are the same for every signal. Frame t ends before sample t · 160 + 256.

    Raises
    ------
    ValueError
        If the signal is shorter than a frame.
    """
    return ((log_mel(signal, RATE, BANDS, SIZE, HOP) + 3) / 4).astype(np.float32)


def end_of(frames):
    """Return the sample at which frames are over, so at which the detector knows them."""
    return np.asarray(frames) * HOP + SIZE


def _whole(name, what, values):
    """Return a row of whole numbers as int64, or raise."""
    found = np.asarray(values)
    if found.ndim != 1 or (found.size and found.dtype.kind not in "iuf") or (found % 1 != 0).any():
        raise ValueError(f"{name}: {what}={values}; expected a list of whole numbers")
    return found.astype(np.int64)


def labels_after(ends, count, seconds=0.3):
    """Label 1 the frames that are over within some time after the end of a trigger word.

    Parameters
    ----------
    ends : array_like of int
        Samples at which trigger words are over.
    count : int
        Number of frames.
    seconds : float
        For how long.

    Returns
    -------
    numpy.ndarray
        (count,), float32: 0 or 1.

    Raises
    ------
    ValueError
        If a time or the count is negative, or the ends are no row of whole numbers.

    Notes
    -----
    Derived in the chapter :ref:`trigger_word`.
    """
    if not (count >= 0 and seconds >= 0) or count % 1:
        raise ValueError(
            f"labels_after: count={count}, seconds={seconds}; expected no negatives, and a whole "
            "number of frames"
        )
    ends = _whole("labels_after", "ends", ends)
    late = end_of(np.arange(count))[:, None] - ends[None]
    return ((late >= 0) & (late < seconds * RATE)).any(axis=1).astype(np.float32)


class Detector(Module):
    """A unidirectional GRU over frames, and at each step one score that asks "was that the word?".

    Parameters
    ----------
    hidden_size : int
        Length of its state.
    """

    def __init__(self, hidden_size=48):
        self.layer = GRU(BANDS, hidden_size, batch_first=True)
        self.head = Linear(hidden_size, 1)

    def forward(self, frames):
        """Score each frame: (N, T, 24) → (N, T), log-odds."""
        states, _ = self.layer(frames)
        return self.head(states).squeeze(2)

    def listen(self, frames, state=None):
        """Go on listening to one stream.

        Parameters
        ----------
        frames : array_like
            (T, 24): what came since the last call, T ≥ 1.
        state : numpy.ndarray, optional
            What the last call returned; none at the start.

        Returns
        -------
        probabilities : numpy.ndarray
            (T,), of frames that follow a trigger word.
        state : numpy.ndarray
            For the next call.

        Raises
        ------
        ValueError
            If there is no frame, the shape does not fit, or a number is NaN.
        """
        with no_grad():
            x = np.asarray(frames, np.float32)
            if x.ndim != 2 or np.isnan(x).any():
                nans = int(np.isnan(x).sum())
                raise ValueError(f"listen: frames {x.shape}, {nans} NaN; expected (T, 24), no NaN")
            x = Tensor(x[None])
            states, last = self.layer(x, state)
            scores = self.head(states).numpy()[0, :, 0]
        return 0.5 + 0.5 * np.tanh(scores / 2), last.numpy()


def fires(probabilities, threshold, *, smooth=3, rest=25):
    """Say at which frames a detector fires.

    Parameters
    ----------
    probabilities : array_like
        (T,).
    threshold : float
        It fires when the mean of the last `smooth` probabilities reaches this number.
    smooth : int
        How many frames are averaged, at least 1; before the first one are zeros.
    rest : int
        Frames after a firing in which it does not fire again.

    Returns
    -------
    list of int
        Frames, in order.

    Raises
    ------
    ValueError
        If `smooth` is below 1 or `rest` is negative, or the probabilities are none.

    Notes
    -----
    Derived in the chapter :ref:`trigger_word`.
    """
    if not (smooth >= 1 and rest >= 0) or smooth % 1 or rest % 1:
        raise ValueError(
            f"fires: smooth={smooth}, rest={rest}; expected at least 1 and 0, whole numbers"
        )
    p = np.asarray(probabilities, float)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all() or np.isnan(threshold):
        raise ValueError(
            f"fires: probabilities of shape {p.shape}, threshold {threshold}; expected (T,) "
            "numbers of 0 … 1 and no NaN; Detector.listen makes probabilities of scores"
        )
    total = np.cumsum(np.concatenate([np.zeros(int(smooth)), p]))
    smooth, rest = int(smooth), int(rest)
    means = (total[smooth:] - total[:-smooth]) / smooth
    found, free = [], 0
    for t in np.flatnonzero(means >= threshold - 1e-9):
        if t >= free:
            found.append(int(t))
            free = t + 1 + rest
    return found


class Judged(NamedTuple):
    """What a detector did right and wrong; see `judged`.

    Attributes
    ----------
    delays : list of float
        Seconds from the end of each detected word to the firing.
    missed, false : int
        Words that were not detected, and firings without a word.
    """

    delays: list
    missed: int
    false: int


def judged(fired, ends, *, early=0.1, late=1.0):
    """Match firings with the ends of trigger words.

    Parameters
    ----------
    fired : sequence of int
        Frames at which the detector fired, in order.
    ends : sequence of int
        Samples at which trigger words are over, in order.
    early, late : float
        A firing belongs to a word if it comes at most so many seconds before, or after, its end.

    Returns
    -------
    Judged
        Delays, missed words, false alarms. Each word is detected once; a second firing for it is a
        false alarm.

    Raises
    ------
    ValueError
        If a time is negative, or firings or ends are no whole numbers in order.

    Notes
    -----
    Derived in the chapter :ref:`trigger_word`.
    """
    if not (early >= 0 and late >= 0):
        raise ValueError(f"judged: early={early}, late={late}; expected seconds, not negative")
    fired, ends = _whole("judged", "fired", fired), _whole("judged", "ends", ends)
    if (np.diff(fired) < 0).any() or (np.diff(ends) < 0).any():
        raise ValueError("judged: firings and ends must be in order; sort both of them first")
    waiting, delays, false = ends.tolist(), [], 0
    for at in end_of(fired):
        word = next((e for e in waiting if -early <= (at - e) / RATE <= late), None)
        if word is None:
            false += 1
        else:
            waiting.remove(word)
            delays.append(float(at - word) / RATE)
    return Judged(delays, len(waiting), false)


def trigger_batches(mixtures, batch_size=32, shuffle=True, seed=0):
    """Cut mixtures of one length into batches of frames and labels.

    Parameters
    ----------
    mixtures : sequence of companion.rnn.speech.mixtures.Mixture
        What to learn from.
    batch_size, shuffle, seed
        As in `companion.data.batches.Batches`.

    Returns
    -------
    Batches
        Of (N, T, 24) frames and (N, T) labels.
    """
    if not len(mixtures):
        raise ValueError("trigger_batches: no mixtures; give at least one")
    x = np.stack([heard(m.signal) for m in mixtures])
    y = np.stack([labels_after(m.times_of()[1], x.shape[1]) for m in mixtures])
    return Batches(x, y, batch_size=batch_size, shuffle=shuffle, seed=seed)
