"""Known wrong answers to the exercises of the chapter on pruning."""

import numpy as np

from companion.exercises import wrong


@wrong("prune-by-hand", fails="test_the_first_output")
def pruned_outputs():
    """Prunes nothing."""
    return 0.7, -1.7


@wrong("prune-by-hand", fails="test_the_first_output")
def pruned_outputs():
    """Keeps two of each row."""
    return 0.8, -2.0


@wrong("prune-by-hand", fails="test_the_second_output")
def pruned_outputs():
    """Takes the largest values, signs and all."""
    return 1.0, -0.3


@wrong("prune-by-hand", fails="test_the_second_output")
def pruned_outputs():
    """Keeps 0.3 in place of 0.6."""
    return 1.0, -1.1


@wrong("masked-gradient", fails="test_where_the_weight_goes")
def where_it_goes():
    """Thinks of plain SGD."""
    return "it stays 0"


@wrong("masked-gradient", fails="test_where_the_weight_goes")
def where_it_goes():
    """Forgets that the velocity fades."""
    return "to infinity"


@wrong("masked-gradient", fails="test_where_the_weight_goes")
def where_it_goes():
    """Answers with a number."""
    return 0.9


@wrong("two-of-four", fails="test_two_of_each_four")
def two_of_four(W):
    """Ranks values, not sizes."""
    groups = W.reshape(-1, 4)
    order = np.argsort(-groups, axis=1, kind="stable")
    kept = np.zeros_like(groups)
    for row, places in enumerate(order[:, :2]):
        kept[row, places] = groups[row, places]
    return kept.reshape(W.shape)


@wrong("two-of-four", fails="test_two_of_each_four")
def two_of_four(W):
    """Keeps half of each row, wherever it is."""
    order = np.argsort(-np.abs(W), axis=1, kind="stable")
    kept = np.zeros_like(W)
    for row, places in enumerate(order[:, : W.shape[1] // 2]):
        kept[row, places] = W[row, places]
    return kept


@wrong("two-of-four", fails="test_two_of_each_four")
def two_of_four(W):
    """Returns the mask."""
    groups = np.abs(W).reshape(-1, 4)
    ranks = np.argsort(np.argsort(-groups, axis=1, kind="stable"), axis=1)
    return (ranks < 2).reshape(W.shape).astype(float)


@wrong("two-of-four", fails="test_equal_weights")
def two_of_four(W):
    """A threshold keeps all of equal weights."""
    groups = W.reshape(-1, 4)
    second = np.sort(np.abs(groups), axis=1)[:, 2:3]
    return np.where(np.abs(groups) >= second, groups, 0).reshape(W.shape)


@wrong("two-of-four", fails="test_equal_weights")
def two_of_four(W):
    """Writes into the matrix it was given."""
    groups = W.reshape(-1, 4)
    order = np.argsort(-np.abs(groups), axis=1, kind="stable")
    for row, places in enumerate(order[:, 2:]):
        groups[row, places] = 0
    return groups.reshape(W.shape)


@wrong("take-out-units", fails="test_the_units_that_stay")
def fewer_units(W1, b1, W2, count):
    """Scores by the weights that lead to a unit alone."""
    score = np.sqrt((W1**2).sum(axis=1) + b1**2)
    kept = np.sort(np.argsort(-score)[:count])
    return W1[kept], b1[kept], W2[:, kept]


@wrong("take-out-units", fails="test_the_units_that_stay")
def fewer_units(W1, b1, W2, count):
    """Returns them ordered by their score."""
    score = np.sqrt((W1**2).sum(axis=1) + b1**2) * np.sqrt((W2**2).sum(axis=0))
    kept = np.argsort(-score)[:count]
    return W1[kept], b1[kept], W2[:, kept]


@wrong("take-out-units", fails="test_the_next_layer")
def fewer_units(W1, b1, W2, count):
    """Takes rows of W2."""
    score = np.sqrt((W1**2).sum(axis=1) + b1**2) * np.sqrt((W2**2).sum(axis=0))
    kept = np.sort(np.argsort(-score)[:count])
    return W1[kept], b1[kept], W2[kept % len(W2)]


@wrong("take-out-units", fails="test_the_next_layer")
def fewer_units(W1, b1, W2, count):
    """Leaves W2 as it is."""
    score = np.sqrt((W1**2).sum(axis=1) + b1**2) * np.sqrt((W2**2).sum(axis=0))
    kept = np.sort(np.argsort(-score)[:count])
    return W1[kept], b1[kept], W2


@wrong("take-out-units", fails="test_scaling_does_not_matter")
def fewer_units(W1, b1, W2, count):
    """Adds the norms in place of multiplying them."""
    score = np.sqrt((W1**2).sum(axis=1) + b1**2) + np.sqrt((W2**2).sum(axis=0))
    kept = np.sort(np.argsort(-score)[:count])
    return W1[kept], b1[kept], W2[:, kept]


@wrong("slim-count", fails="test_half_of_the_channels")
def weights_after(channels, keep):
    """Halves the last layer's outputs too."""
    left = [channels[0], *(max(1, int(keep * c + 0.5)) for c in channels[1:])]
    return sum(9 * a * b for a, b in zip(left, left[1:]))


@wrong("slim-count", fails="test_half_of_the_channels")
def weights_after(channels, keep):
    """Forgets that the next layer has fewer channels in."""
    inner = [max(1, int(keep * c + 0.5)) for c in channels[1:-1]]
    outs = [*inner, channels[-1]]
    return sum(9 * a * b for a, b in zip(channels, outs))


@wrong("slim-count", fails="test_half_of_the_channels")
def weights_after(channels, keep):
    """Takes the square of the share of everything."""
    total = sum(9 * a * b for a, b in zip(channels, channels[1:]))
    return int(keep**2 * total)


@wrong("slim-count", fails="test_rounding_and_the_last_channel")
def weights_after(channels, keep):
    """Rounds down, so that a layer can lose all of its channels."""
    inner = [int(keep * c) for c in channels[1:-1]]
    left = [channels[0], *inner, channels[-1]]
    return sum(9 * a * b for a, b in zip(left, left[1:]))


@wrong("slim-count", fails="test_rounding_and_the_last_channel")
def weights_after(channels, keep):
    """Rounds halves to even numbers."""
    inner = [max(1, round(keep * c)) for c in channels[1:-1]]
    left = [channels[0], *inner, channels[-1]]
    return sum(9 * a * b for a, b in zip(left, left[1:]))


@wrong("two-of-four", fails="test_equal_weights")
def two_of_four(W):
    """Takes the groups down the columns, where there are such groups."""
    turned = len(W) % 4 == 0
    groups = (W.T if turned else W).reshape(-1, 4)
    places = np.argsort(-np.abs(groups), axis=1, kind="stable")[:, :2]
    left = np.zeros_like(groups)
    np.put_along_axis(left, places, np.take_along_axis(groups, places, 1), 1)
    return left.reshape(W.T.shape).T if turned else left.reshape(W.shape)


@wrong("take-out-units", fails="test_other_counts")
def fewer_units(W1, b1, W2, count):
    """Keeps the better half, whatever is asked for."""
    score = np.linalg.norm(np.c_[W1, b1], axis=1) * np.linalg.norm(W2, axis=0)
    kept = score > np.median(score)
    return W1[kept], b1[kept], W2[:, kept]


@wrong("take-out-units", fails="test_other_counts")
def fewer_units(W1, b1, W2, count):
    """Adds sizes in place of squares."""
    into = np.abs(W1).sum(axis=1) + np.abs(b1)
    kept = np.sort(np.argsort(-into * np.linalg.norm(W2, axis=0))[:count])
    return W1[kept], b1[kept], W2[:, kept]


@wrong("slim-count", fails="test_rounding_and_the_last_channel")
def weights_after(channels, keep):
    """Always rounds up."""
    inner = [max(1, int(np.ceil(keep * c))) for c in channels[1:-1]]
    left = [channels[0], *inner, channels[-1]]
    return sum(9 * a * b for a, b in zip(left, left[1:], strict=False))


@wrong("slim-count", fails="test_rounding_and_the_last_channel")
def weights_after(channels, keep):
    """Changes the list that it was given."""
    for k in range(1, len(channels) - 1):
        channels[k] = max(1, int(keep * channels[k] + 0.5))
    return sum(9 * a * b for a, b in zip(channels, channels[1:], strict=False))
