"""Dense stacks compute what torch computes for each network alone, and shortcuts cure depth."""

import numpy as np
import pytest
import torch

from companion.data.digits import digits, pooled
from companion.experiments.cnn.dense_stacks import Stacks, train, tuned
from companion.experiments.optimization.normalized_networks import OverBatch, Plain
from companion.optimization.normalization.normalize import normalize

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(9, 5)).astype("float32"), RNG.integers(0, 3, 9)


def alone(nets, r, x, residual, preact):
    """Scores of network r by torch."""
    W, beta, gamma = (
        [torch.tensor(p.data[r].astype(float)) for p in group]
        for group in (nets.W, nets.beta, nets.gamma)
    )

    def norm(h, k):
        return torch.nn.functional.batch_norm(
            h, None, None, gamma[k].ravel(), beta[k].ravel(), training=True
        )

    h = torch.tensor(x.astype(float)) @ W[0].T
    h = h if preact else torch.relu(norm(h, 0))
    for k in range(1, len(W) - 1, 2):
        if preact:
            F = torch.relu(norm(h, k)) @ W[k].T
            F = torch.relu(norm(F, k + 1)) @ W[k + 1].T
        else:
            F = torch.relu(norm(h @ W[k].T, k))
            F = norm(F @ W[k + 1].T, k + 1)
        h = h + F if residual else F
        h = h if preact else torch.relu(h)
    h = torch.relu(norm(h, 0)) if preact else h
    return (h @ W[-1].T + beta[-1].ravel()).numpy()


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("preact", [False, True])
def test_scores_equal_torch_s(residual, preact):
    nets = Stacks([3, 4], OverBatch(normalize), (5, 4, 3), 2, residual, preact=preact)
    for p in nets.gamma + nets.beta:
        p.data += RNG.normal(0, 0.3, p.data.shape).astype("float32")
    scores = nets.scores(X).numpy()
    for r in range(2):
        expected = alone(nets, r, X, residual, preact)
        np.testing.assert_allclose(scores[r].T, expected, rtol=1e-3, atol=1e-4)


def test_with_gamma_0_residual_blocks_begin_as_the_identity():
    nets = Stacks([1], OverBatch(normalize), (5, 4, 3), 3, True, gamma=0)
    first, *rest = [h.numpy() for h in nets.states(np.broadcast_to(X.T, (1, 5, 9)))]
    for h in rest:
        np.testing.assert_array_equal(h, first)


def test_updates_are_torch_s_with_momentum():
    nets = Stacks([1, 2], Plain(), (5, 4, 3), 1, True)
    copy = Stacks([1, 2], Plain(), (5, 4, 3), 1, True)
    weights = [torch.nn.Parameter(torch.tensor(p.data.copy())) for p in copy.parameters()]
    sgd = torch.optim.SGD(weights, 0.1, momentum=0.9)
    for _ in range(3):  # all examples at each step, so that their order does not count
        copy.backward(X, Y)
        for p, w in zip(copy.parameters(), weights, strict=True):
            w.grad = torch.tensor(p.grad)
        sgd.step()
        for p, w in zip(copy.parameters(), weights, strict=True):
            p.data = w.detach().numpy().copy()
    losses = train(nets, [0.1, 0.1], X, Y, steps=3, size=9)
    assert losses.shape == (2, 3)
    for p, w in zip(nets.parameters(), weights, strict=True):
        np.testing.assert_allclose(p.data, w.detach().numpy(), rtol=1e-4, atol=1e-6)


def test_deep_plain_stacks_learn_their_own_images_worse():
    data = digits()
    X = pooled(data.X_train[:500], 4)
    X, y = (X - X.mean()) / X.std(), data.y_train[:500]
    found = {
        residual: tuned(
            lambda seeds, residual=residual: Stacks(
                seeds, OverBatch(normalize), (49, 24, 10), 13, residual, gamma=float(not residual)
            ),
            [0.03, 0.1], X, y, seeds=range(2), tuning=(9,), steps=60,
        )
        for residual in (False, True)
    }  # fmt: skip
    assert found[False].errors.min() > found[True].errors.max() + 0.2
    assert found[True].tried.shape == (2,)
    assert found[True].losses.shape == (2, 60)


def test_no_seed_judges_itself():
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        tuned(None, [0.1], X, Y, seeds=[0, 1], tuning=[1])
