"""Starts, training and the spread of hidden units against closed forms and torch."""

import numpy as np
import pytest
import torch

from companion.data import toy
from companion.experiments.gradients.hidden_units import STARTS, classes, learn, spread, start


def test_starts_are_what_they_are_called():
    zero, equal, random = (start(kind, seed=3, width=5) for kind in STARTS)
    assert not any(W.any() or b.any() for W, b in zero)
    assert spread(equal) == 0
    assert equal[0][0].any()
    assert spread(random) > 0.1
    assert not any(b.any() for _, b in (*equal, *random))
    with pytest.raises(ValueError, match="choose one of"):
        start("ones")


def test_spread_sees_every_number_of_a_unit():
    for place in range(3):
        (W1, b1), (W2, b2) = start("equal units", width=4)
        (W1, b1, W2.T)[place][2] += 0.25
        assert spread([(W1, b1), (W2, b2)]) == pytest.approx(0.25)


def test_training_equals_torch():
    X, y = toy.rings(60, seed=1)
    parameters = start("random, b = 0", seed=2, width=3)
    theirs = [[torch.tensor(p.copy(), requires_grad=True) for p in pair] for pair in parameters]
    optimizer = torch.optim.SGD([p for pair in theirs for p in pair], lr=0.5)
    for _ in range(20):
        optimizer.zero_grad()
        (W1, b1), (W2, b2) = theirs
        scores = torch.tanh(torch.tensor(X) @ W1.T + b1) @ W2.T + b2
        torch.nn.functional.cross_entropy(scores, torch.tensor(y)).backward()
        optimizer.step()
    assert learn(parameters, X, y, steps=20, lr=0.5) == 20
    for ours, pair in zip(parameters, theirs, strict=True):
        for p, t in zip(ours, pair, strict=True):
            np.testing.assert_allclose(p, t.detach().numpy(), rtol=1e-9, atol=1e-12)


def test_training_may_stop_when_all_is_right():
    X, y = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([1, 0])
    parameters = start("random, b = 0", width=2)
    taken = learn(parameters, X, y, steps=500, lr=1.0, stop=True)
    assert taken < 500
    np.testing.assert_array_equal(classes(parameters, X), y)
    assert learn(parameters, X, y, steps=500, lr=1.0, stop=True) == 0
