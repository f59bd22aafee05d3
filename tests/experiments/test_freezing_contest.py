"""The contest of ways to use a borrowed network: stored results are those of its script."""

import numpy as np
import pytest
import torch

from companion.cnn import transfer
from companion.cnn.heads import fit_head
from companion.cnn.networks.efficientnet_lite import efficientnet_lite0
from companion.cnn.networks.pretrained import prepared, pretrained_efficientnet_lite0, squares
from companion.experiments.cnn import few_images
from companion.experiments.cnn import freezing_contest as contest

pytestmark = pytest.mark.reads("companion/experiments/cnn/freezing_contest.json")


def borrowed():
    body = list(pretrained_efficientnet_lite0(torch.nn)[0])[: contest.KEPT]
    return contest.Tools(
        torch.nn, torch.optim, lambda: body,
        lambda: list(efficientnet_lite0(torch.nn)[0])[: contest.KEPT], transfer, fit_head,
    )  # fmt: skip


def images(task, count, seed=0):
    found = few_images.pool(task, lambda photos, size: prepared(squares(photos, size)))
    return few_images.drawn(found, count, seed)


def test_the_stored_results_are_whole():
    found = contest.stored()
    for task, counts in few_images.COUNTS.items():
        extra = {"variants", "new heads", "new heads, frozen", "cuts"}
        extra |= {"long"} if task == "digits" else set()
        assert set(found[task]) == {str(count) for count in counts} | extra
        assert set(found[task]["variants"]) == set(contest.VARIANTS)
        assert set(found[task]["new heads"]) == {str(count) for count in counts}
        assert set(found[task]["new heads, frozen"]) == {str(count) for count in counts}
        cuts = np.array(found[task]["cuts"]["errors"])
        assert cuts.shape == (len(contest.SEEDS), len(contest.CUTS))
        # The same start, found twice.
        both = found[task]["variants"]["new head"], found[task]["new heads"]
        assert both[0] == both[1][str(contest.MIDDLE[task])]
        for ways in (found[task][str(count)] for count in counts):
            assert set(ways) == set(contest.WAYS)
            for way, entry in ways.items():
                settings = contest.SETTINGS[way]
                assert entry["setting"] == settings[np.argmin(entry["tried"])]
                assert len(entry["errors"]) == len(contest.SEEDS)


@pytest.mark.parametrize(("task", "count"), [("faces", 1), ("patches", 10), ("digits", 3)])
def test_frozen_features_still_give_what_is_stored(task, count):
    entry = contest.stored()[task][str(count)]["frozen"]
    examples = images(task, count)
    network = contest.adapted(borrowed(), "frozen", examples, entry["setting"], 0)
    assert abs(contest.error(network, examples) - entry["errors"][0]) < 0.015


def test_a_network_that_learns_still_gives_what_is_stored():
    """Six patches, sixty updates of all layers; last bits may grow on other machines."""
    entry = contest.stored()["patches"]["1"]["last blocks"]
    examples = images("patches", 1)
    network = contest.adapted(borrowed(), "last blocks", examples, entry["setting"], 0)
    assert abs(contest.error(network, examples) - entry["errors"][0]) < 0.08


@pytest.mark.parametrize("way", ["last blocks", "everything"])
def test_only_what_should_learn_learns(way):
    tools, examples = borrowed(), images("patches", 1)
    before = {n: v.clone() for n, v in torch.nn.Sequential(*tools.trained()).state_dict().items()}
    network = contest.adapted(tools, way, examples, 1e-3, 0, updates=2)
    for name, value in network[0].state_dict().items():
        frozen = int(name.split(".")[0]) < contest.WAYS[way]
        statistics = "running" in name or "batches" in name
        assert torch.equal(value, before[name]) == (frozen or statistics), name
    # The lender's own network stays as it was.
    for name, value in torch.nn.Sequential(*tools.trained()).state_dict().items():
        assert torch.equal(value, before[name])


def test_with_all_frozen_only_a_new_head_learns():
    entry = contest.stored()["faces"]["1"]
    tools, examples = borrowed(), images("faces", 1)
    before = {n: v.clone() for n, v in torch.nn.Sequential(*tools.trained()).state_dict().items()}
    network = contest.adapted(tools, "frozen", examples, 0.0, 0, head="new")
    for name, value in network[0].state_dict().items():
        assert torch.equal(value, before[name]), name
    found = contest.stored()["faces"]["new heads, frozen"]["1"]["errors"][0]
    assert abs(contest.error(network, examples) - found) < 0.03
    assert found > entry["frozen"]["errors"][0]


def test_cuts_still_give_what_is_stored():
    layers = list(pretrained_efficientnet_lite0(torch.nn)[0])
    found = contest.cut_errors(borrowed(), layers, images("faces", contest.MIDDLE["faces"]))
    assert np.abs(found - np.array(contest.stored()["faces"]["cuts"]["errors"][0])).max() < 0.03


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    def run(way, setting, seed):
        return abs(np.log10(setting) + 3) / 10 + (0.5 if seed < 100 else 0)

    found = contest.cell(run, "everything", (100,), (0, 1))
    assert found["setting"] == 1e-3
    assert found["errors"] == [0.5, 0.5]
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        contest.cell(run, "frozen", (1,), (0, 1))
