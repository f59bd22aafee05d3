"""The contest of losses and lines across: what is stored is complete, and can be made anew."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.detection.experiments import segmentation_contest as contest

pytestmark = pytest.mark.reads("companion/detection/experiments/segmentation_contest.json")


def test_what_is_stored_is_complete():
    found = contest.stored()
    assert set(found["tuning"]) == {f"{k}, {r}" for k in contest.KINDS for r in contest.RATES}
    assert set(found["runs"]) == set(contest.KINDS)
    for runs in found["runs"].values():
        assert len(runs) == len(contest.SEEDS)
        assert all(0 <= run["iou"] <= run["accuracy"] <= 1 for run in runs)
    assert contest.TUNING not in contest.SEEDS


@pytest.mark.parametrize("kind", ["cross-entropy", "no skips"])
def test_a_run_comes_out_as_stored(kind):
    found = contest.stored()
    again = contest.run(torch.nn, torch.optim, kind, contest.best_rate(found, kind), 0)
    assert again["iou"] == pytest.approx(found["runs"][kind][0]["iou"], abs=0.1)
    # Chance or ground everywhere reach far less.
    assert again["iou"] > 0.2


def test_without_lines_the_network_is_not_smaller():
    sizes = [
        sum(p.numel() for p in contest.unet(nn, 2, widths=contest.WIDTHS, skips=s).parameters())
        for s in (True, False)
    ]
    assert sizes[0] < sizes[1] < 1.1 * sizes[0]


def test_material_has_little_ink():
    X, y = contest.material(0, 20)
    assert X.shape == (20, 1, 48, 48)
    assert set(np.unique(y)) == {0, 1}
    assert 0.02 < y.mean() < 0.15


def test_the_best_rate_is_that_of_the_highest_iou():
    tuning = {f"Dice, {r}": {"iou": v} for r, v in zip(contest.RATES, (0.1, 0.3, 0.2), strict=True)}
    assert contest.best_rate({"tuning": tuning}, "Dice") == contest.RATES[1]
