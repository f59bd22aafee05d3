"""Training sets with and without glasses: who is in which, and a part of what is stored."""

import numpy as np
import pytest
import torch

from companion.data.glasses import with_glasses
from companion.data.people import people
from companion.faces.experiments import glasses_in_training as experiment

pytestmark = pytest.mark.reads("companion/faces/experiments/glasses_in_training.json")


@pytest.mark.parametrize("seed", range(3))
def test_sets(seed):
    everyone, shown = people(), with_glasses()
    sets, unseen = experiment.training_sets(everyone, shown, seed)
    nobody, nine = (sets[arm] for arm in experiment.ARMS)
    who = [set(everyone.names[chosen]) for chosen in (nobody, nine, unseen)]
    assert [len(one) for one in who] == [19, 19, 12]
    assert not who[2] & (who[0] | who[1])
    assert not shown[nobody].any()
    assert len(who[0] & who[1]) == 10
    wear = [shown[everyone.names == name].any() for name in who[1] - who[0]]
    assert all(wear)
    assert len(wear) == 9


def test_groups_are_every_pair_once():
    groups = experiment.groups_of([True, False, True])
    assert groups["both"].tolist() == [[1, 0, 1], [0, 0, 0], [1, 0, 1]]
    assert np.array_equal(sum(pairs.astype(int) for pairs in groups.values()), np.ones((3, 3)))


def test_rates_by_hand():
    # Two people on a line; the second has taken the glasses off on the last picture.
    encodings = np.array([[0.0], [1], [10], [11], [14]])
    names, shown = np.array([0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 0], dtype=bool)
    found = experiment.rates_by_group(encodings, names, shown)
    # 5 % of the different distances 9, 10, 10, 11, 13, 14 (each twice) are at most 9.
    assert found["rejected"] == {"both": 0, "one": 0, "neither": 0}
    assert found["accepted"]["one"] == pytest.approx(1 / 4)
    assert np.isnan(found["accepted"]["both"])


def test_what_is_stored_is_found_again():
    stored = experiment.stored()
    assert [len(runs) for runs in stored.values()] == [len(experiment.SEEDS)] * 2
    arm = experiment.ARMS[1]
    (again,) = experiment.contest(torch.nn, torch.optim, [0], arms=[arm])[arm]
    for kind in experiment.GROUPS:
        kept = stored[arm][0]["rejected"][kind]
        assert again["rejected"][kind] == pytest.approx(kept, abs=0.15)
