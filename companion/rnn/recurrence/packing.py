"""Sequences of several lengths in one batch: padded, packed, read from either end.

A scan from left to right needs no mask: what stands after the end of a sequence cannot reach what
stands before it. So padding is left out of the result, and the last state is read at the end of
each sequence. Derived in the chapter :ref:`both_ways`.
"""

from typing import NamedTuple

import numpy as np

from companion.gradients.shaping import stack
from companion.gradients.tape import primitive
from companion.gradients.tensor import Tensor


class PackedSequence(NamedTuple):
    """Sequences of several lengths without padding, step after step, the longest first.

    Attributes
    ----------
    data : Tensor
        (sum of the lengths, D): all first steps, then all second steps, …
    batch_sizes : numpy.ndarray
        (T,) int64: how many sequences are still running at each step.
    sorted_indices, unsorted_indices : numpy.ndarray or None
        Order in which the sequences stand, and the way back; None if they came sorted.
    """

    data: Tensor
    batch_sizes: np.ndarray
    sorted_indices: np.ndarray | None = None
    unsorted_indices: np.ndarray | None = None


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    """Leave out the padding of a batch.

    Parameters
    ----------
    input : Tensor or array_like
        (T, N, …), or (N, T, …) with ``batch_first``.
    lengths : array_like of int
        (N,), each from 1 to T.
    batch_first : bool
        Whether the batch comes before time.
    enforce_sorted : bool
        Whether to insist on lengths that do not grow; otherwise they are sorted here.

    Returns
    -------
    PackedSequence
        Whose gradient goes back to `input`.

    Raises
    ------
    ValueError
        If a length is zero or beyond T, their number does not fit, or they are not sorted.
    """
    x = input if isinstance(input, Tensor) else Tensor(input)
    x = x.transpose(0, 1) if batch_first else x
    lengths = checked_lengths("pack_padded_sequence", lengths, x.shape)
    order = None
    if enforce_sorted:
        if (np.diff(lengths) > 0).any():
            raise ValueError(
                f"pack_padded_sequence: lengths {lengths.tolist()} grow; sort the sequences, the "
                "longest first, or pass enforce_sorted=False"
            )
    else:
        order = np.argsort(-lengths, kind="stable")
        x, lengths = x[:, order], lengths[order]
    steps = np.arange(lengths[0])[:, None]
    running = steps < lengths
    back = None if order is None else np.argsort(order)
    return PackedSequence(x[np.nonzero(running)], running.sum(axis=1), order, back)


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    """Put the padding back.

    Parameters
    ----------
    sequence : PackedSequence
        As `pack_padded_sequence` made it.
    batch_first : bool
        Whether the batch comes before time in the result.
    padding_value : float
        What stands after the end of a sequence.
    total_length : int, optional
        Steps of the result; by default those of the longest sequence.

    Returns
    -------
    padded : Tensor
        (T, N, …) or (N, T, …), in the order in which the sequences were packed.
    lengths : numpy.ndarray
        (N,) int64.

    Raises
    ------
    ValueError
        If `total_length` is below the longest sequence.
    """
    sizes = np.asarray(sequence.batch_sizes)
    steps = len(sizes) if total_length is None else total_length
    if steps < len(sizes):
        raise ValueError(
            f"pad_packed_sequence: total_length={total_length}, the longest has {len(sizes)} steps"
        )
    running = np.arange(sizes[0]) < sizes[:, None]
    places = np.where(running, np.cumsum(running).reshape(running.shape) - 1, 0)
    blank = np.zeros((steps, sizes[0]), bool)
    blank[: len(sizes)] = running
    at = np.zeros(blank.shape, np.int64)
    at[: len(sizes)] = places
    lengths = running.sum(axis=0)
    if sequence.unsorted_indices is not None:
        back = np.asarray(sequence.unsorted_indices)
        at, blank, lengths = at[:, back], blank[:, back], lengths[back]
    data = sequence.data if isinstance(sequence.data, Tensor) else Tensor(sequence.data)
    x = masked(data[at], blank, padding_value)
    return x.transpose(0, 1) if batch_first else x, lengths


def pad_sequence(sequences, batch_first=False, padding_value=0.0):
    """Stack sequences of several lengths, with padding after the end of each.

    Parameters
    ----------
    sequences : list of Tensor or array_like
        (T_n, …) each.
    batch_first : bool
        Whether the batch comes before time in the result.
    padding_value : float
        What stands after the end.

    Returns
    -------
    Tensor
        (T, N, …) or (N, T, …).

    Raises
    ------
    ValueError
        If there is no sequence, or one is empty.
    """
    sequences = [s if isinstance(s, Tensor) else Tensor(s) for s in sequences]
    lengths = [len(s) for s in sequences]
    if not lengths or min(lengths) < 1:
        raise ValueError(f"pad_sequence: lengths {lengths}; expected at least one step of each")
    steps = np.arange(max(lengths))
    rows = [
        masked(s[np.minimum(steps, n - 1)], steps < n, padding_value)
        for s, n in zip(sequences, lengths, strict=True)
    ]
    return stack(*rows, dim=0 if batch_first else 1)


def pack_sequence(sequences, enforce_sorted=True):
    """Pack sequences of several lengths.

    Parameters
    ----------
    sequences : list of Tensor or array_like
        (T_n, …) each, at least one step.
    enforce_sorted : bool
        Whether to insist on lengths that do not grow; otherwise they are sorted here.

    Returns
    -------
    PackedSequence
        Whose gradient goes back to the sequences.

    Raises
    ------
    ValueError
        If there is no sequence, one is empty, or they are not sorted.
    """
    lengths = np.array([len(s) for s in sequences], dtype=np.int64)
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def masked(x, kept, value=0.0):
    """Return x where `kept`, which has the first axes of x, and `value` elsewhere."""
    if kept.all():
        return x
    kept = kept.reshape(*kept.shape, *[1] * (x.ndim - kept.ndim)).astype(x.dtype)
    return x * kept + value * (1 - kept) if value else x * kept


def checked_lengths(who, lengths, shape):
    """Return lengths as integers, each from 1 to the number of steps of (T, N, …)."""
    lengths = np.asarray(lengths)
    if lengths.dtype.kind not in "iu" or lengths.shape != shape[1:2]:
        raise ValueError(
            f"{who}: lengths {lengths.dtype} {lengths.shape}; expected {shape[1]} integers, "
            "one for each sequence"
        )
    wrong = np.flatnonzero((lengths < 1) | (lengths > shape[0]))
    if len(wrong):
        raise ValueError(
            f"{who}: sequence {wrong[0]} has length {lengths[wrong[0]]}; expected 1 to {shape[0]} "
            "(leave empty sequences out)"
        )
    return lengths.astype(np.int64)


def last_steps(states, lengths):
    """Return the state at the last step of each sequence: (T, N, H) → (N, H)."""
    if (lengths == states.shape[0]).all():
        return states[-1]
    return states[lengths - 1, np.arange(len(lengths))]


@primitive
def turned_around(x, *, lengths):
    """Each sequence of (T, N, …) in reverse; what stands after its end stays there. lengths: (N,).

    Pullback: dy turned around in the same way.
    """
    if (lengths == x.shape[0]).all():
        return x[::-1], lambda dy: dy[::-1]
    steps = np.arange(x.shape[0])[:, None]
    places = np.where(steps < lengths, lengths - 1 - steps, steps), np.arange(len(lengths))
    return x[places], lambda dy: dy[places]
