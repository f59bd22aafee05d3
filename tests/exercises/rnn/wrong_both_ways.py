"""Known wrong answers to the exercises of the chapter on depth and both directions."""

import numpy as np

from companion.exercises import wrong


@wrong("who-can-know", fails="test_one_direction")
def inputs_known():
    """Leaves out the step's own input."""
    return 2, 2, 4, 7


@wrong("who-can-know", fails="test_one_direction")
def inputs_known():
    """Thinks that depth sees further."""
    return 3, 4, 5, 7


@wrong("who-can-know", fails="test_both_directions")
def inputs_known():
    """Thinks that the forward half never knows the future."""
    return 3, 3, 5, 3


@wrong("who-can-know", fails="test_both_directions")
def inputs_known():
    """Counts the way back from the first step."""
    return 3, 3, 3, 7


def count(d, h, gates, layers, both, biases=2, wide=True, first=True):
    ways = 2 if both else 1
    total = 0
    for layer in range(layers):
        before = (ways if wide else 1) * h if layer and first else d
        total += ways * gates * h * (before + h + biases)
    return total


@wrong("count-recurrent", fails="test_one_layer")
def parameters(d, h, gates, layers, both):
    """One bias."""
    return count(d, h, gates, layers, both, biases=1)


@wrong("count-recurrent", fails="test_one_layer")
def parameters(d, h, gates, layers, both):
    """Forgets the gates."""
    return count(d, h, 1, layers, both)


@wrong("count-recurrent", fails="test_deep_and_both")
def parameters(d, h, gates, layers, both):
    """The second layer reads H numbers."""
    return count(d, h, gates, layers, both, wide=False)


@wrong("count-recurrent", fails="test_deep_and_both")
def parameters(d, h, gates, layers, both):
    """All layers read D numbers."""
    return count(d, h, gates, layers, both, first=False)


def run(steps, w_in, w, b):
    states, h = [], np.zeros(len(b))
    for value in steps:
        h = np.tanh(w_in @ value + w @ h + b)
        states.append(h)
    return np.array(states)


@wrong("both-scans", fails="test_against_torch")
def both_directions(x, ahead, back):
    """Leaves the way back in its own order."""
    return np.hstack([run(x, *ahead), run(x[::-1], *back)])


@wrong("both-scans", fails="test_against_torch")
def both_directions(x, ahead, back):
    """Shares the weights."""
    return np.hstack([run(x, *ahead), run(x[::-1], *ahead)[::-1]])


@wrong("both-scans", fails="test_against_torch")
def both_directions(x, ahead, back):
    """The way back goes on from the last state of the way there."""
    first = run(x, *ahead)
    states, h = [], first[-1]
    for value in x[::-1]:
        h = np.tanh(back[0] @ value + back[1] @ h + back[2])
        states.append(h)
    return np.hstack([first, np.array(states)[::-1]])


@wrong("both-scans", fails="test_small_ones")
def both_directions(x, ahead, back):
    """Squeezes what has one step."""
    return np.hstack([run(x, *ahead), run(x[::-1], *back)[::-1]]).squeeze()


@wrong("reverse-within", fails="test_rows_of_letters")
def reversed_within(x, lengths):
    """Reverses the whole array."""
    return x[:, ::-1]


@wrong("reverse-within", fails="test_rows_of_letters")
def reversed_within(x, lengths):
    """Changes the batch of the caller."""
    for row, n in zip(x, lengths, strict=True):
        row[:n] = row[:n][::-1].copy()
    return x


@wrong("reverse-within", fails="test_rows_of_vectors")
def reversed_within(x, lengths):
    """Takes zeros for padding."""
    out = np.array(x)
    for row in out:
        n = np.count_nonzero(row) if row.ndim == 1 else int((row != 0).any(axis=-1).sum())
        row[:n] = row[:n][::-1].copy()
    return out


@wrong("reverse-within", fails="test_rows_of_vectors")
def reversed_within(x, lengths):
    """Puts zeros behind the end."""
    out = np.zeros_like(x)
    for n, size in enumerate(lengths):
        out[n, :size] = x[n, :size][::-1]
    return out


@wrong("who-else", fails="test_the_letters")
def dependent():
    """Overlooks the divisor."""
    return "bc"


@wrong("who-else", fails="test_the_letters")
def dependent():
    """Distrusts every way back."""
    return "bcde"


@wrong("who-else", fails="test_the_letters")
def dependent():
    """Thinks that zeros do no harm to a state."""
    return "e"
