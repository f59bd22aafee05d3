"""A training step of 784–128–64–10 in float32: the companion against torch, two threads each."""

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from companion import nn, optim
from tests.benchmarks.ratio import median_ratio


def step_of(nn, optim, X, y):
    """One training step of the digit network as a function without arguments."""
    layers = nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    model, loss = nn.Sequential(*layers), nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.01)

    def step():
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()

    return step


@pytest.mark.parametrize("batch", [64, 256])
def test_a_step_costs_no_more_than_torch_s(batch):
    rng = np.random.default_rng(0)
    X = rng.random((batch, 784), dtype=np.float32)
    y = rng.integers(0, 10, batch)
    torch.set_num_threads(2)
    with threadpool_limits(2):
        ratio, ours, theirs = median_ratio(
            step_of(nn, optim, X, y),
            step_of(torch.nn, torch.optim, torch.from_numpy(X), torch.from_numpy(y)),
        )
    print(
        f"\ntraining step, batch {batch}: companion {1e3 * ours:.2f} ms, "
        f"torch {1e3 * theirs:.2f} ms, median ratio {ratio:.2f}"
    )
    assert ratio <= 1
