"""Which letter follows: the words, the questions, and that stored results are what is found."""

from itertools import pairwise

import numpy as np
import pytest

from companion.rnn.experiments import letter_after

pytestmark = pytest.mark.reads("companion/rnn/experiments/letter_after.json")


def test_words_have_each_letter_once_and_nobody_learns_from_those_that_judge():
    learned, judging = letter_after.words()
    assert len(judging) == 1000
    assert len(learned) > 20_000
    assert not set(learned) & set(judging)
    for word in learned + judging:
        assert 6 <= len(word) <= 10
        assert len(set(word)) == len(word)


def test_the_answer_is_the_letter_that_follows():
    texts = ["abcdef", "fedcba", "badcfe"]
    for seed in range(5):
        rows, answers, places = letter_after.asked(texts, np.random.default_rng(seed))
        assert rows.shape == (3, 7)
        for text, row, answer, place in zip(texts, rows, answers, places, strict=True):
            assert "".join(chr(97 + c) for c in row[:-1]) == text
            asked = text.index(chr(97 + row[-1]))
            assert asked + 1 == place
            assert text[place] == chr(97 + answer)


def test_counts_of_pairs_answer_as_loops_do():
    learned, judging = letter_after.by_length()
    counts = {}
    for word in (w for texts in learned.values() for w in texts):
        for pair in pairwise(word):
            counts[pair] = counts.get(pair, 0) + 1
    rng, right = np.random.default_rng(1), 0
    for texts in judging.values():
        rows, answers, _ = letter_after.asked(texts, rng)
        for text, row, answer in zip(texts, rows, answers, strict=True):
            asked = chr(97 + row[-1])
            others = sorted(set(text) - {asked})
            best = max(others, key=lambda c: counts.get((asked, c), 0))
            right += best == chr(97 + answer)
    assert letter_after.by_pairs() == pytest.approx(right / 1000)
    assert letter_after.stored()["pairs"] == pytest.approx(right / 1000)


def test_a_mean_does_not_see_where_letters_stand():
    model = letter_after.WAYS["mean"]()
    rows = letter_after.numbers(["chipmunkp"])
    model(rows)
    assert model.looked.shape == (1, 1, 1)  # nothing to choose from


def test_unknown_ways_are_refused():
    with pytest.raises(ValueError, match="no way 'sum'; there are mean"):
        letter_after.train("sum", 0.01, 0)


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    def run(way, rate, seed):
        return None, [seed / 10, 1 - abs(rate - 0.02)]

    found = letter_after.contest(run, ["mean"], (0.01, 0.021), tuning=(7,), seeds=(1, 2))
    assert found["mean"]["rate"] == 0.021
    assert found["mean"]["right"] == [[0.1, 0.999], [0.2, 0.999]]
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        letter_after.contest(run, ["mean"], (0.01,), tuning=(1,), seeds=(1,))


def test_the_stored_results_are_whole():
    found = letter_after.stored()["ways"]
    assert list(found) == list(letter_after.WAYS)
    for entry in found.values():
        assert entry["tried"][letter_after.RATES.index(entry["rate"])] == max(entry["tried"])
        points = letter_after.UPDATES // letter_after.EVERY
        assert np.shape(entry["right"]) == (len(letter_after.SEEDS), points)


@pytest.mark.parametrize("way", letter_after.WAYS)
def test_the_script_still_finds_what_is_stored(way):
    """The beginning of one run; on other machines last digits differ, and grow."""
    entry = letter_after.stored()["ways"][way]
    _, right = letter_after.train(way, entry["rate"], 0, updates=50)
    np.testing.assert_allclose(right, entry["right"][0][:1], atol=0.05)


def test_one_look_learns_where_to_look():
    model, right = letter_after.train("one look", 0.003, 0, updates=250)
    assert right[-1] > 0.9
    for texts in letter_after.by_length()[1].values():
        rows, _, places = letter_after.asked(texts, np.random.default_rng(2))
        model(rows)
        assert np.mean(model.looked.numpy()[:, -1].argmax(axis=1) == places) > 0.8
