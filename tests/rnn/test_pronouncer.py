"""The pronouncer: its stored weights are of a kind that its script makes, and say words well."""

import numpy as np
import pytest

from companion import optim
from companion.data.pronunciations import pronunciations
from companion.rnn.experiments import pronouncer

pytestmark = pytest.mark.reads(
    "companion/rnn/experiments/pronouncer.npz", "companion/rnn/experiments/pronouncer.json"
)


def test_words_are_parted():
    train, val, test = pronouncer.spelling_and_sound(3_000)
    assert [len(words) for words, _ in (train, val, test)] == [3_000, 1_000, 1_000]
    assert len({*train[0], *val[0], *test[0]}) == 5_000
    known = pronunciations()
    assert all(known[word] == sounds for word, sounds in zip(*test, strict=True))
    assert pronouncer.spelling_and_sound(10)[1:] == (val, test)


def test_all_phonemes_are_known():
    assert {*pronouncer.PHONEMES} == {s for sounds in pronunciations().values() for s in sounds}


def test_the_script_still_trains():
    train, val, _ = pronouncer.spelling_and_sound(2_000)
    model, history = pronouncer.learned(optim, *train, epochs=3, hidden=32)
    phonemes = pronouncer.vocabularies()[1]
    assert history.steps[0] > 0.95 * np.log(len(phonemes))
    assert np.mean(history.steps[-5:]) < history.steps[0] - 1.2
    measures = pronouncer.measured(model, val[0][:200], val[1][:200])
    assert measures["phoneme_error_rate"] < 0.85  # always saying the same is near 0.9


def test_kept_weights_say_words_they_have_not_read():
    model, letters, phonemes = pronouncer.load_pronouncer()
    assert (len(letters), len(phonemes)) == (30, 43)
    _, _, test = pronouncer.spelling_and_sound(1)
    found, kept = pronouncer.measured(model, *test), pronouncer.stored()
    for name, value in found.items():
        assert value == pytest.approx(kept["test"][name], abs=0.01)
    assert found["phoneme_error_rate"] < 0.25
    assert found["exact"] > 0.3
    assert pronouncer.WEIGHTS.stat().st_size < 1_000_000


def test_the_rate_was_chosen_on_other_words():
    kept = pronouncer.stored()
    errors = {rate: m["phoneme_error_rate"] for rate, m in kept["tried"].items()}
    assert str(kept["rate"]) == min(errors, key=errors.get)
    assert len(kept["losses"]) == pronouncer.EPOCHS


def test_bad_words_are_named():
    model, _, _ = pronouncer.load_pronouncer()
    with pytest.raises(ValueError, match="no text, or an empty one"):
        pronouncer.pronounced(model, ["cat", ""])
    with pytest.raises(ValueError, match="'é' at place 3"):
        pronouncer.pronounced(model, ["café"])
