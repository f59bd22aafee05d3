"""One reader made smaller in several ways: the stored results are those that the script finds."""

import io

import numpy as np
import pytest
import torch

from companion.cnn.counting import count
from companion.experiments.cnn import efficient_readers as smaller
from companion.experiments.cnn.trained_reader import reader_images

pytestmark = pytest.mark.reads(
    "companion/experiments/cnn/efficient_readers.json",
    "companion/experiments/cnn/trained_reader.npz",
)


def test_the_stored_results_are_whole():
    found = smaller.stored()
    assert set(found) == set(smaller.WAYS)
    for errors in found.values():
        assert {kind: len(e) for kind, e in errors.items()} == {
            "float": len(smaller.SEEDS),
            "int8": len(smaller.SEEDS),
        }


@pytest.mark.parametrize("way", ["as it is", "fewer channels"])
def test_the_script_still_finds_what_is_stored(way):
    """Last bits grow in training, so the same share of mistakes only roughly."""
    got = smaller.judged(way, 0, torch, smaller.toolbox())
    want = [smaller.stored()[way][kind][0] for kind in ("float", "int8")]
    np.testing.assert_allclose(got, want, atol=0.015)


def test_versions_cost_what_they_should():
    """Half of the channels is a quarter of the products between two inner convolutions."""
    tools = smaller.toolbox()
    whole = count(smaller.version("as it is", 0, torch, tools), (1, 28, 28))
    assert whole.parameters == 44_226
    model = smaller.version("as it is", 0, torch, tools)
    slim = tools["slimmed"](model, tools["largest_channels"](model, smaller.CHANNELS))
    layers = count(slim, (1, 28, 28))
    by_name = [{c.name: c.multiply_adds for c in costs} for costs in (whole, layers)]
    assert by_name[0]["4"] == 4 * by_name[1]["4"]


def test_bytes_of_a_file():
    zeros, noise = np.zeros(10_000, np.float32), np.random.default_rng(0).random(10_000)
    plain = smaller.stored_bytes({"w": zeros})
    assert 40_000 < plain < 40_500
    assert smaller.stored_bytes({"w": zeros}, packed=True) < 500
    assert smaller.stored_bytes({"w": noise}, packed=True) > 70_000
    file = io.BytesIO()
    np.savez(file, w=zeros)
    assert plain == len(file.getvalue())


def test_small_readers_are_small_and_ready(monkeypatch):
    monkeypatch.setitem(smaller.SMALL, "steps", 5)
    for way in ("small, taught", "small, labels"):
        pupil = smaller.version(way, 0, torch, smaller.toolbox())
        assert sum(p.numel() for p in pupil.parameters()) == 1_744
        assert not pupil.training


def test_mistakes_and_names():
    images, labels = (part[:50] for part in reader_images()["dev"])
    assert smaller.mistakes(lambda x: np.eye(10)[labels], images, labels) == 0
    assert smaller.mistakes(lambda x: np.eye(10)[(labels + 1) % 10], images, labels) == 1
    with pytest.raises(ValueError, match="way 'tiny'; choose one of"):
        smaller.version("tiny", 0, torch, {})
