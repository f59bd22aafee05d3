"""The contest of depths: its stored results are those that its script finds."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.networks.resnet import resnet_cifar
from companion.experiments.cnn import depth_contest as contest

pytestmark = pytest.mark.reads("companion/experiments/cnn/depth_contest.json")
TORCH = (
    lambda p, rate: torch.optim.SGD(p, rate, momentum=0.9),
    torch.nn.functional.cross_entropy,
)


def network(kind, depth, engine=torch.nn):
    return resnet_cifar(engine, depth, **contest.SMALL, **contest.KINDS[kind])


def test_the_stored_results_are_whole():
    found = contest.stored()
    entries = {(e["kind"], e["depth"]): e for e in found["short"]}
    expected = {(kind, depth) for kind in ("plain", "residual") for depth in contest.DEPTHS}
    assert set(entries) == expected | {("pre-activation", contest.DEPTHS[-1])}
    for e in entries.values():
        assert e["rate"] == contest.RATES[np.argmin(e["tried"])]
        assert np.shape(e["curves"]) == (len(contest.SEEDS), contest.EPOCHS)
    assert np.shape(found["lower"]) == (3, contest.EPOCHS)
    assert np.shape(found["long"]) == (3, contest.LONG)


@pytest.mark.parametrize("kind", ["plain", "residual"])
def test_the_script_still_finds_what_is_stored(kind):
    """The smallest networks of the contest, first epochs; last bits may grow on other machines."""
    entry = next(e for e in contest.stored()["short"] if (e["kind"], e["depth"]) == (kind, 8))
    got = contest.train(
        lambda: network(kind, 8), *TORCH, entry["rate"], 0, contest.images(), epochs=3
    )
    np.testing.assert_allclose(got.curve, entry["curves"][0][:3], atol=0.05)
    assert got.curve[-1] < got.curve[0] - 0.2


def test_images_are_standardized_and_apart():
    X, y, X_new, y_new = contest.images(200)
    assert X.shape == (200, 1, 14, 14)
    assert X_new.shape == (500, 1, 14, 14)
    assert (len(y), len(y_new)) == (200, 500)
    np.testing.assert_allclose([X.mean(), X.std()], [0, 1], atol=1e-4)


def test_both_engines_can_be_trained():
    examples = contest.images(200)
    got = contest.train(
        lambda: network("residual", 4, nn),
        lambda p, rate: optim.SGD(p, rate, momentum=0.9),
        nn.CrossEntropyLoss(), 0.1, 0, examples, epochs=15,
    )  # fmt: skip
    assert got.curve[-1] < 0.5 * got.curve[0]
    assert len(got.ends) == 2


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    def run(kind, depth, rate, seed):
        error = abs(rate - 0.2 * depth) + (0.5 if seed < 100 else 0)
        return contest.Run(np.array([1.0, error]), (error, error))

    found = contest.contest(run, ["a"], (1, 2), (0.2, 0.4), (100,), (0, 1))
    assert [e["rate"] for e in found] == [0.2, 0.4]
    assert found[0]["curves"] == [[1.0, 0.5]] * 2
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        contest.contest(run, ["a"], (1,), (0.2,), (1,), (0, 1))
