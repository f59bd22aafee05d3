"""The adding problem, and its contest: stored results are those that its script finds."""

import numpy as np
import pytest

from companion.data.adding import adding_problem
from companion.rnn.experiments import adding

pytestmark = pytest.mark.reads("companion/rnn/experiments/adding.json")


@pytest.mark.parametrize("length", [2, 3, 10, 51])
def test_two_numbers_are_marked_one_in_each_half(length):
    x, sums = adding_problem(200, length, seed=length)
    assert x.shape == (length, 200, 2)
    assert x.dtype == sums.dtype == np.float32
    assert set(np.unique(x[..., 1])) <= {0, 1}
    np.testing.assert_array_equal(x[: length // 2, :, 1].sum(axis=0), 1)
    np.testing.assert_array_equal(x[length // 2 :, :, 1].sum(axis=0), 1)
    for n in range(200):
        np.testing.assert_allclose(sums[n], sum(v for v, mark in x[:, n] if mark), rtol=1e-6)


def test_draws_are_uniform_and_reproducible():
    x, sums = adding_problem(20_000, 10, seed=0)
    assert x[..., 0].min() >= 0
    assert x[..., 0].max() <= 1
    # standard errors are .001 or less
    np.testing.assert_allclose(np.mean((sums - 1) ** 2), 1 / 6, atol=0.008)
    np.testing.assert_allclose(x[:5, :, 1].mean(axis=1), 0.2, atol=0.015)
    again, _ = adding_problem(20_000, 10, seed=0)
    np.testing.assert_array_equal(x, again)


def test_bad_sizes_are_refused():
    for count, length in ((0, 5), (3, 1)):
        with pytest.raises(ValueError, match=f"{count} sequences of {length} steps"):
            adding_problem(count, length)


def test_kinds_are_layers_and_others_are_refused():
    for kind in ("RNN", "GRU", "LSTM"):
        assert type(adding.Adder(kind).layer).__name__ == kind
    with pytest.raises(ValueError, match="no kind 'QRNN'; there are RNN, GRU, LSTM"):
        adding.Adder("QRNN")


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    def run(kind, rate, seed):
        return adding.Run([seed / 10], abs(rate - 0.02), [1.0], [2.0])

    rates = (0.01, 0.021)
    found = adding.contest(run, ["GRU"], rates, tuning=(7,), seeds=(1, 2))
    assert found[0]["rate"] == 0.021
    assert found[0]["errors"] == [[0.1], [0.2]]
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        adding.contest(run, ["GRU"], rates, tuning=(1,), seeds=(1,))


def test_lengths_take_the_rate_of_their_kind():
    def run(kind, rate, seed, length):
        return adding.Run([], rate * length + seed, [], [])

    found = adding.over_lengths([{"kind": "GRU", "rate": 0.5}], run, (10, 20), (0, 1))
    assert found == {"GRU": {"10": [5.0, 6.0], "20": [10.0, 11.0]}}


def test_the_stored_results_are_whole():
    found = adding.stored()
    assert [entry["kind"] for entry in found["kinds"]] == list(adding.KINDS)
    for entry in found["kinds"]:
        assert entry["rate"] == adding.RATES[np.nanargmin(entry["tried"])]
        seeds = len(adding.SEEDS)
        assert np.shape(entry["errors"]) == (seeds, adding.UPDATES // adding.EVERY)
        assert np.shape(entry["error"]) == (seeds,)
        assert np.shape(entry["before"]) == np.shape(entry["after"]) == (seeds, adding.LENGTH)
        lengths = found["lengths"][entry["kind"]]
        assert [int(n) for n in lengths] == list(adding.LENGTHS)
        assert all(len(e) == len(adding.LENGTH_SEEDS) for e in lengths.values())


@pytest.mark.parametrize("kind", adding.KINDS)
def test_the_script_still_finds_what_is_stored(kind):
    """The beginning of one run; on other machines last digits differ, and grow."""
    entry = next(e for e in adding.stored()["kinds"] if e["kind"] == kind)
    got = adding.train(kind, entry["rate"], 0, updates=50)
    np.testing.assert_allclose(got.errors[0], entry["errors"][0][0], rtol=0.2)
    np.testing.assert_allclose(got.before[:20], entry["before"][0][:20], rtol=0.05)


def test_a_gru_learns_to_add_ten_numbers():
    """Always saying 1 has an error of .167; a GRU that drops its state cannot do much better."""
    rate = next(e for e in adding.stored()["kinds"] if e["kind"] == "GRU")["rate"]
    assert adding.train("GRU", rate, 0, length=10, updates=300).error < 0.02
