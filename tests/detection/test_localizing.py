"""One object: targets by hand, the loss by torch's formulas, its mask, and the way back."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.detection.experiments.one_digit import one_digit, said_of, train_localizer
from companion.detection.localizing import (
    hit_rates,
    localization_loss,
    localization_parts,
    located,
    overlaps,
    targets,
)
from companion.detection.networks.localizer import localizer
from companion.training import predict

TRUTHS = [([[12, 6, 36, 42]], [1]), ([], []), ([[0, 0, 48, 24]], [2])]


def test_targets_by_hand():
    expected = [[1, 0.5, 0.5, 0.75, 0.5, 1], [0] * 6, [1, 0.5, 0.25, 0.5, 1, 2]]
    np.testing.assert_allclose(targets(TRUTHS, 48), expected, atol=1e-7)
    assert targets([], 48).shape == (0, 6)


def test_there_and_back():
    goals = targets(TRUTHS, 48)
    output = np.hstack([goals[:, :1] * 40 - 20, goals[:, 1:5], np.eye(3)[goals[:, 5].astype(int)]])
    found = located(output, 48)
    for k in (0, 2):
        np.testing.assert_allclose(found.boxes[k], TRUTHS[k][0][0], atol=1e-4)
    assert found.classes[[0, 2]].tolist() == [1, 2]
    assert (found.present > 0.5).tolist() == [True, False, True]
    assert hit_rates(found, TRUTHS, (0.5, 0.9)).tolist() == [1, 1]
    assert np.isnan(overlaps(found, TRUTHS)).tolist() == [False, True, False]


def test_hits_need_presence_class_and_overlap():
    goals = targets(TRUTHS, 48)
    output = np.hstack([goals[:, :1] * 40 - 20, goals[:, 1:5], np.eye(3)[goals[:, 5].astype(int)]])
    unseen, misnamed, off = output.copy(), output.copy(), output.copy()
    unseen[0, 0], misnamed[0, 5], off[0, 1] = -5, 9, 0.75
    for wrong in (unseen, misnamed, off):
        assert hit_rates(located(wrong, 48), TRUTHS, (0.5,)).tolist() == [0.5]
    assert np.isnan(hit_rates(located(output[1:2], 48), TRUTHS[1:2], (0.5,))).all()


def test_loss_by_torch_s_formulas_in_both_engines():
    rng = np.random.default_rng(0)
    output, goals = rng.normal(size=(3, 8)), targets(TRUTHS, 48).astype(np.float64)
    y, t = torch.from_numpy(output), torch.from_numpy(goals)
    f, own = torch.nn.functional, [0, 2]
    expected = {
        "present": f.binary_cross_entropy_with_logits(y[:, 0], t[:, 0]),
        "box": f.mse_loss(y[own, 1:5], t[own, 1:5]) * 4,
        "kind": f.cross_entropy(y[own, 5:], t[own, 5].long()),
    }
    for engine, cast in ((nn, nn.Parameter), (torch.nn, torch.from_numpy)):
        goal = goals if engine is nn else t
        parts = localization_parts(engine)(cast(output), goal)
        for name, value in expected.items():
            assert float(parts[name]) == pytest.approx(float(value), rel=1e-10), name
        weights = {"present": 1.0, "box": 20.0, "kind": 1.0}
        total = sum(weights[n] * float(v) for n, v in expected.items())
        assert float(localization_loss(engine)(cast(output), goal)) == pytest.approx(total)


def test_nothing_flows_where_nothing_is():
    goals = torch.from_numpy(targets(TRUTHS, 48))
    y = torch.randn(3, 8, requires_grad=True)
    localization_loss(torch.nn)(y, goals).backward()
    assert (y.grad[1, 1:] == 0).all()
    assert (y.grad[[0, 2]] != 0).all()
    y = torch.randn(3, 8, requires_grad=True)
    localization_loss(torch.nn, everywhere=True)(y, goals).backward()
    assert (y.grad[1, 1:5] != 0).all()
    empty = torch.randn(2, 8, requires_grad=True)
    localization_loss(torch.nn)(empty, torch.zeros(2, 6)).backward()
    assert torch.isfinite(empty.grad).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: targets([([[0, 0, 4, 4], [5, 5, 9, 9]], [1, 2])], 48), "image 0 has 2 boxes"),
        (lambda: targets([([[0, 0, 0, 4]], [1])], 48), "no area"),
        (lambda: targets([([[40, 0, 80, 4]], [1])], 48), "clip_boxes_to_image"),
        (lambda: targets([([[0, 0, np.nan, 4]], [1])], 48), "not finite"),
        (lambda: located(np.zeros((2, 5)), 48), r"expected \(N, 5 \+ classes\)"),
        (lambda: located(np.full((2, 8), np.nan), 48), "diverge"),
        (lambda: localization_loss(nn, {"box": 1.0}), "expected"),
        (lambda: localizer(nn, size=50), "multiple of 8"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_extreme_outputs():
    found = located([[1e6, 0.5, 0.5, -1, -1, 0, 0, 1e9], [-1e6, -5, 9, 1e3, 1e3, 0, 0, 0]], 48)
    assert found.present.tolist() == [pytest.approx(1), pytest.approx(0)]
    assert found.boxes[0].tolist() == [24, 24, 24, 24]


def test_networks_of_both_engines_take_each_other_s_weights():
    own, other = (localizer(engine, 8, 48, widths=(4, 8)) for engine in (nn, torch.nn))
    images = one_digit(3).images
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    np.testing.assert_allclose(predict(own, images), predict(other, images), atol=1e-5)
    other = localizer(torch.nn, 8, 48, widths=(4, 8))
    own.load_state_dict({k: v.numpy() for k, v in other.state_dict().items()})
    np.testing.assert_allclose(predict(own, images), predict(other, images), atol=1e-5)


def test_scenes_with_one_digit_or_none():
    made = one_digit(60, seed=4)
    counts = [len(b) for b in made.boxes]
    assert set(counts) == {0, 1}
    assert {int(c) for names in made.classes for c in names} == {0, 1, 2}
    assert made.images.shape == (60, 1, 48, 48)
    again = one_digit(60, seed=4)
    assert np.array_equal(made.images, again.images)
    assert not np.array_equal(made.images, one_digit(60, "dev", seed=4).images)


def test_a_short_training_finds_boxes_that_guessing_cannot():
    """The best constant box has a median IoU of about 0.2 with boxes all over the picture."""
    known, new = one_digit(1200, contrast=(0.9, 1.0)), one_digit(300, "dev", contrast=(0.9, 1.0))
    model = train_localizer(torch.nn, torch.optim, known, epochs=6)
    found = said_of(model, new)
    middle = found._replace(boxes=np.full((300, 4), [12.0, 12, 36, 36]))
    guess, learned = (np.nanmedian(overlaps(f, new.truths)) for f in (middle, found))
    assert learned > guess + 0.1
