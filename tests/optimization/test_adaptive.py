"""What the adaptive optimizers promise, in closed form; `tests/faces` holds them to torch."""

import warnings
from functools import partial

import numpy as np
import pytest

from companion import nn, optim
from companion.optimization.trajectories import walk


def moves(make, gradients, lr=1.0):
    """What is subtracted at each update, (N, D)."""
    gradients = np.asarray(gradients, dtype=float)
    stream = iter(gradients)
    start = np.zeros(gradients.shape[1])
    return -np.diff(
        walk(lambda _: next(stream), partial(make, lr=lr), start, len(gradients)), axis=0
    )


def constant(*values, steps=300):
    return np.tile(values, (steps, 1))


def test_adagrad_s_steps_fall_like_the_root_of_the_count():
    t = np.arange(1, 301)[:, None]
    got = moves(partial(optim.Adagrad, eps=0), constant(1e-6, -3.0, 2e8))
    np.testing.assert_allclose(got, np.sign([1, -1, 1]) / np.sqrt(t), rtol=1e-12)


def test_rmsprop_s_steps_come_down_to_the_rate():
    t = np.arange(1, 301)[:, None]
    got = moves(partial(optim.RMSprop, alpha=0.9, eps=0), constant(1e-6, -3.0))
    np.testing.assert_allclose(got, np.array([1, -1]) / np.sqrt(1 - 0.9**t), rtol=1e-10)


@pytest.mark.parametrize("name", ["Adam", "AdamW", "NAdam"])
def test_the_first_step_is_the_rate_in_the_direction_of_the_sign(name):
    got = moves(partial(getattr(optim, name), eps=0), [[1e-9, -4.0, 1e12]], lr=0.3)
    if name == "NAdam":  # a mixture of two terms, the same for every coordinate
        np.testing.assert_allclose(got / got[0, 0], [[1, -1, 1]], rtol=1e-12)
    else:
        np.testing.assert_allclose(got, [[0.3, -0.3, 0.3]], rtol=1e-12)


@pytest.mark.parametrize("name", ["Adagrad", "Adam", "AdamW", "NAdam", "RMSprop"])
@pytest.mark.parametrize("factor", [1e-60, 1e-6, 1e9, 1e60])
def test_the_scale_of_the_cost_drops_out(name, factor):
    gradients = np.random.default_rng(0).normal(size=(40, 5))
    make = partial(getattr(optim, name), eps=0)
    np.testing.assert_allclose(moves(make, factor * gradients), moves(make, gradients), rtol=1e-9)


def test_adam_s_longest_step_is_that_of_cauchy_and_schwarz():
    beta1, beta2, steps = 0.9, 0.99, 3000
    bound = (1 - beta1) / np.sqrt((1 - beta2) * (1 - beta1**2 / beta2))
    make = partial(optim.Adam, betas=(beta1, beta2), eps=0)
    growing = (beta2 / beta1) ** np.arange(1 - steps, 1.0)[:, None]
    assert moves(make, growing)[-1, 0] == pytest.approx(bound, rel=1e-9)
    rng = np.random.default_rng(1)
    for _ in range(5):
        spikes = rng.normal(size=(steps, 4)) * 10 ** rng.uniform(-3, 3, (steps, 4))
        assert np.abs(moves(make, spikes)[-500:]).max() < bound


def test_adadelta_keeps_the_unit_of_the_parameters():
    """In units a thousand times as large, with ε in squared units on both sides, it does the same.

    There is one ε for both roots, so gradients are kept while parameters and ε are scaled: the
    steps scale like the root of ε as long as ε is far below the squared gradients.
    """
    gradients = np.random.default_rng(2).normal(size=(50, 3)) * 1e8
    small, large = (moves(partial(optim.Adadelta, eps=eps), gradients) for eps in (1e-6, 1.0))
    np.testing.assert_allclose(1e3 * small, large, rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_centered_rmsprop_takes_a_rounded_variance_below_0_for_0(dtype):
    p = nn.Parameter(np.zeros(50, dtype))
    optimizer = optim.RMSprop([p], lr=1e-3, alpha=0.5, eps=1.0, centered=True)
    p.grad = np.random.default_rng(3).normal(size=50).astype(dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(200):
            optimizer.step()
    memory = optimizer.state[p]
    variance = memory["square_avg"] - memory["grad_avg"] ** 2
    assert np.isfinite(p.data).all()
    assert (variance <= 0).any(), "no entry tests the case"


def test_nadam_s_product_is_kept_in_32_bits_as_torch_keeps_it():
    p = nn.Parameter(np.zeros(2))
    optimizer = optim.NAdam([p])
    p.grad = np.ones(2)
    optimizer.step()
    assert optimizer.state[p]["mu_product"].dtype == np.float32
    assert optimizer.state_dict()["state"][0]["mu_product"].shape == ()


@pytest.mark.parametrize("name", [name for name in optim.__all__ if name != "Optimizer"])
def test_decay_without_a_gradient_of_the_cost(name):
    """A penalty moves weights towards 0; decay beside the gradient by exactly 1 - ηλ."""
    p = nn.Parameter(np.array([2.0, -4.0]))
    p.grad = np.zeros(2)
    getattr(optim, name)([p], lr=0.1, weight_decay=0.5).step()
    assert (np.abs(p.data) < [2, 4]).all()
    if name == "AdamW":
        np.testing.assert_allclose(p.data, [1.9, -3.8], rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (partial(optim.Adagrad, lr_decay=-1), "Adagrad: lr_decay is -1"),
        (partial(optim.Adagrad, initial_accumulator_value=-1), "initial_accumulator_value is -1"),
        (partial(optim.Adadelta, rho=1.5), "Adadelta: rho is 1.5; expected a number from 0 to 1"),
        (partial(optim.RMSprop, alpha=-0.1), "RMSprop: alpha is -0.1"),
        (partial(optim.RMSprop, momentum=-1), "RMSprop: momentum is -1"),
        (partial(optim.NAdam, betas=(1.0, 0.9)), "NAdam: betas is"),
        (partial(optim.NAdam, momentum_decay=-1), "NAdam: momentum_decay is -1"),
    ],
)
def test_errors_name_the_value(make, message):
    with pytest.raises(ValueError, match=message):
        make([nn.Parameter(np.ones(1))])
