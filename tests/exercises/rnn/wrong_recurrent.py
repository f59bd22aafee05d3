"""Known wrong answers to the exercises of the chapter on the recurrent network."""

import numpy as np

from companion.exercises import wrong


@wrong("rnn-kinds", fails="test_one_side_is_single")
def kinds():
    """Takes a melody for aligned."""
    return "aligned", "many to one", "encoder-decoder", "aligned"


@wrong("rnn-kinds", fails="test_both_sides_are_many")
def kinds():
    """Takes speech for aligned."""
    return "one to many", "many to one", "aligned", "aligned"


@wrong("rnn-kinds", fails="test_both_sides_are_many")
def kinds():
    """One answer for the whole film."""
    return "one to many", "many to one", "encoder-decoder", "many to one"


@wrong("rnn-through-time", fails="test_the_gradient_of_w")
def three_steps():
    """Goes back only one step."""
    return 7.0, 3.0, 2.0


@wrong("rnn-through-time", fails="test_the_gradient_of_u")
def three_steps():
    """Takes the state after each step."""
    return 7.0, 7.0, 15.0


@wrong("rnn-through-time", fails="test_the_last_state")
def three_steps():
    """Forgets that the second step doubles."""
    return 5.0, 7.0, 4.0


@wrong("rnn-through-time", fails="test_the_gradient_of_w")
def three_steps():
    """Forgets u on the way back."""
    return 7.0, 4.0, 3.0


@wrong("rnn-through-time", fails="test_the_gradient_of_w")
def three_steps():
    """The two gradients in the other order."""
    return 7.0, 4.0, 7.0


@wrong("rnn-what-grows", fails="test_parameters")
def parameters_and_products(inputs, hidden, steps):
    """Weights of its own for each step."""
    weights = hidden * inputs + hidden * hidden
    return steps * (weights + hidden), steps * weights


@wrong("rnn-what-grows", fails="test_parameters")
def parameters_and_products(inputs, hidden, steps):
    """Counts torch's two biases."""
    weights = hidden * inputs + hidden * hidden
    return weights + 2 * hidden, steps * weights


@wrong("rnn-what-grows", fails="test_products")
def parameters_and_products(inputs, hidden, steps):
    """Multiplications of one step."""
    weights = hidden * inputs + hidden * hidden
    return weights + hidden, weights


@wrong("rnn-what-grows", fails="test_products")
def parameters_and_products(inputs, hidden, steps):
    """Multiplies the bias, too."""
    weights = hidden * inputs + hidden * hidden
    return weights + hidden, steps * (weights + hidden)


@wrong("rnn-what-grows", fails="test_products")
def parameters_and_products(inputs, hidden, steps):
    """Leaves out the product with the first state."""
    weights = hidden * inputs + hidden * hidden
    return weights + hidden, steps * weights - hidden * hidden


@wrong("rnn-what-grows", fails="test_parameters")
def parameters_and_products(inputs, hidden, steps):
    """The other order."""
    weights = hidden * inputs + hidden * hidden
    return steps * weights, weights + hidden


@wrong("rnn-last-state", fails="test_several_lengths")
def last_states(x, lengths, W, U, b):
    """Reads the state at the end of the padding."""
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
    return h


@wrong("rnn-last-state", fails="test_all_of_one_length")
def last_states(x, lengths, W, U, b):
    """Transposes U."""
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ W.T + h @ U + b)
        h = np.where(t < np.asarray(lengths)[:, None], new, h)
    return h


@wrong("rnn-last-state", fails="test_several_lengths")
def last_states(x, lengths, W, U, b):
    """One step too far."""
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        h = np.where(t <= np.asarray(lengths)[:, None], new, h)
    return h


@wrong("rnn-last-state", fails="test_small_sizes_and_zeros")
def last_states(x, lengths, W, U, b):
    """Takes an input of zeros for padding."""
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        there = (t < np.asarray(lengths)[:, None]) & (x[:, t] != 0).any(axis=1, keepdims=True)
        h = np.where(there, new, h)
    return h


@wrong("rnn-last-state", fails="test_several_lengths")
def last_states(x, lengths, W, U, b):
    """Multiplies by 0 and 1, which does not put out NaN."""
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        there = (t < np.asarray(lengths))[:, None]
        h = there * np.tanh(x[:, t] @ W.T + h @ U.T + b) + (1 - there) * h
    return h


@wrong("rnn-last-state", fails="test_several_lengths")
def last_states(x, lengths, W, U, b):
    """Sorts by length, and returns that order."""
    order = np.argsort(-lengths)
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        new = np.tanh(x[order, t] @ W.T + h @ U.T + b)
        h = np.where(t < lengths[order][:, None], new, h)
    return h


@wrong("rnn-last-state", fails="test_several_lengths")
def last_states(x, lengths, W, U, b):
    """Clears the padding in the caller's array."""
    for sequence, length in zip(x, lengths, strict=True):
        sequence[length:] = 0
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        h = np.where(t < np.asarray(lengths)[:, None], new, h)
    return h


@wrong("rnn-last-state", fails="test_small_sizes_and_zeros")
def last_states(x, lengths, W, U, b):
    """Writes tanh as a quotient that overflows."""
    h = np.zeros((len(x), len(b)))
    with np.errstate(all="ignore"):
        for t in range(x.shape[1]):
            e = np.exp(2 * (x[:, t] @ W.T + h @ U.T + b))
            h = np.where(t < np.asarray(lengths)[:, None], (e - 1) / (e + 1), h)
    return h


@wrong("rnn-last-state", fails="test_small_sizes_and_zeros")
def last_states(x, lengths, W, U, b):
    """Stops after a few steps."""
    h = np.zeros((len(x), len(b)))
    for t in range(min(7, x.shape[1])):
        new = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        h = np.where(t < np.asarray(lengths)[:, None], new, h)
    return h


@wrong("rnn-last-state", fails="test_small_sizes_and_zeros")
def last_states(x, lengths, W, U, b):
    """Drops axes of length 1."""
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        h = np.where(t < np.asarray(lengths)[:, None], new, h)
    return h.squeeze()


@wrong("rnn-seen", fails="test_exchanged")
def seen(n, t, exchanged):
    """Ignores the axes."""
    return [(n, k) for k in range(t + 1)]


@wrong("rnn-seen", fails="test_as_meant")
def seen(n, t, exchanged):
    """The other way round."""
    if exchanged:
        return [(n, k) for k in range(t + 1)]
    return [(k, t) for k in range(n + 1)]


@wrong("rnn-seen", fails="test_as_meant")
def seen(n, t, exchanged):
    """Forgets the input of the step itself."""
    if exchanged:
        return [(k, t) for k in range(n)]
    return [(n, k) for k in range(t)]


@wrong("rnn-seen", fails="test_exchanged")
def seen(n, t, exchanged):
    """Thinks that exchanged axes show all letters of all words before."""
    if exchanged:
        return [(k, j) for k in range(n + 1) for j in range(t + 1)]
    return [(n, k) for k in range(t + 1)]


@wrong("rnn-seen", fails="test_as_meant")
def seen(n, t, exchanged):
    """Lists each place twice."""
    if exchanged:
        return 2 * [(k, t) for k in range(n + 1)]
    return 2 * [(n, k) for k in range(t + 1)]


@wrong("rnn-seen", fails="test_as_meant")
def seen(n, t, exchanged):
    """Names places by text."""
    if exchanged:
        return [(str(k), str(t)) for k in range(n + 1)]
    return [(str(n), str(k)) for k in range(t + 1)]


@wrong("rnn-seen", fails="test_exchanged")
def seen(n, t, exchanged):
    """Places that are no whole numbers."""
    if exchanged:
        return [(k + 0.5, t) for k in range(n + 1)]
    return [(n, k) for k in range(t + 1)]


@wrong("rnn-seen", fails="test_as_meant")
def seen(n, t, exchanged):
    """Looks back a few steps only."""
    if exchanged:
        return [(k, t) for k in range(max(0, n - 6), n + 1)]
    return [(n, k) for k in range(max(0, t - 6), t + 1)]
