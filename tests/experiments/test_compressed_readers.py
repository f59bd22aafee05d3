"""Readers made smaller: the stored results are those that the script finds."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.compressing import channels, low_rank, pruning
from companion.experiments.cnn import compressed_readers as readers
from companion.experiments.cnn.trained_reader import reader, reader_images, trained_reader

pytestmark = pytest.mark.reads(
    "companion/experiments/cnn/compressed_readers.json",
    "companion/experiments/cnn/trained_reader.npz",
)
COMPRESSING = {"pruning": pruning, "channels": channels, "low_rank": low_rank}


@pytest.fixture(scope="module")
def ways():
    return readers.Ways(torch, COMPRESSING, reader_images(), 0)


def test_the_stored_results_are_whole():
    found = readers.stored()
    assert set(found["rates"]) == {*readers.KINDS, "channels", "thin"}
    assert set(found["rates"].values()) <= set(readers.RATES)
    assert tuple(run["seed"] for run in found["runs"]) == readers.SEEDS
    assert readers.TUNING not in readers.SEEDS
    shapes = {"untrained": (4,), **dict.fromkeys(readers.KINDS, (4,)),
              "channels": (2, 3), "tickets": (2,), "thin": (4, 2)}  # fmt: skip
    for run in found["runs"]:
        for name, shape in shapes.items():
            assert np.shape(run[name]) == shape
            assert 0 <= np.min(run[name]) <= np.max(run[name]) <= 1


def test_the_script_still_finds_what_is_stored(ways):
    """One network from the start, a few epochs; last bits may grow on other machines."""
    whole = [run["whole"] for run in readers.stored()["runs"]]
    model = ways.train(ways.fresh(), epochs=3)
    X, y = ways.data["test"]
    assert readers.misread(model, X[:300], y[:300]) < max(whole) + 0.07


@pytest.mark.parametrize("kind", readers.KINDS)
def test_every_way_keeps_its_share(ways, kind, monkeypatch):
    examples = tuple(part[:100] for part in ways.data["train"])
    monkeypatch.setattr(ways, "data", {"train": examples})
    pruned = ways.pruned(trained_reader(torch.nn), kind, 0.1, 1e-3)
    left, of = pruning.nonzero(pruned)
    assert abs(left - 0.1 * of) <= 2.5


def test_pruning_in_rounds_gives_each_round_its_share():
    seen = []
    readers.pruned_in_rounds(
        "model", [0.5, 0.25], lambda m, s: f"{m} {s}", lambda m, masks: seen.append((m, masks))
    )
    assert seen == [("model", "model 0.5"), ("model", "model 0.25")]


@pytest.mark.parametrize(("engine", "opt"), [(nn, optim), (torch.nn, torch.optim)])
def test_both_engines_can_be_trained_on(engine, opt):
    X, y = (part[:100] for part in reader_images()["train"])
    model = reader(engine, width=2, hidden=8)
    masks = pruning.magnitude_masks(model, 0.5)
    loss = engine.CrossEntropyLoss()
    readers.retrained(
        model, (X, y), loss, lambda p: opt.Adam(p, lr=5e-3), 2, 0, [pruning.KeepMasks(masks)]
    )
    assert not model.training
    assert pruning.nonzero(model)[0] == sum(m.sum() for m in masks.values())
    assert 0 <= readers.misread(model, X, y) < 1
