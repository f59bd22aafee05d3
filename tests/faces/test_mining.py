"""Ways to choose triplets, by brute force over all of them, and where nothing is left to choose."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from companion.faces.mining import all_triplets, at_random, batch_all, batch_hard, semi_hard

WAYS = {"batch_all": batch_all, "batch_hard": batch_hard, "semi_hard": semi_hard}


def brute(names):
    """Every triplet, by three nested loops."""
    count = range(len(names))
    return [
        (a, p, n)
        for a, p, n in product(count, count, count)
        if a != p and names[a] == names[p] and names[a] != names[n]
    ]


def hardest(d, names):
    found = []
    for a in range(len(names)):
        own = [t for t in brute(names) if t[0] == a]
        if own:
            p = max((t[1] for t in own), key=lambda p: (d[a, p], -p))
            n = min((t[2] for t in own), key=lambda n: (d[a, n], n))
            found.append((a, p, n))
    return found


def between(d, names, margin):
    found = []
    for a, p in sorted({t[:2] for t in brute(names)}):
        inside = [n for b, q, n in brute(names)
                  if (a, p) == (b, q) and d[a, p] < d[a, n] < d[a, p] + margin]  # fmt: skip
        found += [(a, p, min(inside, key=lambda n: (d[a, n], n)))] if inside else []
    return found


def triplets_of(chosen):
    assert chosen.ndim == 2
    assert chosen.shape[1] == 3
    assert chosen.dtype == np.int64
    return [tuple(t) for t in chosen.tolist()]


@st.composite
def batches(draw):
    """Distances of few values, so that ties are frequent, and names."""
    count = draw(st.integers(1, 8))
    names = np.array(draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    upper = np.triu(rng.integers(0, 6, (count, count)) / 4, 1)
    return upper + upper.T, names


@settings(max_examples=60, deadline=None)
@given(batches(), st.sampled_from([0.0, 0.25, 0.5, 10.0]))
def test_all_ways_by_brute_force(batch, margin):
    d, names = batch
    assert triplets_of(all_triplets(names)) == brute(names)
    violated = [(a, p, n) for a, p, n in brute(names) if d[a, p] - d[a, n] + margin > 0]
    assert triplets_of(batch_all(d, names, margin)) == violated
    assert triplets_of(batch_hard(d, names, margin)) == hardest(d, names)
    assert triplets_of(semi_hard(d, names, margin)) == between(d, names, margin)


@settings(max_examples=30, deadline=None)
@given(batches(), st.integers(0, 100))
def test_triplets_by_chance_are_triplets(batch, seed):
    d, names = batch
    chosen = triplets_of(at_random(seed)(d, names, 0.3))
    assert set(chosen) <= set(brute(names))
    assert [a for a, _, _ in chosen] == sorted({a for a, _, _ in brute(names)})


def test_chance_is_even_and_repeatable():
    names = np.repeat([0, 1], 4)
    choose = at_random(3)
    drawn = np.concatenate([choose(None, names) for _ in range(400)])
    positives = np.bincount(drawn[drawn[:, 0] == 0, 1], minlength=8)
    negatives = np.bincount(drawn[drawn[:, 0] == 0, 2], minlength=8)
    np.testing.assert_allclose(positives, [0, *[400 / 3] * 3, 0, 0, 0, 0], atol=40)
    np.testing.assert_allclose(negatives, [0, 0, 0, 0, *[100] * 4], atol=40)
    np.testing.assert_array_equal(at_random(3)(None, names), drawn[:8])


def test_counts_of_a_whole_batch():
    """P people with K pictures each: PK anchors, K − 1 positives, (P − 1)K negatives."""
    for people, each in ((2, 2), (8, 4), (5, 3)):
        names = np.repeat(np.arange(people), each)
        expected = people * each * (each - 1) * (people - 1) * each
        assert len(all_triplets(names)) == expected


def test_by_hand():
    """Pictures at 0, 1 (Ann), 1.5 and 4 (Bo) on a line; distances are plain."""
    x = np.array([[0.0], [1], [1.5], [4]])
    d, names = cdist(x, x), np.array(["Ann", "Ann", "Bo", "Bo"])
    assert triplets_of(batch_hard(d, names)) == [(0, 1, 2), (1, 0, 2), (2, 3, 1), (3, 2, 1)]
    assert triplets_of(semi_hard(d, names, 1.0)) == [(0, 1, 2), (3, 2, 1)]
    violated = [(0, 1, 2), (1, 0, 2), (2, 3, 0), (2, 3, 1), (3, 2, 1)]
    assert triplets_of(batch_all(d, names, 1.0)) == violated


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_nothing_to_choose(way):
    alone = np.arange(4)
    for names in (alone, np.zeros(4, int), np.array([0])):
        d = np.ones((len(names), len(names))) - np.eye(len(names))
        assert way(d, names, 0.3).shape == (0, 3)
        assert at_random()(d, names).shape == (0, 3)


def test_somebody_with_one_picture_is_a_negative_only():
    names = np.array([0, 0, 7])
    d = np.array([[0, 1, 2], [1, 0, 1.1], [2, 1.1, 0]])
    for way in WAYS.values():
        chosen = way(d, names, 2.0)
        assert set(chosen[:, 0]) == {0, 1}
        assert set(chosen[:, 2]) == {2}


def test_where_all_pictures_are_at_one_point():
    """Nothing lies between, every triplet violates, the hardest are the first."""
    names, d = np.repeat([0, 1], 2), np.zeros((4, 4))
    assert len(semi_hard(d, names, 0.3)) == 0
    assert len(batch_all(d, names, 0.3)) == 8
    assert len(batch_all(d, names, 0.0)) == 0
    assert triplets_of(batch_hard(d, names)) == [(0, 1, 2), (1, 0, 2), (2, 3, 0), (3, 2, 0)]


def test_very_large_and_very_small_distances():
    names = np.array([0, 0, 1])
    for scale in (1e-300, 1e300):
        d = scale * np.array([[0, 1, 1.5], [1, 0, 3], [1.5, 3, 0]])
        assert triplets_of(semi_hard(d, names, scale)) == [(0, 1, 2)]
        assert triplets_of(batch_all(d, names, scale)) == [(0, 1, 2)]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_faults_are_named(way):
    with pytest.raises(ValueError, match=r"distances \(3, 2\) for 3 labels"):
        way(np.zeros((3, 2)), [0, 0, 1], 0.3)
    with pytest.raises(ValueError, match="a distance is NaN; did training diverge"):
        way(np.full((2, 2), np.nan), [0, 1], 0.3)
