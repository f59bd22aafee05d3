"""The contest of anchors, levels and losses: its stored results are those that its script finds."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.detection.experiments import anchor_contest as contest

pytestmark = pytest.mark.reads("companion/detection/experiments/anchor_contest.json")


def test_the_stored_results_are_whole():
    table = contest.stored()
    grids = {"levels": (contest.LEVELS["sizes"], contest.COMMON),
             "sizes": (contest.LOSSES["sizes"], contest.LARGER)}  # fmt: skip
    grids |= {kind: (arms, contest.RATES) for kind, arms in contest.PAIRS.items()}
    assert set(table) == {f"{kind}/{arm}" for kind, (arms, _) in grids.items() for arm in arms}
    for key, e in table.items():
        kind = key.split("/")[0]
        assert e["rate"] == grids[kind][1][np.argmax(e["tried"])]
        assert np.shape(e["found"]) == (6, 3 if kind in ("sizes", "levels") else 1)
        assert 0 < np.min(e["found"]) <= np.max(e["found"]) < 1


def test_the_script_still_finds_what_is_stored():
    """Last bits may grow on other machines; an untrained network finds next to nothing."""
    stored = contest.stored()["crossed/anchors"]
    arm = contest.ARMS["anchors"]
    got = contest.trained(torch.nn, torch.optim, "crossed", stored["rate"], 0, **arm)
    ap = contest.judged(*got, contest.made("crossed", contest.JUDGED, "dev"))[0]
    assert abs(ap - stored["found"][0][0]) < 0.12


@pytest.mark.parametrize("arm", contest.ARMS)
def test_slots_follow_the_arm(arm):
    options = contest.ARMS[arm]
    learned = contest.made("sizes", 20)
    grids = contest.slots_for(learned, options.get("anchors", 1), options.get("levels", 1))
    assert len(grids) == options.get("anchors", 1)
    fine = [grid.unit.prod() for grid in grids if grid.cells == 16]
    coarse = [grid.unit.prod() for grid in grids if grid.cells == 8]
    assert len(fine) == (2 if options.get("levels") == 2 else 0)
    assert max(fine, default=0) < min(coarse)


def test_both_engines_can_be_trained(monkeypatch):
    monkeypatch.setitem(contest.BUDGETS, "crossed", (16, 1))
    for engine, optimizers in ((nn, optim), (torch.nn, torch.optim)):
        model, grids = contest.trained(engine, optimizers, "crossed", 0.01, 0, anchors=2)
        found = contest.found_in(model, grids, contest.made("crossed", 2, "dev").images)
        assert len(found) == 2


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    done = {"a 0x0/x/0.2/100": [0.9]}

    def run(kind, arm, rate, seed):
        return [1 - abs(rate - 0.4) - (0 if seed < 100 else 0.1)]

    table = contest.contest(run, done, {"a": ("x",)}, (0.2, 0.4), (100,), (0, 1))
    assert table["a/x"] == {"rate": 0.2, "tried": [0.9, 0.9], "found": [[0.8], [0.8]]}
    assert len(done) == 4
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        contest.contest(run, {}, {"a": ("x",)}, (0.2,), (1,), (0, 1))
