"""Networks of fewer bits: the stored results are whole, and the script still finds such ones."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.compressing.integer_network import in_integers
from companion.cnn.compressing.quantization import round_weights_
from companion.experiments.cnn import fewer_bits
from companion.experiments.cnn.digit_readers import mistakes
from companion.experiments.cnn.trained_reader import reader_images, trained_reader

pytestmark = pytest.mark.reads(
    "companion/experiments/cnn/fewer_bits.json", "companion/experiments/cnn/trained_reader.npz"
)


def adam(parameters, rate):
    return torch.optim.Adam(parameters, lr=rate)


def test_the_stored_results_are_whole():
    found, seeds = fewer_bits.stored(), len(fewer_bits.SEEDS)
    assert found.pop("real").shape == (seeds,)
    for name in fewer_bits.KINDS:
        assert found.pop(name).shape == (seeds, len(fewer_bits.BITS))
    for name in ("trained on", "trained rounded"):
        assert found.pop(name).shape == (seeds, len(fewer_bits.LOW))
    assert not found


def test_a_network_of_a_few_epochs_behaves_like_the_stored_ones():
    """Fewer epochs than the script's, so a higher error; bits do to it what they do to those."""
    model, test = fewer_bits.one_reader(torch.nn, adam, 0, epochs=2), reader_images()["test"]
    found = fewer_bits.by_bits(in_integers, torch.nn, model, test, bits=(8, 5, 2))
    for name, (eight, five, two) in found.items():
        assert eight < 0.08, name
        assert five < eight + 0.02, name
        assert two > eight + (0.1 if "weights" in name else 0.005), name


def test_training_with_two_bits_helps_two_bits():
    images = tuple(part[:1000] for part in reader_images()["train"])
    model, test = trained_reader(torch.nn), reader_images()["test"]
    shown = reader_images()["train"][0][:200]

    def judged(round_):
        got = fewer_bits.trained_on(torch.nn, adam, model, round_, 0, epochs=2, images=images)
        return got, mistakes(in_integers(torch.nn, got, shown, bits=2), *test)

    real, plain = judged(lambda m: m)
    whole, rounded = judged(lambda m: round_weights_(m, 2))
    assert rounded < 0.5 * plain
    # What comes back are weights that move freely, not the rounded ones.
    assert len(np.unique(whole[0].weight.detach())) > 7 * 8
    assert not np.array_equal(real[0].weight.detach(), model[0].weight.detach())


def test_the_engine_of_the_companion():
    images = tuple(part[:200] for part in reader_images()["train"])

    def make(parameters, rate):
        return optim.Adam(parameters, lr=rate)

    model = fewer_bits.one_reader(nn, make, 0, epochs=1, images=images)
    before = model.state_dict()
    got = fewer_bits.trained_on(
        nn, make, model, lambda m: round_weights_(m, 4), 0, epochs=1, images=images
    )
    assert not np.array_equal(got.state_dict()["0.weight"], before["0.weight"])
    np.testing.assert_array_equal(model.state_dict()["0.weight"], before["0.weight"])


def test_shares_of_mistakes():
    scores = np.array([[1.0, 2], [3, 0], [0, 1]])
    assert mistakes(lambda X: scores, None, np.array([1, 1, 1])) == pytest.approx(1 / 3)
