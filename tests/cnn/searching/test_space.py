"""Spaces of architectures: counted in other ways, walked, and drawn from evenly."""

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from companion.cnn.searching.space import Space

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def of(sizes, allowed=None):
    return Space([range(size) for size in sizes], allowed)


@given(SIZES)
@settings(max_examples=50, deadline=None)
def test_it_has_as_many_members_as_the_product_of_the_choices(sizes):
    space = of(sizes)
    assert len(space) == prod(sizes) == len(set(space))
    assert all(genes in space for genes in space)


@given(SIZES)
@settings(max_examples=50, deadline=None)
def test_neighbours_are_those_at_a_distance_of_one_gene(sizes):
    space = of(sizes)
    for genes in list(space)[:20]:
        far = [other for other in space if sum(a != b for a, b in zip(genes, other)) == 1]  # noqa: B905
        assert sorted(space.neighbours(genes)) == sorted(far)
        assert len(far) == sum(size - 1 for size in sizes)


def test_a_rule_holds_everywhere():
    space = of((3, 3, 3), allowed=lambda genes: sum(genes) <= 3)
    expected = [genes for genes in product(range(3), repeat=3) if sum(genes) <= 3]
    assert list(space) == expected
    rng = np.random.default_rng(0)
    genes = space.draw(rng)
    for _ in range(200):
        genes = space.mutate(genes, rng)
        assert sum(genes) <= 3
    assert all(sum(space.draw(rng)) <= 3 for _ in range(200))
    assert (2, 2, 2) not in space
    assert (0, 0) not in space
    assert (0, 0, 5) not in space


def test_draws_and_mutations_are_even():
    """Chi-square tests: a wrong probability of a few percent would fail."""
    space = of((2, 3), allowed=lambda genes: genes != (1, 2))
    rng = np.random.default_rng(1)
    members = list(space)
    drawn = [members.index(space.draw(rng)) for _ in range(5000)]
    assert chisquare(np.bincount(drawn, minlength=5)).pvalue > 0.01
    near = space.neighbours((0, 0))
    moved = [near.index(space.mutate((0, 0), rng)) for _ in range(3000)]
    assert chisquare(np.bincount(moved, minlength=len(near))).pvalue > 0.01


def test_names_can_be_values_too():
    space = Space([("a", "b"), (8, 16)])
    assert list(space) == [("a", 8), ("a", 16), ("b", 8), ("b", 16)]
    assert space.neighbours(("a", 8)) == [("b", 8), ("a", 16)]


def test_errors_say_what_is_wrong():
    with pytest.raises(ValueError, match="no gene"):
        Space([])
    with pytest.raises(ValueError, match=r"gene 1 has the values \(\)"):
        Space([(1,), ()])
    with pytest.raises(ValueError, match="none twice"):
        Space([(1, 1)])
    with pytest.raises(ValueError, match="none allowed"):
        of((2,), allowed=lambda genes: False).draw(np.random.default_rng(0))
    with pytest.raises(ValueError, match="is not in the space"):
        of((2, 2)).neighbours((0, 7))
    with pytest.raises(ValueError, match="no allowed neighbour"):
        of((1,)).mutate((0,), np.random.default_rng(0))
