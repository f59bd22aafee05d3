"""The contest of directions: fair in size, and its stored results are those of its script."""

import numpy as np
import pytest

from companion import nn, optim
from companion.data.clauses import run_together, split_clauses
from companion.rnn.experiments import word_starts
from companion.rnn.tagging.tagger import tagger
from companion.training import predict

pytestmark = pytest.mark.reads(
    "companion/rnn/experiments/word_starts.json", "companion/rnn/experiments/word_starts.npz"
)


def test_all_ways_have_about_the_same_size():
    sizes = [
        sum(p.data.size for p in tagger(nn, **options).parameters())
        for options, _ in word_starts.WAYS.values()
    ]
    assert max(sizes) < 1.02 * min(sizes)
    assert 15_000 < np.mean(sizes) < 15_500


def test_the_error_counts_letters():
    data = run_together(["so be it", "amen"])

    class Always(nn.Module):
        def forward(self, letters):
            scores = np.zeros((*letters.shape, 2))
            scores[..., self.label] = 1
            return nn.Parameter(scores)

    model = Always()
    model.label = 1  # of the eight letters behind a first one, two begin a word
    assert word_starts.error(model, data) == pytest.approx(6 / 8)
    model.label = 0
    assert word_starts.error(model, data) == pytest.approx(2 / 8)
    assert word_starts.error(model, data, later=4) == pytest.approx(2 / 8)


def test_the_rate_is_chosen_by_other_seeds():
    def run(way, rate, seed):
        return abs(rate - len(way) / 10), seed / 10

    found = word_starts.contest(run, ("a", "bb"), (0.1, 0.2), (9,), (1, 2))
    assert found["a"]["rate"] == 0.1
    assert found["bb"]["rate"] == 0.2
    assert found["bb"]["errors"] == [0.1, 0.2]
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        word_starts.contest(run, ("a",), (0.1,), (1,), (1, 2))


def test_kept_networks_have_the_stored_errors():
    _, _, test = split_clauses(seed=0)
    found = word_starts.stored()
    for way in word_starts.KEPT:
        model = word_starts.kept_tagger(nn, way)
        assert word_starts.error(model, test) == pytest.approx(found[way]["errors"][0], abs=2e-3)
        assert predict(model, test.letters[:3]).shape == (3, 48, 2)
    with pytest.raises(ValueError, match="kept are one direction, both directions"):
        word_starts.kept_tagger(nn, "two layers")


def test_a_short_training_shows_the_same_order():
    """A quarter of the clauses, two passes: reading both ways is already far better."""
    _, _, test = split_clauses(seed=0)
    errors = {
        way: word_starts.error(
            word_starts.learned(nn, optim, way, 0.015, 0, epochs=2, most=1000), test
        )
        for way in word_starts.KEPT
    }
    assert errors["both directions"] < errors["one direction"] - 0.02
    stored = word_starts.stored()
    for way in word_starts.KEPT:
        assert max(stored[way]["errors"]) < errors[way]
