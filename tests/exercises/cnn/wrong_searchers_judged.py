"""Known wrong answers to the exercises on the page that judges searches."""

import numpy as np
from scipy.stats import kendalltau

from companion.exercises import wrong


@wrong("tau-by-hand", fails="test_wrong_pairs")
def wrong_pairs_and_tau():
    """Counts the right pairs."""
    return 8, 0.6


@wrong("tau-by-hand", fails="test_tau")
def wrong_pairs_and_tau():
    """Gives the share of right pairs."""
    return 2, 0.8


@wrong("tau-by-hand", fails="test_tau")
def wrong_pairs_and_tau():
    """Divides by the right pairs."""
    return 2, 0.75


@wrong("lowest-of-many", fails="test_the_reported_error")
def reported_error():
    """Trusts the search."""
    return "about right"


@wrong("lowest-of-many", fails="test_the_reported_error")
def reported_error():
    """Turns it around."""
    return "too high"


@wrong("lowest-of-many", fails="test_the_reported_error")
def reported_error():
    """Answers in other words."""
    return "lower"


@wrong("fair-paths", fails="test_every_operation_once")
def fair_round(slots, operations, seed):
    """Draws paths independently."""
    rng = np.random.default_rng(seed)
    return rng.integers(operations, size=(operations, slots))


@wrong("fair-paths", fails="test_rounds_are_random")
def fair_round(slots, operations, seed):
    """One permutation for all slots."""
    rng = np.random.default_rng(seed)
    return np.repeat(rng.permutation(operations)[:, None], slots, axis=1)


@wrong("fair-paths", fails="test_rounds_are_random")
def fair_round(slots, operations, seed):
    """Always the same round."""
    return (np.arange(operations)[:, None] + np.arange(slots)) % operations


@wrong("fair-paths", fails="test_rounds_are_random")
def fair_round(slots, operations, seed):
    """Only turns each slot around."""
    rng = np.random.default_rng(seed)
    starts = rng.integers(operations, size=slots)
    return (np.arange(operations)[:, None] + starts) % operations


@wrong("fair-paths", fails="test_every_operation_once")
def fair_round(slots, operations, seed):
    """Slots and paths exchanged."""
    rng = np.random.default_rng(seed)
    return np.stack([rng.permutation(operations) for _ in range(slots)])


@wrong("kendall", fails="test_lists_without_ties")
def kendall(a, b):
    """Compares neighbours only."""
    return float(np.sign(np.diff(a) * np.diff(b)).mean())


@wrong("kendall", fails="test_lists_without_ties")
def kendall(a, b):
    """The share of pairs in the same order."""
    a, b = np.asarray(a), np.asarray(b)
    upper = np.triu_indices(len(a), 1)
    same = (a[:, None] < a) == (b[:, None] < b)
    return float(same[upper].mean())


@wrong("kendall", fails="test_lists_without_ties")
def kendall(a, b):
    """Divides by N², each network with itself included."""
    a, b = np.asarray(a), np.asarray(b)
    agree = np.sign(a[:, None] - a) * np.sign(b[:, None] - b)
    return float(agree.mean())


@wrong("kendall", fails="test_ties_and_short_lists")
def kendall(a, b):
    """Counts ties among the pairs."""
    a, b = np.asarray(a), np.asarray(b)
    agree = np.sign(a[:, None] - a) * np.sign(b[:, None] - b)
    return float(agree.sum() / (len(a) * (len(a) - 1)))


@wrong("kendall", fails="test_ties_and_short_lists")
def kendall(a, b):
    """Takes SciPy's τ."""
    return float(kendalltau(a, b).statistic)


@wrong("kendall", fails="test_ties_and_short_lists")
def kendall(a, b):
    """Divides by 0 where nothing can be compared."""
    a, b = np.asarray(a), np.asarray(b)
    agree = np.sign(a[:, None] - a) * np.sign(b[:, None] - b)
    return float(np.float64(agree.sum()) / np.float64(np.abs(agree).sum()))


@wrong("fair-paths", fails="test_rounds_are_random")
def fair_round(slots, operations, seed):
    """Turns one permutation by a random distance in each slot."""
    rng = np.random.default_rng(seed)
    turned = np.arange(operations)[:, None] + rng.integers(operations, size=slots)
    return rng.permutation(operations)[turned % operations]


@wrong("fair-paths", fails="test_rounds_are_random")
def fair_round(slots, operations, seed):
    """The last slot repeats the first."""
    rng = np.random.default_rng(seed)
    paths = np.stack([rng.permutation(operations) for _ in range(slots)], axis=1)
    paths[:, -1] = paths[:, 0]
    return paths


@wrong("fair-paths", fails="test_the_seed_decides")
def fair_round(slots, operations, seed):
    """Forgets the seed."""
    rng = np.random.default_rng()
    return np.stack([rng.permutation(operations) for _ in range(slots)], axis=1)


@wrong("fair-paths", fails="test_the_seed_decides")
def fair_round(slots, operations, seed):
    """A generator of its own for each slot, with the next seed."""
    draws = [np.random.default_rng(seed + g).permutation(operations) for g in range(slots)]
    return np.stack(draws, axis=1)


@wrong("fair-paths", fails="test_every_operation_once")
def fair_round(slots, operations, seed):
    """Fills an array of real numbers."""
    rng, paths = np.random.default_rng(seed), np.zeros((operations, slots))
    for g in range(slots):
        paths[:, g] = rng.permutation(operations)
    return paths
