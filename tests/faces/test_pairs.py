"""All pairs of pictures, against SciPy's distances and a loop."""

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from companion.faces.pairs import pairs_of


def test_equal_to_scipy_and_a_loop():
    rng = np.random.default_rng(0)
    encodings, names = rng.normal(size=(13, 5)), rng.integers(0, 4, 13)
    found = pairs_of(encodings, names)
    np.testing.assert_allclose(found.distances, pdist(encodings), rtol=1e-12)
    assert found.same.tolist() == [a == b for a, b in combinations(names, 2)]


def test_identical_pictures_are_exactly_0_apart():
    one = np.random.default_rng(0).normal(size=7).astype(np.float32)
    found = pairs_of([one, one, one + 1], ["Ada", "Ada", "Bo"])
    assert found.distances[0] == 0
    assert found.same.tolist() == [True, False, False]


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_pictures_make_no_pair(count):
    found = pairs_of(np.zeros((count, 3)), np.zeros(count))
    assert found.distances.shape == found.same.shape == (0,)
    assert found.same.dtype == bool


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"encodings \(3, 2\), names \(2,\)"):
        pairs_of(np.zeros((3, 2)), [0, 1])
    with pytest.raises(ValueError, match=r"encodings \(3,\)"):
        pairs_of(np.zeros(3), [0, 1, 2])
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="encoding 2 is not finite"):
            pairs_of([[0.0], [1.0], [bad]], [0, 1, 2])
