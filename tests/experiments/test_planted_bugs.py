"""Planted bugs: without one the gradients are torch's, and each bug does what its name says."""

import numpy as np
import pytest
import torch

from companion.experiments.gradients.planted_bugs import (
    BUGS,
    cost_of,
    gallery,
    gradients_of,
    in_32_bits,
    measured,
    named,
    small_digits,
    start,
    worst,
)

X, Y = small_digits()
PARAMETERS = start(0)
RIGHT = gradients_of(PARAMETERS, X, Y)


def by_torch(slope=None):
    """Gradients by torch; with `slope`, through layers whose backward pass uses that slope."""

    class Layer(torch.autograd.Function):
        @staticmethod
        def forward(ctx, z):
            ctx.save_for_backward(z)
            return torch.tanh(z)

        @staticmethod
        def backward(ctx, grad):
            return grad * slope(ctx.saved_tensors[0])

    tensors = {k: torch.tensor(v, requires_grad=True) for k, v in named(PARAMETERS).items()}
    a = torch.tensor(X)
    for layer in (1, 2, 3):
        z = a @ tensors[f"W{layer}"].T + tensors[f"b{layer}"]
        a = z if layer == 3 else Layer.apply(z) if slope else torch.tanh(z)
    torch.nn.functional.cross_entropy(a, torch.tensor(Y)).backward()
    return {name: t.grad.numpy() for name, t in tensors.items()}


def assert_same(found, expected):
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-9, atol=1e-13, err_msg=name)


def test_without_a_bug_the_gradients_are_torch_s():
    assert_same(RIGHT, by_torch())
    assert worst(RIGHT, measured(PARAMETERS, X, Y)) < 1e-6


def test_wrong_slopes_are_those_that_torch_makes_of_them():
    left_out = gradients_of(PARAMETERS, X, Y, "slope left out")
    assert_same(left_out, by_torch(lambda z: torch.ones_like(z)))
    twice = gradients_of(PARAMETERS, X, Y, "slope of z taken at a")
    assert_same(twice, by_torch(lambda z: 1 - torch.tanh(torch.tanh(z)) ** 2))


def test_simple_bugs_in_closed_form():
    def with_bug(bug):
        return gradients_of(PARAMETERS, X, Y, bug)

    assert_same(with_bug("1/m left out"), {k: len(Y) * g for k, g in RIGHT.items()})
    assert_same(with_bug("truth minus prediction"), {k: -g for k, g in RIGHT.items()})
    mean = {k: g / len(Y) if k[0] == "b" else g for k, g in RIGHT.items()}
    assert_same(with_bug("mean in db"), mean)
    assert_same(with_bug("dW transposed"), RIGHT | {"W2": RIGHT["W2"].T})
    row = RIGHT["W2"].copy()
    row[-1] = 0
    assert_same(with_bug("one row of dW never filled"), RIGHT | {"W2": row})


@pytest.mark.parametrize("bug", BUGS)
def test_each_bug_is_seen(bug):
    assert worst(gradients_of(PARAMETERS, X, Y, bug), RIGHT) > 1e-4


def test_an_unknown_bug_is_an_error():
    with pytest.raises(ValueError, match="bug is 'typo'"):
        gradients_of(PARAMETERS, X, Y, "typo")


def test_the_gallery_has_a_number_for_each_bug_and_seed():
    found = gallery(range(2), (None, "truth minus prediction"))
    assert list(found) == ["no bug", "truth minus prediction"]
    assert max(found["no bug"]) < 1e-6
    np.testing.assert_allclose(found["truth minus prediction"], [1, 1])


def test_32_bits_are_worse_by_far():
    assert 1e-5 < min(in_32_bits(range(2))) < 1e-2


def test_the_cost_reads_the_parameters():
    parameters = start(1)
    cost = cost_of(parameters, X, Y)
    before = cost()
    parameters[0][0][...] = 0
    assert cost() != before
