"""Known wrong answers to the exercises of the page that compares schedules."""

import numpy as np

from companion.exercises import wrong


@wrong("steps-to", fails="test_steps_are_counted_right")
def steps_to(share, rule, c):
    """Rounds down."""
    t = {
        "exponential": lambda: np.log(share) / np.log(c),
        "time": lambda: (1 / share - 1) / c,
        "root": lambda: c * (1 / share**2 - 1),
    }
    if rule not in t:
        raise ValueError(rule)
    return max(0, int(t[rule]()))


@wrong("steps-to", fails="test_steps_are_counted_right")
def steps_to(share, rule, c):
    """Forgets the square under the root."""
    if rule == "exponential":
        t = np.log(share) / np.log(c)
    elif rule == "time":
        t = (1 / share - 1) / c
    elif rule == "root":
        t = c * (1 / share - 1)
    else:
        raise ValueError(rule)
    return max(0, int(np.ceil(t)))


@wrong("steps-to", fails="test_steps_that_nobody_would_count")
def steps_to(share, rule, c):
    """Counts, and gives up."""
    factor = {
        "exponential": lambda t: c**t,
        "time": lambda t: 1 / (1 + c * t),
        "root": lambda t: (c / (c + t)) ** 0.5,
    }
    if rule not in factor:
        raise ValueError(rule)
    return next((t for t in range(10**5) if factor[rule](t) <= share), 10**5)


@wrong("steps-to", fails="test_unknown_rules_are_an_error")
def steps_to(share, rule, c):
    """Takes every other word for the root."""
    if rule == "exponential":
        t = np.log(share) / np.log(c)
    elif rule == "time":
        t = (1 / share - 1) / c
    else:
        t = c * (1 / share**2 - 1)
    return max(0, int(np.ceil(t)))


@wrong("steps-to", fails="test_steps_that_nobody_would_count")
def steps_to(share, rule, c):
    """Returns a negative step for a share above 1."""
    if rule == "exponential":
        t = np.log(share) / np.log(c)
    elif rule == "time":
        t = (1 / share - 1) / c
    elif rule == "root":
        t = c * (1 / share**2 - 1)
    else:
        raise ValueError(rule)
    return int(np.ceil(t))


@wrong("patient-rates", fails="test_rates_of_noisy_losses")
def patient_rates(losses, rate, factor, patience):
    """Notes the rate after it has fallen."""
    rates, best, bad = [], np.inf, 0
    for loss in losses:
        best, bad = (loss, 0) if loss < best else (best, bad + 1)
        if bad > patience:
            rate, bad = rate * factor, 0
        rates.append(rate)
    return rates


@wrong("patient-rates", fails="test_rates_of_noisy_losses")
def patient_rates(losses, rate, factor, patience):
    """Falls when the count reaches patience."""
    rates, best, bad = [], np.inf, 0
    for loss in losses:
        rates.append(rate)
        best, bad = (loss, 0) if loss < best else (best, bad + 1)
        if bad and bad >= patience:
            rate, bad = rate * factor, 0
    return rates


@wrong("patient-rates", fails="test_the_best_is_the_best_of_all")
def patient_rates(losses, rate, factor, patience):
    """Compares with the epoch before."""
    rates, last, bad = [], np.inf, 0
    for loss in losses:
        rates.append(rate)
        bad = 0 if loss < last else bad + 1
        last = loss
        if bad > patience:
            rate, bad = rate * factor, 0
    return rates


@wrong("patient-rates", fails="test_the_best_is_the_best_of_all")
def patient_rates(losses, rate, factor, patience):
    """Takes a loss equal to the best for a new best."""
    rates, best, bad = [], np.inf, 0
    for loss in losses:
        rates.append(rate)
        best, bad = (loss, 0) if loss <= best else (best, bad + 1)
        if bad > patience:
            rate, bad = rate * factor, 0
    return rates


@wrong("patient-rates", fails="test_after_a_fall_patience_starts_anew")
def patient_rates(losses, rate, factor, patience):
    """Does not start to count anew after a fall."""
    rates, best, bad = [], np.inf, 0
    for loss in losses:
        rates.append(rate)
        best, bad = (loss, 0) if loss < best else (best, bad + 1)
        if bad > patience:
            rate = rate * factor
    return rates


@wrong("patient-rates", fails="test_after_a_fall_patience_starts_anew")
def patient_rates(losses, rate, factor, patience):
    """Forgets the best when the rate falls."""
    rates, best, bad = [], np.inf, 0
    for loss in losses:
        rates.append(rate)
        best, bad = (loss, 0) if loss < best else (best, bad + 1)
        if bad > patience:
            rate, best, bad = rate * factor, np.inf, 0
    return rates


@wrong("read-rates", fails="test_updates_and_epochs_are_told_apart")
def read_rates(rates, per_epoch):
    """Is off by one at the ends of the epochs."""
    rates = np.asarray(rates, dtype=float)
    if not np.isfinite(rates).all() or rates.min() < 0:
        return "broken"
    change = np.sign(np.diff(rates))
    if not change.any():
        return "constant"
    if (np.maximum.accumulate(change == -1) & (change == 1)).any():
        return "restarted"
    inside = np.arange(len(rates) - 1) % per_epoch != 0
    return "updates" if change[inside].any() else "epochs"


@wrong("read-rates", fails="test_a_restart_is_a_rise_after_a_fall")
def read_rates(rates, per_epoch):
    """Takes every rise for a restart."""
    rates = np.asarray(rates, dtype=float)
    if not np.isfinite(rates).all() or rates.min() < 0:
        return "broken"
    change = np.sign(np.diff(rates))
    if not change.any():
        return "constant"
    if (change == 1).any():
        return "restarted"
    inside = np.arange(1, len(rates)) % per_epoch != 0
    return "updates" if change[inside].any() else "epochs"


@wrong("read-rates", fails="test_broken_comes_first")
def read_rates(rates, per_epoch):
    """Asks for constant rates first, and lets negative ones pass."""
    rates = np.asarray(rates, dtype=float)
    change = np.sign(np.diff(rates))
    if not change.any():
        return "constant"
    if not np.isfinite(rates).all():
        return "broken"
    if (np.maximum.accumulate(change == -1) & (change == 1)).any():
        return "restarted"
    inside = np.arange(1, len(rates)) % per_epoch != 0
    return "updates" if change[inside].any() else "epochs"
