"""Labels of letters: torch's numbers, nobody else's padding, nothing of the future."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.data.clauses import BLANK, run_together
from companion.gradients.tensor import Tensor
from companion.rnn.tagging.tagger import delayed, tagger, tagging_loss
from companion.training import predict

ROWS = run_together(["sing ye", "praise him all his hosts", "o", "selah"])
WAYS = [{}, {"num_layers": 2}, {"bidirectional": True}, {"num_layers": 2, "bidirectional": True}]


def pair(**options):
    own, other = (tagger(engine, 5, **options).double() for engine in (nn, torch.nn))
    own.load_state_dict({k: w.numpy() for k, w in other.state_dict().items()})
    return own.eval(), other.eval()


@pytest.mark.parametrize("options", WAYS)
def test_both_engines_say_the_same(options):
    own, other = pair(**options)
    there = ROWS.starts >= 0
    a, b = predict(own, ROWS.letters), predict(other, ROWS.letters)
    assert a.shape == (*ROWS.letters.shape, 2)
    np.testing.assert_allclose(a[there], b[there], atol=1e-12)


@pytest.mark.parametrize("options", WAYS)
def test_scores_do_not_depend_on_who_else_is_in_the_batch(options):
    own, _ = pair(**options)
    together = predict(own, ROWS.letters)
    for row, scores, n in zip(ROWS.letters, together, ROWS.lengths, strict=True):
        np.testing.assert_allclose(predict(own, row[None, :n])[0], scores[:n], atol=1e-12)


@pytest.mark.parametrize("options", WAYS)
def test_what_a_score_depends_on(options):
    own, _ = pair(**options)
    for t in (0, 3, 6):
        vectors = Tensor(own.embedding(ROWS.letters[1:2, :9]).numpy(), True)
        own.scores(vectors, [9])[0, t, 1].backward()
        used = (vectors.grad[0] != 0).any(axis=1)
        expected = np.ones(9, bool) if options.get("bidirectional") else np.arange(9) <= t
        np.testing.assert_array_equal(used, expected)


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_the_loss_leaves_out_what_stands_behind_the_end(engine):
    scores = np.random.default_rng(0).normal(size=(*ROWS.starts.shape, 2))
    there = ROWS.starts >= 0
    logs = scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))
    right = -np.take_along_axis(logs, np.abs(ROWS.starts)[..., None], 2)[..., 0][there].mean()
    given = (Tensor(scores), ROWS.starts)
    if engine is torch.nn:
        given = torch.tensor(scores), torch.tensor(ROWS.starts)
    assert tagging_loss(engine)(*given).item() == pytest.approx(right)


def test_delayed():
    letters, labels = delayed(ROWS, 3)
    np.testing.assert_array_equal(letters[:, :-3], ROWS.letters)
    assert (letters[:, -3:] == BLANK).all()
    np.testing.assert_array_equal(labels[:, 3:], ROWS.starts)
    assert (labels[:, :3] == -1).all()
    for a, b in zip(delayed(ROWS, 0), (ROWS.letters, ROWS.starts), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="-1 steps"):
        delayed(ROWS, -1)
