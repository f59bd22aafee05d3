"""The contest on names: its stored results are those that its script finds."""

import numpy as np
import pytest

from companion import optim
from companion.data.first_names import split_names
from companion.data.text_split import Split
from companion.rnn.experiments import names_contest as contest
from companion.rnn.language.kneser_ney import KneserNey
from companion.rnn.language.perplexity import perplexity_of
from companion.rnn.text.vocabulary import Vocabulary

pytestmark = pytest.mark.reads("companion/rnn/experiments/names_contest.json")


def product(model, texts):
    """Perplexity from the product of all probabilities, one token after the other."""
    logs, tokens = 0.0, 0
    for text in texts:
        for k in range(len(text) + 1):
            came = text[k] if k < len(text) else "<end>"
            p = model.probabilities(text[:k])[model.vocabulary.number(came)]
            logs, tokens = logs + np.log(p), tokens + 1
    return np.exp(-logs / tokens)


def test_what_is_stored_comes_out_again():
    kept = contest.stored()
    assert list(kept["counting"]) == [str(order) for order in contest.ORDERS]
    for seed, order in ((0, 3), (3, 5)):
        split, found = split_names(seed=seed), kept["counting"][str(order)]
        model = contest.counted(split, order)
        assert model.discount == found["discount"][seed]
        assert product(model, split.test[:500]) == pytest.approx(
            contest.perplexity_by_counting(model, split.test[:500])
        )
        again = contest.perplexity_by_counting(model, split.test)
        assert again == pytest.approx(found["test"][seed], abs=1e-3)


def test_the_discount_is_the_best_of_its_list_on_validation_names():
    split = split_names()
    model = contest.counted(split, 4)
    vocabulary = Vocabulary.of(split.train)
    for discount in contest.DISCOUNTS:
        other = KneserNey(split.train, vocabulary, 4, discount)
        assert product(model, split.val) <= product(other, split.val) + 1e-9


def test_kept_weights_are_as_good_as_stored():
    model, vocabulary = contest.names_model()
    found = contest.stored()["networks"][contest.KEPT]
    again = perplexity_of(model, split_names(seed=0).test, vocabulary)
    assert again == pytest.approx(found["test"][0], abs=0.02)
    assert contest.WEIGHTS.stat().st_size < 1_000_000


@pytest.mark.parametrize("name", contest.NETWORKS)
def test_each_network_still_learns(name):
    split = split_names(seed=0)
    few = Split(split.train[:1200], split.val, split.test[:200])
    vocabulary = Vocabulary.of(few.train)
    untrained = perplexity_of(contest.new_network(name, vocabulary), few.test, vocabulary)
    model = contest.learned(optim, name, few, rate=0.01, epochs=2)
    assert perplexity_of(model, few.test, vocabulary) < 0.65 * untrained
    assert untrained > 25


def test_stored_choices_are_the_best_of_what_was_tried():
    for name, found in contest.stored()["networks"].items():
        assert found["rate"] == min(found["tried"])[1]
        assert [rate for _, rate in found["tried"]] == list(contest.RATES[name])
        assert len(found["test"]) == len(contest.SEEDS), name


def test_copied_by_pencil():
    assert contest.copied([["a", "n"], "ann", ["b"], "nan"], ["ann", "an"]) == 0.5
