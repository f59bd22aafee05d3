"""The stored network reads digits, and its script still makes such a network."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.experiments.cnn.trained_reader import (
    reader,
    reader_images,
    train_reader,
    trained_reader,
)
from companion.training import predict

pytestmark = pytest.mark.reads("companion/experiments/cnn/trained_reader.npz")


def errors(model, part):
    X, y = reader_images()[part]
    return np.mean(predict(model, X).argmax(axis=1) != y)


def test_number_of_parameters():
    convolutions = 9 * (1 * 8 + 8 * 16 + 16 * 32)
    normalizations = 2 * (8 + 16 + 32)
    dense = (288 + 1) * 128 + (128 + 1) * 10
    expected = convolutions + normalizations + dense
    assert sum(p.numel() for p in reader(nn).parameters()) == expected == 44_226


def test_both_engines_read_alike():
    X, _ = reader_images()["dev"]
    with torch.no_grad():
        expected = trained_reader(torch.nn)(torch.from_numpy(X[:50])).numpy()
    np.testing.assert_allclose(predict(trained_reader(nn), X[:50]), expected, atol=1e-4)


def test_the_stored_network_reads_digits():
    assert errors(trained_reader(nn), "dev") < 0.02
    assert errors(trained_reader(nn), "test") < 0.03


@pytest.mark.parametrize("engine", [(nn, optim), (torch.nn, torch.optim)], ids=["own", "torch"])
def test_the_script_still_makes_one(engine):
    """Fewer passes than the script's; most of what it learns it learns early."""
    assert errors(train_reader(*engine, epochs=3), "dev") < 0.05


def test_every_call_returns_a_fresh_one():
    first, second = trained_reader(nn), trained_reader(nn)
    first[0].weight.data[...] = 0
    assert np.any(second[0].weight.data)


def test_sizes_below_one():
    with pytest.raises(ValueError, match="width 0"):
        reader(nn, width=0)
