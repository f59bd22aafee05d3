"""The inverted residual has the weights of its formula and is one block in both engines."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.networks.inverted_residual import inverted_residual
from companion.gradients.tensor import Tensor

from .branch_twins import assert_twins, size


@pytest.mark.parametrize(
    "options", [{}, {"stride": 2}, {"widening": 1}, {"kernel": 5, "widening": 3}], ids=str
)
@pytest.mark.parametrize("out", [4, 6])
def test_both_engines_agree(options, out):
    assert_twins(lambda nn: inverted_residual(nn, 4, out, **options), (2, 4, 7, 9))


def test_weights_of_the_formula():
    for C, out, t, k in ((8, 8, 6, 3), (8, 12, 4, 5), (10, 4, 2, 3)):
        wide = t * C
        expected = C * wide + wide * k * k + wide * out + 2 * (wide + wide + out)
        assert size(inverted_residual(torch.nn, C, out, widening=t, kernel=k)) == expected


def test_the_input_is_added_where_it_fits():
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 6))
    fits = inverted_residual(nn, 4, 4).double().eval()
    for p in fits.parameters():
        p.data[:] = 0
    np.testing.assert_array_equal(fits(Tensor(x)).numpy(), x)
    for other in (inverted_residual(nn, 4, 5), inverted_residual(nn, 4, 4, stride=2)):
        for p in other.double().eval().parameters():
            p.data[:] = 0
        assert not other(Tensor(x)).numpy().any()


def test_the_narrow_end_is_linear():
    """With an activation at the end nothing could be below 0."""
    block = inverted_residual(nn, 4, 6).double().eval()
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 6))
    assert block(Tensor(x)).numpy().min() < 0


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="widening 0, kernel 3"):
        inverted_residual(nn, 4, 4, widening=0)
    with pytest.raises(ValueError, match="kernel 4; expected"):
        inverted_residual(nn, 4, 4, kernel=4)
