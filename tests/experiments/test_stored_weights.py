"""Stored weights reach a model of either engine, in its precision, and nothing else changes."""

import numpy as np
import pytest
import torch

import companion.nn
from companion.experiments.stored_weights import with_weights

ENGINES = {"own": companion.nn, "torch": torch.nn}


@pytest.mark.parametrize("nn", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("kept", [np.float16, np.float32])
def test_a_layer_gets_its_weights_and_sleeps(nn, kept):
    weights = {"weight": np.array([[1, -2.5]], kept), "bias": np.array([0.25], kept)}
    model = with_weights(nn.Linear(2, 1), weights)
    assert not model.training
    for name, value in model.state_dict().items():
        value = np.asarray(value)
        assert value.dtype == np.float32
        np.testing.assert_array_equal(value, weights[name])


@pytest.mark.parametrize("nn", ENGINES.values(), ids=ENGINES)
def test_whole_numbers_stay_whole(nn):
    kept = {name: np.asarray(value) for name, value in nn.BatchNorm1d(3).state_dict().items()}
    kept["num_batches_tracked"] = np.array(7)
    state = with_weights(nn.BatchNorm1d(3), kept).state_dict()
    assert int(np.asarray(state["num_batches_tracked"])) == 7


@pytest.mark.parametrize("nn", ENGINES.values(), ids=ENGINES)
def test_a_missing_name_is_an_error(nn):
    with pytest.raises((KeyError, RuntimeError, ValueError), match="bias"):
        with_weights(nn.Linear(2, 1), {"weight": np.zeros((1, 2), np.float32)})
