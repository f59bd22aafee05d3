"""Random search and evolution: written down by hand, and on functions whose minimum is known."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import ks_1samp

from companion.cnn.searching.evolution import evolution
from companion.cnn.searching.random_search import random_search
from companion.cnn.searching.space import Space
from companion.cnn.searching.trials import chosen

BITS = Space([(0, 1)] * 12)


def ones(genes):
    """OneMax: the classic test function of evolution; the minimum is at all ones."""
    return 1 - sum(genes) / len(genes)


def test_trials_are_counted_and_kept_in_order():
    for search in (random_search, evolution):
        calls = []

        def evaluate(genes, calls=calls):
            calls.append(genes)
            return ones(genes)

        trials = search(BITS, evaluate, 30, np.random.default_rng(0))
        assert [t.genes for t in trials] == calls
        assert [t.error for t in trials] == [ones(genes) for genes in calls]
        assert search(BITS, evaluate, 0, np.random.default_rng(0)) == []
        again = search(BITS, ones, 30, np.random.default_rng(0))
        assert again == trials


def test_random_search_draws_evenly():
    """Minima of n even draws from 0 … 999 have a known distribution."""
    space = Space([range(1000)])
    best = [
        chosen(random_search(space, lambda g: g[0], 5, np.random.default_rng(k))).genes[0]
        for k in range(400)
    ]
    assert ks_1samp((np.array(best) + 0.5) / 1000, lambda x: 1 - (1 - x) ** 5).pvalue > 0.01


def test_children_differ_from_a_living_member_in_one_gene():
    trials = evolution(BITS, ones, 60, np.random.default_rng(1), population=8, sample=3)
    for k in range(8, 60):
        living = [t.genes for t in trials[k - 8 : k]]  # ageing: the last eight, whoever they are
        distances = [sum(a != b for a, b in zip(t, trials[k].genes, strict=True)) for t in living]
        assert 1 in distances


def test_without_ageing_the_worst_leaves():
    """A first network that looks perfect stays for ever, and is every tournament's winner."""
    looks = iter([0.0, *np.linspace(1, 2, 100)])
    trials = evolution(
        BITS, lambda genes: next(looks), 40, np.random.default_rng(2),
        population=4, sample=200, remove="worst",
    )  # fmt: skip
    parents = [sum(a != b for a, b in zip(trials[0].genes, t.genes, strict=True))
               for t in trials[4:]]  # fmt: skip
    assert set(parents) == {1}
    looks = iter([0.0, *np.linspace(1, 2, 100)])
    aged = evolution(
        BITS, lambda genes: next(looks), 40, np.random.default_rng(2), population=4, sample=200
    )
    assert max(sum(a != b for a, b in zip(trials[0].genes, t.genes, strict=True))
               for t in aged[8:]) > 1  # fmt: skip


def test_evolution_finds_what_random_search_does_not():
    """Of 4,096 strings one is best. 200 trials: evolution has it nearly always, chance 5 %."""
    def ends(search, **options):
        return np.array([
            chosen(search(BITS, ones, 200, np.random.default_rng(k), **options)).error
            for k in range(30)
        ])  # fmt: skip

    assert (ends(evolution, population=16, sample=8) == 0).sum() >= 24
    assert (ends(random_search) == 0).sum() <= 6


def test_a_member_alone_wanders():
    trials = evolution(BITS, ones, 50, np.random.default_rng(0), population=1, sample=1)
    steps = [sum(a != b for a, b in zip(s.genes, t.genes, strict=True))
             for s, t in pairwise(trials)]  # fmt: skip
    assert set(steps) == {1}


def test_errors_say_what_is_wrong():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="population 0"):
        evolution(BITS, ones, 5, rng, population=0)
    with pytest.raises(ValueError, match="expected one of oldest, worst"):
        evolution(BITS, ones, 5, rng, remove="youngest")
