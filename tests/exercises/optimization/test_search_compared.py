"""Checks of the exercises on the page that compares searches."""

import numpy as np
from scipy import stats

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(14)
SHARES = np.concatenate([[0.0, 1.0], RANDOM.uniform(size=9)])


@check(
    "memory-scale",
    points=2,
    hints=(
        "Draw the memory first, on a logarithmic scale; then solve memory = 1 / (1 - β) for β.",
        "β = 1 - 1 / memory",
        "1 - 1 / (short * (long / short) ** r)",
    ),
)
def test_the_memory_is_log_uniform(student):
    "1/(1-β) is log-uniform between two lengths, for two pairs of lengths"
    for short, long in ((10, 1000), (4.0, 50.0)):
        memory = stats.loguniform(short, long).ppf(SHARES)
        low, high = 1 - 1 / short, 1 - 1 / long
        mistakes = {
            "β itself is uniform here": low + SHARES * (high - low),
            "β itself is log-uniform here": stats.loguniform(low, high).ppf(SHARES),
            "the memory is uniform, not log-uniform": 1
            - 1 / (short + SHARES * (long - short)),
            "this is 1 - β": 1 / memory,
            "this is the memory, not β": memory,
            "r = 0 must remember `short` steps: the ends are swapped": 1
            - 1 / stats.loguniform(short, long).ppf(1 - SHARES),
        }
        got = student.betas_for(SHARES, short, long)
        what = f"{short:g} to {long:g} steps"
        assert_close(got, 1 - 1 / memory, rtol=1e-9, atol=1e-12, mistakes=mistakes, what=what)


@check(
    "memory-scale",
    hidden=True,
    hints=(
        "A memory of one step is β = 0, plain gradient descent.",
        "log(0) appears where β is drawn on a log scale; draw the memory instead.",
        "memory = short * (long / short) ** r",
    ),
)
def test_a_memory_of_one_step(student):
    "a memory of one step is β = 0"
    expected = np.array([0.0, 0.9, 0.99])
    assert_close(student.betas_for(np.array([0.0, 0.5, 1.0]), 1, 100), expected, atol=1e-12)


def assert_cost(got, reached, epochs, mistakes=None):
    assert isinstance(got, tuple), f"expected a tuple (list, number), got {kind_of(got)}"
    assert len(got) == 2, f"expected a tuple (list, number), got {len(got)} values"
    assert_close(list(got[0]), reached, what="the trials that reach each rung")
    assert_close(got[1], epochs, mistakes=mistakes or {}, what="the epochs in total")


@check(
    "halving-cost",
    points=2,
    hints=(
        "All trials are trained to the first rung, the survivors from there to the second.",
        "A trial that goes on needs only the epochs between two rungs.",
        "epochs += count * (rung - before); before, count = rung, count // factor",
    ),
)
def test_costs_of_two_schedules(student):
    "27 trials with rungs 1, 3, 9, 27 and a third each, and 16 with 2, 5, 6 and a half each"
    # 27 for one epoch, 9 for two more, 3 for six more, 1 for eighteen more.
    mistakes = {
        "each stage is trained from the start again": 27 * 1 + 9 * 3 + 3 * 9 + 1 * 27,
        "all trials are trained to the end": 27 * 27,
        "the last rung is missing": 27 + 18 + 18,
    }
    assert_cost(student.halving_cost(27, [1, 3, 9, 27], 3), [27, 9, 3, 1], 81, mistakes)
    again = {"each stage is trained from the start again": 16 * 2 + 8 * 5 + 4 * 6}
    assert_cost(student.halving_cost(16, [2, 5, 6], 2), [16, 8, 4], 32 + 24 + 4, again)


@check(
    "halving-cost",
    hints=(
        "Numbers of trials are whole.",
        "Round down, as // does.",
        "count // factor",
    ),
)
def test_numbers_that_do_not_divide(student):
    "ten trials, a third of them: ten, three, one"
    assert_cost(student.halving_cost(10, [4, 8, 12], 3), [10, 3, 1], 40 + 12 + 4)


@check(
    "halving-cost",
    hidden=True,
    hints=(
        "Somebody has to win.",
        "At least one trial goes on, also where count // factor is 0.",
        "max(1, count // factor)",
    ),
)
def test_one_trial_at_least_goes_on(student):
    "a factor larger than the number of trials leaves one"
    assert_cost(student.halving_cost(4, [1, 2, 10], 5), [4, 1, 1], 4 + 1 + 8)
    assert_cost(student.halving_cost(1, [3, 7], 2), [1, 1], 7)


def table(**effects):
    """Losses whose logarithm is a sum of effects, one axis each, in the order given."""
    logs = np.zeros(())
    for values in effects.values():
        logs = logs[..., None] + np.array(values)
    return np.exp(logs), list(effects)


@check(
    "what-mattered",
    points=2,
    hints=(
        "Average over all axes but one; how much do the means vary?",
        "logs.mean(axis=...) takes a tuple of axes.",
        "logs.mean(axis=tuple(a for a in range(logs.ndim) if a != k)).var()",
    ),
)
def test_the_largest_main_effect(student):
    "the one with the largest main effect is named, wherever its axis is"
    cases = [
        table(rate=[0.0, 2.0, 1.0], units=[0.0, 0.5], decay=[0.1, 0.0, 0.2, 0.0]),
        table(eps=[0.0, 0.01], batch=[0.3, 0.0, 0.1], rate=[0.0, -1.5]),
        table(decay=[0.0, 0.1], units=[0.0, 0.9, 1.8], rate=[0.2, 0.0, 0.1]),
    ]
    for (losses, names), expected in zip(cases, ("rate", "rate", "units"), strict=True):
        got = student.what_mattered(losses, names)
        assert_close(got, expected, what=f"the name among {', '.join(names)}")


@check(
    "what-mattered",
    hints=(
        "One run that exploded must not decide everything.",
        "Take the logarithm before any mean.",
        "logs = np.log(losses)",
    ),
)
def test_a_diverged_run_does_not_decide(student):
    "one huge loss does not make its axis the most important"
    losses, names = table(rate=[0.0, 1.5, 3.0, 1.5], units=[0.0, 0.1, 0.0, 0.1, 0.0])
    losses[1, 3] = 5e3
    # By the means of the losses themselves the units would win: 4 values share the outlier there,
    # 5 values share it along the rate.
    assert np.argmax([losses.mean(axis=1).var(), losses.mean(axis=0).var()]) == 1
    logs = np.log(losses)
    assert logs.mean(axis=1).var() > logs.mean(axis=0).var()
    assert_close(student.what_mattered(losses, names), "rate", what="the name")


@check(
    "what-mattered",
    hidden=True,
    hints=(
        "The variance of the means, not the mean of the variances.",
        "A hyperparameter that only matters together with another has no main effect.",
        "Average first, over all other axes; then .var() of what is left.",
    ),
)
def test_effects_of_two_together_are_no_main_effect(student):
    "an effect that cancels in the mean does not count, and many values are not few values"
    together = np.array([[2.0, -2.0, 0.0], [-2.0, 2.0, 0.0]])
    logs = together[:, :, None] + np.array([0.0, 0.4, 0.0])
    names = ["rate", "momentum", "decay"]
    assert_close(student.what_mattered(np.exp(logs), names), "decay", what="the name")
    losses, names = table(few=[0.0, 1.0], many=[0.0, *[0.5] * 9, 1.1])
    # Variances: 0.25 against 0.053. The ranges alone would say the other.
    assert_close(student.what_mattered(losses, names), "few", what="the name")


def begin(worker):
    return {"op": "begin", "worker": worker}


def end(trial, value):
    return {"op": "end", "trial": trial, "value": value}


def assert_trials(got, expected, what):
    assert isinstance(got, list), f"expected a list of pairs, got {kind_of(got)}"
    assert len(got) == len(expected), f"{what}: expected {len(expected)} trials, got {len(got)}"
    for number, (pair, (worker, value)) in enumerate(zip(got, expected, strict=True)):
        assert isinstance(pair, tuple | list), f"trial {number}: {kind_of(pair)}, not a pair"
        assert len(pair) == 2, f"trial {number}: expected (worker, value), got {len(pair)} entries"
        assert pair[0] == worker, f"trial {number}: worker {pair[0]!r}, expected {worker!r}"
        same = pair[1] is None if value is None else pair[1] == value
        assert same, f"trial {number}: value {pair[1]!r}, expected {value!r}"


@check(
    "read-journal",
    points=2,
    hints=(
        "Go through the lines in order and keep a list of the trials so far.",
        "A line 'begin' appends to the list; a line 'end' fills in the value of its trial.",
        "trials.append((line['worker'], None)), and trials[k] = (trials[k][0], line['value'])",
    ),
)
def test_who_did_which_trial(student):
    "two journals of finished trials, whose workers take turns irregularly"
    lines = [begin("A"), begin("B"), end(1, 0.5), begin("B"), end(0, 0.7), end(2, 0.4)]
    expected = [("A", 0.7), ("B", 0.5), ("B", 0.4)]
    assert_trials(student.read_journal(lines), expected, "the first journal")
    lines = [begin("x"), begin("z"), begin("y"), end(2, 3.0), end(0, 1.0), end(1, 2.0)]
    expected = [("x", 1.0), ("z", 2.0), ("y", 3.0)]
    assert_trials(student.read_journal(lines), expected, "the second journal")


@check(
    "read-journal",
    hints=(
        "A worker may have been killed, or not be done yet.",
        "The value of a trial without a line 'end' stays None.",
        "Append (line['worker'], None) when the trial begins.",
    ),
)
def test_a_trial_without_an_end_is_running(student):
    "a trial that has begun and not ended has the value None; an empty journal has no trials"
    lines = [begin("A"), begin("B"), end(1, 0.5), begin("B")]
    expected = [("A", None), ("B", 0.5), ("B", None)]
    assert_trials(student.read_journal(lines), expected, "the journal")
    assert_trials(student.read_journal([]), [], "the empty journal")


@check(
    "read-journal",
    hidden=True,
    hints=(
        "Two workers may have been given the same trial.",
        "A line 'end' of a trial that has ended changes nothing. A loss of 0 is a loss.",
        "if trials[k][1] is None:",
    ),
)
def test_the_first_end_counts(student):
    "of two ends of the same trial the first counts, also if its loss is 0"
    lines = [begin("A"), begin("B"), end(0, 0.0), end(0, 0.9), end(1, 0.3), end(1, 0.1)]
    assert_trials(student.read_journal(lines), [("A", 0.0), ("B", 0.3)], "the journal")
