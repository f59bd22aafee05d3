"""Known wrong answers to the exercises of the chapter on word2vec."""

import numpy as np

from companion.exercises import wrong


@wrong("noise-by-hand", fails="test_the_three_chances")
def noise_by_hand():
    """Draws words as they occur."""
    return 81 / 98, 16 / 98, 1 / 98


@wrong("noise-by-hand", fails="test_the_three_chances")
def noise_by_hand():
    """Takes the fourth root."""
    return 3 / 6, 2 / 6, 1 / 6


@wrong("noise-by-hand", fails="test_the_three_chances")
def noise_by_hand():
    """Does not divide by the sum."""
    return 27, 8, 1


@wrong("window-weights", fails="test_five_places")
def window_weights(window):
    """Weights of GloVe."""
    return 1 / np.arange(1, window + 1)


@wrong("window-weights", fails="test_five_places")
def window_weights(window):
    """Off by one."""
    return (window - np.arange(1, window + 1)) / window


@wrong("window-weights", fails="test_five_places")
def window_weights(window):
    """All alike."""
    return np.ones(window)


@wrong("window-weights", fails="test_other_windows")
def window_weights(window):
    """Always a window of 5."""
    return np.array([1, 0.8, 0.6, 0.4, 0.2])


def stepped(given, asked, centre, neighbour, noise, lr, sign=-1):
    given, asked = np.array(given), np.array(asked)
    v = given[centre].copy()
    rows = np.array([neighbour, *noise])
    u = asked[rows]
    errors = 1 / (1 + np.exp(-u @ v)) - (np.arange(len(rows)) == 0)
    given[centre] += sign * lr * errors @ u
    return given, asked, v, rows, errors


@wrong("skip-gram-step", fails="test_the_centre_moves")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Goes uphill."""
    given, asked, v, rows, errors = stepped(given, asked, centre, neighbour, noise, lr, sign=1)
    np.add.at(asked, rows, lr * np.outer(errors, v))
    return given, asked


@wrong("skip-gram-step", fails="test_the_centre_moves")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Forgets the noise."""
    given, asked, v, rows, errors = stepped(given, asked, centre, neighbour, [], lr)
    np.subtract.at(asked, rows, lr * np.outer(errors, v))
    return given, asked


@wrong("skip-gram-step", fails="test_the_words_asked_for_move")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Moves the second table by the new vector."""
    given, asked, v, rows, errors = stepped(given, asked, centre, neighbour, noise, lr)
    np.subtract.at(asked, rows, lr * np.outer(errors, given[centre]))
    return given, asked


@wrong("skip-gram-step", fails="test_the_words_asked_for_move")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Moves one table only."""
    given, asked, *_ = stepped(given, asked, centre, neighbour, noise, lr)
    return given, asked


@wrong("skip-gram-step", fails="test_rows_that_come_twice")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Loses changes of rows that come twice."""
    given, asked, v, rows, errors = stepped(given, asked, centre, neighbour, noise, lr)
    asked[rows] -= lr * np.outer(errors, v)
    return given, asked


@wrong("skip-gram-step", fails="test_the_centre_moves")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Writes into the tables it was given."""
    new, _, v, rows, errors = stepped(given, asked, centre, neighbour, noise, lr)
    np.subtract.at(asked, rows, lr * np.outer(errors, v))
    return new, asked


@wrong("word2vec-runs", fails="test_the_run_with_a_tiny_loss")
def causes():
    """Thinks that zeros make a small loss."""
    return "both tables start at zero", "no noise words", "no sub-sampling"


@wrong("word2vec-runs", fails="test_the_run_that_stands_still")
def causes():
    """Exchanges the last two."""
    return "no noise words", "no sub-sampling", "both tables start at zero"


@wrong("word2vec-runs", fails="test_the_run_full_of_small_words")
def causes():
    """Blames the noise for all."""
    return "no noise words", "both tables start at zero", "no noise words"


@wrong("own-word-vectors", fails="test_topics_are_found")
def trained_vectors(centres, neighbours, size, seed=0):
    """Random vectors."""
    return np.random.default_rng(seed).normal(size=(size, 8))


def trained(centres, neighbours, size, seed, negatives, start=0.1):
    rng = np.random.default_rng(seed)
    v, u = rng.normal(0, start, (size, 8)), np.zeros((size, 8))
    for _ in range(300):
        k = rng.integers(0, len(centres), 200)
        noise = rng.integers(0, size, (200, negatives))
        rows = np.column_stack([neighbours[k], noise])
        e = 1 / (1 + np.exp(-(v[centres[k], None] * u[rows]).sum(axis=2)))
        e = 0.05 * (e - (np.arange(negatives + 1) == 0))[:, :, None]
        dv, du = (e * u[rows]).sum(axis=1), e * v[centres[k], None]
        np.subtract.at(v, centres[k], dv)
        np.subtract.at(u, rows, du)
    return v, u


@wrong("own-word-vectors", fails="test_topics_are_found")
def trained_vectors(centres, neighbours, size, seed=0):
    """Starts both tables at zero: nothing moves."""
    return trained(centres, neighbours, size, seed, 5, start=0.0)[0]


@wrong("own-word-vectors", fails="test_topics_are_found")
def trained_vectors(centres, neighbours, size, seed=0):
    """No noise: all vectors point one way."""
    return trained(centres, neighbours, size, seed, 0)[0]


@wrong("own-word-vectors", fails="test_other_topics")
def trained_vectors(centres, neighbours, size, seed=0):
    """Always thirty words."""
    found = np.zeros((30, 8))
    found[:] = trained(np.minimum(centres, 29), np.minimum(neighbours, 29), 30, seed, 5)[0]
    return found


@wrong("own-word-vectors", fails="test_other_topics")
def trained_vectors(centres, neighbours, size, seed=0):
    """Learns nothing: how often each word met the first eight."""
    counts = np.zeros((size, size))
    np.add.at(counts, (centres, neighbours), 1)
    return counts[:, :8]


@wrong("own-word-vectors", fails="test_topics_are_found")
def trained_vectors(centres, neighbours, size, seed=0):
    """Shuffles the pairs it was given, in place."""
    found = trained(centres.copy(), neighbours.copy(), size, seed, 5)[0]
    np.random.default_rng(seed).shuffle(centres)
    return found


@wrong("noise-by-hand", fails="test_the_three_chances")
def noise_by_hand():
    """Texts in the place of numbers."""
    return "0.75", "0.222", "0.028"


@wrong("noise-by-hand", fails="test_the_three_chances")
def noise_by_hand():
    """Per cent."""
    return 75, 22.2, 2.8


@wrong("window-weights", fails="test_other_windows")
def window_weights(window):
    """Rounds to tenths, which is exact for windows of 1, 2, 5 and 10."""
    return np.round(np.arange(window, 0, -1) / window, 1)


@wrong("window-weights", fails="test_other_windows")
def window_weights(window):
    """Steps of a fraction, which may be one too many."""
    return np.arange(1, 0, -1 / window)


@wrong("skip-gram-step", fails="test_rows_that_come_twice")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Four noise words at most."""
    given, asked, v, rows, errors = stepped(given, asked, centre, neighbour, noise[:4], lr)
    np.subtract.at(asked, rows, lr * np.outer(errors, v))
    return given, asked


@wrong("skip-gram-step", fails="test_rows_that_come_twice")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Cuts scores off at ±6."""
    new, asked = np.array(given), np.array(asked)
    v, rows = given[centre], np.array([neighbour, *noise])
    errors = 1 / (1 + np.exp(-np.clip(asked[rows] @ v, -6, 6))) - (np.arange(len(rows)) == 0)
    new[centre] -= lr * errors @ asked[rows]
    np.subtract.at(asked, rows, lr * np.outer(errors, v))
    return new, asked


@wrong("skip-gram-step", fails="test_rows_that_come_twice")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Leaves out noise that is the neighbour."""
    noise = [k for k in noise if k != neighbour]
    given, asked, v, rows, errors = stepped(given, asked, centre, neighbour, noise, lr)
    np.subtract.at(asked, rows, lr * np.outer(errors, v))
    return given, asked


@wrong("skip-gram-step", fails="test_the_centre_moves")
def skip_gram_step(given, asked, centre, neighbour, noise, lr):
    """Takes the mean over the noise words."""
    old = given
    given, asked, v, rows, errors = stepped(given, asked, centre, neighbour, noise, 0 * lr)
    errors[1:] /= len(noise)
    given[centre] = old[centre] - lr * errors @ asked[rows]
    np.subtract.at(asked, rows, lr * np.outer(errors, v))
    return given, asked
