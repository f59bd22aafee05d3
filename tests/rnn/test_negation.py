"""The contest of averages and readers: fair in size, and its stored results those of its script."""

import numpy as np
import pytest

from companion import nn, optim
from companion.data.tone_sentences import KINDS
from companion.data.word_vectors import word_vectors
from companion.rnn.experiments import negation

pytestmark = pytest.mark.reads("companion/rnn/experiments/negation.json")


def test_all_but_the_linear_average_have_about_the_same_size():
    sizes = {
        way: sum(p.data.size for p in make(nn).parameters()) for way, make in negation.WAYS.items()
    }
    assert sizes.pop("average") == 102
    assert max(sizes.values()) < 1.03 * min(sizes.values())


def test_the_rate_is_chosen_by_other_seeds():
    def run(way, rate, seed):
        return {"val": -abs(rate - len(way) / 10), "kinds": [seed / 10, 0.5]}

    found = negation.contest(run, ("a", "bb"), (0.1, 0.2), (9,), (1, 2))
    assert found["a"]["rate"] == 0.1
    assert found["bb"]["rate"] == 0.2
    assert found["bb"]["kinds"] == [[0.1, 0.5], [0.2, 0.5]]
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        negation.contest(run, ("a",), (0.1,), (1,), (1, 2))


def test_right_counts_tones():
    class Says(nn.Module):
        def forward(self, x):
            return nn.Parameter(np.stack([x[:, 0, 0], x[:, 0, 1]], axis=1))

    x = np.array([[[1.0, 0]], [[0, 1]], [[0, 1]], [[3, 2]]])
    assert negation.right(Says(), x, np.array([0, 1, 0, 1])) == 0.5


@pytest.mark.parametrize("way", ["average, hidden layer", "LSTM"])
def test_a_run_made_again_has_the_stored_shares(way):
    vectors = word_vectors(negation.MOST)
    if not vectors.source.startswith("GloVe"):
        pytest.skip("the results are those of GloVe's vectors")
    train, _, unseen = negation.material(vectors, 0)
    assert train[0].shape[0] == 4000
    entry = negation.stored()[way]
    model = negation.learned(nn, optim, way, train, entry["rate"], 0)
    found = negation.by_kind(model, unseen, vectors, 0)
    assert len(found) == len(KINDS)
    np.testing.assert_allclose(found, entry["kinds"][0], atol=0.08)
