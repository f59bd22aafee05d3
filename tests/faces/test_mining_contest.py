"""The contest of ways to mine: its stored results are those that its script finds."""

import numpy as np
import pytest
import torch
from scipy.stats import mannwhitneyu
from sklearn.metrics import roc_curve

from companion import nn, optim
from companion.data.people import halved, parted, people
from companion.faces.experiments import mining_contest as contest

pytestmark = pytest.mark.reads("companion/faces/experiments/mining_contest.json")
FIRST_PIXEL = 0.1902
"""Of ORL's first picture, as `people` returns it: glyphs have another one."""


def pairs(z, names):
    rows, columns = np.triu_indices(len(names), 1)
    d = np.linalg.norm(z[rows] - z[columns], axis=1)
    return d, names[rows] == names[columns]


@pytest.mark.parametrize("ties", [False, True])
def test_judged_by_scipy_and_scikit_learn(ties):
    rng = np.random.default_rng(0)
    names = np.repeat(np.arange(5), 6)
    z = rng.normal(size=(30, 3)) + 0.8 * names[:, None]
    z = z.round() if ties else z
    auc, eer = contest.judged(z, names)
    d, same = pairs(z, names)
    u = mannwhitneyu(d[~same], d[same]).statistic / (same.sum() * (~same).sum())
    np.testing.assert_allclose(auc, u)
    false, true, _ = roc_curve(same, -d, drop_intermediate=False)
    best = np.abs(1 - true - false).argmin()
    np.testing.assert_allclose(eer, (1 - true[best] + false[best]) / 2, atol=0.02)


def test_judged_at_the_ends():
    names = np.array([0, 0, 1, 1])
    assert contest.judged(np.array([[0.0], [0], [5], [5]]), names) == (1, 0)
    assert contest.judged(np.zeros((4, 1)), names)[0] == 0.5
    assert contest.judged(np.array([[0.0], [9], [0.1], [9.1]]), names)[0] < 0.5


def test_what_a_choice_notes():
    x = np.array([0, 1, 1.2, 4.0])
    d, names = (x[:, None] - x[None]) ** 2, np.array([0, 0, 1, 1])
    mine, seen = contest.watched(contest.choice("batch-all"))
    chosen = mine(d, names, 0.3)
    teach, of_chosen, far = seen[0]
    np.testing.assert_allclose(teach, len(chosen) / 8)
    assert of_chosen == 1
    np.testing.assert_allclose(far, np.mean([1.2, 4, 0.2, 3]))
    mine, seen = contest.watched(contest.choice("semi-hard"), squared=False)
    assert len(mine(0 * d, names, 0.3)) == 0
    assert np.isnan(seen[0][1])
    with pytest.raises(ValueError, match="no way 'hardest'; there are random, all"):
        contest.choice("hardest")


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    def run(way, rate, seed):
        return contest.Run(1 - abs(rate - 0.2 * len(way)), 0.1, [0.5], [0.6], [1.0 + seed])

    found = contest.contest(run, ["a", "bb"], (0.2, 0.4), (100,), (0, 1))
    assert [entry["rate"] for entry in found] == [0.2, 0.4]
    assert found[0]["apart"] == [[1.0], [2.0]]
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        contest.contest(run, ["a"], (0.2,), (1,), (0, 1))


def test_sides_take_the_rate_of_their_way():
    def run(way, rate, seed, **options):
        return contest.Run(rate, 0.1, [options["margin"]], [0.6], [1.0])

    found = contest.changed(
        run, [{"way": "a", "rate": 0.4}], {"wide": ("a", {"margin": 2.0})}, (3, 4)
    )
    assert found["wide"]["auc"] == [0.4, 0.4]
    assert found["wide"]["teach"] == [[2.0], [2.0]]


def test_the_stored_results_are_whole():
    found = contest.stored()
    assert [entry["way"] for entry in found["ways"]] == list(contest.WAYS)
    assert list(found["sides"]) == list(contest.SIDES)
    for entry in found["ways"]:
        assert entry["rate"] == contest.RATES[np.argmax(entry["tried"])]
    for entry in (*found["ways"], *found["sides"].values()):
        assert np.shape(entry["auc"]) == np.shape(entry["eer"]) == (len(contest.SEEDS),)
        for name in ("teach", "chosen", "apart"):
            assert np.shape(entry[name]) == (len(contest.SEEDS), 15)


def test_the_script_still_finds_what_is_stored():
    """One run; on other machines, and with glyphs, last digits or more may differ."""
    entry = next(e for e in contest.stored()["ways"] if e["way"] == "semi-hard")
    got = contest.train(torch.nn, torch.optim, "semi-hard", entry["rate"], 0)
    assert got.auc > 0.7
    if people().images[0, 0, 0, 0] == pytest.approx(FIRST_PIXEL, abs=1e-4):
        np.testing.assert_allclose(got.auc, entry["auc"][0], atol=0.03)
        np.testing.assert_allclose(got.teach[0], entry["teach"][0][0], atol=0.1)


def test_our_own_engine_can_be_trained():
    got = contest.train(nn, optim, "batch-all", 1e-3, 0, epochs=1, steps=2, widths=(4,))
    assert 0.4 < got.auc <= 1
    assert len(got.teach) == 1
    known, unknown = parted(halved(people()))
    assert not set(known.names) & set(unknown.names)
