"""Checks of the exercises in the chapter on learning-rate schedules."""

import numpy as np

from companion import nn
from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of
from companion.optim import SGD, lr_scheduler


def warmed_wave(t):
    """Rate at update t of the run of 110 updates, by the half-angle formula."""
    return 0.08 * (t + 1) if t < 10 else 0.8 * np.cos(np.pi * (t - 10) / 200) ** 2


@check(
    "four-rates",
    hints=(
        "In the warm-up update t is the (t + 1)th of ten; its rate is that share of 0.8.",
        "At t = 4 that is 5/10 of 0.8; at t = 10 the wave begins, at its top.",
        "0.4 and 0.8",
    ),
)
def test_warm_up_and_top(student):
    "the rates at updates 4 and 10"
    got = student.four_rates()
    assert isinstance(got, tuple), f"expected a tuple of four numbers, got {kind_of(got)}"
    assert len(got) == 4, f"expected four numbers, got {len(got)}"
    mistakes = {"counted from 0: t = 4 is the fifth update": 0.32, "this is the factor": 0.5}
    assert_close(got[0], warmed_wave(4), rtol=0.01, mistakes=mistakes, what="the rate at t = 4")
    mistakes = {
        "the wave counts from the start of the warm-up": 0.4 * (1 + np.cos(np.pi / 11)),
        "this is the factor": 1.0,
    }
    assert_close(got[1], warmed_wave(10), rtol=0.01, mistakes=mistakes, what="the rate at t = 10")


@check(
    "four-rates",
    hints=(
        "From t = 10 on the wave counts its own steps, out of 100.",
        "At t = 60 it has done half of them: cos(π/2) = 0. At t = 110: cos π = -1.",
        "0.8 · ½ (1 + 0) and 0.8 · ½ (1 - 1)",
    ),
)
def test_middle_and_end_of_the_wave(student):
    "the rates at updates 60 and 110"
    got = student.four_rates()
    assert isinstance(got, tuple), f"expected a tuple of four numbers, got {kind_of(got)}"
    assert len(got) == 4, f"expected four numbers, got {len(got)}"
    mistakes = {
        "the wave counts from the start of the warm-up": 0.4 * (1 + np.cos(np.pi * 60 / 110)),
        "the warm-up is forgotten in its length": 0.4 * (1 + np.cos(np.pi * 50 / 110)),
        "this is the factor": 0.5,
    }
    assert_close(got[2], warmed_wave(60), rtol=0.01, mistakes=mistakes, what="the rate at t = 60")
    mistakes = {"½ (1 + cos π) is 0, not 1": 0.8}
    assert_close(got[3], warmed_wave(110), atol=1e-3, mistakes=mistakes, what="the rate at t = 110")


def settled(rates, start):
    """Mean square of the distance after noisy steps, in closed form: a sum over the steps."""
    kept = (1 - np.asarray(rates, dtype=float)) ** 2
    later = np.append(np.cumprod(kept[::-1])[::-1], 1.0)
    return start * later[0] + np.sum(np.asarray(rates) ** 2 * later[1:])


@check(
    "half-the-rate",
    hints=(
        "The floor is where forgetting and new noise balance.",
        "Put 0.2 and 0.1 into η/(2 - η) and compare.",
        "0.111 and 0.053",
    ),
)
def test_what_becomes_of_the_floor(student):
    "the floor at half the rate, by following the mean square for 500 steps"
    before, after = (settled(np.full(500, rate), 1.0) for rate in (0.2, 0.1))
    shares = {"same": 1.0, "about half": 0.5, "about a quarter": 0.25}
    expected = min(shares, key=lambda word: abs(shares[word] - after / before))
    mistakes = {
        "a quarter is the noise of one step; it is also forgotten half as fast": "about a quarter",
        "a smaller rate brings in less noise": "same",
    }
    assert_close(student.floor_at_half_the_rate(), expected, mistakes=mistakes, what="the answer")


@check(
    "rate-for-floor",
    points=2,
    hints=(
        "The formula gives the floor of a rate; asked for is the rate of a floor.",
        "Multiply by λ(2 - ηλ) and bring all terms with η to one side.",
        "2 λ F = η (s² + λ² F)",
    ),
)
def test_the_floor_is_where_the_squares_settle(student):
    "noisy steps at the returned rate settle at the floor, for several curvatures and noises"
    for floor, curvature, variance in ((0.1, 1.0, 1.0), (0.02, 3.0, 0.5), (5.0, 0.5, 2.0)):
        got = student.rate_for_floor(floor, curvature, variance)
        small = 2 * curvature * floor / variance
        # Bisection: the level at which the expected square no longer changes.
        low, high = 0.0, 2 / curvature
        for _ in range(100):
            rate = (low + high) / 2
            settled = rate**2 * variance / (1 - (1 - rate * curvature) ** 2)
            low, high = (rate, high) if settled < floor else (low, rate)
        mistakes = {
            "this is the formula for small rates only": small,
            "the variance is squared": 2 * curvature * floor / (variance**2 + curvature**2 * floor),
            "this is the floor of a rate, not the rate of a floor": floor
            * variance
            / (curvature * (2 - floor * curvature)),
        }
        what = f"the rate for floor {floor}, curvature {curvature}, variance {variance}"
        assert_close(got, (low + high) / 2, rtol=1e-9, mistakes=mistakes, what=what)


def scheduled(make, base, steps):
    """Rates of a scheduler over some steps."""
    optimizer = SGD([nn.Parameter(np.zeros(1))], lr=base)
    scheduler = make(optimizer)
    return np.array([scheduler.rates(t)[0] for t in range(steps)])


@check(
    "warm-wave",
    hints=(
        "In the warm-up the rate grows by the same amount at each update.",
        "At t = 0 it is already peak/warm, at t = warm - 1 it is peak.",
        "if t < warm: return peak * (t + 1) / warm",
    ),
)
def test_the_rate_rises_in_equal_steps(student):
    "during the warm-up the rate rises from peak/warm to peak"
    for warm, total, peak, low in ((5, 20, 0.4, 0.0), (8, 11, 3.0, 0.1)):
        got = np.array([student.warm_wave(t, warm, total, peak, low) for t in range(warm)])
        expected = np.linspace(peak / warm, peak, warm)
        mistakes = {
            "it starts at 0: one step late": expected - peak / warm,
            "it starts at low": low + (peak - low) * np.arange(1, warm + 1) / warm,
            "it starts at 0 and takes one step less": np.linspace(0, peak, warm),
        }
        assert_close(got, expected, mistakes=mistakes, what="the rates of the warm-up")


@check(
    "warm-wave",
    points=2,
    hints=(
        "After the warm-up the wave counts its own steps.",
        "Its share is (t - warm) / (total - warm), from 0 to 1.",
        "low + (peak - low) * (1 + np.cos(np.pi * share)) / 2",
    ),
)
def test_the_wave_goes_down_to_low(student):
    "after the warm-up the rate follows half a cosine from peak towards low"
    for warm, total, peak, low in ((5, 25, 0.4, 0.0), (3, 40, 2.0, 0.5)):
        times = np.arange(warm, total)
        got = np.array([student.warm_wave(int(t), warm, total, peak, low) for t in times])

        def wave(steps, low=low):
            return lambda o: lr_scheduler.CosineAnnealingLR(o, steps, eta_min=low)

        expected = scheduled(wave(total - warm), peak, total - warm)
        late = scheduled(wave(total), peak, total - warm)
        early = [*expected[1:], low]
        mistakes = {
            "it would arrive warm updates after total": late,
            "the wave begins one update early: at t = warm the rate is peak": early,
            "the wave counts from the start of the warm-up": scheduled(wave(total), peak, total)[
                warm:
            ],
            "low is added on top": low + scheduled(wave(total - warm, 0.0), peak, total - warm),
            "low is left out": scheduled(wave(total - warm, 0.0), peak, total - warm),
        }
        if low == 0:
            mistakes = {text: v for text, v in mistakes.items() if not text.startswith("low")}
        assert_close(got, expected, atol=1e-12, mistakes=mistakes, what="the rates of the wave")


@check(
    "warm-wave",
    hidden=True,
    hints=(
        "What happens without a warm-up, and after the end?",
        "With warm = 0 nothing may be divided by it; beyond total a cosine would rise again.",
        "share = min((t - warm) / (total - warm), 1)",
    ),
)
def test_no_warm_up_and_after_the_end(student):
    "without a warm-up it starts at peak, and from total on it stays at low"
    assert_close(student.warm_wave(0, 0, 10, 0.5), 0.5, what="the first rate without warm-up")
    for t in (10, 13, 40):
        got = student.warm_wave(t, 2, 10, 0.5, 0.03)
        assert_close(got, 0.03, what=f"the rate at t = {t} with total = 10")


def rates_of(student, steps):
    """The learner's rates, checked for their shape."""
    rates = np.asarray(student.settling_rates(steps), dtype=float)
    assert rates.shape == (steps,), f"expected {steps} rates, got the shape {rates.shape}"
    return rates


@check(
    "settle",
    points=2,
    hints=(
        "Begin high, to forget the start; end low, to have little noise.",
        "Look at the table of the page: the rates 1, 1/2, 1/3, … give q = 1, 1/2, 1/3, …",
        "1 / (1 + np.arange(steps))",
    ),
)
def test_the_walk_settles(student):
    "after 50 and after 200 steps the mean square is at most 2/steps"
    for steps in (50, 200):
        q = settled(rates_of(student, steps), 100.0)
        assert q <= 2 / steps, f"after {steps} steps q is {q:.3g}, more than {2 / steps:.3g}"


@check(
    "settle",
    hidden=True,
    hints=(
        "A rate that is right for 50 steps falls too slowly, or too early, for 1,000.",
        "Let the rates depend on the step alone, like 1/(t + 1), or stretch them with the run.",
        "1 / (1 + np.arange(steps))",
    ),
)
def test_a_long_walk_settles_as_well(student):
    "after 1,000 steps the mean square is at most 2/1,000, and after 10 at most 2/10"
    for steps in (1000, 10):
        q = settled(rates_of(student, steps), 100.0)
        assert q <= 2 / steps, f"after {steps} steps q is {q:.3g}, more than {2 / steps:.3g}"
