"""How much style: what is stored is what the script finds, and pictures survive being text."""

import numpy as np
import pytest
import torch

from companion.cnn.networks.pretrained import (
    prepared,
    pretrained_efficientnet_lite0,
    shown,
    squares,
)
from companion.cnn.style import transfer
from companion.data.photographs import photograph
from companion.experiments.cnn import style_weights as experiment

pytestmark = pytest.mark.reads("companion/experiments/cnn/style_weights.json")


def prepared_squares(photos, size=experiment.SIZE):
    return prepared(squares(photos, size))


def test_the_stored_results_are_whole():
    found = experiment.stored()
    assert set(found) == {(c, s) for c in experiment.CONTENTS for s in experiment.STYLES}
    for pair, entry in found.items():
        assert entry["content"].shape == entry["style"].shape == (len(experiment.WEIGHTS),)
        assert ("pictures" in entry) == (pair == experiment.KEPT)
        assert entry["example"].shape == (experiment.SIZE, experiment.SIZE, 3)
    pictures = found[experiment.KEPT]["pictures"]
    assert [p.shape for p in pictures] == [(experiment.SIZE, experiment.SIZE, 3)] * 7
    assert experiment.FILE.stat().st_size < 120_000


def test_the_script_still_finds_what_is_stored():
    """One picture anew; last bits grow in a hundred steps, so the costs agree roughly."""
    torch.set_num_threads(1)
    body = pretrained_efficientnet_lite0(torch.nn)[0]
    paint = experiment.painter(body, prepared_squares, shown, transfer, photograph)
    entry = experiment.stored()[experiment.KEPT]
    k = experiment.WEIGHTS.index(10)
    picture, parts = paint(*experiment.KEPT, 10)
    for name in ("content", "style"):
        assert parts[name] == pytest.approx(entry[name][k], rel=0.15)
    assert np.abs(picture - entry["pictures"][k]).mean() < 0.05


def test_pictures_survive_being_text():
    ramp = np.linspace(0, 1, 48).reshape(4, 4, 3).repeat(8, axis=0).repeat(8, axis=1)
    back = experiment.as_picture(experiment.as_text(ramp))
    assert back.shape == ramp.shape
    assert np.abs(back - ramp).mean() < 0.05
    beyond = experiment.as_picture(experiment.as_text(ramp * 3 - 1))
    assert (beyond.min() >= 0, beyond.max() <= 1) == (True, True)


def test_each_pair_is_painted_at_each_weight():
    asked = []

    def paint(content, style, weight):
        asked.append((content, style, weight))
        return np.zeros((4, 4, 3)), {"content": weight / 7, "style": 1 / weight, "smooth": 0}

    found = experiment.contest(paint, [("a", "b"), experiment.KEPT], weights=(1, 10))
    assert asked == [("a", "b", 1), ("a", "b", 10), (*experiment.KEPT, 1), (*experiment.KEPT, 10)]
    assert experiment.as_picture(found[0].pop("example")).shape == (4, 4, 3)
    assert found[0] == {"pair": ["a", "b"], "content": [0.1429, 1.429], "style": [1.0, 0.1]}
    assert len(found[1]["pictures"]) == 2
