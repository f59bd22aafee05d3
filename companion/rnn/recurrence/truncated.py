"""Truncated backpropagation through time: the state is carried on, the gradient is cut.

Derived in the chapter :ref:`recurrent_speed`.
"""

import numpy as np

from companion.training import engines
from companion.training.fit import NonFiniteLoss


def parallel_streams(sequence, count):
    """Cut one long sequence into pieces of equal length that are read side by side.

    Parameters
    ----------
    sequence : array_like
        (T, …).
    count : int
        Pieces N; what is left over at the end is dropped.

    Returns
    -------
    numpy.ndarray
        (N, T // N, …): row n goes on where row n - 1 ends.

    Raises
    ------
    ValueError
        If `count` is below 1 or above T.
    """
    sequence = np.asarray(sequence)
    steps = len(sequence)
    if not 1 <= count <= steps:
        raise ValueError(
            f"parallel_streams: count={count} for {steps} steps; expected 1 to {steps}"
        )
    each = steps // count
    return sequence[: count * each].reshape(count, each, *sequence.shape[1:])


def windows(inputs, targets, window):
    """Cut streams into windows, in their order.

    Parameters
    ----------
    inputs, targets : array_like
        (N, T, …) each: N streams side by side.
    window : int
        Steps of a window; the last may be shorter.

    Yields
    ------
    inputs, targets : numpy.ndarray
        (N, at most `window`, …) each.

    Raises
    ------
    ValueError
        If `window` is below 1, there is no step, or inputs and targets differ in N or T.
    """
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    if window < 1:
        raise ValueError(f"windows: window={window}; expected at least 1 step")
    if inputs.ndim < 2 or inputs.shape[:2] != targets.shape[:2] or not inputs.size:
        raise ValueError(
            f"windows: inputs {inputs.shape} and targets {targets.shape}; expected (N, T, …) with "
            "the same N streams of T steps, at least one each"
        )
    return _cut(inputs, targets, window)


def _cut(inputs, targets, window):
    for start in range(0, inputs.shape[1], window):
        at = slice(start, start + window)
        yield inputs[:, at], targets[:, at]


def detached(state):
    """Return a state without its history; its values are the same.

    Parameters
    ----------
    state : Tensor, or tuple or list of them
        What a recurrence returns beside its outputs, of either engine; for an LSTM a pair.

    Returns
    -------
    Tensor or tuple of Tensor
        From which no gradient goes back.

    Raises
    ------
    TypeError
        If it holds something that has no `detach`.
    """
    if isinstance(state, (tuple, list)):
        return tuple(detached(part) for part in state)
    if not hasattr(state, "detach"):
        raise TypeError(f"detached: a state of type {type(state).__name__}; expected tensors")
    return state.detach()


def fit_stream(model, inputs, targets, loss, optimizer, window, state=None):
    """Learn from long streams in one pass, window after window.

    After each window the weights are updated. The next begins with the state that this one left,
    but no gradient goes back into it.

    Parameters
    ----------
    model : Module
        Of either engine, with ``advance(inputs, state)`` that returns outputs and the state after
        the last step, as `companion.rnn.language.model.LanguageModel` has it.
    inputs, targets : array_like
        (N, T, …) each: N streams side by side.
    loss : callable
        ``loss(outputs, targets)`` of a window.
    optimizer : companion.optim or torch.optim optimizer
        Made with the model's parameters.
    window : int
        Steps that a gradient goes back at most.
    state : Tensor or tuple, optional
        To begin with; by default what the model takes when it gets None.

    Returns
    -------
    losses : list of float
        Of the windows, each before its update.
    state : Tensor or tuple
        After the last step, detached.

    Raises
    ------
    ValueError
        See `windows`.
    NonFiniteLoss
        At the first loss that is infinite or not a number, before its update.

    Notes
    -----
    Williams and Peng (1990), with windows that do not overlap. Derived in the chapter
    :ref:`recurrent_speed`.
    """
    losses = []
    for x, y in windows(inputs, targets, window):
        outputs, state = model.advance(*engines.adapt(model, x), state)
        cost = loss(outputs, *engines.adapt(model, y))
        losses.append(float(engines.to_numpy(cost)))
        if not np.isfinite(losses[-1]):
            raise NonFiniteLoss(f"fit_stream: window {len(losses)} has loss {losses[-1]}")
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        state = detached(state)
    return losses, state
