"""Learners on a stream are judged before they learn, and fitted to what the window holds."""

import numpy as np
import pytest

from companion.data import toy
from companion.experiments.gradients.streams import mistaken_online, mistaken_refitted
from companion.gradients.perceptron import Perceptron


def test_online_mistakes_are_those_of_a_plain_loop():
    X, y, _ = toy.drifting(80, 1, margin=0.0, seed=3)
    w, b, expected = np.zeros(2), 0.0, []
    for x, side in zip(X, y, strict=True):
        expected.append(side * (w @ x + b) <= 0)
        if expected[-1]:
            w, b = w + side * x, b + side
    np.testing.assert_array_equal(mistaken_online(Perceptron(2), X, y), expected)


@pytest.mark.parametrize(("window", "every"), [(3, 2), (100, 2), (1, 1), (4, 5)])
def test_each_fit_sees_the_last_of_the_past(window, every):
    X, y = np.arange(12.0)[:, None], np.arange(12) % 3
    seen = []

    def fit(past, labels):
        seen.append(past[:, 0].tolist())
        np.testing.assert_array_equal(labels, y[past[:, 0].astype(int)])
        return lambda new: np.full(len(new), labels[-1])

    wrong = mistaken_refitted(fit, X, y, window, every, first=4)
    starts = range(4, 12, every)
    assert seen == [list(map(float, range(max(0, now - window), now))) for now in starts]
    last = [0] * 4 + [y[4 + (k - 4) // every * every - 1] for k in range(4, 12)]
    np.testing.assert_array_equal(wrong[4:], (np.array(last) != y)[4:])
    assert not wrong[:4].any()


@pytest.mark.parametrize("sizes", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_sizes_must_be_positive(sizes):
    with pytest.raises(ValueError, match="at least 1"):
        mistaken_refitted(None, np.zeros((3, 1)), np.zeros(3), *sizes)
