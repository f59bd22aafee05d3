"""Connectionist temporal classification: the probability of a text, summed over all its timings.

Derived in the chapters :ref:`ctc` and :ref:`ctc_by_hand`.
"""

from typing import NamedTuple

import numpy as np

from companion.gradients.losses.base import Loss, as_function, values_of
from companion.gradients.tape import primitive
from companion.gradients.tensor import Tensor


class Lattice(NamedTuple):
    """Sums over all paths of a batch of targets, in logarithms; see `lattice`.

    Attributes
    ----------
    labels : numpy.ndarray
        (N, L) int64, L = 2 S + 1: the target with a blank before, between and after its labels.
    forward : numpy.ndarray
        (T, N, L): log-probability of all beginnings of paths that are at place s at frame t, with
        what frame t says.
    backward : numpy.ndarray
        (T, N, L): log-probability of all ways to go on from there to the end, without frame t.
    log_likelihood : numpy.ndarray
        (N,): log-probability of the target; −∞ if there is no path.
    """

    labels: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    log_likelihood: np.ndarray

    def occupancy(self):
        """Share of the target's probability that is at place s at frame t: (T, N, L).

        Over the places it adds up to 1 at each frame up to the input's length, and it is 0 after
        that; NaN if there is no path.
        """
        with np.errstate(invalid="ignore"):
            return np.exp(self.forward + self.backward - self.log_likelihood[:, None])


def with_blanks(targets, blank=0):
    """Put a blank before, between and after labels: (N, S) → (N, 2 S + 1)."""
    out = np.full((len(targets), 2 * targets.shape[1] + 1), blank, np.int64)
    out[:, 1::2] = targets
    return out


def lattice(log_probs, targets, input_lengths, target_lengths, blank=0):
    """Sum over all paths, from the first frame on and from the last frame back.

    Parameters
    ----------
    log_probs : numpy.ndarray
        (T, N, C): log-probability of each of C labels at each frame.
    targets : numpy.ndarray
        (N, S) int: labels; what stands behind a target's length does not matter.
    input_lengths, target_lengths : numpy.ndarray
        (N,) int: frames and labels that count.
    blank : int
        Number of the label that says nothing.

    Returns
    -------
    Lattice
        In float64.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a length is larger than its array.

    Notes
    -----
    Graves et al. (2006), equations 5 to 11, in logarithms; their β holds what frame t says, ours
    does not. Derived in the chapter :ref:`ctc_by_hand`.
    """
    log_probs, targets = np.asarray(log_probs), np.asarray(targets)
    heard, lengths = np.asarray(input_lengths), np.asarray(target_lengths)
    count = len(targets)
    if log_probs.ndim != 3 or targets.ndim != 2 or {log_probs.shape[1]} != {count, *heard.shape}:
        raise ValueError(
            f"lattice: log_probs {log_probs.shape}, targets {targets.shape}, input_lengths "
            f"{heard.shape}; expected (T, N, C), (N, S) and (N,)"
        )
    frames, places = len(log_probs), targets.shape[1]
    if (
        not ((heard >= 1) & (heard <= frames)).all()
        or not ((lengths >= 0) & (lengths <= places)).all()
    ):
        raise ValueError(
            f"lattice: lengths {heard.tolist()} and {lengths.tolist()}; expected 1 … {frames} "
            f"frames and 0 … {places} labels"
        )
    labels = with_blanks(targets, blank)
    said = np.take_along_axis(log_probs, labels[None], axis=2).astype(np.float64)
    jump = np.zeros(labels.shape, bool)  # may place s be reached from s − 2?
    jump[:, 2:] = (labels[:, 2:] != blank) & (labels[:, 2:] != labels[:, :-2])
    forward = _forward(said, jump)
    backward = _backward(said, jump, input_lengths, target_lengths)
    total = np.logaddexp.reduce(forward[0] + backward[0], axis=1)
    return Lattice(labels, forward, backward, total)


def _forward(said, jump):
    """Log-sums of beginnings. said: (T, N, L), jump: (N, L) → (T, N, L)."""
    out = np.full(said.shape, -np.inf)
    out[0, :, :2] = said[0, :, :2]
    for t in range(1, len(said)):
        before = out[t - 1]
        total = before.copy()
        total[:, 1:] = np.logaddexp(total[:, 1:], before[:, :-1])
        skipped = np.where(jump[:, 2:], before[:, :-2], -np.inf)
        total[:, 2:] = np.logaddexp(total[:, 2:], skipped)
        out[t] = total + said[t]
    return out


def _backward(said, jump, input_lengths, target_lengths):
    """Log-sums of the ways to the end; paths end at the last blank or the last label."""
    out = np.full(said.shape, -np.inf)
    place = np.arange(said.shape[2])
    last = 2 * np.asarray(target_lengths)[:, None]
    ends = np.where((place == last) | (place == last - 1), 0.0, -np.inf)
    for t in reversed(range(len(said))):
        if t + 1 < len(said):
            after = out[t + 1] + said[t + 1]
            total = after.copy()
            total[:, :-1] = np.logaddexp(total[:, :-1], after[:, 1:])
            skipped = np.where(jump[:, 2:], after[:, 2:], -np.inf)
            total[:, :-2] = np.logaddexp(total[:, :-2], skipped)
            out[t] = total
        here = np.asarray(input_lengths) == t + 1
        out[t, here] = ends[here]
    return out


@primitive
def ctc_losses(log_probs, *, targets, input_lengths, target_lengths, blank, zero_infinity):
    """Loss −log P(target) of each sequence. log_probs: (T, N, C) → (N,).

    Way back: −dl times the share of the paths' probability that says label k at frame t. This is
    the plain derivative. Behind a log-softmax it becomes softmax − share.
    """
    found = lattice(log_probs, targets, input_lengths, target_lengths, blank)
    losses = -found.log_likelihood
    void = np.isinf(losses) & zero_infinity
    losses[void] = 0

    def pullback(dl):
        share = found.occupancy().transpose(1, 0, 2)  # (N, T, L)
        share[void] = 0
        which = (found.labels[..., None] == np.arange(log_probs.shape[2])).astype(share.dtype)
        out = -(dl[:, None, None] * (share @ which))
        out[np.arange(len(log_probs)) >= np.asarray(input_lengths)[:, None]] = 0
        return out.transpose(1, 0, 2).astype(log_probs.dtype)

    return losses.astype(log_probs.dtype), pullback


class CTCLoss(Loss):
    """Connectionist temporal classification: minus the log-probability of a text without times.

    Parameters
    ----------
    blank : int
        Number of the label that says nothing.
    reduction : {"mean", "sum", "none"}
        What to make of the losses. The mean divides each loss by the length of its target first
        (an empty one counts as 1), as in torch.
    zero_infinity : bool
        Whether targets that no path can say cost nothing, instead of infinitely much.

    Raises
    ------
    ValueError
        If `reduction` is none of these; when called, if shapes, lengths or labels do not fit.

    Notes
    -----
    Log-probabilities (T, N, C), or (T, C) for one sequence; targets (N, S), or all of them one
    after the other, (sum of the lengths,); lengths (N,), or one number each.
    Graves, Fernández, Gomez and Schmidhuber (2006). Derived in the chapters :ref:`ctc` and
    :ref:`ctc_by_hand`.
    """

    def __init__(self, blank=0, reduction="mean", zero_infinity=False):
        super().__init__(reduction=reduction)
        self.blank, self.zero_infinity = blank, zero_infinity

    def forward(self, log_probs, targets, input_lengths, target_lengths):
        """Return the reduced loss of the targets."""
        self.admit(targets, log_probs)
        log_probs = log_probs if isinstance(log_probs, Tensor) else Tensor(log_probs)
        if single := log_probs.ndim == 2:
            log_probs = log_probs.reshape(len(log_probs), 1, -1)
        if log_probs.ndim != 3:
            raise ValueError(f"CTCLoss: log_probs {log_probs.shape}; expected (T, N, C) or (T, C)")
        frames, count, _ = log_probs.shape
        if not frames or not count:
            raise ValueError(f"CTCLoss: log_probs {log_probs.shape}; no frames or no sequences")
        if np.isnan(log_probs.numpy()).any():
            raise ValueError("CTCLoss: log_probs hold NaN; a step of learning may be too large")
        heard = self._lengths("input_lengths", input_lengths, count, 1, frames)
        said = self._lengths("target_lengths", target_lengths, count, 0, None)
        rows = self._rows(values_of(targets), said, log_probs.shape[2])
        losses = ctc_losses(
            log_probs,
            targets=rows,
            input_lengths=heard,
            target_lengths=said,
            blank=self.blank,
            zero_infinity=self.zero_infinity,
        )
        if self.reduction == "mean":
            losses = losses / np.maximum(said, 1).astype(losses.dtype)
        elif single and self.reduction == "none":
            return losses[0]
        return self.reduce(losses, rows)

    def _lengths(self, name, lengths, count, low, high):
        """Return (N,) lengths as int64, or raise."""
        found = np.atleast_1d(values_of(lengths))
        if found.shape != (count,) or (found != found.astype(np.int64)).any():
            raise ValueError(f"CTCLoss: {name} {found}; expected {count} whole numbers")
        if found.min() < low or (high is not None and found.max() > high):
            limit = "" if high is None else f" and at most {high}, the number of frames"
            raise ValueError(f"CTCLoss: {name} {found.tolist()}; expected at least {low}{limit}")
        return found.astype(np.int64)

    def _rows(self, targets, lengths, classes):
        """Return targets as (N, S), the rest of each row filled with some label, or raise."""
        joined = targets.ndim == 1 and targets.size == lengths.sum()
        if not joined and (targets.ndim != 2 or len(targets) != len(lengths)):
            raise ValueError(
                f"CTCLoss: targets {targets.shape} for {len(lengths)} sequences; expected (N, S) "
                f"or ({lengths.sum()},), the sum of target_lengths"
            )
        if not joined and lengths.max() > targets.shape[1]:
            raise ValueError(f"CTCLoss: target_lengths {lengths.tolist()} in {targets.shape}")
        inside = np.arange(lengths.max()) < lengths[:, None]
        labels = targets if joined else targets[:, : lengths.max()][inside]
        if targets.dtype.kind not in "biuf" or (labels % 1 != 0).any():
            raise ValueError(
                f"CTCLoss: targets {targets.tolist()}; expected numbers of labels, whole"
            )
        rows = np.full(inside.shape, self.blank, np.int64)
        rows[inside] = labels
        labels = rows[inside]
        if not 0 <= self.blank < classes or self.blank % 1:
            raise ValueError(f"CTCLoss: blank={self.blank}; expected 0 … {classes - 1}")
        wrong = labels[(labels < 0) | (labels >= classes) | (labels == self.blank)]
        if len(wrong):
            raise ValueError(
                f"CTCLoss: label {wrong[0]} in targets; expected 0 … {classes - 1} and not the "
                f"blank, {self.blank}"
            )
        return rows


ctc_loss = as_function(CTCLoss, "ctc_loss")
