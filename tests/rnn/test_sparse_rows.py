"""Gradients of rows and their optimizers, against torch's sparse embedding."""

import numpy as np
import pytest
import torch

from companion.rnn.words.sparse_rows import (
    RowAdagrad,
    RowAdam,
    RowGradient,
    RowSGD,
    TakenRows,
    row_gradient,
)

OPTIMIZERS = {
    "SGD": (lambda t: RowSGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "Adagrad": (lambda t: RowAdagrad(t, 0.1), lambda p: torch.optim.Adagrad(p, lr=0.1)),
    "Adam": (lambda t: RowAdam(t, 0.1, (0.8, 0.95)),
             lambda p: torch.optim.SparseAdam(p, lr=0.1, betas=(0.8, 0.95))),
}  # fmt: skip


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_as_torch_s_sparse_embedding(name):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(12, 3))
    layer = torch.nn.Embedding(12, 3, sparse=True, dtype=torch.float64)
    layer.weight.data[:] = torch.tensor(table)
    ours, theirs = OPTIMIZERS[name][0](table), OPTIMIZERS[name][1](list(layer.parameters()))
    before = table.copy()
    for _ in range(12):
        index, goal = rng.integers(0, 9, (2, 5)), rng.normal(size=(2, 5, 3))
        taken = TakenRows(table, index)
        ((taken.vectors() - goal) ** 2).sum().backward()
        gradient = taken.gradient()
        theirs.zero_grad()
        ((layer(torch.tensor(index)) - torch.tensor(goal)) ** 2).sum().backward()
        np.testing.assert_allclose(
            gradient.dense(12), layer.weight.grad.to_dense().numpy(), atol=1e-12
        )
        assert gradient.rows.tolist() == sorted(set(index.ravel().tolist()))
        ours.step(table, gradient)
        theirs.step()
        np.testing.assert_allclose(table, layer.weight.detach().numpy(), rtol=1e-8, atol=1e-9)
    np.testing.assert_array_equal(table[9:], before[9:])


def test_adagrad_of_rows_is_adagrad_and_adam_of_rows_is_not_adam():
    rng = np.random.default_rng(1)
    start = rng.normal(size=(6, 2))
    same = {}
    for name, ours, theirs in (
        ("Adagrad", RowAdagrad(start, 0.1), torch.optim.Adagrad),
        ("Adam", RowAdam(start, 0.1), torch.optim.Adam),
    ):
        table, weight = start.copy(), torch.nn.Parameter(torch.tensor(start))
        dense = theirs([weight], lr=0.1)
        for _ in range(5):
            gradient = row_gradient(rng.integers(0, 6, 3), rng.normal(size=(3, 2)))
            ours.step(table, gradient)
            weight.grad = torch.tensor(gradient.dense(6))
            dense.step()
        same[name] = abs(table - weight.detach().numpy()).max()
    assert same["Adagrad"] < 1e-8
    assert same["Adam"] > 1e-2


@pytest.mark.parametrize("shape", [(0,), (1,), (7,), (3, 4), (2, 1, 3)])
def test_rows_that_come_twice_get_the_sum(shape):
    rng = np.random.default_rng(2)
    index, dy = rng.integers(0, 4, shape), rng.normal(size=(*shape, 2))
    full = np.zeros((5, 2))
    np.add.at(full, index, dy)
    found = row_gradient(index, dy)
    np.testing.assert_allclose(found.dense(5), full, atol=1e-15)
    assert len(set(found.rows.tolist())) == len(found.rows)


def test_types_stay():
    table = np.ones((3, 2), np.float32)
    gradient = RowGradient(np.array([1]), np.ones((1, 2), np.float32))
    for optimizer in (RowSGD(0.1), RowAdagrad(table), RowAdam(table)):
        optimizer.step(table, gradient)
        assert table.dtype == np.float32
        assert (table[[0, 2]] == 1).all()
