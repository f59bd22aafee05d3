"""Known wrong answers to the exercises of the chapter on learning-rate schedules."""

import numpy as np

from companion.exercises import wrong


@wrong("rate-for-floor", fails="test_the_floor_is_where_the_squares_settle")
def rate_for_floor(floor, curvature, variance):
    """Uses the formula for small rates."""
    return 2 * curvature * floor / variance


@wrong("rate-for-floor", fails="test_the_floor_is_where_the_squares_settle")
def rate_for_floor(floor, curvature, variance):
    """Squares what is a variance already."""
    return 2 * curvature * floor / (variance**2 + curvature**2 * floor)


@wrong("rate-for-floor", fails="test_the_floor_is_where_the_squares_settle")
def rate_for_floor(floor, curvature, variance):
    """Returns the floor of a rate."""
    return floor * variance / (curvature * (2 - floor * curvature))


@wrong("warm-wave", fails="test_the_rate_rises_in_equal_steps")
def warm_wave(t, warm, total, peak, low=0.0):
    """Begins at a rate of 0."""
    if t < warm:
        return peak * t / warm
    share = min((t - warm) / (total - warm), 1)
    return low + (peak - low) * (1 + np.cos(np.pi * share)) / 2


@wrong("warm-wave", fails="test_the_wave_goes_down_to_low")
def warm_wave(t, warm, total, peak, low=0.0):
    """Lets the wave count from the start of the warm-up."""
    if t < warm:
        return peak * (t + 1) / warm
    return low + (peak - low) * (1 + np.cos(np.pi * min(t / total, 1))) / 2


@wrong("warm-wave", fails="test_the_wave_goes_down_to_low")
def warm_wave(t, warm, total, peak, low=0.0):
    """Adds low on top of the wave."""
    if t < warm:
        return peak * (t + 1) / warm
    share = min((t - warm) / (total - warm), 1)
    return low + peak * (1 + np.cos(np.pi * share)) / 2


@wrong("warm-wave", fails="test_the_wave_goes_down_to_low")
def warm_wave(t, warm, total, peak, low=0.0):
    """Takes the whole run for the length of the wave."""
    if t < warm:
        return peak * (t + 1) / warm
    share = min((t - warm) / total, 1)
    return low + (peak - low) * (1 + np.cos(np.pi * share)) / 2


@wrong("warm-wave", fails="test_the_rate_rises_in_equal_steps")
def warm_wave(t, warm, total, peak, low=0.0):
    """Rises from 0, in one step less."""
    if t < warm:
        return peak * t / (warm - 1)
    share = min((t - warm) / (total - warm), 1)
    return low + (peak - low) * (1 + np.cos(np.pi * share)) / 2


@wrong("warm-wave", fails="test_no_warm_up_and_after_the_end")
def warm_wave(t, warm, total, peak, low=0.0):
    """Lets the wave rise again after the end."""
    if t < warm:
        return peak * (t + 1) / warm
    share = (t - warm) / (total - warm)
    return low + (peak - low) * (1 + np.cos(np.pi * share)) / 2


@wrong("warm-wave", fails="test_no_warm_up_and_after_the_end")
def warm_wave(t, warm, total, peak, low=0.0):
    """Divides by a warm-up of no steps."""
    rise = peak * (t + 1) / warm
    share = min((t - warm) / (total - warm), 1)
    return rise if t < warm else low + (peak - low) * (1 + np.cos(np.pi * share)) / 2


@wrong("four-rates", fails="test_warm_up_and_top")
def four_rates():
    """Counts the warm-up from 0."""
    return 0.32, 0.8, 0.4, 0.0


@wrong("four-rates", fails="test_warm_up_and_top")
def four_rates():
    """Gives the factors."""
    return 0.5, 1.0, 0.5, 0.0


@wrong("four-rates", fails="test_middle_and_end_of_the_wave")
def four_rates():
    """Lets the wave count from the start of the warm-up."""
    return 0.4, 0.8, 0.4 * (1 + np.cos(np.pi * 60 / 110)), 0.0


@wrong("four-rates", fails="test_middle_and_end_of_the_wave")
def four_rates():
    """Lets the wave come back up."""
    return 0.4, 0.8, 0.4, 0.8


@wrong("half-the-rate", fails="test_what_becomes_of_the_floor")
def floor_at_half_the_rate():
    """Looks at the noise of a single step."""
    return "about a quarter"


@wrong("half-the-rate", fails="test_what_becomes_of_the_floor")
def floor_at_half_the_rate():
    """Takes the floor for a matter of the data."""
    return "same"


@wrong("half-the-rate", fails="test_what_becomes_of_the_floor")
def floor_at_half_the_rate():
    """Answers with a number."""
    return 0.5


@wrong("settle", fails="test_the_walk_settles")
def settling_rates(steps):
    """Keeps one rate."""
    return np.full(steps, 0.05)


@wrong("settle", fails="test_the_walk_settles")
def settling_rates(steps):
    """Falls like 1/√t, which is too slow."""
    return 1 / np.sqrt(1 + np.arange(steps))


@wrong("settle", fails="test_the_walk_settles")
def settling_rates(steps):
    """Halves the rate at every step, and stops on the way."""
    return 0.5 ** (1 + np.arange(steps))


@wrong("settle", fails="test_a_long_walk_settles_as_well")
def settling_rates(steps):
    """Takes a cosine from a rate that suits a short run."""
    return 0.1 * (1 + np.cos(np.pi * np.arange(steps) / steps)) / 2
