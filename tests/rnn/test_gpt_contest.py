"""News by letters: pieces, the judge, what is copied; stored results come from the script."""

import numpy as np
import pytest

from companion import optim
from companion.rnn.experiments import gpt_contest
from companion.rnn.language.perplexity import log_probabilities
from companion.rnn.text.vocabulary import Vocabulary
from companion.rnn.transformer.gpt import GPT
from companion.training import manual_seed

pytestmark = pytest.mark.reads(
    "companion/rnn/experiments/gpt_contest.json", "companion/rnn/experiments/gpt_contest.npz"
)
LETTERS = Vocabulary("abc")


def test_reports_are_parted_without_overlap():
    data = gpt_contest.parted_news()
    assert [len(part) for part in data[:3]] == [229, 30, 30]
    assert set(data.vocabulary.tokens[4:]) == set("".join(data.train))
    assert data[:3] == gpt_contest.parted_news()[:3]
    learned = "\n".join(data.train)
    for text in data.val + data.test:
        assert gpt_contest.copied(text, learned, 40) < 0.1, text[:60]


def test_texts_that_repeat_earlier_ones_are_left_out():
    same, other, short = "abcabcabc" * 2, "abcdefghi", "ab"
    texts = [same, other, same, "x" + same, short, other[:4] + "uvwxyz"]
    got = gpt_contest.without_repeats(texts, length=4, most=0.2)
    assert got == [same, other, short, other[:4] + "uvwxyz"]


def test_a_row_holds_the_texts_between_start_and_end():
    row = gpt_contest.stream(["ab", "cx"], LETTERS)
    assert LETTERS.decode(row) == [
        "<start>",
        "a",
        "b",
        "<end>",
        "<start>",
        "c",
        "<unknown>",
        "<end>",
    ]


def test_pieces_are_rows_and_what_follows():
    row = np.arange(100)
    x, y = gpt_contest.windows(row, np.random.default_rng(0), batch=500, context=7)
    assert x.shape == y.shape == (500, 7)
    np.testing.assert_array_equal(y, x + 1)
    np.testing.assert_array_equal(np.diff(x, axis=1), 1)
    assert {x.min(), y.max()} == {0, 99}


def test_the_judge_scores_each_letter_once_with_half_a_context():
    """Against a loop over letters, each with a context of its own."""
    manual_seed(0)
    model = GPT(len(LETTERS), 6, 8, 2, 1).double().eval()
    rng = np.random.default_rng(1)
    for p in model.parameters():
        p.data = p.data + 0.5 * rng.normal(size=p.shape)
    texts = ["".join(rng.choice(list("abc"), n)) for n in (9, 1, 14)]
    row = gpt_contest.stream(texts, LETTERS)
    told = []
    for first in range(0, len(row) - 6, 3):
        for t in range(first + 3, first + 6):
            scores = model(row[first : t + 1][None]).numpy()[0, -1]
            if row[t + 1] != LETTERS.number("<start>"):
                told.append(np.log(np.exp(scores).sum()) - scores[row[t + 1]])
    got = gpt_contest.surprise(model, texts, LETTERS, context=6)
    np.testing.assert_allclose(got, np.mean(told), rtol=1e-6)


def test_a_model_that_knows_nothing_pays_the_logarithm():
    model = GPT(len(LETTERS), 6, 8, 2, 1)
    model.table.weight.data[:] = 0
    got = gpt_contest.surprise(model, ["abcabcabc"], LETTERS, context=6)
    assert got == pytest.approx(np.log(7))
    assert log_probabilities(model, ["ab"], LETTERS)[0] == pytest.approx(-np.log(7) * np.ones(3))


def test_copied_pieces_are_counted():
    assert gpt_contest.copied("abcd", "xabcx", 2) == pytest.approx(2 / 3)
    assert gpt_contest.copied("abcd", "xabcx", 4) == 0
    assert gpt_contest.copied("aaaa", "a", 1) == 1
    for wrong in (0, 5):
        with pytest.raises(ValueError, match=f"pieces of {wrong} letters"):
            gpt_contest.copied("abcd", "abcd", wrong)


def test_unknown_letters_are_dropped():
    assert gpt_contest.known_letters(["axb", ""], LETTERS) == ["ab", ""]


def test_the_networks_are_of_about_one_size():
    sizes = [sum(p.data.size for p in gpt_contest.new_network(name, 84).parameters())
             for name in gpt_contest.RATES]  # fmt: skip
    assert max(sizes) < 1.1 * min(sizes)


def test_the_stored_results_are_whole():
    found = gpt_contest.stored()
    assert list(map(int, found["counting"])) == list(gpt_contest.ORDERS)
    for name, rates in gpt_contest.RATES.items():
        run = found[name]
        assert [rate for _, rate in run["tried"]] == list(rates)
        assert run["rate"] == min(run["tried"])[1]
        assert len(run["test"]) == len(run["val"]) == len(gpt_contest.SEEDS)
        shape = (len(gpt_contest.SEEDS), gpt_contest.UPDATES // gpt_contest.EVERY)
        assert np.shape(run["losses"]) == shape


def test_the_stored_weights_are_those_of_the_first_seed():
    """In half precision; a GPT that is not trained is above four."""
    model, data = gpt_contest.news_gpt()
    got = gpt_contest.surprise(model, data.test, data.vocabulary)
    assert got == pytest.approx(gpt_contest.stored()["GPT"]["test"][0], abs=0.01)


@pytest.mark.parametrize("name", gpt_contest.RATES)
def test_the_script_still_begins_as_stored(name, monkeypatch):
    """Twenty updates of one run; the rate rises as in a whole one."""
    data, run = gpt_contest.parted_news(), gpt_contest.stored()[name]
    losses = []
    real = gpt_contest.next_token_loss

    class Enough(Exception):
        pass

    def loss(scores, targets):
        found = real(scores, targets)
        losses.append(found.item())
        if len(losses) == gpt_contest.EVERY:
            raise Enough
        return found

    monkeypatch.setattr(gpt_contest, "next_token_loss", loss)
    with pytest.raises(Enough):
        gpt_contest.learned(optim, name, data, rate=run["rate"], seed=gpt_contest.SEEDS[0])
    assert np.mean(losses) == pytest.approx(run["losses"][0][0], rel=0.05)
