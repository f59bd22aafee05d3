"""What is measured on new people: by loops, scikit-learn and closed forms; the stored results."""

import json

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_curve
from sklearn.neighbors import KNeighborsClassifier

from companion import nn, optim
from companion.data.people import parted, people
from companion.faces.distances import squared_distances
from companion.faces.experiments import new_people as measures

pytestmark = pytest.mark.reads("companion/faces/experiments/new_people.json")


def example(seed, people_=5, each=4):
    rng = np.random.default_rng(seed)
    names = np.repeat(rng.permutation(people_), each)
    z = rng.normal(size=(people_, 3))[names] + rng.normal(0, 0.7, (len(names), 3))
    return z, names, squared_distances(z, z)


@pytest.mark.parametrize("seed", range(5))
def test_one_picture_each_by_scikit_learn(seed):
    z, names, distances = example(seed)
    shares = []
    for k in range(4):
        enrolled = np.array([np.flatnonzero(names == p)[k] for p in range(5)])
        probes = np.setdiff1d(np.arange(20), enrolled)
        nearest = KNeighborsClassifier(1).fit(z[enrolled], names[enrolled])
        shares.append(nearest.score(z[probes], names[probes]))
    np.testing.assert_allclose(measures.one_picture_each(distances, names), np.mean(shares))


@pytest.mark.parametrize("seed", range(5))
def test_all_others_by_loops(seed):
    z, names, distances = example(seed)
    right = 0
    for i in range(20):
        rest = [j for j in range(20) if j != i]
        right += names[min(rest, key=lambda j: np.linalg.norm(z[i] - z[j]))] == names[i]
    np.testing.assert_allclose(measures.all_others_enrolled(distances, names), right / 20)


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_judged_by_scikit_learn_s_curve(seed):
    _, names, distances = example(seed)
    i, j = np.triu_indices(20, 1)
    accepted, found, _ = roc_curve(
        names[i] == names[j], -distances[i, j], drop_intermediate=False
    )
    expected = np.interp(0, accepted - (1 - found), accepted)
    np.testing.assert_allclose(measures.judged(distances, names)["pairs"], expected, atol=1e-9)


def test_perfect_and_useless_distances():
    names = np.repeat(np.arange(4), 3)
    apart = (names[:, None] != names).astype(float)
    assert measures.judged(apart, names) == {"one picture": 1, "all others": 1, "pairs": 0}
    turned = measures.judged(1 - apart, names)  # everything the wrong way round
    assert turned["pairs"] == 1
    equal = np.zeros((12, 12))  # all encodings are one point: the first enrolled is named
    np.testing.assert_allclose(measures.one_picture_each(equal, names), 1 / 4)
    np.testing.assert_allclose(measures.judged(equal, names)["pairs"], 0.5)


def test_bad_input():
    d, names = np.ones((4, 4)), np.array([0, 0, 1, 1])
    for f in (measures.one_picture_each, measures.all_others_enrolled, measures.judged):
        with pytest.raises(ValueError, match="expected"):
            f(d[:3], names)
        with pytest.raises(ValueError, match="expected"):
            f(np.ones((0, 0)), np.array([]))
        with pytest.raises(ValueError, match="NaN"):
            f(np.full((4, 4), np.nan), names)
    with pytest.raises(ValueError, match="one picture"):
        measures.one_picture_each(d, np.array([0, 0, 1, 2]))
    with pytest.raises(ValueError, match="pairs"):
        measures.judged(d, np.array([0, 0, 0, 0]))


@pytest.mark.parametrize("engine", [(nn, optim), (torch.nn, torch.optim)])
def test_a_classifier_learns_its_people(engine):
    """Three people by heart in either engine; a classifier that learns nothing has a third."""
    known, _ = parted(people(), unseen=37, seed=0)
    model = measures.learn_names(*engine, known, epochs=40, transform=None)
    features = measures.features_of(model, known.images)
    np.testing.assert_allclose((features**2).sum(1), 1, atol=1e-6)
    scores = measures.predict(model, known.images)
    _, classes = np.unique(known.names, return_inverse=True)
    assert np.mean(scores.argmax(axis=1) == classes) > 0.8


def test_the_stored_results_are_whole_and_alike_when_found_again():
    """A training an eighth as long: already nearer to what is stored than to guessing."""
    kept = json.loads(measures.FILE.read_text())
    assert kept.pop("rate") in measures.RATES
    assert {len(values) for values in kept.values()} == {6}
    again = measures.by_features(torch.nn, torch.optim, 0, epochs=8)
    assert set(again) == set(kept)
    assert abs(again["pairs"] - kept["pairs"][0]) < 0.08
    assert abs(again["one picture"] - kept["one picture"][0]) < 0.12
