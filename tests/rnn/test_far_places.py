"""Rows longer than those learned from: the task, and that stored results are what is found."""

import numpy as np
import pytest

from companion.rnn.experiments import far_places

pytestmark = pytest.mark.reads("companion/rnn/experiments/far_places.json")


def test_the_answer_stands_three_places_before():
    rows, answers = far_places.drawn(5, 9, np.random.default_rng(0))
    assert rows.shape == (5, 9)
    for row, wanted in zip(rows, answers, strict=True):
        assert [row[t - 3] for t in range(3, 9)] == wanted.tolist()


class Perfect:
    """Answers rightly but for one of the last four places."""

    def __init__(self, wrong):
        self.wrong = wrong

    def __call__(self, rows):
        answers = np.roll(rows, 3, axis=1)
        answers[:, len(rows[0]) - 1 - self.wrong] = -1
        self.scores = (answers[..., None] == np.arange(far_places.SYMBOLS)).astype(float)
        self.scores[answers < 0] = np.eye(far_places.SYMBOLS)[0]
        return self

    def numpy(self):
        return self.scores


@pytest.mark.parametrize(("wrong", "low", "high"), [(4, 1, 1), (0, 0.75, 0.82), (3, 0.75, 0.82)])
def test_the_last_four_places_are_judged(wrong, low, high):
    assert low <= far_places.judged(Perfect(wrong), 20) <= high


@pytest.mark.parametrize("kind", far_places.KINDS)
def test_nobody_looks_ahead(kind):
    model = far_places.Repeater(kind)
    rows = np.random.default_rng(1).integers(8, size=(2, 10))
    before = model(rows).numpy()
    rows[:, 6:] = (rows[:, 6:] + 1) % 8
    np.testing.assert_array_equal(before[:, :6], model(rows).numpy()[:, :6])


def test_turned_scores_know_the_distance_only_and_no_positions_know_nothing():
    """With one symbol everywhere, scores at the same distance are the same; without, all are."""
    rows = np.zeros((1, 12), int)
    for kind in ("none", "rotary"):
        model = far_places.Repeater(kind).double()
        model(rows)
        looked = model.looked.numpy()[0]
        ratios = looked / np.diag(looked)[:, None]
        for distance in range(12):
            diagonal = np.diagonal(ratios, -distance)
            np.testing.assert_allclose(diagonal, diagonal[0], rtol=1e-8)
        assert np.allclose(ratios[np.tri(12, dtype=bool)], 1) == (kind == "none")


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError, match="no kind 'ring'; there are none, learned"):
        far_places.Repeater("ring")


def test_the_rate_is_chosen_by_other_seeds_than_those_that_judge():
    def run(kind, rate, seed):
        return (rate, seed), abs(rate - 0.02)

    found = far_places.contest(run, ["none"], (0.01, 0.021), tuning=(7,), seeds=(1, 2), lengths=())
    assert found["none"] == {"tried": [0.01, 0.001], "rate": 0.021, "right": [[], []]}
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        far_places.contest(run, ["none"], (0.01,), tuning=(1,), seeds=(1,), lengths=())


def test_the_stored_results_are_whole():
    found = far_places.stored()
    assert list(found) == list(far_places.KINDS)
    for entry in found.values():
        assert entry["tried"][far_places.RATES.index(entry["rate"])] == min(entry["tried"])
        assert np.shape(entry["right"]) == (len(far_places.SEEDS), len(far_places.LENGTHS))


@pytest.mark.parametrize("kind", ["learned", "sinusoidal", "rotary"])
def test_the_script_still_finds_what_is_stored(kind):
    """A shorter run, at the trained length and where the table was never trained."""
    entry = far_places.stored()[kind]
    model, _ = far_places.train(kind, entry["rate"], 0, updates=300)
    stored = dict(zip(far_places.LENGTHS, np.array(entry["right"]).T, strict=True))
    assert far_places.judged(model, 16) > 0.9
    assert min(stored[16]) > 0.9
    got = far_places.judged(model, 48)
    if kind == "rotary":
        assert min(got, *stored[48]) > 0.6
    if kind == "learned":
        assert max(got, *stored[48]) < 0.4
