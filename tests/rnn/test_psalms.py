"""The reader of the Psalms: its stored weights are of a kind that its script makes."""

import numpy as np
import pytest

from companion import optim
from companion.rnn.experiments import psalms
from companion.rnn.language.perplexity import perplexity_of
from companion.rnn.language.sampling import sample
from companion.rnn.text.vocabulary import SPECIAL, UNKNOWN

pytestmark = pytest.mark.reads("companion/rnn/experiments/psalms.npz")


def test_verses_are_parted_and_rare_words_unknown():
    train, val, vocabulary = psalms.psalms()
    assert len(val) == 250
    assert len(train) + len(val) == 2461
    flat = [word for text in train + val for word in text]
    assert all(word in vocabulary for word in flat)
    assert min(flat.count(word) for word in vocabulary.tokens[len(SPECIAL) :][-20:]) == 3
    assert 0.01 < np.mean([word == UNKNOWN for word in flat]) < 0.1


def test_the_script_still_trains():
    train, _, vocabulary = psalms.psalms()
    _, history = psalms.learned(optim, train[:320], vocabulary, epochs=2)
    assert history.steps[0] > 0.95 * np.log(len(vocabulary))
    assert np.mean(history.steps[-3:]) < history.steps[0] - 1


def test_kept_weights_know_verses_they_have_not_read():
    model, vocabulary = psalms.psalms_model()
    train, val, _ = psalms.psalms()
    assert perplexity_of(model, val[:100], vocabulary) < 80
    assert perplexity_of(model, train[:100], vocabulary) < perplexity_of(
        model, val[:100], vocabulary
    )
    drawn = sample(model, vocabulary, 0, longest=60)
    assert not set(drawn) & set(SPECIAL)
    assert psalms.WEIGHTS.stat().st_size < 1_000_000
