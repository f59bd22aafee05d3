"""Known wrong answers to the exercises of the chapter on ways to score a look."""

import numpy as np

from companion.exercises import wrong


@wrong("count-scores", fails="test_weights")
def count_scores():
    """Forgets bias and v."""
    return 15, 32, 32, 192, 432


@wrong("count-scores", fails="test_weights")
def count_scores():
    """Takes a square matrix for general."""
    return 9, 40, 40, 192, 432


@wrong("count-scores", fails="test_weights")
def count_scores():
    """Forgets the bias of additive only."""
    return 15, 36, 40, 192, 432


@wrong("count-scores", fails="test_products")
def count_scores():
    """Makes W s and U h anew for each pair."""
    return 15, 40, 40, 432, 432


@wrong("count-scores", fails="test_products")
def count_scores():
    """Forgets v."""
    return 15, 40, 40, 144, 384


@wrong("count-scores", fails="test_products")
def count_scores():
    """Takes concat for as cheap as additive."""
    return 15, 40, 40, 192, 192


def places(scores, temperature):
    z = (scores - scores.max()) / temperature
    p = np.exp(z) / np.exp(z).sum()
    return np.exp(-(p * np.log(np.maximum(p, 1e-300))).sum())


def halved(fits, low, high):
    for _ in range(200):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if fits(middle) else (low, middle)
    return middle


@wrong("temperature-for", fails="test_several_spreads")
def temperature_for(scores, wanted):
    """Takes the entropy itself."""
    return halved(lambda t: np.log(places(scores, t)) < wanted, 1e-6, 1e6)


@wrong("temperature-for", fails="test_several_spreads")
def temperature_for(scores, wanted):
    """Returns the inverse."""
    return 1 / halved(lambda t: places(scores, t) < wanted, 1e-6, 1e6)


@wrong("temperature-for", fails="test_several_spreads")
def temperature_for(scores, wanted):
    """Halves in the wrong direction."""
    return halved(lambda t: places(scores, t) > wanted, 1e-6, 1e6)


@wrong("temperature-for", fails="test_several_spreads")
def temperature_for(scores, wanted):
    """Counts with the largest share."""

    def count(t):
        z = np.exp((scores - scores.max()) / t)
        return z.sum() / z.max()

    return halved(lambda t: count(t) < wanted, 1e-6, 1e6)


@wrong("temperature-for", fails="test_other_scales")
def temperature_for(scores, wanted):
    """Searches among temperatures of 0.01 to 100 only."""
    return halved(lambda t: places(scores, t) < wanted, 1e-2, 1e2)


def soft(z):
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def away(scores, centre):
    return np.arange(scores.shape[1]) - centre[:, None]


@wrong("look-near", fails="test_shares")
def look_near(scores, centre, width):
    """Does not make shares of it again."""
    return soft(scores) * np.exp(-(away(scores, centre) ** 2) / (2 * width**2))


@wrong("look-near", fails="test_shares")
def look_near(scores, centre, width):
    """Forgets the 2."""
    return soft(scores - away(scores, centre) ** 2 / width**2)


@wrong("look-near", fails="test_shares")
def look_near(scores, centre, width):
    """Ignores the scores."""
    return soft(-(away(scores, centre) ** 2) / (2 * width**2))


@wrong("look-near", fails="test_shares")
def look_near(scores, centre, width):
    """Rounds the centre."""
    return soft(scores - away(scores, centre.round()) ** 2 / (2 * width**2))


@wrong("look-near", fails="test_far_and_narrow")
def look_near(scores, centre, width):
    """Multiplies shares, which underflow."""
    share = soft(scores) * np.exp(-(away(scores, centre) ** 2) / (2 * width**2))
    return share / share.sum(axis=1, keepdims=True)
