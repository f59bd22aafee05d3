"""One step of every optimizer over a million parameters in float32: companion against torch.

`make bench` runs this and leaves the table in book/reference/bench_optimizers.json for the status
page.
"""

import json
from pathlib import Path
from statistics import geometric_mean, median

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from companion import nn, optim
from tests.benchmarks.machine import machine
from tests.benchmarks.ratio import in_turns, over
from tests.parity.optim_cases import BASES

TABLE = Path(__file__).parents[2] / "book" / "reference" / "bench_optimizers.json"
TENSORS, ENTRIES = 20, 50_000
THREADS = 2
LIMIT = 1.5
CASES = [(name, {}) for name in optim.__all__ if name not in BASES] + [("SGD", {"momentum": 0.9})]
"""(name, options); torch runs as it does by default."""


def label(name, options):
    """What the table calls a case."""
    return ", ".join([name, *(f"{option} {value}" for option, value in options.items())])


LABELS = [label(*case) for case in CASES]


def both(name, options):
    """Parameters of both engines with the same values and gradients, and their optimizers."""
    rng = np.random.default_rng(0)
    values, gradients = rng.normal(size=(2, TENSORS, ENTRIES)).astype(np.float32)
    mine = [nn.Parameter(value.copy()) for value in values]
    other = [torch.nn.Parameter(torch.tensor(value)) for value in values]
    for p, q, gradient in zip(mine, other, gradients, strict=True):
        p.grad, q.grad = gradient, torch.tensor(gradient)
    ours, theirs = getattr(optim, name), getattr(torch.optim, name)
    return mine, other, ours(mine, **options), theirs(other, **options)


@pytest.fixture(scope="module")
def measured():
    """Milliseconds and ratio of each optimizer; written down once all of them are known."""
    rows = []
    yield rows
    if len(rows) == len(CASES):
        mean = geometric_mean([row["ratios"]["companion"] for row in rows])
        print(f"\ngeometric mean over torch's time: {mean:.2f}")
        table = {
            "machine": machine(THREADS),
            "limit": LIMIT,
            "geometric mean": {"companion": mean},
            "rows": rows,
        }
        TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("name", "options"), CASES, ids=LABELS)
def test_step(name, options, measured):
    mine, other, ours, theirs = both(name, options)
    torch.set_num_threads(THREADS)
    with threadpool_limits(THREADS):
        ours.step(), theirs.step()
        for p, q in zip(mine, other, strict=True):
            assert p.data.dtype == np.float32
            np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-5, atol=1e-5)
        taken = in_turns({"companion": ours.step, "torch": theirs.step}, rounds=9, repeats=20)
    row = {
        "optimizer": label(name, options),
        "milliseconds": {engine: 1e3 * median(times) for engine, times in taken.items()},
        "ratios": {"companion": over(taken["companion"], taken["torch"])},
    }
    measured.append(row)
    milliseconds = (f"{engine} {time:.2f} ms" for engine, time in row["milliseconds"].items())
    print("", row["optimizer"], *milliseconds, f"ratio {row['ratios']['companion']:.2f}")


def test_geometric_mean(measured):
    assert len(measured) == len(CASES)
    assert geometric_mean([row["ratios"]["companion"] for row in measured]) <= LIMIT
