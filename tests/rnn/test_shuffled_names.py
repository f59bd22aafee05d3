"""Names and their shuffled letters: the data, the four ways, and what is stored of the contest."""

import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion.data.first_names import first_names, split_names
from companion.rnn.experiments import shuffled_names as contest

pytestmark = pytest.mark.reads("companion/rnn/experiments/shuffled_names.json")


def spelled(row):
    return "".join(contest.LETTERS.decode(row[row > 0]))


def test_each_name_stands_beside_its_letters_in_an_order_that_is_no_name():
    names = first_names()
    words, is_name = contest.both_spellings(names, 0)
    half = len(words) // 2
    assert len(names) - half < 10  # few have no other order
    known = set(names)
    for name, other in zip(words[:half], words[half:], strict=True):
        assert spelled(name) in known
        assert spelled(other) not in known
        assert sorted(spelled(name)) == sorted(spelled(other))
    np.testing.assert_array_equal(is_name[:, 0], np.arange(2 * half) < half)
    other, _ = contest.both_spellings(names, 1)
    assert not np.array_equal(words, other)


@given(st.lists(st.text("abcxyz", min_size=1, max_size=11), min_size=1, max_size=5))
def test_what_the_ways_see_is_counted_right(words):
    rows = contest.encoded(words)
    assert [spelled(row) for row in rows] == words
    bags, ends, places = (
        f(rows) for f in (contest.in_a_bag, contest.at_the_end, contest.in_places)
    )
    grid = places.reshape(len(words), contest.LONGEST, -1)
    for k, word in enumerate(words):
        for letter in "abcxyz":
            number = contest.LETTERS.number(letter)
            assert bags[k, number] == word.count(letter)
            assert ends[k, number] == (word[-1] == letter)
            at = [t for t, got in enumerate(word) if got == letter]
            assert np.flatnonzero(grid[k, :, number]).tolist() == at
        assert bags[k].sum() == places[k].sum() == len(word)


def test_the_reader_is_torchs_recurrence_read_at_the_last_letter():
    model = contest.NameReader()
    words = contest.encoded(["a", "mary", "alejandrina"])
    got = model(words).numpy()
    layer = torch.nn.RNN(16, contest.HIDDEN, batch_first=True)
    weights = {k: torch.tensor(np.asarray(v)) for k, v in model.recurrence.state_dict().items()}
    layer.load_state_dict(weights)
    for k, length in enumerate((1, 4, 11)):
        letters = torch.tensor(model.embedding.weight.data)[words[k, :length]]
        state = layer(letters[None])[1][0, 0].detach().numpy()
        expected = state @ model.head.weight.data[0] + model.head.bias.data[0]
        np.testing.assert_allclose(got[k, 0], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("words", [[], [""], ["christophers"]])
def test_words_that_do_not_fit(words):
    with pytest.raises(ValueError, match="expected at least one word, each of 1 to 11 letters"):
        contest.encoded(words)
    with pytest.raises(ValueError, match="'é' at place 2 is not among"):
        contest.encoded(["zoé"])


def test_a_bag_of_letters_can_only_guess():
    model = contest.learn(contest.WAYS["bag of letters"], 0.01, seed=0, epochs=1)
    assert contest.accuracy(model, split_names(seed=0).test[:100], 3) == 0.5


def test_a_score_of_nothing_is_half_right():
    def silent(words):
        return np.zeros((len(words), 1))

    class Silent(contest.NameReader):
        forward = staticmethod(silent)

    assert contest.accuracy(Silent(), ["mary", "john"], 0) == 0.5


def test_the_contest_tunes_and_judges_with_different_seeds(monkeypatch):
    def judged(way, rate, seed, part, epochs):
        assert (part == "val") == (seed == 100)
        return 1 - abs(rate - 0.01) - seed / 1000

    monkeypatch.setattr(contest, "_judged", judged)
    found = contest.contest(["last letter"], tuning=(100,), seeds=(0, 1))
    assert found["last letter"]["rate"] == 0.01
    assert found["last letter"]["accuracy"] == [1.0, 0.999]
    with pytest.raises(ValueError, match="would judge themselves"):
        contest.contest(["recurrent"], tuning=(1,), seeds=(0, 1))


def test_the_stored_results_are_whole():
    found = contest.stored()
    assert list(found) == list(contest.WAYS)
    for way, entry in found.items():
        assert entry["rate"] == contest.RATES[np.argmax(entry["tried"])]
        assert len(entry["accuracy"]) == len(contest.SEEDS)
        model = contest.WAYS[way]()
        assert entry["parameters"] == sum(p.data.size for p in model.parameters())
    assert json.loads(contest.FILE.read_text()) == found


def test_the_script_still_finds_what_is_stored():
    """One run of each kind; on other machines some words come out otherwise."""
    found = contest.stored()
    for way, margin in (("recurrent", 0.04), ("last letter", 0.03)):
        model = contest.learn(contest.WAYS[way], found[way]["rate"], seed=0)
        got = contest.accuracy(model, split_names(seed=0).test, 1000)
        assert abs(got - found[way]["accuracy"][0]) < margin, way
