"""Errors of a change of the gradient are those of the closed form on quadratic costs."""

import numpy as np

from companion.experiments.optimization.noisy_pairs import pair_errors

LENGTHS = [0.01, 0.1, 1.0]
RNG = np.random.default_rng(3)


def test_equal_curvature_leaves_noise_only():
    """Costs ½ aθ² - b_i θ with equal a: y is exact on one batch, off by a difference of b's."""
    b = RNG.normal(size=(60, 2))

    def gradient_on(rows):
        return lambda theta: 5.0 * theta - b[rows].mean(axis=0)

    errors = pair_errors(gradient_on, np.ones(2), 60, 10, LENGTHS, draws=1, seed=4)
    rows = np.random.default_rng(4).permutation(60)[:20].reshape(2, 10)
    noise = np.linalg.norm(b[rows[0]].mean(axis=0) - b[rows[1]].mean(axis=0))
    np.testing.assert_allclose(errors[:, 0], noise / (5.0 * np.array(LENGTHS)), rtol=1e-6)
    np.testing.assert_allclose(errors[:, 1], 0, atol=1e-9)


def test_on_one_batch_the_error_is_that_of_its_curvature():
    a = RNG.uniform(1, 3, size=(60, 1))

    def gradient_on(rows):
        return lambda theta: a[rows].mean() * theta

    errors = pair_errors(gradient_on, np.array([2.0]), 60, 10, LENGTHS, draws=1, seed=4)
    rows = np.random.default_rng(4).permutation(60)[:10]
    expected = abs(a[rows].mean() / a.mean() - 1)
    np.testing.assert_allclose(errors[:, 1], np.full(3, expected), rtol=1e-6)
