"""Known wrong answers to the exercises on the small GPT."""

import numpy as np

from companion.exercises import wrong


@wrong("gpt-units", fails="test_three_numbers")
def loss_in_units():
    """Takes nats for bits."""
    return np.log(8), 8.0, 1000 * np.log(8)


@wrong("gpt-units", fails="test_three_numbers")
def loss_in_units():
    """Takes e to the bits."""
    return 3.0, np.exp(3), 3000.0


@wrong("gpt-units", fails="test_three_numbers")
def loss_in_units():
    """Takes bytes for bits."""
    return 3.0, 8.0, 375.0


def cut(tokens, context, stride, end=0, shift=1):
    """Do what is asked, or one place further."""
    tokens = np.asarray(tokens)
    first = np.arange(0, max(1, len(tokens) - context + end), stride)
    places = first[:, None] + np.arange(context)
    return tokens[places % len(tokens)], tokens[(places + shift) % len(tokens)]


@wrong("gpt-windows", fails="test_pieces_of_several_rows")
def pieces(tokens, context, stride):
    """Lets the last target lie outside."""
    return cut(tokens, context, stride, end=1)


@wrong("gpt-windows", fails="test_pieces_of_several_rows")
def pieces(tokens, context, stride):
    """Leaves out the last piece that fits."""
    return cut(tokens, context, stride, end=-1)


@wrong("gpt-windows", fails="test_pieces_of_several_rows")
def pieces(tokens, context, stride):
    """Targets are the inputs."""
    return cut(tokens, context, stride, shift=0)


@wrong("gpt-windows", fails="test_pieces_of_several_rows")
def pieces(tokens, context, stride):
    """Ignores the stride."""
    return cut(tokens, context, context)


@wrong("gpt-windows", fails="test_pieces_of_several_rows")
def pieces(tokens, context, stride):
    """Takes tokens for bytes."""
    inputs, targets = cut(tokens, context, stride)
    return inputs.astype(np.uint8), targets.astype(np.uint8)


@wrong("gpt-windows", fails="test_pieces_of_several_rows")
def pieces(tokens, context, stride):
    """Never goes on by more than a piece and five."""
    return cut(tokens, context, min(stride, context + 5))


def loss_of(log_p, tokens, context, every=None, again=False, last=True):
    """Do what is asked, or something like it."""
    tokens, half, told = np.asarray(tokens), every or context // 2, []
    inputs, targets, scored, begin = tokens[:-1], tokens[1:], 0, 0
    while scored < len(targets):
        piece = inputs[begin : begin + context]
        if len(piece) < context and begin and not last:
            break
        rows = np.asarray(log_p(piece))
        for place in range(0 if again else scored - begin, len(rows)):
            told.append(-rows[place, targets[begin + place]])
        scored, begin = begin + len(rows), begin + half
    return float(np.mean(told))


@wrong("gpt-fair-loss", fails="test_texts_of_many_lengths")
def fair_loss(log_p, tokens, context):
    """Scores letters twice where pieces overlap."""
    return loss_of(log_p, tokens, context, again=True)


@wrong("gpt-fair-loss", fails="test_texts_of_many_lengths")
def fair_loss(log_p, tokens, context):
    """Lets pieces lie side by side."""
    return loss_of(log_p, tokens, context, every=context)


@wrong("gpt-fair-loss", fails="test_texts_of_many_lengths")
def fair_loss(log_p, tokens, context):
    """Leaves out a last piece that is shorter."""
    return loss_of(log_p, tokens, context, last=False)


@wrong("gpt-fair-loss", fails="test_texts_of_many_lengths")
def fair_loss(log_p, tokens, context):
    """Reads the whole text at once."""
    rows = np.asarray(log_p(tokens[:-1]))
    return float(-np.mean(rows[np.arange(len(rows)), tokens[1:]]))


@wrong("gpt-fair-loss", fails="test_texts_of_many_lengths")
def fair_loss(log_p, tokens, context):
    """Scores the input itself."""
    rows = np.asarray(log_p(tokens[:context]))
    return float(-np.mean(rows[np.arange(len(rows)), tokens[: len(rows)]]))


@wrong("gpt-fair-loss", fails="test_texts_of_many_lengths")
def fair_loss(log_p, tokens, context):
    """Shows as many tokens as the context holds, every time."""
    told = [-log_p(tokens[max(0, t - context) : t])[-1][tokens[t]] for t in range(1, len(tokens))]
    return float(np.mean(told))


@wrong("gpt-fair-loss", fails="test_texts_of_many_lengths")
def fair_loss(log_p, tokens, context):
    """Takes the mean of the means of pieces."""
    half, means, scored, begin = context // 2, [], 0, 0
    while scored < len(tokens) - 1:
        rows = np.asarray(log_p(tokens[:-1][begin : begin + context]))
        places = np.arange(scored - begin, len(rows))
        means.append(-np.mean(rows[places, tokens[1:][begin + places]]))
        scored, begin = begin + len(rows), begin + half
    return float(np.mean(means))
