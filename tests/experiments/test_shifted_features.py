"""Changes under a push, against cases worked out by hand."""

import numpy as np
import pytest

from companion.experiments.cnn.shifted_features import changes


def bars(*columns, width=8):
    maps = np.zeros((len(columns), 1, 1, width))
    for image, column in zip(maps, columns, strict=True):
        image[..., column] = 1
    return maps


def test_a_push_counts_as_a_share_of_the_distance_of_two_images():
    maps = bars(0, 2)  # their distance is √2, and so is that of a bar to its neighbour
    np.testing.assert_allclose(changes(maps, lambda m: m, [0, 1, 3]), [0, 1, 1])
    np.testing.assert_allclose(changes(5 * maps, lambda m: m, [0, 1, 3]), [0, 1, 1])


def test_a_window_that_still_holds_the_bar_does_not_change():
    def largest(m):
        return m.reshape(*m.shape[:3], 4, 2).max(axis=-1)

    np.testing.assert_allclose(changes(bars(0, 2), largest, [1, 2]), [0, 1])
    # Every second number: the bar is gone after one pixel, its length is all the change.
    np.testing.assert_allclose(changes(bars(0, 2), lambda m: m[..., ::2], [1]), [0.5**0.5])


def test_a_push_out_of_the_map_is_refused():
    with pytest.raises(ValueError, match="push by 2 moves features out"):
        changes(bars(6, 2), lambda m: m, [1, 2])
