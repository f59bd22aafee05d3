"""Gradients by lag, against torch and in closed form."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.rnn.recurrence.lags import gradient_by_lag


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_equal_to_torch(kind):
    ours, theirs = getattr(nn, kind)(3, 4).double(), getattr(torch.nn, kind)(3, 4).double()
    theirs.load_state_dict({n: torch.from_numpy(v) for n, v in ours.state_dict().items()})
    rng = np.random.default_rng(0)
    x, read = rng.normal(size=(7, 5, 3)), rng.normal(size=4)
    sequences = torch.tensor(x, requires_grad=True)
    (theirs(sequences)[0][-1] @ torch.from_numpy(read)).sum().backward()
    expected = sequences.grad.norm(dim=2).numpy()[::-1]
    np.testing.assert_allclose(gradient_by_lag(ours, x, read), expected, rtol=1e-9)
    assert all(p.grad is None or not np.any(p.grad) for p in ours.parameters())


def test_a_linear_recurrence_in_closed_form():
    """With ReLU and positive numbers h_t = 0.5 h_{t-1} + x_t: lag k has the gradient 0.5**k."""
    layer = nn.RNN(1, 1, nonlinearity="relu").double()
    for name, value in (("weight_ih", 1.0), ("weight_hh", 0.5)):
        getattr(layer, name + "_l0").data = np.array([[value]])
    layer.bias_ih_l0.data = layer.bias_hh_l0.data = np.zeros(1)
    got = gradient_by_lag(layer, np.ones((6, 2, 1)), [3.0])
    np.testing.assert_allclose(got, 3 * 0.5 ** np.arange(6)[:, None] * np.ones((6, 2)))


def test_each_sequence_may_be_read_in_its_own_way():
    layer = nn.GRU(2, 3).double()
    rng = np.random.default_rng(1)
    x, read = rng.normal(size=(4, 2, 2)), rng.normal(size=(2, 3))
    together = gradient_by_lag(layer, x, read)
    for n in range(2):
        alone = gradient_by_lag(layer, x[:, n : n + 1], read[n])
        np.testing.assert_allclose(together[:, n : n + 1], alone)


def test_sequences_need_three_axes():
    with pytest.raises(ValueError, match=r"sequences \(4, 2\)"):
        gradient_by_lag(nn.RNN(2, 3), np.zeros((4, 2)), np.ones(3))
