"""Full against separable convolutions: the stored results are those that the script finds."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.counting import count
from companion.experiments.cnn import separable_contest as contest
from companion.experiments.cnn.small_images import small_digits

pytestmark = pytest.mark.reads("companion/experiments/cnn/separable_contest.json")


def price(network):
    layers = count(network, (1, 14, 14))
    return sum(layer.multiply_adds for layer in layers if layer.kind in ("Conv2d", "Linear"))


def test_both_of_a_pair_cost_about_the_same():
    for full, separable in contest.PAIRS:
        a = price(contest.network(torch.nn, "full", full))
        b = price(contest.network(torch.nn, "separable", separable))
        assert 0.9 < b / a < 1.01
        a, b = (
            sum(p.numel() for p in contest.network(torch.nn, kind, w).parameters())
            for kind, w in (("full", full), ("separable", separable))
        )
        assert 0.9 < b / a < 1.02


def test_prices_by_hand():
    w = 5  # 14 × 14, 7 × 7, 7 × 7 and 4 × 4 places
    full = 196 * 9 * w + 49 * 9 * 2 * w**2 + 49 * 9 * 4 * w**2 + 16 * 9 * 8 * w**2 + 40 * w
    assert price(contest.network(torch.nn, "full", w)) == full
    depth = 49 * 9 * w + 49 * 9 * 2 * w + 16 * 9 * 2 * w
    point = 49 * 2 * w**2 + 49 * 4 * w**2 + 16 * 8 * w**2
    assert price(contest.network(nn, "separable", w)) == 196 * 9 * w + depth + point + 40 * w


def test_the_stored_results_are_whole():
    found = contest.stored()
    names = [(e["kind"], e["width"]) for e in found]
    kinds = "full", "separable"
    assert names == [z for pair in contest.PAIRS for z in zip(kinds, pair, strict=True)]
    for e in found:
        assert e["rate"] == contest.RATES[np.argmin(e["tried"])]
        assert len(e["test"]) == len(contest.SEEDS)


def test_the_script_still_finds_what_is_stored():
    """One network again; last bits may grow on other machines."""
    e, data = contest.stored()[3], small_digits(contest.EXAMPLES)
    got = contest.train(
        lambda: contest.network(torch.nn, e["kind"], e["width"]),
        lambda p, rate: torch.optim.Adam(p, rate),
        torch.nn.functional.cross_entropy, e["rate"], 0, data["train"],
    )  # fmt: skip
    assert contest.misread(got, *data["test"]) == pytest.approx(np.median(e["test"]), abs=0.03)


def test_both_engines_can_be_trained():
    X, y = small_digits(300)["train"]
    got = contest.train(
        lambda: contest.network(nn, "separable", 4),
        lambda p, rate: optim.Adam(p, rate),
        nn.CrossEntropyLoss(), 0.02, 0, (X, y), epochs=20,
    )  # fmt: skip
    assert contest.misread(got, X, y) < 0.4


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="kind 'half'"):
        contest.network(nn, "half", 3)
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        contest.entry(None, "full", 3, tuning=(1,), seeds=(0, 1))
