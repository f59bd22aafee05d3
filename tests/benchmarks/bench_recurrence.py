"""Recurrent layers in float32, forward and backward: the companion against torch.

`make bench` runs this and leaves the table in book/reference/bench_recurrence.json for the status
page. One thread each, and two threads each.
"""

import json
import tracemalloc
from pathlib import Path
from statistics import geometric_mean

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.tensor import Tensor
from tests.benchmarks.machine import machine
from tests.benchmarks.ratio import row_of

TABLE = Path(__file__).parents[2] / "book" / "reference" / "bench_recurrence.json"
THREADS = (1, 2)
LIMIT = 1.5  # geometric mean over all rows, one thread

SIZES = {"T = 50, N = 64, D = 64, H = 128": (50, 64, 64, 128),
         "T = 200, N = 16, D = 256, H = 256": (200, 16, 256, 256)}  # fmt: skip
ROWS = {f"{kind}, {size}": (kind, SIZES[size]) for size in SIZES for kind in ("RNN", "GRU", "LSTM")}
NAMES = [*ROWS]


def both_ways(name):
    """The row in both engines, as functions that return output and gradients, by engine."""
    kind, (steps, count, features, hidden) = ROWS[name]
    x = np.random.default_rng(0).normal(size=(steps, count, features)).astype(np.float32)
    direction = np.ones((steps, count, hidden), np.float32)
    ours, theirs = (getattr(face, kind)(features, hidden) for face in (nn, torch.nn))
    ours.load_state_dict(theirs.state_dict())

    def run(layer, leaf, towards):
        def there_and_back():
            for weight in layer.parameters():
                weight.grad = None
            given = leaf(x)
            out, _ = layer(given)
            out.backward(towards)
            grads = [given.grad, *(weight.grad for weight in layer.parameters())]
            return [np.asarray(a) for a in (out.detach(), *grads)]

        return there_and_back

    return {
        "companion": run(ours, lambda a: Tensor(a, requires_grad=True), direction),
        "torch": run(
            theirs, lambda a: torch.from_numpy(a).requires_grad_(), torch.from_numpy(direction)
        ),
    }


def mean_of(rows, threads=1):
    """Geometric mean of the ratios."""
    return geometric_mean([row["ratios"][str(threads)] for row in rows])


@pytest.fixture(scope="module")
def measured():
    """The rows; written down once all of them are known."""
    rows = []
    yield rows
    if len(rows) == len(NAMES):
        table = {
            "machine": machine(1),
            "limit": LIMIT,
            "geometric mean": {"companion": mean_of(rows)},
            "rows": rows,
        }
        TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_row(name, measured):
    engines = both_ways(name)
    for a, b in zip(engines["companion"](), engines["torch"](), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4 * np.abs(b).max())
    measured.append(row_of(name, engines, THREADS, repeats=2))


def test_geometric_mean(measured):
    assert [row["operation"] for row in measured] == NAMES
    print("", *(f"geometric mean with {n}: {mean_of(measured, n):.2f}" for n in THREADS))
    assert mean_of(measured) <= LIMIT


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_memory_grows_with_the_number_of_steps(kind):
    """Twice the steps take twice the memory, as nearly as what does not grow allows."""
    layer = getattr(nn, kind)(32, 64)

    def peak(steps):
        x = Tensor(np.zeros((steps, 16, 32), np.float32), requires_grad=True)
        tracemalloc.start()
        layer(x)[0].sum().backward()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert 1.8 < peak(400) / peak(200) < 2.1
