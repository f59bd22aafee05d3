"""Checks of the exercises in the chapter on architecture search."""

from itertools import product

import numpy as np

from companion.cnn.searching.evolution import evolution
from companion.cnn.searching.random_search import random_search
from companion.cnn.searching.space import Space
from companion.cnn.searching.trials import chosen
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

CHOICES = [range(5)] * 3 + [(3, 5), (8, 16, 32)]


def pair_of(student):
    got = student.size_and_neighbours()
    assert isinstance(got, tuple | list), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected the size and the neighbours, got {len(got)} values"
    return got


@check(
    "size-of-a-space",
    hints=(
        "Genes are chosen independently of each other.",
        "There are five genes, with 5, 5, 5, 2 and 3 choices.",
        "5 · 5 · 5 · 2 · 3",
    ),
)
def test_the_size(student):
    "the number of architectures"
    mistakes = {
        "choices multiply, they do not add": 20,
        "three slots of five operations make 5³, not 3⁵": 3**5 * 6,
        "all slots are chosen, each by itself": 30,
        "kernel and channels are one choice for the whole network": 30**3,
    }
    space = Space(CHOICES)
    assert_close(pair_of(student)[0], len(space), mistakes=mistakes, what="the size")


@check(
    "size-of-a-space",
    hints=(
        "A neighbour differs in exactly one gene.",
        "A gene with c choices can become c − 1 others.",
        "3 · 4 + 1 + 2",
    ),
)
def test_the_neighbours(student):
    "the number of neighbours"
    mistakes = {
        "a gene with c choices has c − 1 other values": 20,
        "those that differ in one gene or more are all others": 749,
        "there are three slots": 7,
        "kernel and channels are genes, too": 12,
    }
    near = Space(CHOICES).neighbours((0, 0, 0, 3, 8))
    assert_close(pair_of(student)[1], len(near), mistakes=mistakes, what="the neighbours")


class Forgetful(Space):
    """Whose mutations draw all genes anew."""

    def mutate(self, genes, rng):
        return self.draw(rng)


@check(
    "all-genes-mutate",
    hints=(
        "What does the child still have from its parent?",
        "Its genes do not depend on those of the parent, so selection has nothing to work with.",
        "Each trial is an independent draw from the space.",
    ),
)
def test_evolution_without_inheritance(student):
    "regret compared with random search"
    words = ("lower", "the same", "higher")
    got = student.regret_of_that_evolution()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    space = Forgetful([range(4)] * 4)
    ends = [
        np.mean([chosen(search(space, sum, 80, np.random.default_rng(k))).error
                 for k in range(60)])
        for search in (evolution, random_search)
    ]  # fmt: skip
    gap = ends[0] - ends[1]
    right = "the same" if abs(gap) < 0.35 else "lower" if gap < 0 else "higher"
    assert got == right, "does a child still take anything over from its parent?"


def front(costs, errors):
    """One network after the other."""
    pairs = list(zip(costs, errors, strict=True))
    return np.array([
        not any(a <= c and b <= e and (a < c or b < e) for a, b in pairs) for c, e in pairs
    ])  # fmt: skip


def networks(seed, many=40):
    rng = np.random.default_rng(seed)
    return rng.permutation(many) * 1000, rng.permutation(many) / 100


@check(
    "not-dominated",
    points=2,
    hints=(
        "Compare each network with each other one.",
        "i dominates j if costs[i] <= costs[j] and errors[i] <= errors[j], one of them with <.",
        "at_most = (a[:, None] <= a) & (b[:, None] <= b), then any(axis=0)",
    ),
)
def test_networks_that_all_differ(student):
    "forty networks with different costs and errors"
    for seed in (0, 1):
        costs, errors = networks(seed)
        got = student.not_dominated(costs, errors)
        cheapest_and_best = np.zeros(40, bool)
        cheapest_and_best[[costs.argmin(), errors.argmin()]] = True
        mistakes = {
            "true is for those that are *not* dominated": ~front(costs, errors),
            "only the cheapest and the best are true; the stair has more corners":
                cheapest_and_best,
            "a network is dominated by one that is *both* cheaper and better":
                front(costs, -errors),
        }  # fmt: skip
        assert_close(got, front(costs, errors), mistakes=mistakes, what="the stair")
    assert_unchanged(student.not_dominated)


@check(
    "not-dominated",
    hidden=True,
    after="test_networks_that_all_differ",
    hints=(
        "At most as much in both, and better in at least one.",
        "Of two networks with one cost only the better stays; twins both stay.",
        "better = (a[:, None] < a) | (b[:, None] < b)",
    ),
)
def test_equal_costs_and_errors(student):
    "networks that are equal in one or in both, and one alone"
    rng = np.random.default_rng(5)
    for costs, errors in (
        ([3, 3, 1, 1, 5], [0.2, 0.3, 0.4, 0.4, 0.2]),
        (rng.integers(6, size=30), rng.integers(6, size=30) / 10),
        ([7], [0.5]),
    ):
        costs, errors = np.array(costs), np.array(errors)
        got = student.not_dominated(costs, errors)
        twins_out = np.array([
            not any(a <= c and b <= e for k, (a, b) in enumerate(zip(costs, errors, strict=True))
                    if k != j)
            for j, (c, e) in enumerate(zip(costs, errors, strict=True))
        ])  # fmt: skip
        strict = np.array([
            not any(a < c and b < e for a, b in zip(costs, errors, strict=True))
            for c, e in zip(costs, errors, strict=True)
        ])  # fmt: skip
        mistakes = {
            "twins do not dominate each other": twins_out,
            "one of equal cost that errs more is dominated": strict,
        }
        assert_close(got, front(costs, errors), mistakes=mistakes, what="the stair")


def members(seed, P=7, G=4):
    rng = np.random.default_rng(seed)
    return rng.integers(3, size=(P, G)), rng.permutation(P) / 10


def stepped(genes, parent, gene, value, leaves=0):
    child = genes[parent].copy()
    child[gene] = value
    return np.vstack([np.delete(genes, leaves, axis=0), child])


@check(
    "ageing-step",
    points=2,
    hints=(
        "Three things happen: a tournament, a mutation, and the oldest leaves.",
        "The parent is the best of the members *drawn*; the oldest stands first.",
        "parent = drawn[np.argmin(errors[drawn])]",
    ),
)
def test_parent_child_and_who_leaves(student):
    "parent, child and who leaves"
    genes, errors = members(0)
    errors = np.array([0.05, 0.4, 0.1, 0.3, 0.2, 0.6, 0.5])  # the oldest is the best of all
    genes[:, 0] = np.arange(7)
    drawn = np.array([5, 3, 4])
    expected = stepped(genes, 4, 2, 9)
    mistakes = {
        "the parent is the best of those drawn, not of all": stepped(genes, 0, 2, 9),
        "argmin counts among the drawn; look up who that is": stepped(genes, 2, 2, 9),
        "the parent is the one with the *lowest* error": stepped(genes, 5, 2, 9),
        "the first one drawn is not always the best": stepped(genes, 5, 2, 9),
        "the oldest leaves, not the worst": stepped(genes, 4, 2, 9, leaves=5),
        "the oldest leaves, not the parent": stepped(genes, 4, 2, 9, leaves=4),
        "the child joins at the end": np.roll(expected, 1, axis=0),
        "the child is the parent with one gene changed": stepped(genes, 4, 2, genes[4, 2]),
        "nobody left": np.vstack([genes, expected[-1]]),
    }
    got = student.ageing_step(genes, errors, drawn, 2, 9)
    assert_close(got, expected, mistakes=mistakes, what="the population")


@check(
    "ageing-step",
    hidden=True,
    after="test_parent_child_and_who_leaves",
    hints=(
        "The members of before must stay what they were.",
        "genes[parent] is a view: changing it changes the population. Ties go to the first drawn.",
        "child = genes[parent].copy()",
    ),
)
def test_nothing_else_changes(student):
    "other sizes, ties, a member drawn twice, and `genes` stays as it is"
    for seed, drawn in ((1, [6, 6, 2]), (2, [3]), (3, [0, 1, 2, 3, 4, 5, 6])):
        genes, errors = members(seed)
        parent = drawn[int(np.argmin(errors[drawn]))]
        got = student.ageing_step(genes, errors, np.array(drawn), 1, 8)
        assert_unchanged(student.ageing_step)
        assert_close(got, stepped(genes, parent, 1, 8), what="the population")
    genes = members(4)[0]
    genes[:, 0] = np.arange(7)
    errors = np.array([0.1, 0.5, 0.4, 0.3, 0.6, 0.2, 0.7])
    got = student.ageing_step(genes, errors, np.array([3, 0, 5]), 2, 6)
    what = "the population after the oldest has been the parent,"
    assert_close(got, stepped(genes, 0, 2, 6), what=what)
    got = student.ageing_step(genes, np.full(7, 0.25), np.array([5, 2, 4]), 3, 7)
    assert_close(got, stepped(genes, 5, 3, 7), what="the population after a tie,")


def by_all_draws(errors, n):
    """The mean over all ways to draw."""
    ends = [min(drawn) for drawn in product(errors, repeat=n)]
    return float(np.mean(ends) - min(errors))


@check(
    "expected-regret",
    points=2,
    hints=(
        "A mean is a sum of values times their probabilities.",
        "Sort the errors; the best draw has rank k with P(rank > k − 1) − P(rank > k).",
        "above = (1 - np.arange(N + 1) / N) ** n; chance = above[:-1] - above[1:]",
    ),
)
def test_small_spaces(student):
    "spaces that can be gone through"
    for errors, n in (([0.3, 0.1, 0.2, 0.5], 2), ([0.2, 0.7, 0.4], 4), ([0.4, 0.1], 1)):
        errors = np.array(errors)
        e = np.sort(errors)
        above = (1 - np.arange(len(e) + 1) / len(e)) ** n
        without = [min(d) for d in product(errors, repeat=n) if len(set(d)) == min(n, len(e))]
        mistakes = {
            "that is the mean error; subtract the lowest": by_all_draws(errors, n) + e[0],
            "sort the errors first": float(np.sum((above[:-1] - above[1:]) * (errors - e[0]))),
            "that is P(rank > k), not the probability of a rank":
                float(np.sum(above[1:] * (e - e[0]))),
            "the draws are independent: one network may come twice":
                float(np.mean(without) - e[0]) if without else np.inf,
        }  # fmt: skip
        got = student.expected_regret(errors, n)
        assert_close(got, by_all_draws(errors, n), mistakes=mistakes, what="the mean regret")
    assert_unchanged(student.expected_regret)


@check(
    "expected-regret",
    points=2,
    hidden=True,
    after="test_small_spaces",
    hints=(
        "Do not draw, and do not go through all draws.",
        "NumPy can take powers of a hundred thousand numbers at once.",
        "return np.sum(chance * (e - e[0]))",
    ),
)
def test_a_large_space(student):
    "a hundred thousand networks, equal errors among them"
    # Errors k/N: the sum telescopes to a mean of powers, known in another way.
    N = 100_000
    errors = np.random.default_rng(0).permutation(N) / N
    for n in (1, 20, 500):
        expected = np.sum((np.arange(1, N) / N) ** n) / N
        assert_close(student.expected_regret(errors, n), expected, what=f"n = {n}")
    # A quarter of the networks is perfect, the others are worse by 0.4: all draws miss it with ¾ⁿ.
    two_kinds = np.repeat([0.5, 0.1], [750, 250])
    mistakes = {"equal errors are still networks of their own": 0.4 * 0.5**3}
    got = student.expected_regret(two_kinds, 3)
    assert_close(got, 0.4 * 0.75**3, mistakes=mistakes, what="the regret with equal errors")
