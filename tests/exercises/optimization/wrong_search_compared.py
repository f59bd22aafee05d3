"""Known wrong answers to the exercises on the page that compares searches."""

import numpy as np

from companion.exercises import wrong


@wrong("memory-scale", fails="test_the_memory_is_log_uniform")
def betas_for(r, short, long):
    """Draws β uniformly."""
    low, high = 1 - 1 / short, 1 - 1 / long
    return low + np.asarray(r) * (high - low)


@wrong("memory-scale", fails="test_the_memory_is_log_uniform")
def betas_for(r, short, long):
    """Draws β log-uniformly, which is nearly uniform."""
    low, high = max(1 - 1 / short, 1e-9), 1 - 1 / long
    return low * (high / low) ** np.asarray(r)


@wrong("memory-scale", fails="test_the_memory_is_log_uniform")
def betas_for(r, short, long):
    """Draws the memory uniformly."""
    return 1 - 1 / (short + np.asarray(r) * (long - short))


@wrong("memory-scale", fails="test_the_memory_is_log_uniform")
def betas_for(r, short, long):
    """Returns 1 - β."""
    return 1 / (short * (long / short) ** np.asarray(r))


@wrong("memory-scale", fails="test_the_memory_is_log_uniform")
def betas_for(r, short, long):
    """Starts at the long memory."""
    return 1 - 1 / (long * (short / long) ** np.asarray(r))


@wrong("memory-scale", fails="test_a_memory_of_one_step")
def betas_for(r, short, long):
    """Does not let β be small."""
    return np.maximum(1 - 1 / (short * (long / short) ** np.asarray(r)), 0.5)


@wrong("halving-cost", fails="test_costs_of_two_schedules")
def halving_cost(count, rungs, factor):
    """Trains each stage from the start."""
    reached, epochs = [], 0
    for rung in rungs:
        reached.append(count)
        epochs += count * rung
        count = max(1, count // factor)
    return reached, epochs


@wrong("halving-cost", fails="test_costs_of_two_schedules")
def halving_cost(count, rungs, factor):
    """Drops the losers before the first rung."""
    reached, epochs, before = [], 0, 0
    for rung in rungs:
        count = max(1, count // factor)
        reached.append(count)
        epochs += count * (rung - before)
        before = rung
    return reached, epochs


@wrong("halving-cost", fails="test_costs_of_two_schedules")
def halving_cost(count, rungs, factor):
    """Forgets that the survivors of the last comparison are trained to the end."""
    reached, epochs, before = [], 0, 0
    for rung in rungs:
        reached.append(count)
        epochs += count * (rung - before) * (rung != rungs[-1])
        before, count = rung, max(1, count // factor)
    return reached, epochs


@wrong("halving-cost", fails="test_numbers_that_do_not_divide")
def halving_cost(count, rungs, factor):
    """Rounds up."""
    reached, epochs, before = [], 0, 0
    for rung in rungs:
        reached.append(count)
        epochs += count * (rung - before)
        before, count = rung, -(-count // factor)
    return reached, epochs


@wrong("halving-cost", fails="test_one_trial_at_least_goes_on")
def halving_cost(count, rungs, factor):
    """May lose all trials."""
    reached, epochs, before = [], 0, 0
    for rung in rungs:
        reached.append(count)
        epochs += count * (rung - before)
        before, count = rung, count // factor
    return reached, epochs


@wrong("what-mattered", fails="test_the_largest_main_effect")
def what_mattered(losses, names):
    """Averages over the axis itself, and so measures the others."""
    logs = np.log(losses)
    return names[int(np.argmax([logs.mean(axis=k).var() for k in range(logs.ndim)]))]


@wrong("what-mattered", fails="test_the_largest_main_effect")
def what_mattered(losses, names):
    """Takes the smallest effect."""
    logs = np.log(losses)
    effects = [
        np.moveaxis(logs, k, 0).reshape(n, -1).mean(1).var() for k, n in enumerate(logs.shape)
    ]
    return names[int(np.argmin(effects))]


@wrong("what-mattered", fails="test_the_largest_main_effect")
def what_mattered(losses, names):
    """Names the axis where the best trial is furthest from the start."""
    place = np.unravel_index(np.argmin(losses), losses.shape)
    return names[int(np.argmax(place))]


@wrong("what-mattered", fails="test_a_diverged_run_does_not_decide")
def what_mattered(losses, names):
    """Leaves out the logarithm."""
    effects = [
        np.moveaxis(losses, k, 0).reshape(n, -1).mean(1).var() for k, n in enumerate(losses.shape)
    ]
    return names[int(np.argmax(effects))]


@wrong("what-mattered", fails="test_effects_of_two_together_are_no_main_effect")
def what_mattered(losses, names):
    """Takes the mean of the variances along the axis."""
    logs = np.log(losses)
    return names[int(np.argmax([logs.var(axis=k).mean() for k in range(logs.ndim)]))]


@wrong("what-mattered", fails="test_effects_of_two_together_are_no_main_effect")
def what_mattered(losses, names):
    """Takes the range of the means instead of their variance."""
    logs = np.log(losses)
    effects = [
        np.ptp(np.moveaxis(logs, k, 0).reshape(n, -1).mean(1)) for k, n in enumerate(logs.shape)
    ]
    return names[int(np.argmax(effects))]


@wrong("read-journal", fails="test_who_did_which_trial")
def read_journal(lines):
    """Gives each worker numbers of its own."""
    trials = {}
    for line in lines:
        if line["op"] == "begin":
            trials.setdefault(line["worker"], []).append((line["worker"], None))
    return [trial for mine in trials.values() for trial in mine]


@wrong("read-journal", fails="test_who_did_which_trial")
def read_journal(lines):
    """Takes the order of the ends for the numbers."""
    workers = [line["worker"] for line in lines if line["op"] == "begin"]
    values = [line["value"] for line in lines if line["op"] == "end"]
    values += [None] * (len(workers) - len(values))
    return list(zip(workers, values, strict=False))


@wrong("read-journal", fails="test_a_trial_without_an_end_is_running")
def read_journal(lines):
    """Forgets the trials that still run."""
    trials = []
    for line in lines:
        if line["op"] == "begin":
            trials.append((line["worker"], None))
        elif trials[line["trial"]][1] is None:
            trials[line["trial"]] = (trials[line["trial"]][0], line["value"])
    return [trial for trial in trials if trial[1] is not None]


@wrong("read-journal", fails="test_the_first_end_counts")
def read_journal(lines):
    """Lets a later line overwrite a finished trial."""
    trials = []
    for line in lines:
        if line["op"] == "begin":
            trials.append((line["worker"], None))
        else:
            trials[line["trial"]] = (trials[line["trial"]][0], line["value"])
    return trials


@wrong("read-journal", fails="test_the_first_end_counts")
def read_journal(lines):
    """Takes a loss of 0 for no loss."""
    trials = []
    for line in lines:
        if line["op"] == "begin":
            trials.append((line["worker"], None))
        elif not trials[line["trial"]][1]:
            trials[line["trial"]] = (trials[line["trial"]][0], line["value"])
    return trials
