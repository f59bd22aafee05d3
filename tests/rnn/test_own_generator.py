"""What the project on names is handed: two losses that agree, and the runs that are stored."""

import numpy as np
import pytest

from companion.rnn.experiments import own_generator as own
from companion.rnn.text.vocabulary import Vocabulary

pytestmark = pytest.mark.reads("companion/rnn/experiments/own_generator.json")
NAMES = ["bo", "amanda", "ana"]


def slopes(loss, weights, batch):
    model = own.as_model(weights)
    value = loss(model, *batch)
    value.backward()
    return float(value.numpy()), {name: p.grad for name, p in model.named_parameters()}


def test_a_gradient_that_forgets_belongs_to_the_same_loss():
    vocabulary = Vocabulary.of(NAMES)
    weights = [w.astype(float) for w in own.first_weights(len(vocabulary), size=8, dim=4)]
    (batch,) = own.epoch_batches(NAMES, vocabulary, 0)
    value, exact = slopes(own.whole, weights, batch)
    same, cut = slopes(own.forgetful, weights, batch)
    assert same == pytest.approx(value)
    for name in ("head.weight", "head.bias"):
        np.testing.assert_allclose(cut[name], exact[name])
    for name in ("recurrence.weight_ih_l0", "recurrence.weight_hh_l0"):
        assert abs(cut[name] - exact[name]).max() > 0.1 * abs(exact[name]).max()


def test_one_step_has_nothing_to_forget():
    vocabulary = Vocabulary.of(NAMES)
    weights = [w.astype(float) for w in own.first_weights(len(vocabulary), size=8, dim=4)]
    (batch,) = own.epoch_batches(NAMES, vocabulary, 0)
    first = [part[:, :1] for part in batch]
    _, exact = slopes(own.whole, weights, first)
    _, cut = slopes(own.forgetful, weights, first)
    for name, slope in exact.items():
        np.testing.assert_allclose(cut[name], slope)


def test_stored_runs():
    found = own.stored()
    assert list(found) == ["whole", "forgetful"]
    assert {len(values) for values in found.values()} == {len(own.SEEDS)}
    assert max(found["whole"]) < own.ASKED
