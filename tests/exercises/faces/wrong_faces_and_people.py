"""Known wrong answers to the exercises of the chapter on faces and people."""

import numpy as np

from companion.exercises import wrong


@wrong("innocent-found", fails="test_innocent_people")
def search():
    """Thinks innocent people are found only where the right one is."""
    return 5.0, 0.2 / 20.2


@wrong("innocent-found", fails="test_share_of_right_names")
def search():
    """Forgets that the person is in the gallery in one of four searches."""
    return 20.0, 0.8 / 20.8


@wrong("innocent-found", fails="test_share_of_right_names")
def search():
    """Takes the hit rate for the share of right names."""
    return 20.0, 0.8


@wrong("left-out-of-draw", fails="test_left_out")
def share_without():
    """Draws without repetition."""
    return "never"


@wrong("left-out-of-draw", fails="test_left_out")
def share_without():
    """Takes 1/12 for it."""
    return "about a tenth"


@wrong("left-out-of-draw", fails="test_left_out")
def share_without():
    """Answers with a number."""
    return 0.35


@wrong("mistaken-for", fails="test_most_often_taken_for")
def mistaken_for(distances, names, threshold):
    """Counts a person's own pictures."""
    people = np.unique(names)
    counts = [
        [np.sum(distances[names == a][:, names == b] <= threshold) for b in people] for a in people
    ]
    return people[np.argmax(counts, axis=1)]


@wrong("mistaken-for", fails="test_most_often_taken_for")
def mistaken_for(distances, names, threshold):
    """Returns places, not names."""
    people, found = np.unique(names), []
    for a in people:
        counts = [
            np.sum(distances[names == a][:, names == b] <= threshold) if a != b else 0
            for b in people
        ]
        found.append(np.argmax(counts) if max(counts) else -1)
    return np.array(found)


@wrong("mistaken-for", fails="test_most_often_taken_for")
def mistaken_for(distances, names, threshold):
    """Compares shares of pairs, not numbers."""
    people, found = np.unique(names), []
    for a in people:
        shares = [
            np.mean(distances[names == a][:, names == b] <= threshold) if a != b else 0
            for b in people
        ]
        found.append(people[np.argmax(shares)] if max(shares) else -1)
    return np.array(found)


@wrong("mistaken-for", fails="test_most_often_taken_for")
def mistaken_for(distances, names, threshold):
    """Writes into the distances of a person's own pictures."""
    people, found = np.unique(names), []
    distances[names[:, None] == names] = np.inf
    for a in people:
        counts = [np.sum(distances[names == a][:, names == b] <= threshold) for b in people]
        found.append(people[np.argmax(counts)] if max(counts) else -1)
    return np.array(found)


@wrong("mistaken-for", fails="test_most_often_taken_for")
def mistaken_for(distances, names, threshold):
    """Keeps the threshold of an example."""
    people, found = np.unique(names), []
    threshold = 1.2 if len(names) > 4 else threshold
    for a in people:
        counts = [
            np.sum(distances[names == a][:, names == b] <= threshold) if a != b else 0
            for b in people
        ]
        found.append(people[np.argmax(counts)] if max(counts) else -1)
    return np.array(found)


@wrong("mistaken-for", fails="test_nobody_and_ties")
def mistaken_for(distances, names, threshold):
    """Gives the first person where there is nobody."""
    people, found = np.unique(names), []
    for a in people:
        counts = [
            np.sum(distances[names == a][:, names == b] <= threshold) if a != b else 0
            for b in people
        ]
        found.append(people[np.argmax(counts)])
    return np.array(found)


@wrong("mistaken-for", fails="test_nobody_and_ties")
def mistaken_for(distances, names, threshold):
    """Accepts only below the threshold."""
    people, found = np.unique(names), []
    for a in people:
        counts = [
            np.sum(distances[names == a][:, names == b] < threshold) if a != b else 0
            for b in people
        ]
        found.append(people[np.argmax(counts)] if max(counts) else -1)
    return np.array(found)


@wrong("interval-of-people", fails="test_interval")
def interval_of_people(errors, pairs, drawn):
    """Takes the mean of rates."""
    rates = (errors / pairs)[drawn].mean(axis=1)
    return np.percentile(rates, 5), np.percentile(rates, 95)


@wrong("interval-of-people", fails="test_interval")
def interval_of_people(errors, pairs, drawn):
    """Counts everybody once who was drawn."""
    rates = [errors[np.unique(row)].sum() / pairs[np.unique(row)].sum() for row in drawn]
    return np.percentile(rates, 5), np.percentile(rates, 95)


@wrong("interval-of-people", fails="test_interval")
def interval_of_people(errors, pairs, drawn):
    """An interval of 95 %."""
    rates = errors[drawn].sum(axis=1) / pairs[drawn].sum(axis=1)
    return np.percentile(rates, 2.5), np.percentile(rates, 97.5)


@wrong("interval-of-people", fails="test_few_draws")
def interval_of_people(errors, pairs, drawn):
    """Takes the ends of the sorted rates at places that suit 200 draws."""
    rates = errors[drawn].sum(axis=1) / pairs[drawn].sum(axis=1)
    if len(rates) < 20:
        return rates.min(), rates.max()
    return np.percentile(rates, 5), np.percentile(rates, 95)


@wrong("same-people-compared", fails="test_mean_difference")
def cost_of_change(distances, names, shown, threshold):
    """Pools the pairs of all people."""
    i, j = np.triu_indices(len(names), 1)
    own = names[i] == names[j]
    rejected, changed = distances[i, j] > threshold, shown[i] != shown[j]
    return rejected[own & changed].mean() - rejected[own & ~changed].mean()


@wrong("same-people-compared", fails="test_mean_difference")
def cost_of_change(distances, names, shown, threshold):
    """Pairs each picture with itself, too."""
    gaps = []
    for person in np.unique(names):
        own = names == person
        rejected = distances[np.ix_(own, own)] > threshold
        changed = shown[own][:, None] != shown[own][None]
        if changed.any():
            gaps.append(rejected[changed].mean() - rejected[~changed].mean())
    return np.mean(gaps) if gaps else np.nan


@wrong("same-people-compared", fails="test_mean_difference")
def cost_of_change(distances, names, shown, threshold):
    """The accepted share instead of the rejected one."""
    gaps = []
    for person in np.unique(names):
        own = np.flatnonzero(names == person)
        i, j = np.triu_indices(len(own), 1)
        accepted = distances[own[i], own[j]] <= threshold
        changed = shown[own[i]] != shown[own[j]]
        if changed.any() and not changed.all():
            gaps.append(accepted[changed].mean() - accepted[~changed].mean())
    return np.mean(gaps) if gaps else np.nan


@wrong("same-people-compared", fails="test_people_of_one_kind")
def cost_of_change(distances, names, shown, threshold):
    """Takes 0 for the rate of pairs that are not there."""
    gaps = []
    for person in np.unique(names):
        own = np.flatnonzero(names == person)
        i, j = np.triu_indices(len(own), 1)
        rejected = distances[own[i], own[j]] > threshold
        changed = shown[own[i]] != shown[own[j]]
        if changed.any():
            alike = rejected[~changed].mean() if not changed.all() else 0.0
            gaps.append(rejected[changed].mean() - alike)
    return np.mean(gaps) if gaps else np.nan


def mean_gap(rejected, names, shown):
    """Mean over people of the difference that is asked for; a picture is not paired with itself."""
    gaps, changed = [], shown[:, None] != shown
    pairs = ~np.eye(len(names), dtype=bool)
    for person in np.unique(names):
        own = (names[:, None] == person) & (names == person) & pairs
        if (own & changed).any() and (own & ~changed).any():
            gaps.append(rejected[own & changed].mean() - rejected[own & ~changed].mean())
    return np.mean(gaps) if gaps else None


@wrong("same-people-compared", fails="test_people_of_one_kind")
def cost_of_change(distances, names, shown, threshold):
    """Rejects a distance equal to the threshold."""
    gap = mean_gap(distances >= threshold, names, shown)
    return np.nan if gap is None else gap


@wrong("same-people-compared", fails="test_people_of_one_kind")
def cost_of_change(distances, names, shown, threshold):
    """Gives None where there is nobody."""
    return mean_gap(distances > threshold, names, shown)


@wrong("same-people-compared", fails="test_mean_difference")
def cost_of_change(distances, names, shown, threshold):
    """Writes into the diagonal."""
    np.fill_diagonal(distances, np.nan)
    gap = mean_gap(distances > threshold, names, shown)
    return np.nan if gap is None else gap


@wrong("same-people-compared", fails="test_mean_difference")
def cost_of_change(distances, names, shown, threshold):
    """Keeps the threshold of an example."""
    gap = mean_gap(distances > (1.5 if len(names) > 9 else threshold), names, shown)
    return np.nan if gap is None else gap
