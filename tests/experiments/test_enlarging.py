"""Best kernels, against kernels that made the images, and patterns worked out by hand."""

import numpy as np

from companion.cnn.transposed import conv_transpose2d
from companion.experiments.cnn.enlarging import best_kernel, unevenness


def test_a_kernel_that_made_the_images_is_found():
    rng = np.random.default_rng(0)
    small, kernel = rng.normal(size=(5, 1, 6, 7)), rng.normal(size=(1, 1, 3, 4))

    def enlarge(images, kernel):
        return conv_transpose2d(images, kernel, stride=2, padding=1).numpy()

    found = best_kernel(enlarge, small, enlarge(small, kernel), kernel.shape)
    np.testing.assert_allclose(found, kernel, rtol=1e-9, atol=1e-9)


def test_it_is_the_best_when_none_is_exact():
    rng = np.random.default_rng(1)
    small, large = rng.normal(size=(2, 4, 1, 3, 3))

    def scaled(images, kernel):
        return images * kernel[0]

    (factor,) = best_kernel(scaled, small, large, (1,))
    np.testing.assert_allclose(factor, (small * large).sum() / (small**2).sum(), rtol=1e-12)


def test_unevenness_by_hand():
    assert unevenness(np.ones((2, 1, 4, 6)), 2) == 0
    board = np.indices((4, 4)).sum(axis=0) % 2
    np.testing.assert_allclose(unevenness(board * 1.0, 2), 0.5 / 0.5**0.5)
    np.testing.assert_allclose(unevenness(-3.0 * board, 2), 0.5 / 0.5**0.5)
