"""Ways of Siamese training: their losses by hand, and the stored results found again in part."""

import json

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.people import parted, people
from companion.faces.contrastive import contrastive_loss
from companion.faces.experiments import shared_weights as ways
from companion.gradients.tensor import Tensor

pytestmark = pytest.mark.reads("companion/faces/experiments/shared_weights.json")
Z, NAMES = np.random.default_rng(0).normal(size=(7, 4)), np.array([0, 0, 1, 1, 1, 2, 0])


@pytest.mark.parametrize("make", [Tensor, torch.tensor], ids=["companion", "torch"])
def test_two_equal_encoders_have_the_loss_of_one(make):
    both = np.concatenate([Z, Z], axis=1)
    np.testing.assert_allclose(
        ways.two_sided()(make(both), NAMES).item(), contrastive_loss()(Z, NAMES), rtol=1e-9
    )


def test_two_sided_by_loops():
    a, b = Z[:, :2], Z[:, 2:]
    parts = []
    for i in range(7):
        for j in range(7):
            d = np.linalg.norm(a[i] - b[j])
            if i != j:
                parts.append(d**2 if NAMES[i] == NAMES[j] else max(1 - d, 0) ** 2)
    np.testing.assert_allclose(ways.two_sided()(Z, NAMES), np.mean(parts), rtol=1e-9)


def test_same_only_has_no_push():
    z = np.array([[0.0, 0], [1, 0], [0, 0], [0, 3]])
    np.testing.assert_allclose(ways.same_only(z, np.array([0, 0, 1, 1])), (1 + 9) / 2)


@pytest.mark.parametrize("engine", [(nn, optim), (torch.nn, torch.optim)])
def test_each_way_trains_in_either_engine(engine):
    known, _ = parted(people(), unseen=30, seed=0)
    for way in ways.WAYS:
        model = ways.trained(*engine, known, way, epochs=1)
        d = ways.distances_of(model, known.images[:5])
        assert d.shape == (5, 5)
        assert np.isfinite(d).all()
        assert np.allclose(d, d.T, atol=1e-6) == (way != "two encoders")


def test_a_way_that_is_none():
    with pytest.raises(ValueError, match="two encoders"):
        ways.trained(nn, optim, None, "three")


def test_the_stored_results_are_whole():
    kept = json.loads(ways.FILE.read_text())
    assert set(kept) == set(ways.WAYS)
    for way in kept.values():
        assert way.pop("rate") in ways.RATES
        assert {len(values) for values in way.values()} == {6}


@pytest.mark.parametrize(("way", "epochs"), [("shared", 4), ("same only", 2)])
def test_the_script_still_finds_what_is_stored(way, epochs):
    """A shorter training: on the same side of pixels (11 to 16 % of pairs misjudged)."""
    kept = json.loads(ways.FILE.read_text())[way]
    found = ways.contest(torch.nn, torch.optim, way, 0, rate=kept["rate"], epochs=epochs)
    assert set(found) | {"rate"} == set(kept)
    assert (found["pairs"] < 0.14) == (way == "shared")
    assert (found["different"] < 0.3) == (way == "same only")
