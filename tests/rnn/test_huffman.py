"""Huffman's tree, against the best of all trees, heapq's sum, and Shannon's bounds."""

import heapq
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.rnn.words.huffman import balanced, huffman


def cost_of_merging(counts):
    """Each merge puts all its words one deeper: the sum of all merged counts."""
    heap, cost = list(counts), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        both = heapq.heappop(heap) + heapq.heappop(heap)
        cost += both
        heapq.heappush(heap, both)
    return cost


def best_of_all(counts):
    """Try every binary tree: every way to part the words in two, again and again."""

    @lru_cache(None)
    def best(words):
        if len(words) == 1:
            return 0
        first, *rest = words
        parts = (
            ((first, *some), tuple(w for w in rest if w not in some))
            for n in range(len(rest))
            for some in combinations(rest, n)
        )
        return sum(counts[w] for w in words) + min(best(a) + best(b) for a, b in parts)

    return best(tuple(range(len(counts))))


@given(st.lists(st.integers(1, 30), min_size=2, max_size=7))
def test_no_tree_is_cheaper(counts):
    paths = huffman(counts)
    cost = int(np.dot(counts, paths.lengths))
    assert cost == best_of_all(counts) == cost_of_merging(counts)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=200))
def test_codes_are_free_of_prefixes_and_near_the_entropy(counts):
    paths = huffman(counts)
    codes = paths.codes()
    assert len(set(codes)) == len(codes)
    in_order = sorted(codes)
    assert not any(b.startswith(a) for a, b in pairwise(in_order))
    assert sum(2.0 ** -len(code) for code in codes) == pytest.approx(1)
    p = np.array(counts) / sum(counts)
    entropy, mean = -(p * np.log2(p)).sum(), (p * paths.lengths).sum()
    assert entropy - 1e-9 <= mean < entropy + 1
    assert int(np.dot(counts, paths.lengths)) == cost_of_merging(counts)


def test_each_node_has_a_left_and_a_right_side():
    paths = huffman([5, 2, 2, 1, 1])
    assert set(paths.nodes[paths.nodes >= 0]) == set(range(4))
    for node in range(4):
        assert set(paths.turns[paths.nodes == node]) == {1, -1}
    assert (paths.nodes[:, 0] == 3).all()
    assert ((paths.nodes >= 0) == (paths.turns != 0)).all()


def test_balanced_trees():
    for power in (1, 3, 8):
        assert (balanced(2**power).lengths == power).all()
    assert set(balanced(5).lengths) == {2, 3}


@pytest.mark.parametrize("counts", [[], [3], [1, 0]])
def test_no_tree(counts):
    with pytest.raises(ValueError, match="expected at least two, all above 0"):
        huffman(counts)
