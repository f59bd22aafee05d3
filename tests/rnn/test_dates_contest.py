"""Dates with and without a look, and the contest of scores: what is stored is what scripts find."""

import numpy as np
import pytest

from companion.rnn.experiments import dates_contest, scores_contest
from companion.rnn.translation.bahdanau import LookFirstEncoderDecoder
from companion.rnn.translation.encoder_decoder import AttentiveEncoderDecoder

pytestmark = pytest.mark.reads(
    "companion/rnn/experiments/dates_contest.json", "companion/rnn/experiments/scores_contest.json"
)


@pytest.fixture(scope="module")
def data():
    return dates_contest.dates()


def test_dates_that_judge_are_other_ones(data):
    parts = [
        set(data.human[part])
        for part in (dates_contest.LEARNED, dates_contest.TUNED, dates_contest.JUDGED)
    ]
    assert [len(part) for part in parts] == [5000, 500, 1000]
    assert not parts[0] & parts[1]
    assert not parts[2] & (parts[0] | parts[1])


def test_the_stored_contest_is_whole():
    found = dates_contest.stored()
    assert list(found) == list(dates_contest.EPOCHS)
    for kind, entry in found.items():
        rates, seeds = dates_contest.RATES[kind], len(dates_contest.SEEDS)
        assert entry["rate"] == min(zip(entry["tried"], rates, strict=True))[1]
        assert np.shape(entry["exact"]) == (seeds, dates_contest.EPOCHS[kind])
        assert np.shape(entry["parts"]) == (seeds, 3)
        assert np.shape(entry["by_length"]) == (seeds, len(dates_contest.EDGES) - 1)
        assert np.shape(entry["known"]) == (seeds,)


def test_the_stored_contest_of_scores_is_whole():
    found = scores_contest.stored()
    assert list(found) == list(scores_contest.KINDS)
    for entry in found.values():
        seeds = len(scores_contest.SEEDS)
        assert entry["rate"] == scores_contest.RATES[int(np.argmin(entry["tried"]))]
        checks = scores_contest.UPDATES // scores_contest.EVERY
        assert np.shape(entry["exact"]) == (seeds, checks)
        assert np.shape(entry["seconds"]) == (seeds,)


def test_kinds_differ_where_they_say(data):
    for kind, (score, make) in scores_contest.KINDS.items():
        model = scores_contest.network(kind, data)
        assert type(model) is make
        assert type(model.attention).__name__.lower().startswith(score)
    assert scores_contest.KINDS["general, before"][1] is LookFirstEncoderDecoder
    assert scores_contest.KINDS["dot"][1] is AttentiveEncoderDecoder


@pytest.mark.parametrize("experiment", [dates_contest, scores_contest])
def test_unknown_kinds_and_seeds_that_judge_themselves_are_refused(experiment, data):
    with pytest.raises(ValueError, match="no kind 'some'; there are "):
        experiment.network("some", data)
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        experiment.contest(data, tuning=(1,), seeds=(1, 2))


def test_an_answer_counts_only_if_every_letter_is_right(data, monkeypatch):
    part = slice(0, 3)
    answers = [data.iso[0], data.iso[1][:-1], "x" + data.iso[2][1:]]
    monkeypatch.setattr(dates_contest, "said", lambda *_: answers)
    assert dates_contest.exact(None, data, part).tolist() == [True, False, False]


def test_one_pass_with_a_look_is_as_stored(data):
    """Ten in a thousand is what a network without a look gets; a chance guess gets none."""
    entry = dates_contest.stored()["with"]
    got = dates_contest.train("with", entry["rate"], 0, data, epochs=1)
    assert abs(got.exact[0] - entry["exact"][0][0]) < 0.15


def test_a_pass_without_a_look_leaves_nearly_all_wrong(data):
    entry = dates_contest.stored()["without"]
    got = dates_contest.train("without", entry["rate"], 0, data, epochs=1)
    assert got.exact[0] < 0.05
    assert entry["exact"][0][0] < 0.05


def test_the_script_still_finds_what_is_stored_of_the_scores(data):
    entry = scores_contest.stored()["general"]
    got, _ = scores_contest.train("general", entry["rate"], 0, data, updates=60)
    np.testing.assert_allclose(got.exact[-1], entry["exact"][0][5], atol=0.3)
