"""Stochastic depth: the rule of torchvision on the same draws, moments, and the paper's decay."""

import numpy as np
import pytest
import torch

from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor
from companion.regularization import dropout as draws
from companion.regularization.stochastic_depth import (
    StochasticDepth,
    linear_decay,
    stochastic_depth,
)


def torchvision_s(input, p, mode, noise):
    """Compute ``torchvision.ops.stochastic_depth`` on given draws of its Bernoulli numbers."""
    survival_rate = 1.0 - p
    size = [input.shape[0] if mode == "row" else 1] + [1] * (input.ndim - 1)
    noise = torch.tensor(noise, dtype=input.dtype).reshape(size)
    if survival_rate > 0.0:
        noise = noise.div(survival_rate)
    return input * noise


@pytest.mark.parametrize("mode", ["row", "batch"])
@pytest.mark.parametrize("shape", [(6,), (6, 4), (6, 2, 3, 3)])
@pytest.mark.parametrize("p", [0.2, 0.5, 1.0])
def test_training_is_torchvision_s_on_the_same_draws(monkeypatch, mode, shape, p):
    rng = np.random.default_rng(4)
    values, numbers = rng.normal(size=shape), rng.random(6 if mode == "row" else 1)

    class Given:
        def random(self, shape, dtype):
            return numbers.reshape(shape).astype(dtype)

    monkeypatch.setattr(draws, "generator", Given)
    x = Tensor(values, requires_grad=True)
    theirs = torch.tensor(values, requires_grad=True)
    out = StochasticDepth(p, mode)(x)
    expected = torchvision_s(theirs, p, mode, numbers >= p)
    np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), rtol=1e-10)
    direction = rng.normal(size=shape)
    out.backward(direction)
    expected.backward(torch.tensor(direction))
    np.testing.assert_allclose(x.grad, theirs.grad.numpy(), rtol=1e-10)


def test_rows_are_drawn_one_by_one_and_a_batch_as_one():
    manual_seed(3)
    x = Tensor(np.ones((4000, 3), np.float32))
    rows = StochasticDepth(0.3, "row")(x).numpy()
    assert np.all(rows == rows[:, :1])
    assert abs(np.mean(rows == 0) - 0.3) < 5 * (0.21 / 4000) ** 0.5
    assert rows.dtype == np.float32
    whole = [np.unique(StochasticDepth(0.3, "batch")(x).numpy()) for _ in range(400)]
    assert all(len(values) == 1 for values in whole)
    assert abs(np.mean([values[0] == 0 for values in whole]) - 0.3) < 5 * (0.21 / 400) ** 0.5


def test_in_evaluation_and_with_p_0_the_input_is_returned():
    x = Tensor(np.ones((3, 2)))
    assert StochasticDepth(0.4, "row").eval()(x) is x
    assert stochastic_depth(x, 0.4, "batch", training=False) is x
    assert stochastic_depth(x, 0.0, "row") is x


def test_decay_is_the_paper_s():
    """Survival 1 - l/L (1 - p_L), equation 4; of 54 blocks about 40 stay, as section 3 says."""
    drop = linear_decay(54, 0.5)
    np.testing.assert_allclose(1 - drop, [1 - k / 54 * 0.5 for k in range(1, 55)], rtol=1e-14)
    assert np.sum(1 - drop) == pytest.approx((3 * 54 - 1) / 4)
    assert linear_decay(1, 0.2).tolist() == [0.2]


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"p is 1\.5; expected a probability"):
        StochasticDepth(1.5, "row")
    with pytest.raises(ValueError, match="mode is 'column'; choose one of"):
        StochasticDepth(0.5, "column")
    with pytest.raises(ValueError, match="mode is 'column'; choose one of"):
        stochastic_depth(np.ones(3), 0.5, "column")
    with pytest.raises(ValueError, match="depth is 0; need at least one"):
        linear_decay(0)
    with pytest.raises(ValueError, match="linear_decay: p is -1; expected"):
        linear_decay(3, -1)


def test_a_layer_tells_its_options():
    assert repr(StochasticDepth(0.2, "row")) == "StochasticDepth(p=0.2, mode='row')"
