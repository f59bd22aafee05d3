"""Steps to settle: counted from known series, and least for the numbers that theory says."""

import numpy as np

from companion.experiments.optimization.settling import best_numbers, steps_to_settle


def test_the_last_time_above_the_level_decides():
    walks = [[1.0, 1.0, 1.0, 0.0], [0.0, 5e-4, 0.1, 0.0], [0.5, 0, 0, 0], [0, 0, 0.1, 0]]
    found = steps_to_settle(np.array(walks), 0.0)
    assert found.tolist() == [3, 1, np.inf, 0]


def test_a_walk_that_left_the_numbers_has_not_settled():
    assert steps_to_settle([1.0, np.inf, np.nan], 0.0) == np.inf


def test_a_factor_per_step_gives_its_logarithm():
    heights = 0.5 ** np.arange(20.0)
    assert steps_to_settle(heights, 0.0) == np.ceil(np.log(1000) / np.log(2))


def test_a_parabola_wants_one_over_its_curvature_and_no_momentum():
    def settle(rate, mu):
        x, v, path = 1.0, 0.0, [1.0]
        for _ in range(60):
            v = mu * v + 4 * x
            x -= rate * v
            path.append(x)
        return np.atleast_1d(steps_to_settle(np.square(path), 0.0))

    assert best_numbers(settle, [0.1, 0.25, 0.4], [0.0, 0.5]) == (0.25, 0.0)
