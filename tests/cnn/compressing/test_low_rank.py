"""Layers of low rank: the nearest matrices, and the same outputs at full rank."""

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion import nn
from companion.cnn.compressing.low_rank import (
    errors_by_rank,
    factorized,
    factors,
    largest_paying_rank,
    smallest_rank,
    split_axes,
    split_channels,
    split_dense,
)
from companion.cnn.counting import count
from companion.experiments.cnn.trained_reader import trained_reader
from companion.training import predict

ENGINES = pytest.mark.parametrize("engine", [nn, torch.nn])


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 50), st.data())
def test_what_a_rank_misses_are_its_singular_values(M, N, seed, data):
    matrix = np.random.default_rng(seed).normal(size=(M, N))
    rank = data.draw(st.integers(1, min(M, N)))
    A, B = factors(matrix, rank)
    assert (A.shape, B.shape) == ((M, rank), (rank, N))
    missed = np.linalg.norm(matrix - A @ B)
    s = scipy.linalg.svdvals(matrix)
    np.testing.assert_allclose(missed, np.linalg.norm(s[rank:]), atol=1e-12)
    error = errors_by_rank(matrix)[rank - 1]
    np.testing.assert_allclose(error, missed / np.linalg.norm(matrix), atol=1e-12)


def test_no_other_matrix_of_the_rank_is_nearer():
    """Alternating least squares from random starts, an oracle that knows no singular values."""
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(8, 6))
    best = np.linalg.norm(matrix - np.matmul(*factors(matrix, 2)))
    found = []
    for _ in range(5):
        A = rng.normal(size=(8, 2))
        for _ in range(300):
            B = np.linalg.lstsq(A, matrix, rcond=None)[0]
            A = np.linalg.lstsq(B.T, matrix.T, rcond=None)[0].T
        found.append(np.linalg.norm(matrix - A @ B))
    assert min(found) >= best - 1e-9
    assert min(found) <= best + 1e-6


@given(st.integers(1, 40), st.integers(1, 40))
def test_the_largest_rank_that_pays(M, N):
    paying = [r for r in range(1, M * N + 1) if r * (M + N) < M * N]
    assert largest_paying_rank((M, N)) == max(paying, default=0)


def outputs(model, x):
    return predict(model.double(), x)


@ENGINES
@pytest.mark.parametrize("bias", [True, False])
def test_a_dense_layer_at_full_rank_is_the_same(engine, bias):
    layer = engine.Linear(5, 7, bias=bias).double()
    x = np.random.default_rng(0).normal(size=(3, 5))
    expected = predict(layer, x)
    np.testing.assert_allclose(outputs(engine.Sequential(*split_dense(layer, 5)), x), expected)
    first, second = split_dense(layer, 2)
    assert first.bias is None
    assert (second.bias is None) == (not bias)


@ENGINES
@pytest.mark.parametrize(
    ("split", "full"),
    [
        (split_channels, lambda out, C, H, W: min(out, C * H * W)),
        (split_axes, lambda out, C, H, W: min(C * H, out * W)),
    ],
)
@pytest.mark.parametrize(
    ("sizes", "options"),
    [
        ((2, 5, 3), {"padding": 1}),
        ((3, 4, (3, 5)), {"padding": (1, 2), "stride": (2, 1), "bias": False}),
        ((1, 6, 4), {}),
    ],
)
def test_a_convolution_at_full_rank_is_the_same(engine, split, full, sizes, options):
    layer = engine.Conv2d(*sizes, **options).double()
    x = np.random.default_rng(1).normal(size=(2, sizes[0], 9, 8))
    two = engine.Sequential(*split(layer, full(*layer.weight.shape)))
    np.testing.assert_allclose(outputs(two, x), predict(layer, x), atol=1e-12)


@ENGINES
def test_a_kernel_that_is_an_outer_product_has_rank_one(engine):
    layer = engine.Conv2d(1, 1, 3, bias=False).double()
    sobel = np.outer([1.0, 2, 1], [-1.0, 0, 1])
    values = sobel[None, None]
    layer.weight.data = values if engine is nn else torch.from_numpy(values)
    x = np.random.default_rng(2).normal(size=(1, 1, 6, 6))
    two = engine.Sequential(*split_axes(layer, 1))
    np.testing.assert_allclose(outputs(two, x), predict(layer, x), atol=1e-12)


@ENGINES
def test_a_network_keeps_its_other_layers(engine):
    model = trained_reader(engine)
    small = factorized(model, {"8": 8, "13": 12})
    assert not small.training
    assert count(small, (1, 28, 28)).parameters == (
        44226 - 32 * 144 + 8 * (144 + 32) - 128 * 288 + 12 * (128 + 288)
    )
    X = np.random.default_rng(0).random((4, 1, 28, 28), dtype=np.float32)
    whole = factorized(model, {"4": 16, "8": 32, "13": 128, "15": 10})
    np.testing.assert_allclose(predict(whole, X), predict(model, X), rtol=1e-4, atol=1e-4)


def test_the_smallest_rank_that_is_near_enough():
    matrix = np.diag([4.0, 2, 1])
    np.testing.assert_allclose(errors_by_rank(matrix) ** 2, [5 / 21, 1 / 21, 0], atol=1e-15)
    assert [smallest_rank(matrix, e) for e in (0.5, 0.3, 0.1, 0, 1)] == [1, 2, 3, 3, 1]


def test_what_makes_no_sense_is_refused():
    for rank in (0, 3):
        with pytest.raises(ValueError, match=r"1 to 2 fit"):
            factors(np.ones((2, 3)), rank)
    with pytest.raises(ValueError, match="expected a matrix"):
        factors(np.ones(3), 1)
    with pytest.raises(ValueError, match="not 0"):
        errors_by_rank(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="error -1"):
        smallest_rank(np.eye(2), -1)
    with pytest.raises(KeyError, match="no layers"):
        factorized(trained_reader(nn), {"2": 1})
    with pytest.raises(TypeError, match="expected a Sequential"):
        factorized(nn.Linear(2, 2), {})
    with pytest.raises(ValueError, match="padding 'same'; give it as numbers"):
        split_axes(nn.Conv2d(1, 1, 3, padding="same"), 1)
