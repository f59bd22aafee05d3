"""Echoes through windows: the data, one that is learned, and what is stored."""

import numpy as np
import pytest

from companion.rnn.experiments import short_windows

pytestmark = pytest.mark.reads("companion/rnn/experiments/short_windows.json")


@pytest.mark.parametrize("lag", [0, 1, 5])
def test_targets_are_what_was_read_before(lag):
    inputs, targets = short_windows.bits(3, streams=4, steps=30, lag=lag)
    assert inputs.shape == targets.shape == (4, 30, 1)
    assert inputs.dtype == targets.dtype == np.float32
    assert set(np.unique(inputs)) == {-1, 1}
    np.testing.assert_array_equal(targets[:, lag:], (inputs[:, : 30 - lag] + 1) / 2)


def test_bits_that_do_not_fit():
    for wrong in ({"streams": 0}, {"steps": 0}, {"lag": -1}):
        with pytest.raises(ValueError, match="expected 1, 1, 0 up"):
            short_windows.bits(0, **wrong)


def test_an_echo_within_the_window_is_learned():
    """A lag of two, a window of six: nobody gets there by guessing one half."""
    assert short_windows.echo_accuracy(6, 0.01, 0, lag=2, steps=2500) > 0.9


def test_the_rate_is_chosen_by_other_seeds(monkeypatch):
    def accuracy(window, rate, seed):
        return 1 - abs(rate - 0.003) - seed / 1000

    monkeypatch.setattr(short_windows, "echo_accuracy", accuracy)
    found = short_windows.compared((2, 4), tuning=(100,), seeds=(0, 1))
    assert [entry["rate"] for entry in found.values()] == [0.003, 0.003]
    assert found["4"]["accuracy"] == [1.0, 0.999]
    with pytest.raises(ValueError, match="would judge themselves"):
        short_windows.compared((2,), tuning=(0,), seeds=(0, 1))


def test_the_stored_results_are_whole():
    found = short_windows.stored()
    assert [int(window) for window in found] == list(short_windows.WINDOWS)
    for entry in found.values():
        assert entry["rate"] == short_windows.RATES[np.argmax(entry["tried"])]
        assert len(entry["accuracy"]) == len(short_windows.SEEDS)


def test_the_script_still_finds_what_is_stored():
    """The longest window, whose run is the shortest."""
    entry = short_windows.stored()["24"]
    got = short_windows.echo_accuracy(24, entry["rate"], 0)
    assert abs(got - entry["accuracy"][0]) < 0.03
