"""Detectors with anchors on one and on two levels: the same numbers in both engines."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.data.scenes import scenes
from companion.detection.networks.pyramid_detector import anchor_detector, pyramid_detector
from companion.training import predict

MAKERS = {
    "one level": lambda engine: anchor_detector(engine, 3, widths=(4, 6, 8)),
    "two levels": lambda engine: pyramid_detector(engine, widths=(4, 6, 8), down=False),
    "top-down": lambda engine: pyramid_detector(engine, (1, 3), widths=(4, 6, 8)),
}
SLOTS = {"one level": 192, "two levels": 640, "top-down": 448}


@pytest.mark.parametrize("name", MAKERS)
def test_both_engines_compute_the_same(name):
    own, other = MAKERS[name](nn), MAKERS[name](torch.nn)
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    X = scenes(2).images
    found = [np.asarray(predict(model, X)) for model in (own, other)]
    assert found[0].shape == (2, 15, SLOTS[name])
    np.testing.assert_allclose(*found, atol=1e-4)
    back = {k: v.numpy() for k, v in MAKERS[name](torch.nn).state_dict().items()}
    own.load_state_dict(back)
    assert all(np.array_equal(v, back[k]) for k, v in own.state_dict().items())


def test_slots_come_grid_after_grid_and_row_by_row():
    model = anchor_detector(torch.nn, 3, 7, widths=(4, 6, 8)).eval()
    X = torch.from_numpy(scenes(1).images)
    with torch.no_grad():
        maps, slots = model[0](X)[0], model(X)[0]
    assert torch.equal(slots[:, 64 * 2 + 8 * 3 + 5], maps[14:21, 3, 5])


def test_the_fine_level_hears_the_coarse_one_only_by_the_path_down():
    X = torch.from_numpy(scenes(1).images)
    for down in (True, False):
        model = pyramid_detector(torch.nn, widths=(4, 6, 8), down=down).eval()
        with torch.no_grad():
            before = model(X)
            model.coarse[0].weight += 1.0
            after = model(X)
        assert torch.equal(before[..., :512], after[..., :512]) != down
        assert not torch.equal(before[..., 512:], after[..., 512:])
