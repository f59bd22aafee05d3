"""Errors by person: pair by pair, by copies of people, and against SciPy's bootstrap."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from companion.faces.distances import euclidean_distances
from companion.faces.errors_by_person import (
    Counts,
    count_errors,
    interval_over_people,
    put_together,
    rates,
    rates_by_person,
)


def example(seed=0, people=5, each=4):
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.repeat(np.arange(people) * 3 + 1, each))
    z = rng.normal(size=(len(names), 3)) + names[:, None] / 9
    return euclidean_distances(z, z), names


def by_hand(distances, names, threshold, counted):
    """Errors and pairs of each pair of people, one pair of pictures after the other."""
    found = {}
    for i, j in combinations(range(len(names)), 2):
        if counted[i, j]:
            accepted = distances[i, j] <= threshold
            wrong = accepted != (names[i] == names[j])
            for key in {(names[i], names[j]), (names[j], names[i])}:
                errors, pairs = found.get(key, (0, 0))
                found[key] = errors + wrong, pairs + 1
    return found


@pytest.mark.parametrize("seed", range(4))
def test_pair_by_pair(seed):
    distances, names = example(seed)
    shown = np.random.default_rng(seed).random(len(names)) < 0.5
    for counted in (np.ones((20, 20), bool), shown[:, None] != shown[None]):
        counts = count_errors(distances, names, 1.2, counted)
        found = by_hand(distances, names, 1.2, counted)
        for i, a in enumerate(counts.people):
            for j, b in enumerate(counts.people):
                assert (counts.errors[i, j], counts.pairs[i, j]) == found.get((a, b), (0, 0))


def test_a_distance_at_the_threshold_is_accepted():
    distances = np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]])
    counts = count_errors(distances, [7, 7, 8], 1)
    assert counts.errors.tolist() == [[0, 1], [1, 0]]
    assert counts.pairs.tolist() == [[1, 2], [2, 0]]


def test_rates():
    distances, names = example(1)
    counts = count_errors(distances, names, 1.5)
    off = distances[np.triu_indices(20, 1)]
    same = (names[:, None] == names[None])[np.triu_indices(20, 1)]
    assert np.allclose(rates(counts), [np.mean(off[same] > 1.5), np.mean(off[~same] <= 1.5)])
    rejected, accepted = rates_by_person(counts)
    for k, person in enumerate(counts.people):
        own = names == person
        block = distances[np.ix_(own, own)][np.triu_indices(4, 1)]
        assert np.isclose(rejected[k], np.mean(block > 1.5))
        assert np.isclose(accepted[k], np.mean(distances[own][:, ~own] <= 1.5))


def test_weights_are_copies_of_people():
    distances, names = example(2, people=3)
    counts = count_errors(distances, names, 1.4)
    weights, copies = (2, 0, 3), []
    for person, often in zip(counts.people, weights, strict=True):
        copies += [np.flatnonzero(names == person)] * often
    errors = pairs = 0
    for a, b in combinations(range(5), 2):
        if set(copies[a]) != set(copies[b]):
            block = distances[np.ix_(copies[a], copies[b])]
            errors, pairs = errors + np.sum(block <= 1.4), pairs + block.size
    own = [distances[np.ix_(c, c)][np.triu_indices(4, 1)] for c in copies]
    assert np.allclose(rates(counts, weights), [np.mean(np.concatenate(own) > 1.4), errors / pairs])


def test_interval_against_scipy():
    rng = np.random.default_rng(3)
    rejected = rng.beta(0.3, 2, size=30)
    counts = Counts(np.arange(30), np.diag(45 * rejected), np.diag(np.full(30, 45.0)))
    ours, none = interval_over_people(counts, draws=4000)
    theirs = stats.bootstrap(
        (rejected,), np.mean, n_resamples=4000, confidence_level=0.9, method="percentile", rng=rng
    ).confidence_interval
    assert np.allclose(ours, theirs, atol=0.012)
    assert np.isnan(none).all()


def test_more_pictures_do_not_narrow_the_interval():
    rejected = np.array([0, 0, 0, 0, 0, 0.5, 0.5, 1])
    few, many = (interval_over_people(Counts(np.arange(8), np.diag(n * rejected),
                                             np.diag(np.full(8, float(n)))))[0]
                 for n in (10, 1000))  # fmt: skip
    assert np.allclose(few, many)


def test_put_together():
    distances, names = example(4)
    counts = count_errors(distances, names, 1.3)
    half = names <= 7
    part = count_errors(distances[np.ix_(half, half)], names[half], 0.9)
    both = put_together([counts, part])
    assert np.array_equal(both.people, counts.people)
    assert both.pairs.sum() == counts.pairs.sum() + part.pairs.sum()
    assert np.array_equal(both.errors[3:], counts.errors[3:])
    assert np.array_equal(both.errors[:2, :2], counts.errors[:2, :2] + part.errors[:2, :2])


def test_extremes():
    one = count_errors([[0.0]], [4], 1)
    assert one.pairs.tolist() == [[0]]
    assert np.isnan(rates(one)).all()
    assert np.isnan(rates_by_person(one)).all()
    # Identical pictures of two people cannot be told apart.
    twins = count_errors(np.zeros((4, 4)), [0, 0, 1, 1], 0)
    assert rates(twins) == (0, 1)
    with pytest.raises(ValueError, match="1 people"):
        interval_over_people(one)
    with pytest.raises(ValueError, match="level 90"):
        interval_over_people(twins, level=90)


@pytest.mark.parametrize(
    ("distances", "names", "threshold", "counted", "what"),
    [
        (np.zeros((0, 0)), [], 1, None, "no pictures"),
        (np.zeros((2, 3)), [0, 1], 1, None, r"\(2, 3\)"),
        (np.zeros((2, 2)), [0, 1], 1, [[True]], r"\(1, 1\)"),
        (np.full((2, 2), np.nan), [0, 1], 1, None, "NaN"),
        (np.zeros((2, 2)), [0, 1], np.nan, None, "NaN"),
        (np.zeros((2, 2)), [0, 1], 1, [[0, 1], [0, 0]], "symmetric"),
    ],
)
def test_bad_input(distances, names, threshold, counted, what):
    with pytest.raises(ValueError, match=what):
        count_errors(distances, names, threshold, counted)
