"""Models of language: shifted texts, their loss, perplexity and what is drawn."""

from collections import Counter

import numpy as np
import pytest
import torch

from companion import optim
from companion.data.first_names import split_names
from companion.gradients.tensor import Tensor
from companion.rnn.language.model import LanguageModel
from companion.rnn.language.next_token import (
    next_token_batches,
    next_token_loss,
    next_token_pairs,
)
from companion.rnn.language.perplexity import log_probabilities, perplexity, perplexity_of
from companion.rnn.language.sampling import sample, tempered
from companion.rnn.text.vocabulary import Vocabulary
from companion.training import fit, manual_seed

VOCABULARY = Vocabulary("abc")
A, B, C = (VOCABULARY.number(letter) for letter in "abc")
PAD, START, END = 0, 1, 2


def test_inputs_and_targets_are_shifted_by_one():
    inputs, targets = next_token_pairs(["ab", "c"], VOCABULARY)
    np.testing.assert_array_equal(inputs, [[START, A, B], [START, C, PAD]])
    np.testing.assert_array_equal(targets, [[A, B, END], [C, END, PAD]])


@pytest.mark.parametrize(("texts", "says"), [([], "no text"), (["a", ""], "empty"), (["d"], "'d'")])
def test_what_is_no_text_is_refused(texts, says):
    with pytest.raises(ValueError, match=says):
        next_token_pairs(texts, VOCABULARY)


def test_the_loss_is_torch_s_without_padding():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(4, 5, 7))
    targets = rng.integers(0, 7, size=(4, 5))
    ours = Tensor(scores, requires_grad=True)
    theirs = torch.tensor(scores, requires_grad=True)
    mine = next_token_loss(ours, targets)
    other = torch.nn.functional.cross_entropy(
        theirs.transpose(1, 2), torch.tensor(targets), ignore_index=0
    )
    mine.backward()
    other.backward()
    np.testing.assert_allclose(mine.item(), other.item(), rtol=1e-12)
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), atol=1e-12)


def test_perplexity_in_closed_form():
    assert perplexity(np.log([0.25] * 7)) == pytest.approx(4)
    assert perplexity(np.log([[0.5, 0.125]])) == pytest.approx(4)
    assert perplexity([0.0, 0.0]) == 1
    assert perplexity([0.0, -np.inf]) == np.inf


@pytest.mark.parametrize("given", [[], [0.1], [np.nan, -1.0]])
def test_what_is_no_logarithm_of_a_probability_is_refused(given):
    with pytest.raises(ValueError, match="logarithms of probabilities"):
        perplexity(given)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_probabilities_of_texts_do_not_hang_on_their_company(kind):
    manual_seed(0)
    model = LanguageModel(len(VOCABULARY), 5, kind).double()
    texts = ["abcab", "c", "bb"]
    together = log_probabilities(model, texts, VOCABULARY)
    for text, found in zip(texts, together, strict=True):
        assert found.shape == (len(text) + 1,)
        np.testing.assert_allclose(found, log_probabilities(model, [text], VOCABULARY)[0])
    mean = np.concatenate(together).mean()
    assert perplexity_of(model, texts, VOCABULARY) == pytest.approx(np.exp(-mean))


def test_probabilities_of_all_texts_add_up():
    """Of all texts of at most two letters and those that go on, the probabilities sum to one."""
    manual_seed(1)
    model = LanguageModel(len(VOCABULARY), 4).double()
    tokens = np.arange(len(VOCABULARY))
    scores = model(np.array([[START]])).numpy()[0, 0]
    p = tempered(scores)
    assert p.sum() == pytest.approx(1)
    assert p[A] == pytest.approx(np.exp(log_probabilities(model, ["a"], VOCABULARY)[0][0]))
    assert len(p) == len(tokens)


def test_one_step_at_a_time_gives_the_same_scores():
    manual_seed(2)
    model = LanguageModel(len(VOCABULARY), 6, "LSTM", num_layers=2).double()
    tokens = np.array([[START, A, B, C]])
    state, steps = None, []
    for t in range(4):
        scores, state = model.advance(tokens[:, [t]], state)
        steps.append(scores.numpy()[0, 0])
    np.testing.assert_allclose(model(tokens).numpy()[0], steps, rtol=1e-10)


def test_temperature_in_closed_form():
    p = np.array([0.7, 0.2, 0.1])
    np.testing.assert_allclose(tempered(np.log(p)), p)
    np.testing.assert_allclose(tempered(np.log(p), 0.5), p**2 / (p**2).sum())
    np.testing.assert_allclose(tempered([1e5, 0.0], 1.0), [1, 0])
    np.testing.assert_allclose(tempered([3.0, 1.0], 1e9), [0.5, 0.5])
    for temperature in (0, -1, np.nan):
        with pytest.raises(ValueError, match="above 0"):
            tempered([1.0, 2.0], temperature)


def test_drawn_first_letters_are_as_frequent_as_the_model_says():
    manual_seed(3)
    model = LanguageModel(len(VOCABULARY), 4)
    model.head.bias.data[:] = [9, 9, 0.5, 9, 1, 0, -1]  # what is never drawn scores highest
    scores = model(np.array([[START]])).numpy()[0, 0].astype(float)
    scores[[PAD, START, 3]] = -np.inf
    expected = np.exp(scores - scores.max())
    expected /= expected.sum()
    rng = np.random.default_rng(0)
    drawn = Counter(
        (sample(model, VOCABULARY, rng, longest=1) or ["<end>"])[0] for _ in range(3000)
    )
    shares = [drawn[token] / 3000 for token in VOCABULARY.tokens]
    np.testing.assert_allclose(shares, expected, atol=0.04)


def test_a_prompt_is_kept_and_the_seed_repeats():
    manual_seed(4)
    model = LanguageModel(len(VOCABULARY), 4)
    text = sample(model, VOCABULARY, 5, prompt="ab", longest=6)
    assert text[:2] == ["a", "b"]
    assert len(text) <= 8
    assert text == sample(model, VOCABULARY, 5, prompt="ab", longest=6)
    assert sample(model, VOCABULARY, 0, longest=4, shaped=lambda p: np.eye(7)[B]) == ["b"] * 4
    with pytest.raises(ValueError, match="'z'"):
        sample(model, VOCABULARY, prompt="z")
    with pytest.raises(ValueError, match="longest=0"):
        sample(model, VOCABULARY, longest=0)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_training_on_names_beats_frequencies_of_letters(kind):
    """Letters by their frequency leave a perplexity of about 16; a broken gradient cannot do it."""
    names = split_names()
    vocabulary = Vocabulary.of(names.train)
    manual_seed(0)
    model = LanguageModel(len(vocabulary), 32, kind)
    before = perplexity_of(model, names.val, vocabulary)
    batches = next_token_batches(names.train[:2000], vocabulary)
    fit(model, batches, next_token_loss, optim.Adam(model.parameters(), lr=0.01), epochs=3)
    assert perplexity_of(model, names.val, vocabulary) < 11 < 25 < before


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="'lstm'"):
        LanguageModel(5, kind="lstm")
