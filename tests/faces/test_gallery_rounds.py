"""Rounds of enrolling and probing, against scikit-learn's nearest neighbour."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from companion.faces.experiments.gallery_rounds import rounds


@pytest.mark.parametrize("each", [1, 3])
def test_equal_to_the_classifier_of_scikit_learn(each):
    rng = np.random.default_rng(each)
    names = rng.permutation(np.repeat([2, 5, 11], 4))
    encodings = rng.normal(size=(12, 3)) + names[:, None] / 5
    found = rounds(encodings, names, each)
    assert len(found) == 4
    for start, one in enumerate(found):
        rows = [np.flatnonzero(names == n)[(start + np.arange(each)) % 4] for n in (2, 5, 11)]
        enrolled = np.concatenate(rows)
        probing = np.setdiff1d(np.arange(12), enrolled)
        near = KNeighborsClassifier(1).fit(encodings[enrolled], names[enrolled])
        named = np.array([2, 5, 11])[one.distances.argmin(axis=1)]
        assert named.tolist() == near.predict(encodings[probing]).tolist()
        assert np.array([2, 5, 11])[one.own].tolist() == names[probing].tolist()


def test_each_picture_is_enrolled_equally_often():
    names = np.repeat([0, 1], 5)
    values = np.arange(10.0)[:, None]
    probed = sum(np.bincount(one.own, minlength=2) for one in rounds(values, names, 2))
    assert probed.tolist() == [15, 15]


@pytest.mark.parametrize("each", [0, 2])
def test_somebody_without_a_picture_left_is_told(each):
    with pytest.raises(ValueError, match=f"{each} of 2 pictures"):
        rounds(np.zeros((4, 1)), [0, 0, 1, 1], each)
    with pytest.raises(ValueError, match="of 0 pictures"):
        rounds(np.zeros((0, 1)), [])
