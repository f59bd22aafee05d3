"""Checks of the exercises in the page that compares schedules."""

import numpy as np

from companion import nn
from companion.exercises import assert_close, assert_raises, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.optim import SGD, lr_scheduler

RANDOM = np.random.default_rng(5)


def scheduled(make, base, steps):
    """Rates of a scheduler over some steps."""
    optimizer = SGD([nn.Parameter(np.zeros(1))], lr=base)
    scheduler = make(optimizer)
    return np.array([scheduler.rates(t)[0] for t in range(steps)])


FACTORS = {
    "exponential": lambda t, c: c**t,
    "time": lambda t, c: 1 / (1 + c * t),
    "root": lambda t, c: (c / (c + t)) ** 0.5,
}


def first_step(share, rule, c):
    """Try one step after the other."""
    t = 0
    while FACTORS[rule](t, c) > share:
        t += 1
    return t


@check(
    "steps-to",
    hints=(
        "Solve f(t) = share for t, then take the next whole number.",
        "log(share)/log(c) for the exponential; take 1/f for the other two.",
        "t = (1 / share - 1) / c; t = c * (1 / share**2 - 1)",
    ),
)
def test_steps_are_counted_right(student):
    "the three rules fall to several shares at the right step"
    for rule, c in (("exponential", 0.95), ("time", 0.3), ("root", 2.0), ("exponential", 0.5)):
        for share in (0.7, 0.11, 0.013):
            expected = first_step(share, rule, c)
            mistakes = {"one step too early: round up": expected - 1, "one too late": expected + 1}
            got = student.steps_to(share, rule, c)
            assert_close(got, expected, mistakes=mistakes, what=f"{rule}, c = {c}, to {share}")
            assert float(got) == int(got), f"expected a whole number, got {got}"


@check(
    "steps-to",
    hidden=True,
    hints=(
        "The answer may be a very large number.",
        "Do not count up to it; solve for it.",
        "int(np.ceil(np.log(share) / np.log(c)))",
    ),
)
def test_steps_that_nobody_would_count(student):
    "shares that are reached after more than 10^10 steps come out at once; those of 1 and more at 0"
    got = student.steps_to(2.0**-20, "root", 1.0)
    assert_close(got, 2**40 - 1, what="1/√(1 + t) to 2^-20")
    assert_close(student.steps_to(2.0**-30, "time", 2.0**-5), 2**35 - 2**5, what="1/(1 + t/32)")
    for rule, c in (("exponential", 0.9), ("time", 0.1), ("root", 3.0)):
        assert_close(student.steps_to(1.0, rule, c), 0, what=f"{rule} to a share of 1")
        assert_close(student.steps_to(1.7, rule, c), 0, what=f"{rule} to a share of 1.7")


@check(
    "steps-to",
    hints=(
        "Not every word is a rule.",
        "Raise a ValueError when no rule fitted.",
        "else: raise ValueError(f'rule is {rule!r}')",
    ),
)
def test_unknown_rules_are_an_error(student):
    "any other rule is a ValueError"
    assert_raises(student.steps_to, 0.5, "cosine", 3.0, error="ValueError")


def by_scheduler(losses, rate, factor, patience):
    """The same by the scheduler of the companion, which the tests hold to PyTorch's."""
    optimizer = SGD([nn.Parameter(np.zeros(1))], lr=rate)
    scheduler = lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=factor, patience=patience, threshold=0.0, eps=0.0
    )
    rates = []
    for loss in losses:
        rates += scheduler.get_last_lr()
        scheduler.step(loss)
    return rates


@check(
    "patient-rates",
    points=2,
    hints=(
        "Remember the best loss so far and count the epochs since.",
        "Note the rate before you look at the loss; it falls when the count exceeds patience.",
        "if bad > patience: rate, bad = rate * factor, 0",
    ),
)
def test_rates_of_noisy_losses(student):
    "for noisy losses the rates are those of ReduceLROnPlateau with threshold 0"
    for k, (factor, patience) in enumerate(((0.1, 2), (0.5, 0), (0.3, 4))):
        losses = (np.exp(-np.arange(25) / 8) + 0.1 * RANDOM.normal(size=25)).tolist()
        got = student.patient_rates(losses, 0.2 * (k + 1), factor, patience)
        assert isinstance(got, list), f"expected a list, got {kind_of(got)}"
        assert len(got) == 25, f"expected 25 rates, got {len(got)}"
        expected = by_scheduler(losses, 0.2 * (k + 1), factor, patience)
        early = by_scheduler(losses, 0.2 * (k + 1), factor, patience - 1) if patience else None
        mistakes = {
            "these are the rates after the epochs, not in them": [
                *expected[1:],
                got[-1],
            ],
            "the rate falls one epoch too early: the count must exceed patience": early,
        }
        mistakes = {text: value for text, value in mistakes.items() if value is not None}
        assert_close(got, expected, mistakes=mistakes, what=f"the rates at patience {patience}")
    assert_unchanged(student.patient_rates)


@check(
    "patient-rates",
    hints=(
        "The best is the best of all epochs, not the one before.",
        "A loss that is better than the last one may still be worse than the best.",
        "if loss < best: best, bad = loss, 0",
    ),
)
def test_the_best_is_the_best_of_all(student):
    "a loss below the last one but above the best is bad, and so is one equal to the best"
    zigzag = [1.0, 3.0, 2.0, 3.0, 2.0, 3.0, 2.0]
    got = student.patient_rates(zigzag, 1.0, 0.5, 1)
    assert_close(got, [1, 1, 1, 0.5, 0.5, 0.25, 0.25], what=f"the rates for {zigzag}")
    level = [2.0] * 6
    got = student.patient_rates(level, 1.0, 0.5, 2)
    assert_close(got, [1, 1, 1, 1, 0.5, 0.5], what=f"the rates for {level}")


@check(
    "patient-rates",
    hidden=True,
    hints=(
        "After a fall the count starts anew.",
        "Set bad back to 0 when the rate falls, and leave best as it is.",
        "rate, bad = rate * factor, 0",
    ),
)
def test_after_a_fall_patience_starts_anew(student):
    "after a fall as many bad epochs are borne again, and the best is kept"
    losses = [1.0] + [2.0] * 8
    got = student.patient_rates(losses, 8.0, 0.5, 2)
    assert_close(got, [8, 8, 8, 8, 4, 4, 4, 2, 2], what="the rates of a run that never gets better")
    losses = [1.0, 5.0, 5.0, 4.0, 3.0, 2.0]
    assert_close(student.patient_rates(losses, 4.0, 0.5, 1), [4, 4, 4, 2, 2, 1])


def log_of(make, base=0.5, steps=24):
    return scheduled(make, base, steps)


def per_epoch(make, epochs=6, updates=4):
    return np.repeat(log_of(make, steps=epochs), updates)


@check(
    "read-rates",
    points=2,
    hints=(
        "Look at the differences from one update to the next.",
        "The change into update k lies between two epochs if k is a multiple of per_epoch.",
        "np.arange(1, len(rates)) % per_epoch != 0",
    ),
)
def test_updates_and_epochs_are_told_apart(student):
    "constant rates, rates that change every update and every epoch get their word"
    cases = [
        ("constant", np.full(12, 0.3), 4),
        ("updates", log_of(lambda o: lr_scheduler.ExponentialLR(o, 0.95)), 4),
        ("updates", log_of(lambda o: lr_scheduler.MultiStepLR(o, [6])), 4),
        ("epochs", per_epoch(lambda o: lr_scheduler.ExponentialLR(o, 0.95)), 4),
        ("epochs", per_epoch(lambda o: lr_scheduler.StepLR(o, 2)), 4),
        ("updates", per_epoch(lambda o: lr_scheduler.StepLR(o, 2)), 5),
        ("epochs", log_of(lambda o: lr_scheduler.ExponentialLR(o, 0.95)), 1),
    ]
    for word, rates, updates in cases:
        got = student.read_rates(rates, updates)
        assert_close(got, word, what=f"the word for {rates[:7]} … with {updates} updates an epoch")


@check(
    "read-rates",
    hints=(
        "A restart is a rise after a fall; a warm-up rises first.",
        "Find out for each change whether a fall came before it.",
        "fallen = np.maximum.accumulate(change < 0); (fallen & (change > 0)).any()",
    ),
)
def test_a_restart_is_a_rise_after_a_fall(student):
    "restarts are found, by update or by epoch, and a warm-up is none"

    def warm(o):
        parts = [
            lr_scheduler.LinearLR(o, total_iters=4),
            lr_scheduler.CosineAnnealingLR(o, 20),
        ]
        return lr_scheduler.SequentialLR(o, parts, [4])

    cases = [
        ("restarted", log_of(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 9)), 4),
        ("restarted", per_epoch(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 4)), 4),
        ("restarted", np.array([0.1, 0.3, 0.3, 0.2, 0.2, 0.2, 0.25, 0.1]), 3),
        ("updates", log_of(warm), 4),
        ("epochs", np.repeat([0.1, 0.2, 0.4, 0.4, 0.1], 3), 3),
    ]
    for word, rates, updates in cases:
        got = student.read_rates(rates, updates)
        assert_close(got, word, what=f"the word for {rates[:8]} …")


@check(
    "read-rates",
    hidden=True,
    hints=(
        "Which of several words comes first?",
        "Ask for broken rates before everything else, also where they are all equal.",
        "if not np.isfinite(rates).all() or rates.min() < 0: return 'broken'",
    ),
)
def test_broken_comes_first(student):
    "rates that are negative, infinite or NaN are broken, a rate of 0 is not"
    for rates in ([0.1, np.nan, 0.1], [-0.1] * 4, [0.2, np.inf], [np.nan] * 3, [0.5, 0.1, -1e-9]):
        assert_close(student.read_rates(np.array(rates), 2), "broken", what=f"the word for {rates}")
    assert_close(student.read_rates(np.zeros(5), 2), "constant", what="the word for zeros")
    assert_close(student.read_rates(np.array([0.3]), 2), "constant", what="the word for one rate")
    assert_close(student.read_rates(np.array([0.2, 0.2, 0.0, 0.0]), 2), "epochs")
