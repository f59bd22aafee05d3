"""What is stored of the searches: a part of it is measured again."""

import numpy as np
import pytest

from companion.rnn.experiments import beam_widths

pytestmark = pytest.mark.reads("companion/rnn/experiments/beam_widths.json")


def test_word_sets():
    sets = beam_widths.word_sets()
    assert {name: len(words) for name, (words, _) in sets.items()} == {"val": 1000, "test": 1000}
    assert not {*sets["val"][0]} & {*sets["test"][0]}


def test_a_part_comes_out_again():
    kept, sets = beam_widths.stored(), beam_widths.word_sets()
    for name, temperature in (("test", 1.0), ("test at 2", 2.0)):
        words, sounds = (part[:30] for part in sets[name.split()[0]])
        again = beam_widths.searched(3, words, sounds, temperature)
        before = kept[name]["3"]
        np.testing.assert_allclose(again["log_p"], before["log_p"][:30], atol=2e-3)
        pairs = zip(again["said"], before["said"], strict=False)
        assert sum(a == b for a, b in pairs) >= 28


def test_the_modes_come_out_again():
    kept, sets = beam_widths.stored(), beam_widths.word_sets()
    again = beam_widths.most_probable_ones(sets["test"][0][:20])
    np.testing.assert_allclose(again["log_p"], kept["mode"]["log_p"][:20], atol=2e-3)
    for width in map(str, beam_widths.WIDTHS):
        found = kept["test"][width]["log_p"][: beam_widths.EXACT]
        assert np.all(np.array(found) <= np.array(kept["mode"]["log_p"]) + 1e-4)


def test_temperature_changes_no_greedy_answer():
    kept = beam_widths.stored()
    pairs = zip(kept["test at 2"]["1"]["said"], kept["test"]["1"]["said"], strict=True)
    assert np.mean([a == b for a, b in pairs]) > 0.99
