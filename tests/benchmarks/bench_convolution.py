"""Convolution, pooling and whole training steps in float32: the companion against torch.

`make bench` runs this and leaves the table in book/reference/bench_convolution.json for the status
page. One thread each, and two threads each.
"""

import json
import tracemalloc
from pathlib import Path
from statistics import geometric_mean

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.columns import CACHE
from companion.cnn.networks.lenet import lenet5
from companion.cnn.networks.resnet import resnet_cifar
from companion.gradients.tensor import Tensor
from companion.nn import functional
from tests.benchmarks.machine import machine
from tests.benchmarks.ratio import row_of

TABLE = Path(__file__).parents[2] / "book" / "reference" / "bench_convolution.json"
THREADS = (1, 2)
LIMIT = 1.8  # geometric mean over the convolutions, one thread
LENET = "a training step of LeNet-5"
LENET_LIMIT = 1.5
MEMORY = 3  # times input and output, besides two blocks of the table

# (N, C, H, W), (O, C/G, k, k), options
CONVOLUTIONS = {
    "5×5, 1 → 6, 28×28": ((64, 1, 28, 28), (6, 1, 5, 5), {"padding": 2}),
    "5×5, 6 → 16, 14×14": ((64, 6, 14, 14), (16, 6, 5, 5), {}),
    "3×3, 16 → 16, 28×28": ((64, 16, 28, 28), (16, 16, 3, 3), {"padding": 1}),
    "3×3, 32 → 32, 14×14": ((64, 32, 14, 14), (32, 32, 3, 3), {"padding": 1}),
    "3×3, 32 → 64, 28×28": ((64, 32, 28, 28), (64, 32, 3, 3), {"padding": 1}),
    "1×1, 64 → 64, 14×14": ((64, 64, 14, 14), (64, 64, 1, 1), {}),
    "depthwise 3×3, 32, 28×28": ((64, 32, 28, 28), (32, 1, 3, 3), {"padding": 1, "groups": 32}),
    "3×3, 16 → 32, stride 2, 28×28": (
        (64, 16, 28, 28),
        (32, 16, 3, 3),
        {"padding": 1, "stride": 2},
    ),
}
POOLING = {
    "max of 2×2, 16, 28×28": ("max_pool2d", (64, 16, 28, 28), {"kernel_size": 2}),
    "max of 3×3, stride 2, 16, 28×28": (
        "max_pool2d",
        (64, 16, 28, 28),
        {"kernel_size": 3, "stride": 2, "padding": 1},
    ),
    "average of 2×2, 16, 28×28": ("avg_pool2d", (64, 16, 28, 28), {"kernel_size": 2}),
}
STEPS = {
    LENET: (lenet5, (64, 1, 28, 28)),
    "a training step of ResNet-20": (lambda nn: resnet_cifar(nn, 20), (16, 3, 32, 32)),
}
NAMES = [*CONVOLUTIONS, *POOLING, *STEPS]


def both_ways(name):
    """The row in both engines, as functions that return value and gradients, by engine."""
    if name in STEPS:
        return {"companion": step(nn, optim, name), "torch": step(torch.nn, torch.optim, name)}
    if name in CONVOLUTIONS:
        *shapes, options = CONVOLUTIONS[name]
        function = "conv2d"
    else:
        function, shape, options = POOLING[name]
        shapes = [shape]
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape).astype(np.float32) for shape in shapes]

    def there_and_back(F, leaf, towards):
        work = getattr(F, function)
        direction = towards(np.ones(work(*map(leaf, arrays), **options).shape, "f"))

        def run():
            leaves = [leaf(a) for a in arrays]
            out = work(*leaves, **options)
            out.backward(direction)
            return [np.asarray(x) for x in (out.detach(), *(one.grad for one in leaves))]

        return run

    ours = there_and_back(functional, lambda a: Tensor(a, requires_grad=True), np.asarray)
    theirs = there_and_back(
        torch.nn.functional, lambda a: torch.from_numpy(a).requires_grad_(), torch.from_numpy
    )
    return {"companion": ours, "torch": theirs}


def step(nn, optim, name):
    """One training step of a network as a function without arguments."""
    network, shape = STEPS[name]
    rng = np.random.default_rng(0)
    X, y = rng.random(shape, dtype=np.float32), rng.integers(0, 10, shape[0])
    if nn is torch.nn:
        X, y = torch.from_numpy(X), torch.from_numpy(y)
    model, loss = network(nn), nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.01)

    def run():
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()
        return []

    return run


def mean_of(rows, threads=1):
    """Geometric mean of the ratios of the convolutions."""
    kept = [row for row in rows if row["operation"] in CONVOLUTIONS]
    return geometric_mean([row["ratios"][str(threads)] for row in kept])


@pytest.fixture(scope="module")
def measured():
    """The rows; written down once all of them are known."""
    rows = []
    yield rows
    if len(rows) == len(NAMES):
        table = {
            "machine": machine(1),
            "limit": LIMIT,
            "of": "the convolutions",
            "geometric mean": {"companion": mean_of(rows)},
            "rows": rows,
        }
        TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_row(name, measured):
    engines = both_ways(name)
    for a, b in zip(engines["companion"](), engines["torch"](), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3 * np.abs(b).max())
    measured.append(row_of(name, engines, THREADS))


def test_geometric_mean(measured):
    assert [row["operation"] for row in measured] == NAMES
    print("", *(f"geometric mean with {n}: {mean_of(measured, n):.2f}" for n in THREADS))
    assert mean_of(measured) <= LIMIT
    (lenet,) = [row for row in measured if row["operation"] == LENET]
    assert lenet["ratios"]["1"] <= LENET_LIMIT


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_memory(name):
    """No table of the whole batch: what is taken stays near what goes in and comes out."""
    image, kernels, options = CONVOLUTIONS[name]
    rng = np.random.default_rng(0)
    x, w = (Tensor(rng.random(s, dtype=np.float32), requires_grad=True) for s in (image, kernels))
    tracemalloc.start()
    out = functional.conv2d(x, w, **options)
    out.backward(np.ones(out.shape, np.float32))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak <= MEMORY * (x.data.nbytes + out.data.nbytes) + 2 * 4 * CACHE
