"""Counted multiplications against the shapes of the products that are really made."""

import numpy as np
import pytest

from companion.experiments.gradients.cost_of_gradients import multiplications, seconds
from companion.gradients import backpropagation as by_hand


class Counting(np.ndarray):
    """An array that counts the multiplications of its matrix products."""

    total = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [np.asarray(value) for value in inputs]
        result = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            Counting.total += plain[0].shape[0] * plain[0].shape[1] * plain[1].shape[1]
        return np.asarray(result).view(Counting)


@pytest.mark.parametrize("sizes", [[2, 3, 2], [7, 5, 4, 3], [6, 2]])
def test_counts_are_those_of_the_products(sizes):
    parameters = [tuple(p.view(Counting) for p in pair) for pair in by_hand.initialize(sizes)]
    Counting.total = 0
    a = by_hand.forward(parameters, np.ones((1, sizes[0])))
    counted = multiplications(sizes)
    assert Counting.total == counted["forward"]
    _, dz = by_hand.cost(np.asarray(a[-1]), np.array([0]))
    Counting.total = 0
    by_hand.backward(parameters, a, dz.view(Counting))
    assert Counting.total == counted["backward"]
    weights = sum(p.size for pair in parameters for p in pair)
    assert counted["differences"] == 2 * weights * counted["forward"]
    assert counted["backward"] <= 2 * counted["forward"]


def test_both_passes_are_timed():
    times = seconds([3, 4, 2], examples=5, repeats=3)
    assert times.keys() == {"forward", "backward"}
    assert all(value > 0 for value in times.values())
