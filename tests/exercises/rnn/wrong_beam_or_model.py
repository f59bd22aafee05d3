"""Known wrong answers to the exercises of the chapter on whose fault an error is."""

import numpy as np

from companion.exercises import wrong


@wrong("blame-by-hand", fails="test_four_verdicts")
def blame_by_hand():
    """Compares without length."""
    return ["search", "model", "model", "search"]


@wrong("blame-by-hand", fails="test_four_verdicts")
def blame_by_hand():
    """Exchanges the two."""
    return ["model", "search", "model", "search"]


@wrong("blame-by-hand", fails="test_four_verdicts")
def blame_by_hand():
    """Blames the search for all."""
    return ["search"] * 4


@wrong("blame-table", fails="test_counts")
def blame_table(reference, output, reference_length, output_length, same, alpha):
    """Ignores lengths."""
    search = ~same & (reference > output)
    return int(same.sum()), int(search.sum()), int((~same & ~search).sum())


@wrong("blame-table", fails="test_counts")
def blame_table(reference, output, reference_length, output_length, same, alpha):
    """Exchanges the two."""
    r, o = reference / reference_length**alpha, output / output_length**alpha
    search = ~same & (r < o)
    return int(same.sum()), int(search.sum()), int((~same & ~search).sum())


@wrong("blame-table", fails="test_counts")
def blame_table(reference, output, reference_length, output_length, same, alpha):
    """Divides both by the length of the reference."""
    r, o = reference / reference_length**alpha, output / reference_length**alpha
    search = ~same & (r > o)
    return int(same.sum()), int(search.sum()), int((~same & ~search).sum())


@wrong("blame-table", fails="test_counts")
def blame_table(reference, output, reference_length, output_length, same, alpha):
    """Counts right ones as the model's."""
    r, o = reference / reference_length**alpha, output / output_length**alpha
    search = ~same & (r > o)
    return int(same.sum()), int(search.sum()), int((~search).sum())


@wrong("blame-table", fails="test_same_and_equal")
def blame_table(reference, output, reference_length, output_length, same, alpha):
    """Takes equal scores for equal sentences."""
    r = np.asarray(reference) / np.asarray(reference_length, float) ** alpha
    o = np.asarray(output) / np.asarray(output_length, float) ** alpha
    return int((r == o).sum()), int((r > o).sum()), int((r < o).sum())


@wrong("coverage-rank", fails="test_random_looks")
def best_covered(log_p, weights, beta):
    """Ignores the looks."""
    return int(np.argmax(log_p))


@wrong("coverage-rank", fails="test_random_looks")
def best_covered(log_p, weights, beta):
    """Adds up rows, which are 1 each."""
    scores = [
        p + beta * np.log(np.minimum(np.sum(a, axis=1), 1)).sum()
        for p, a in zip(log_p, weights, strict=True)
    ]
    return int(np.argmax(scores))


@wrong("coverage-rank", fails="test_repeated_looks")
def best_covered(log_p, weights, beta):
    """Does not cut at 1."""
    scores = [
        p + beta * np.log(np.sum(a, axis=0)).sum() for p, a in zip(log_p, weights, strict=True)
    ]
    return int(np.argmax(scores))


@wrong("coverage-rank", fails="test_random_looks")
def best_covered(log_p, weights, beta):
    """Takes the penalty off, which rewards what was left out."""
    scores = [
        p - beta * np.log(np.minimum(np.sum(a, axis=0), 1)).sum()
        for p, a in zip(log_p, weights, strict=True)
    ]
    return int(np.argmax(scores))


@wrong("coverage-rank", fails="test_random_looks")
def best_covered(log_p, weights, beta):
    """Ignores beta."""
    scores = [
        p + np.log(np.minimum(np.sum(a, axis=0), 1)).sum()
        for p, a in zip(log_p, weights, strict=True)
    ]
    return int(np.argmax(scores))


@wrong("blame-table", fails="test_same_and_equal")
def blame_table(reference, output, reference_length, output_length, same, alpha):
    """Blames the search for equal scores of sentences that differ in length."""
    same, reference, output = np.asarray(same, bool), np.asarray(reference), np.asarray(output)
    r = reference / np.asarray(reference_length, float) ** alpha
    o = output / np.asarray(output_length, float) ** alpha
    search = ~same & (r >= o) & (reference != output)
    return int(same.sum()), int(search.sum()), int((~same & ~search).sum())


@wrong("coverage-rank", fails="test_repeated_looks")
def best_covered(log_p, weights, beta):
    """Divides by the length as well."""
    scores = [
        p / len(a) + beta * np.log(np.minimum(np.sum(a, axis=0), 1)).sum()
        for p, a in zip(log_p, weights, strict=True)
    ]
    return int(np.argmax(scores))
