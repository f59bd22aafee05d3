"""Known wrong answers to the exercises of the chapter on tuning hyperparameters."""

import numpy as np

from companion.exercises import wrong


@wrong("log-scale", fails="test_shares_become_log_uniform")
def log_scale(r, low, high):
    """Draws uniformly."""
    if not 0 < low < high:
        raise ValueError(low)
    return low + np.asarray(r) * (high - low)


@wrong("log-scale", fails="test_shares_become_log_uniform")
def log_scale(r, low, high):
    """Returns the exponent."""
    if not 0 < low < high:
        raise ValueError(low)
    return np.log10(low) + np.asarray(r) * (np.log10(high) - np.log10(low))


@wrong("log-scale", fails="test_shares_become_log_uniform")
def log_scale(r, low, high):
    """Mixes the bases: logarithms to base 10, powers of e."""
    if not 0 < low < high:
        raise ValueError(low)
    return np.exp(np.log10(low) + np.asarray(r) * (np.log10(high) - np.log10(low)))


@wrong("log-scale", fails="test_shares_become_log_uniform")
def log_scale(r, low, high):
    """Knows one range only."""
    if not 0 < low < high:
        raise ValueError(low)
    return 10 ** (-4 + 4 * np.asarray(r))


@wrong("log-scale", fails="test_a_scale_needs_rising_positive_ends")
def log_scale(r, low, high):
    """Does not look at the ends."""
    return low * (high / low) ** np.asarray(r)


@wrong("log-scale", fails="test_a_scale_needs_rising_positive_ends")
def log_scale(r, low, high):
    """Accepts a range that falls."""
    if low <= 0 or high <= 0:
        raise ValueError(low)
    return low * (high / low) ** np.asarray(r)


@wrong("zoom", fails="test_the_best_is_in_the_middle")
def zoom(values, losses, low, high):
    """Zooms on a linear scale."""
    best, half = values[np.nanargmin(losses)], (high - low) / 2
    start = np.clip(best - half / 2, low, high - half)
    return float(start), float(start + half)


@wrong("zoom", fails="test_the_best_is_in_the_middle")
def zoom(values, losses, low, high):
    """Returns logarithms."""
    best, a, b = np.log(values[np.nanargmin(losses)]), np.log(low), np.log(high)
    start = np.clip(best - (b - a) / 4, a, (a + b) / 2)
    return float(start), float(start + (b - a) / 2)


@wrong("zoom", fails="test_the_best_is_in_the_middle")
def zoom(values, losses, low, high):
    """Makes it a quarter as long."""
    best, a, b = np.log(values[np.nanargmin(losses)]), np.log(low), np.log(high)
    start = np.clip(best - (b - a) / 8, a, b - (b - a) / 4)
    return float(np.exp(start)), float(np.exp(start + (b - a) / 4))


@wrong("zoom", fails="test_the_best_is_in_the_middle")
def zoom(values, losses, low, high):
    """Looks for the largest loss."""
    best, a, b = np.log(values[np.nanargmax(losses)]), np.log(low), np.log(high)
    start = np.clip(best - (b - a) / 4, a, (a + b) / 2)
    return float(np.exp(start)), float(np.exp(start + (b - a) / 2))


@wrong("zoom", fails="test_the_new_range_stays_inside")
def zoom(values, losses, low, high):
    """Cuts off what sticks out, instead of shifting."""
    best, a, b = np.log(values[np.nanargmin(losses)]), np.log(low), np.log(high)
    ends = np.clip([best - (b - a) / 4, best + (b - a) / 4], a, b)
    return float(np.exp(ends[0])), float(np.exp(ends[1]))


@wrong("zoom", fails="test_the_new_range_stays_inside")
def zoom(values, losses, low, high):
    """Lets the range stick out."""
    best, length = values[np.nanargmin(losses)], (high / low) ** 0.25
    return float(best / length), float(best * length)


@wrong("zoom", fails="test_diverged_runs_are_passed_over")
def zoom(values, losses, low, high):
    """Takes NaN for the smallest loss."""
    best, a, b = np.log(values[np.argmin(losses)]), np.log(low), np.log(high)
    start = np.clip(best - (b - a) / 4, a, (a + b) / 2)
    return float(np.exp(start)), float(np.exp(start + (b - a) / 2))


@wrong("nine-trials", fails="test_values_seen_from_the_side")
def nine_trials():
    """Counts the trials of the grid."""
    return 9, 9, 0.875


@wrong("nine-trials", fails="test_values_seen_from_the_side")
def nine_trials():
    """Sees no difference between grid and random points."""
    return 3, 3, 0.875


@wrong("nine-trials", fails="test_one_of_three_hits")
def nine_trials():
    """Gives the probability that all miss."""
    return 3, 9, 0.125


@wrong("nine-trials", fails="test_one_of_three_hits")
def nine_trials():
    """Adds the probabilities."""
    return 3, 9, 1.5


@wrong("find-rate", fails="test_the_rate_is_as_good_as_any")
def find_rate(train, low, high, budget):
    """Searches on a linear scale."""
    rates = np.linspace(low, high, budget)
    losses = [train(rate) for rate in rates]
    if np.isnan(losses).all():
        return float(rates[0])
    return float(rates[np.nanargmin(losses)])


@wrong("find-rate", fails="test_the_rate_is_as_good_as_any")
def find_rate(train, low, high, budget):
    """Takes what is usual elsewhere."""
    return 0.1


@wrong("find-rate", fails="test_the_rate_is_as_good_as_any")
def find_rate(train, low, high, budget):
    """Returns the largest rate that does not explode."""
    rates = low * (high / low) ** np.linspace(0, 1, budget)
    return float(max(rate for rate in rates if not np.isnan(train(rate))))


@wrong("find-rate", fails="test_the_budget_is_kept")
def find_rate(train, low, high, budget):
    """Has the whole budget for each of the two looks."""
    rates = low * (high / low) ** np.linspace(0, 1, budget)
    best = rates[np.nanargmin([train(rate) for rate in rates])]
    rates = best * 3 ** np.linspace(-1, 1, budget)
    return float(rates[np.nanargmin([train(rate) for rate in rates])])


@wrong("find-rate", fails="test_runs_that_explode_are_passed_over")
def find_rate(train, low, high, budget):
    """Takes nan for the smallest loss."""
    rates = low * (high / low) ** np.linspace(0, 1, budget)
    return float(rates[np.argmin([train(rate) for rate in rates])])
