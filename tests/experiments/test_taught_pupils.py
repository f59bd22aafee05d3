"""The contest of pupils: its stored results are those that its script finds."""

import numpy as np
import pytest
import torch

from companion.experiments.cnn import taught_pupils as taught
from companion.experiments.cnn.trained_reader import reader_images, trained_reader
from companion.training import predict

pytestmark = pytest.mark.reads(
    "companion/experiments/cnn/taught_pupils.json", "companion/experiments/cnn/trained_reader.npz"
)


def test_the_stored_results_are_whole():
    found = taught.stored()
    assert set(found) == {*map(str, taught.SIZES), "temperatures"}
    for name, entries in found.items():
        kinds = taught.TEMPERATURES if name == "temperatures" else taught.KINDS
        assert len(entries) == len(kinds)
        for entry in entries:
            assert entry["rate"] == taught.RATES[np.argmin(entry["tried"])]
            assert len(entry["errors"]) == len(taught.SEEDS)


def test_the_script_still_finds_what_is_stored():
    """The smallest set, two seeds, labels and teacher; last bits may grow on other machines."""
    data = reader_images()
    X, y = data["train"]
    said = predict(trained_reader(torch.nn), X)
    entries = taught.stored()["100"]
    for kind in (0, 2):
        lessons = [taught.lesson(taught.KINDS[kind], y, said)]
        got = taught.errors(
            torch.nn, torch.optim.Adam, entries[kind]["rate"], lessons, 100, (0, 1), X, data["test"]
        )
        np.testing.assert_allclose(got[0], entries[kind]["errors"][:2], atol=0.05)


def test_lessons():
    labels, teacher = np.array([1, 0]), np.array([[0.0, 8, 4], [8, 0, 4]])
    hard, T = taught.lesson("labels", labels, teacher)
    np.testing.assert_array_equal(hard, [[0, 1, 0], [1, 0, 0]])
    assert T == 1
    smooth, _ = taught.lesson("smoothed labels", labels, teacher, smoothing=0.3)
    np.testing.assert_allclose(smooth, [[0.1, 0.8, 0.1], [0.8, 0.1, 0.1]])
    soft, T = taught.lesson("teacher", labels, teacher, 4)
    assert T == 4
    torch_soft = torch.softmax(torch.tensor(teacher) / 4, dim=1)
    np.testing.assert_allclose(soft, torch_soft, rtol=1e-12)
    with pytest.raises(ValueError, match="kind 'soft'; choose one of"):
        taught.lesson("soft", labels, teacher)


def test_mixed_up_keeps_the_answer_and_the_numbers():
    teacher = np.random.default_rng(0).normal(size=(200, 10)) * 3
    soft, _ = taught.lesson("teacher", None, teacher)
    mixed, _ = taught.lesson("teacher, mixed up", None, teacher)
    np.testing.assert_array_equal(mixed.max(axis=1), soft.max(axis=1))
    np.testing.assert_array_equal(mixed.argmax(axis=1), soft.argmax(axis=1))
    np.testing.assert_allclose(np.sort(mixed, axis=1), np.sort(soft, axis=1))
    assert np.mean(mixed != soft) > 0.5


def test_the_rate_is_chosen_by_other_seeds_and_digits_than_those_that_judge():
    def run(rate, seeds, part):
        best = np.array([[0.1], [0.3]])
        error = abs(rate - best) + (0 if part == "dev" else 0.5)
        return np.repeat(error, len(seeds), axis=1)

    found = taught.contest(run, (0.1, 0.3), (100,), (0, 1))
    assert [e["rate"] for e in found] == [0.1, 0.3]
    assert [e["errors"] for e in found] == [[0.5, 0.5]] * 2
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        taught.contest(run, (0.1,), (1,), (0, 1))
