"""Networks of the tiny space: shapes, products, and the same numbers in both engines."""

from itertools import product

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.counting import count
from companion.cnn.searching.chain import OPERATIONS, SLOTS, chain, multiply_adds, operation
from companion.gradients.tensor import Tensor
from tests.cnn.networks.branch_twins import assert_twins

ALL = list(product(OPERATIONS, repeat=SLOTS))


@pytest.mark.parametrize("genes", [*ALL[::37], ("conv",), ()])
def test_products_are_those_that_a_forward_pass_counts(genes):
    assert multiply_adds(genes) == count(chain(torch.nn, genes), (1, 14, 14)).multiply_adds


def test_products_with_other_sizes():
    genes = "conv", "separable", "pool"
    small = chain(nn, genes, channels=5, classes=3)
    assert multiply_adds(genes, 5, 3, 9) == count(small, (1, 9, 9)).multiply_adds


@pytest.mark.parametrize("genes", [OPERATIONS, OPERATIONS[::-1]])
def test_both_engines_agree(genes):
    assert_twins(lambda engine: chain(engine, genes, channels=4), (3, 1, 14, 14))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_keeps_the_shape(name):
    x = np.random.default_rng(0).normal(size=(2, 6, 7, 7)).astype(np.float32)
    assert operation(nn, name, 6)(Tensor(x)).shape == x.shape


def test_skip_does_nothing_and_pool_takes_the_largest():
    x = np.random.default_rng(0).normal(size=(1, 3, 5, 5))
    np.testing.assert_array_equal(operation(nn, "skip", 3)(Tensor(x)).data, x)
    pooled = operation(nn, "pool", 3)(Tensor(x)).data
    assert pooled[0, 1, 2, 2] == x[0, 1, 1:4, 1:4].max()
    assert pooled[0, 1, 0, 0] == x[0, 1, :2, :2].max()


def test_unknown_operations():
    with pytest.raises(ValueError, match="no 'dense'; there are conv, separable, pool, skip"):
        operation(nn, "dense")
    with pytest.raises(ValueError, match="there are conv, separable"):
        multiply_adds(("conv", "dense"))
