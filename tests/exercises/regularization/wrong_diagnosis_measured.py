"""Known wrong answers to the exercises of the chapter on how far a diagnosis can be trusted."""

import numpy as np

from companion.exercises import wrong


@wrong("cannot-tell", fails="test_the_better_one_or_neither")
def better_one(wrong_a, wrong_b):
    """Treats the same examples as two separate sets."""
    p, q, n = np.mean(wrong_a), np.mean(wrong_b), len(wrong_a)
    s = np.sqrt((p * (1 - p) + q * (1 - q)) / n)
    return "cannot tell" if abs(p - q) <= 2 * s else "b" if p > q else "a"


@wrong("cannot-tell", fails="test_the_better_one_or_neither")
def better_one(wrong_a, wrong_b):
    """Names the worse one."""
    each = np.asarray(wrong_a, dtype=float) - np.asarray(wrong_b, dtype=float)
    if abs(each.mean()) <= 2 * each.std() / np.sqrt(len(each)):
        return "cannot tell"
    return "a" if each.mean() > 0 else "b"


@wrong("cannot-tell", fails="test_the_better_one_or_neither")
def better_one(wrong_a, wrong_b):
    """Takes one standard error."""
    each = np.asarray(wrong_a, dtype=float) - np.asarray(wrong_b, dtype=float)
    if abs(each.mean()) <= each.std() / np.sqrt(len(each)):
        return "cannot tell"
    return "a" if each.mean() < 0 else "b"


@wrong("cannot-tell", fails="test_the_better_one_or_neither")
def better_one(wrong_a, wrong_b):
    """Takes 1.96 standard errors where two are asked for."""
    each = np.asarray(wrong_a, dtype=float) - np.asarray(wrong_b, dtype=float)
    if abs(each.mean()) <= 1.96 * each.std() / np.sqrt(len(each)):
        return "cannot tell"
    return "a" if each.mean() < 0 else "b"


@wrong("cannot-tell", fails="test_models_that_agree_everywhere")
def better_one(wrong_a, wrong_b):
    """Decides where there is no difference."""
    each = np.asarray(wrong_a, dtype=float) - np.asarray(wrong_b, dtype=float)
    if abs(each.mean()) < 2 * each.std() / np.sqrt(len(each)):
        return "cannot tell"
    return "a" if each.mean() < 0 else "b"


@wrong("false-alarms", fails="test_the_share_of_false_alarms")
def false_alarm_rate(p, n, gap, times, seed):
    """Lets only one set vary."""
    counts = np.random.default_rng(seed).binomial(n, p, size=times)
    return float(np.mean(counts - p * n >= gap * n - 1e-9))


@wrong("false-alarms", fails="test_the_share_of_false_alarms")
def false_alarm_rate(p, n, gap, times, seed):
    """Counts gaps of both signs."""
    first, second = np.random.default_rng(seed).binomial(n, p, size=(2, times))
    return float(np.mean(np.abs(second - first) >= gap * n - 1e-9))


@wrong("false-alarms", fails="test_the_share_of_false_alarms")
def false_alarm_rate(p, n, gap, times, seed):
    """Leaves out an excess of exactly the gap."""
    first, second = np.random.default_rng(seed).binomial(n, p, size=(2, times))
    return float(np.mean(second - first > gap * n + 1e-9))


@wrong("false-alarms", fails="test_seeds_and_ends")
def false_alarm_rate(p, n, gap, times, seed):
    """Does without the seed."""
    first, second = np.random.default_rng(0).binomial(n, p, size=(2, times))
    return float(np.mean(second - first >= gap * n - 1e-9))


@wrong("false-alarms", fails="test_the_share_of_false_alarms")
def false_alarm_rate(p, n, gap, times, seed):
    """Does not allow for rounding: 0.07 · 100 is a little above 7."""
    first, second = np.random.default_rng(seed).binomial(n, p, size=(2, times))
    return float(np.mean(second - first >= gap * n))


@wrong("false-alarms", fails="test_seeds_and_ends")
def false_alarm_rate(p, n, gap, times, seed):
    """Draws as many pairs as it likes."""
    first, second = np.random.default_rng(seed).binomial(n, p, size=(2, 20000))
    return float(np.mean(second - first >= gap * n - 1e-9))
