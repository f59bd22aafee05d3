"""Known wrong answers to the exercises on the Transformer."""

import numpy as np

from companion.exercises import wrong


@wrong("block-by-hand", fails="test_both_blocks")
def blocks_by_hand():
    """Forgets the last norm of post-norm."""
    return [6.0, 3.0], [5.0, -2.0]


@wrong("block-by-hand", fails="test_both_blocks")
def blocks_by_hand():
    """Adds the look to the norm of x."""
    return [5.0, -2.0], [1.0, -1.0]


@wrong("block-by-hand", fails="test_both_blocks")
def blocks_by_hand():
    """Swaps the two."""
    return [1.0, -1.0], [6.0, 3.0]


def counted(tokens, context, e, f, layers, tied, norms=4, last=2, places=1, biases=True):
    """Do what is asked, or leave something out."""
    block = 4 * (e * e + e * biases) + 2 * e * f + (f + e) * biases + norms * e
    head = 0 if tied else tokens * e + tokens
    return (tokens + places * context) * e + layers * block + last * e + head


@wrong("count-transformer", fails="test_counts")
def count_parameters(tokens, context, width, hidden, layers, tied):
    """Forgets the last norm."""
    return counted(tokens, context, width, hidden, layers, tied, last=0)


@wrong("count-transformer", fails="test_counts")
def count_parameters(tokens, context, width, hidden, layers, tied):
    """Takes a hidden layer of four times the width."""
    return counted(tokens, context, width, 4 * width, layers, tied)


@wrong("count-transformer", fails="test_counts")
def count_parameters(tokens, context, width, hidden, layers, tied):
    """Always ties."""
    return counted(tokens, context, width, hidden, layers, True)


@wrong("count-transformer", fails="test_counts")
def count_parameters(tokens, context, width, hidden, layers, tied):
    """Forgets the biases."""
    return counted(tokens, context, width, hidden, layers, tied, biases=False)


@wrong("count-transformer", fails="test_counts")
def count_parameters(tokens, context, width, hidden, layers, tied):
    """Forgets the table of places."""
    return counted(tokens, context, width, hidden, layers, tied, places=0)


@wrong("count-transformer", fails="test_counts")
def count_parameters(tokens, context, width, hidden, layers, tied):
    """Returns a real number."""
    return float(counted(tokens, context, width, hidden, layers, tied))


@wrong("count-transformer", fails="test_counts")
def count_parameters(tokens, context, width, hidden, layers, tied):
    """Gives the head no bias."""
    return counted(tokens, context, width, hidden, layers, tied) - (0 if tied else tokens)


def block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5, axis=1, around=1, inside=True,
          second=True, relu=True, post=False):  # fmt: skip
    """Do what is asked, or something like it."""

    def normed(x, scale, shift):
        variance = x.var(axis=axis, keepdims=True)
        root = np.sqrt(variance + eps) if inside else np.sqrt(variance) + eps
        return scale * (x - x.mean(axis=axis, keepdims=True)) / root + shift

    if post:
        z = normed(x + np.asarray(attention(x)), *norm1)
        return normed(z + np.maximum(0, z @ w1.T + b1) @ w2.T + b2, *norm2)
    z = around * x + np.asarray(attention(normed(x, *norm1)))
    hidden = normed(z if second else x, *norm2) @ w1.T + b1
    return z + (np.maximum(0, hidden) if relu else hidden) @ w2.T + b2


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Puts the norms behind the sums."""
    return block(x, attention, norm1, norm2, w1, b1, w2, b2, eps, post=True)


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Norms over places."""
    return block(x, attention, norm1, norm2, w1, b1, w2, b2, eps, axis=0)


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Forgets the way around attention."""
    return block(x, attention, norm1, norm2, w1, b1, w2, b2, eps, around=0)


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Thinks about x instead of z."""
    return block(x, attention, norm1, norm2, w1, b1, w2, b2, eps, second=False)


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Has no ReLU."""
    return block(x, attention, norm1, norm2, w1, b1, w2, b2, eps, relu=False)


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Puts eps outside the root."""
    return block(x, attention, norm1, norm2, w1, b1, w2, b2, eps, inside=False)


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Ignores eps."""
    return block(x, attention, norm1, norm2, w1, b1, w2, b2, 1e-5)


@wrong("pre-norm-block", fails="test_blocks_of_several_sizes")
def pre_norm_block(x, attention, norm1, norm2, w1, b1, w2, b2, eps=1e-5):
    """Shows attention one place at a time."""

    def each(rows):
        return np.concatenate([attention(rows[t : t + 1]) for t in range(len(rows))])

    return block(x, each, norm1, norm2, w1, b1, w2, b2, eps)
