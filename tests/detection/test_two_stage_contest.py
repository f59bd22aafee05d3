"""The contest of one stage and two: stored results are whole, and their makers still work."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.data.scenes import scenes
from companion.detection.experiments import trained_two_stage as trained
from companion.detection.experiments import two_stage_contest as contest
from companion.detection.regions.proposal_recall import proposal_recall
from companion.detection.regions.proposals import proposals
from companion.detection.regions.two_stage import detect_twice

pytestmark = pytest.mark.reads(
    "companion/detection/experiments/two_stage_contest.json",
    "companion/detection/experiments/trained_two_stage.npz",
)


def test_the_stored_results_are_whole():
    found = contest.stored()
    assert {(one["kind"], one["seed"]) for one in found} == {
        (kind, seed) for kind in contest.KINDS for seed in contest.SEEDS
    }
    for one in found:
        assert 0 < one["map"][1] < one["map"][0] < 1
        if "one stage" not in one["kind"]:
            assert np.shape(one["by_count"]) == (len(contest.COUNTS), 2)
            assert (np.diff(one["recall"]) >= 0).all()


def test_recall_of_grouping_is_what_is_stored():
    """The whole curve of "Fast", whose proposals need no training, on all scenes of the contest."""
    dev = scenes(contest.JUDGED, "dev")
    recall = proposal_recall([proposals(x) for x in dev.images], dev.boxes, contest.COUNTS)
    one = next(one for one in contest.stored() if one["kind"] == "Fast")
    np.testing.assert_allclose(recall, one["recall"], atol=0.01)


@pytest.mark.parametrize("kind", ["one stage", "Fast", "Faster", "Faster, RoI pooling"])
def test_each_kind_runs(kind):
    dev = scenes(4, "dev")
    found = contest.run(torch.nn, torch.optim, kind, 0, count=8, dev=dev, epochs=1)
    assert found["kind"] == kind
    assert np.shape(found["map"]) == (2,)


def test_the_stored_weights_find_digits_in_both_engines():
    """A detector without the right weights, or with another reading of them, stays near 0."""
    dev = scenes(60, "dev", seed=11)
    model = trained.trained_two_stage(torch.nn)
    found = detect_twice(model, dev.images, contest.ANCHORS)
    half, strict = contest.judged(found, dev.truths)
    assert half > 0.75
    assert strict > 0.5
    own = detect_twice(trained.trained_two_stage(nn), dev.images[:2], contest.ANCHORS)
    for one, other in zip(own, found[:2], strict=True):
        kept = one.scores > 0.3
        np.testing.assert_allclose(one.scores[kept], other.scores[: kept.sum()], atol=1e-2)
