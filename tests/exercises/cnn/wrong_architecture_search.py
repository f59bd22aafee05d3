"""Known wrong answers to the exercises of the chapter on architecture search."""

import numpy as np

from companion.exercises import wrong


@wrong("size-of-a-space", fails="test_the_size")
def size_and_neighbours():
    """Adds the choices."""
    return 20, 15


@wrong("size-of-a-space", fails="test_the_size")
def size_and_neighbours():
    """Takes kernel and channels for each slot."""
    return 27000, 15


@wrong("size-of-a-space", fails="test_the_neighbours")
def size_and_neighbours():
    """Counts the value a gene has among its changes."""
    return 750, 20


@wrong("size-of-a-space", fails="test_the_neighbours")
def size_and_neighbours():
    """Counts all other architectures."""
    return 750, 749


@wrong("all-genes-mutate", fails="test_evolution_without_inheritance")
def regret_of_that_evolution():
    """Thinks that selection alone helps."""
    return "lower"


@wrong("all-genes-mutate", fails="test_evolution_without_inheritance")
def regret_of_that_evolution():
    """Thinks that it does harm."""
    return "higher"


@wrong("all-genes-mutate", fails="test_evolution_without_inheritance")
def regret_of_that_evolution():
    """Answers in other words."""
    return "equal"


@wrong("not-dominated", fails="test_networks_that_all_differ")
def not_dominated(costs, errors):
    """Says which are dominated."""
    a, b = np.asarray(costs), np.asarray(errors)
    return ((a[:, None] < a) & (b[:, None] < b)).any(axis=0)


@wrong("not-dominated", fails="test_networks_that_all_differ")
def not_dominated(costs, errors):
    """Keeps the cheapest and the best."""
    return (costs == np.min(costs)) | (errors == np.min(errors))


@wrong("not-dominated", fails="test_networks_that_all_differ")
def not_dominated(costs, errors):
    """Asks along the wrong axis."""
    a, b = np.asarray(costs), np.asarray(errors)
    return ~((a[:, None] < a) & (b[:, None] < b)).any(axis=1)


@wrong("not-dominated", fails="test_equal_costs_and_errors")
def not_dominated(costs, errors):
    """Lets only those dominate that are better in both."""
    a, b = np.asarray(costs), np.asarray(errors)
    return ~((a[:, None] < a) & (b[:, None] < b)).any(axis=0)


@wrong("not-dominated", fails="test_equal_costs_and_errors")
def not_dominated(costs, errors):
    """Lets twins dominate each other."""
    a, b = np.asarray(costs), np.asarray(errors)
    at_most = (a[:, None] <= a) & (b[:, None] <= b)
    np.fill_diagonal(at_most, False)
    return ~at_most.any(axis=0)


@wrong("not-dominated", fails="test_equal_costs_and_errors")
def not_dominated(costs, errors):
    """Walks along the sorted costs and forgets ties."""
    keep, lowest = np.zeros(len(costs), bool), np.inf
    for k in np.argsort(costs, kind="stable"):
        if errors[k] < lowest:
            keep[k], lowest = True, errors[k]
    return keep


@wrong("ageing-step", fails="test_parent_child_and_who_leaves")
def ageing_step(genes, errors, drawn, gene, value):
    """Takes the best of all as the parent."""
    child = np.array(genes[np.argmin(errors)])
    child[gene] = value
    return np.vstack([genes[1:], child])


@wrong("ageing-step", fails="test_parent_child_and_who_leaves")
def ageing_step(genes, errors, drawn, gene, value):
    """Forgets that argmin counts among the drawn."""
    child = np.array(genes[np.argmin(errors[drawn])])
    child[gene] = value
    return np.vstack([genes[1:], child])


@wrong("ageing-step", fails="test_parent_child_and_who_leaves")
def ageing_step(genes, errors, drawn, gene, value):
    """Removes the worst."""
    child = np.array(genes[drawn[np.argmin(errors[drawn])]])
    child[gene] = value
    return np.vstack([np.delete(genes, np.argmax(errors), axis=0), child])


@wrong("ageing-step", fails="test_parent_child_and_who_leaves")
def ageing_step(genes, errors, drawn, gene, value):
    """Takes the member with the largest error."""
    child = np.array(genes[drawn[np.argmax(errors[drawn])]])
    child[gene] = value
    return np.vstack([genes[1:], child])


@wrong("ageing-step", fails="test_nothing_else_changes")
def ageing_step(genes, errors, drawn, gene, value):
    """Breaks ties by age."""
    parent = min(sorted(drawn), key=lambda k: errors[k])
    child = np.array(genes[parent])
    child[gene] = value
    return np.vstack([genes[1:], child])


@wrong("expected-regret", fails="test_small_spaces")
def expected_regret(errors, n):
    """Gives the mean error."""
    e = np.sort(errors)
    above = (1 - np.arange(len(e) + 1) / len(e)) ** n
    return float(np.sum((above[:-1] - above[1:]) * e))


@wrong("expected-regret", fails="test_small_spaces")
def expected_regret(errors, n):
    """Does not sort."""
    e = np.asarray(errors)
    above = (1 - np.arange(len(e) + 1) / len(e)) ** n
    return float(np.sum((above[:-1] - above[1:]) * (e - e.min())))


@wrong("expected-regret", fails="test_small_spaces")
def expected_regret(errors, n):
    """Takes P(rank > k) for the probability of a rank."""
    e = np.sort(errors)
    above = (1 - np.arange(1, len(e) + 1) / len(e)) ** n
    return float(np.sum(above * (e - e[0])))


@wrong("expected-regret", fails="test_small_spaces")
def expected_regret(errors, n):
    """Draws, and is only nearly right."""
    rng = np.random.default_rng(0)
    ends = [rng.choice(errors, n).min() for _ in range(1000)]
    return float(np.mean(ends) - np.min(errors))


@wrong("expected-regret", fails="test_a_large_space")
def expected_regret(errors, n):
    """Lets equal errors share one rank."""
    e = np.unique(errors)
    above = (1 - np.arange(len(e) + 1) / len(e)) ** n
    return float(np.sum((above[:-1] - above[1:]) * (e - e[0])))


@wrong("ageing-step", fails="test_nothing_else_changes")
def ageing_step(genes, errors, drawn, gene, value):
    """Lets the oldest leave before it can be a parent."""
    young = [i for i in drawn if i > 0] or [0]
    child = genes[min(young, key=lambda i: errors[i])].copy()
    child[gene] = value
    return np.vstack([genes[1:], child])
