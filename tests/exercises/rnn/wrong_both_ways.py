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


@wrong("who-can-know", fails="test_both_directions")
def inputs_known():
    """Lets the way back come to the first step before it says anything."""
    return 3, 3, 7, 7


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


@wrong("count-recurrent", fails="test_deep_and_both")
def parameters(d, h, gates, layers, both):
    """Counts two layers at most."""
    return count(d, h, gates, min(layers, 2), both)


@wrong("count-recurrent", fails="test_deep_and_both")
def parameters(d, h, gates, layers, both):
    """Has room for small networks only."""
    return np.int16(count(d, h, gates, layers, both) % 2**15)


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


@wrong("both-scans", fails="test_against_torch")
def both_directions(x, ahead, back):
    """Reads the input from its beginning in both directions."""
    return np.hstack([run(x, *ahead), run(x, *back)[::-1]])


@wrong("both-scans", fails="test_against_torch")
def both_directions(x, ahead, back):
    """Exchanges the weights."""
    return np.hstack([run(x, *back), run(x[::-1], *ahead)[::-1]])


@wrong("both-scans", fails="test_small_ones")
def both_directions(x, ahead, back):
    """Cuts states off to whole numbers when the input is whole."""
    states = np.empty((len(x), 2 * len(ahead[2])), dtype=x.dtype)
    states[:] = np.hstack([run(x, *ahead), run(x[::-1], *back)[::-1]])
    return states


@wrong("both-scans", fails="test_small_ones")
def both_directions(x, ahead, back):
    """Divides infinite exponentials."""

    def one_way(steps, w_in, w, b):
        states, h = [], np.zeros(len(b))
        for value in steps:
            up = np.exp(2 * (w_in @ value + w @ h + b))
            h = (up - 1) / (up + 1)
            states.append(h)
        return np.array(states)

    return np.hstack([one_way(x, *ahead), one_way(x[::-1], *back)[::-1]])


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


@wrong("reverse-within", fails="test_rows_of_letters")
def reversed_within(x, lengths):
    """Leaves whole numbers as real ones."""
    out = np.zeros(x.shape)
    for n, size in enumerate(lengths):
        out[n] = x[n]
        out[n, :size] = x[n, :size][::-1]
    return out


@wrong("reverse-within", fails="test_rows_of_vectors")
def reversed_within(x, lengths):
    """Turns single precision into double."""
    rows = zip(x.tolist(), lengths, strict=True)
    return np.array([row[:n][::-1] + row[n:] for row, n in rows])


@wrong("reverse-within", fails="test_rows_of_vectors")
def reversed_within(x, lengths):
    """Goes through whole numbers."""
    out = np.nan_to_num(x).astype(int)
    for n, size in enumerate(lengths):
        out[n, :size] = out[n, :size][::-1].copy()
    return out.astype(x.dtype)


@wrong("reverse-within", fails="test_rows_of_vectors")
def reversed_within(x, lengths):
    """Reverses the vectors, too."""
    out = np.array(x)
    for n, size in enumerate(lengths):
        out[n, :size] = np.flip(x[n, :size])
    return out


@wrong("reverse-within", fails="test_rows_of_vectors")
def reversed_within(x, lengths):
    """Reverses what stands behind the end, too."""
    rows = zip(x, lengths, strict=True)
    return np.stack([np.concatenate([row[:n][::-1], row[n:][::-1]]) for row, n in rows])


@wrong("reverse-within", fails="test_rows_of_vectors")
def reversed_within(x, lengths):
    """Adds two products with a mask, which NaN goes through."""
    there = np.arange(x.shape[1]) < lengths[:, None]
    there = there.reshape(there.shape + (1,) * (x.ndim - 2)).astype(x.dtype)
    turned = np.array([np.roll(row[::-1], n, axis=0) for row, n in zip(x, lengths, strict=True)])
    return turned * there + x * (1 - there)


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


@wrong("who-else", fails="test_the_letters")
def dependent():
    """Answers with numbers."""
    return [2, 3, 5]


@wrong("who-else", fails="test_the_letters")
def dependent():
    """Adds a letter that is not there."""
    return "bcef"
