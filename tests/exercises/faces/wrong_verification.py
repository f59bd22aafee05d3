"""Known wrong answers to the exercises of the chapter on verification."""

import numpy as np

from companion.exercises import wrong


@wrong("rates-by-hand", fails="test_the_false_accept_rate")
def two_rates():
    """Rejects a distance equal to the threshold."""
    return 1 / 5, 2 / 4


@wrong("rates-by-hand", fails="test_the_false_accept_rate")
def two_rates():
    """Divides by all pairs."""
    return 2 / 9, 1 / 9


@wrong("rates-by-hand", fails="test_the_false_accept_rate")
def two_rates():
    """In the other order."""
    return 1 / 4, 2 / 5


@wrong("rates-by-hand", fails="test_the_false_reject_rate")
def two_rates():
    """Gives the true accept rate."""
    return 2 / 5, 3 / 4


@wrong("more-different-pairs", fails="test_the_area")
def with_more_different_pairs():
    """Thinks of an area that counts pairs."""
    return "falls", "falls"


@wrong("more-different-pairs", fails="test_the_share_of_right_accepts")
def with_more_different_pairs():
    """Nothing changes."""
    return "stays", "stays"


@wrong("more-different-pairs", fails="test_the_area")
def with_more_different_pairs():
    """Thinks of accuracy."""
    return "rises", "rises"


@wrong("own-equal-error", fails="test_six_pairs")
def equal_error(distances, same):
    """Accepts only below the threshold."""
    best = min(
        np.unique(distances),
        key=lambda t: abs((distances[~same] < t).mean() - (distances[same] >= t).mean()),
    )
    return best, (distances[~same] < best).mean()


@wrong("own-equal-error", fails="test_six_pairs")
def equal_error(distances, same):
    """Divides by all pairs."""
    t = np.unique(distances)[:, None]
    far = (~same & (distances <= t)).mean(axis=1)
    frr = (same & (distances > t)).mean(axis=1)
    k = np.argmin(abs(far - frr))
    return t[k, 0], (far[k] + frr[k]) / 2


@wrong("own-equal-error", fails="test_many_pairs")
def equal_error(distances, same):
    """Returns FAR alone."""
    t = np.unique(distances)[:, None]
    far = (distances[~same] <= t).mean(axis=1)
    frr = (distances[same] > t).mean(axis=1)
    k = np.argmin(np.round(abs(far - frr), 12))
    return t[k, 0], far[k]


@wrong("own-equal-error", fails="test_ties")
def equal_error(distances, same):
    """Takes the last of equally good thresholds."""
    t = np.unique(distances)[::-1, None]
    far = (distances[~same] <= t).mean(axis=1)
    frr = (distances[same] > t).mean(axis=1)
    k = np.argmin(np.round(abs(far - frr), 12))
    return t[k, 0], (far[k] + frr[k]) / 2


@wrong("own-equal-error", fails="test_ties")
def equal_error(distances, same):
    """Walks over the sorted pairs and stops between equal distances."""
    order = np.argsort(distances, kind="stable")
    d, s = distances[order], same[order]
    far = np.cumsum(~s) / (~s).sum()
    frr = 1 - np.cumsum(s) / s.sum()
    k = np.argmin(np.round(abs(far - frr), 12))
    return d[k], (far[k] + frr[k]) / 2


@wrong("own-equal-error", fails="test_ties")
def equal_error(distances, same):
    """Leaves out the largest distance, which may be the only one."""
    t = np.unique(distances)[:-1, None]
    far = (distances[~same] <= t).mean(axis=1)
    frr = (distances[same] > t).mean(axis=1)
    k = np.argmin(abs(far - frr))
    return t[k, 0], (far[k] + frr[k]) / 2


@wrong("people-needed", fails="test_the_number_of_the_page")
def people_needed(far, each, errors=30):
    """Wants more errors than asked for."""
    n = 2
    while far * each**2 * n * (n - 1) / 2 <= errors:
        n += 1
    return n


@wrong("people-needed", fails="test_the_number_of_the_page")
def people_needed(far, each, errors=30):
    """Counts each pair of people twice."""
    n = 2
    while far * each**2 * n * (n - 1) < errors:
        n += 1
    return n


@wrong("people-needed", fails="test_the_number_of_the_page")
def people_needed(far, each, errors=30):
    """Forgets that each person has several pictures."""
    n = 2
    while far * each * n * (n - 1) / 2 < errors:
        n += 1
    return n


@wrong("people-needed", fails="test_the_number_of_the_page")
def people_needed(far, each, errors=30):
    """Gives the number of pairs."""
    return round(errors / far)


@wrong("people-needed", fails="test_other_numbers")
def people_needed(far, each, errors=30):
    """Always wants thirty errors."""
    n = 2
    while far * each**2 * n * (n - 1) / 2 < 30:
        n += 1
    return n


@wrong("cheapest-threshold", fails="test_equal_costs")
def cheapest(distances, same, accept_cost, reject_cost, impostors):
    """Counts pairs instead of rates."""
    best, found = np.inf, -np.inf
    for t in [-np.inf, *np.unique(distances)]:
        cost = (
            impostors * accept_cost * (~same & (distances <= t)).sum()
            + (1 - impostors) * reject_cost * (same & (distances > t)).sum()
        )
        if cost < best - 1e-12:
            best, found = cost, t
    return float(found)


@wrong("cheapest-threshold", fails="test_costs_and_impostors")
def cheapest(distances, same, accept_cost, reject_cost, impostors):
    """Forgets who comes."""
    best, found = np.inf, -np.inf
    for t in [-np.inf, *np.unique(distances)]:
        far = (distances[~same] <= t).mean()
        frr = (distances[same] > t).mean()
        cost = far * accept_cost + frr * reject_cost
        if cost < best - 1e-12:
            best, found = cost, t
    return float(found)


@wrong("cheapest-threshold", fails="test_nobody_and_everybody")
def cheapest(distances, same, accept_cost, reject_cost, impostors):
    """Always lets somebody in."""
    best, found = np.inf, None
    for t in np.unique(distances):
        far = (distances[~same] <= t).mean()
        frr = (distances[same] > t).mean()
        cost = impostors * far * accept_cost + (1 - impostors) * frr * reject_cost
        if cost < best - 1e-12:
            best, found = cost, t
    return float(found)


@wrong("cheapest-threshold", fails="test_nobody_and_everybody")
def cheapest(distances, same, accept_cost, reject_cost, impostors):
    """Takes the largest of equally cheap thresholds."""
    best, found = np.inf, -np.inf
    for t in [-np.inf, *np.unique(distances)]:
        far = (distances[~same] <= t).mean()
        frr = (distances[same] > t).mean()
        cost = impostors * far * accept_cost + (1 - impostors) * frr * reject_cost
        if cost <= best + 1e-12:
            best, found = cost, t
    return float(found)


def cheapest_among(thresholds, distances, same, accept_cost, reject_cost, impostors):
    t = np.array(thresholds)[:, None]
    far, frr = (distances[~same] <= t).mean(axis=1), (distances[same] > t).mean(axis=1)
    cost = impostors * far * accept_cost + (1 - impostors) * frr * reject_cost
    return float(thresholds[np.argmin(np.round(cost, 12))])


@wrong("cheapest-threshold", fails="test_nobody_and_everybody")
def cheapest(distances, same, accept_cost, reject_cost, impostors):
    """Never lets everybody in."""
    given = distances, same, accept_cost, reject_cost, impostors
    return cheapest_among([-np.inf, *np.unique(distances)[:-1]], *given)


@wrong("cheapest-threshold", fails="test_nobody_and_everybody")
def cheapest(distances, same, accept_cost, reject_cost, impostors):
    """Puts −∞ in the place of the smallest distance."""
    given = distances, same, accept_cost, reject_cost, impostors
    return cheapest_among([-np.inf, *np.unique(distances)[1:]], *given)


@wrong("cheapest-threshold", fails="test_nobody_and_everybody")
def cheapest(distances, same, accept_cost, reject_cost, impostors):
    """Takes the first of equally cheap thresholds as they stand, unsorted."""
    given = distances, same, accept_cost, reject_cost, impostors
    return cheapest_among([-np.inf, *distances], *given)
