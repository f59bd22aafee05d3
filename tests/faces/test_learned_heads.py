"""Encoders beneath a head: the stored contest is the one that its script finds."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.people import halved, parted, people
from companion.faces.experiments import learned_heads as heads
from companion.faces.experiments.unseen_pairs import judged

pytestmark = pytest.mark.reads("companion/faces/experiments/learned_heads.json")


def test_the_stored_results_are_whole():
    found = heads.stored()
    assert found["contest"].keys() == heads.WAYS.keys()
    for entry in found["contest"].values():
        assert entry["rate"] == heads.RATES[np.argmax(entry["tried"])]
        assert np.shape([f["distance"] for f in entry["found"]]) == (len(heads.SEEDS), 2)
    assert all("head" in f for f in found["contest"]["comparing head"]["found"])
    assert np.shape(found["scales"]) == (len(heads.SCALES), len(heads.SEEDS), 2)
    assert np.shape(found["margins"]) == (len(heads.MARGINS), len(heads.SEEDS), 2)


def test_the_script_still_finds_what_is_stored():
    """One run of the contest; last bits grow in training."""
    entry = heads.stored()["contest"]["with a margin"]
    got = heads.run_once(torch.nn, torch.optim, halved(people()), "with a margin", entry["rate"], 0)
    assert got["distance"][0] == pytest.approx(entry["found"][0]["distance"][0], abs=0.03)
    assert got["distance"][0] > 0.9


@pytest.mark.parametrize("way", heads.WAYS)
def test_each_way_learns_in_both_engines(way):
    known, unknown = parted(halved(people()), unseen=34)
    make, options = heads.WAYS[way]
    for engine, steppers in ((nn, optim), (torch.nn, torch.optim)):
        model, head = heads.learn_with_head(
            engine, steppers, known, make, epochs=2, people=4, each=3, steps=3, **options
        )
        assert not model.training
        found = judged(model, head, unknown)
        assert found["distance"][0] > 0.6
        assert ("head" in found) == (way == "comparing head")


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    def run(way, rate, seed):
        return {"distance": [1 - abs(rate - 0.2) if seed > 5 else 0.1 * seed, 0.0]}

    found = heads.contest(run, ["a"], (0.1, 0.2), (6,), (1, 2))
    assert found["a"]["rate"] == 0.2
    assert [f["distance"][0] for f in found["a"]["found"]] == [0.1, 0.2]
    with pytest.raises(ValueError, match="would judge themselves"):
        heads.contest(run, ["a"], (0.1,), (1,), (1,))


def test_a_run_that_diverges_counts_as_chance(monkeypatch):
    def fails(*args, **options):
        raise ArithmeticError

    monkeypatch.setattr(heads, "learn_with_head", fails)
    got = heads.run_once(torch.nn, torch.optim, halved(people()), "softmax", 1.0, 0)
    assert got == {"distance": [0.5, 0.5]}
