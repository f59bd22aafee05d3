"""Forward and backward of single operations in float32: companion, torch and HIPS autograd.

`make bench` runs this and leaves the table in book/reference/bench.json for the status page.
"""

import json
from functools import partial
from pathlib import Path
from statistics import geometric_mean, median

import autograd.numpy as anp
import autograd.scipy.special as asp
import numpy as np
import pytest
import torch
from autograd import make_vjp
from autograd.scipy.special import logsumexp
from threadpoolctl import threadpool_limits

from companion.gradients import activations, layers
from companion.gradients.losses import cross_entropies
from companion.gradients.tensor import Tensor
from tests.benchmarks.machine import machine
from tests.benchmarks.ratio import in_turns, over

TABLE = Path(__file__).parents[2] / "book" / "reference" / "bench.json"
SIZES = [(64, 784), (128, 512), (256, 1024), (512, 1024)]
THREADS = 2
LIMIT = 1.5
F = torch.nn.functional


def _elu(z):
    return anp.where(z > 0, z, anp.expm1(anp.minimum(z, 0)))


OPERATIONS = {
    "dense layer": (
        layers.linear,
        F.linear,
        lambda x, w, b: x @ w.T + b,
    ),
    "sigmoid": (activations.sigmoid, torch.sigmoid, asp.expit),
    "tanh": (activations.tanh, torch.tanh, anp.tanh),
    "relu": (activations.relu, torch.relu, lambda z: anp.maximum(z, 0)),
    "leaky_relu": (
        activations.leaky_relu,
        F.leaky_relu,
        lambda z: anp.where(z > 0, z, 0.01 * z),
    ),
    "elu": (activations.elu, F.elu, _elu),
    "gelu": (
        activations.gelu,
        F.gelu,
        lambda z: 0.5 * z * (1 + asp.erf(z * np.float32(0.5**0.5))),
    ),
    "silu": (activations.silu, F.silu, lambda z: z * asp.expit(z)),
    "softplus": (activations.softplus, F.softplus, lambda z: anp.logaddexp(z, 0)),
    "softmax": (
        partial(activations.softmax, dim=1),
        partial(torch.softmax, dim=1),
        lambda z: anp.exp(z - logsumexp(z, axis=1, keepdims=True)),
    ),
    "softmax cross-entropy": (
        lambda z, y: cross_entropies.softmax_cross_entropy(z, target=y).mean(),
        lambda z, y: F.cross_entropy(z, y),
        lambda z, y: anp.mean(logsumexp(z, axis=1) - z[anp.arange(len(z)), y]),
    ),
}


def inputs_of(name, size):
    """Differentiable inputs and the constants after them."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=size).astype(np.float32)
    if name == "dense layer":
        w = rng.normal(size=(size[1], size[1])) / size[1] ** 0.5
        return [z, w.astype(np.float32), np.zeros(size[1], np.float32)], []
    if name == "softmax cross-entropy":
        return [z], [rng.integers(0, size[1], size[0])]
    return [z], []


def both_ways(name, size):
    """Forward and backward in each engine, as functions without arguments, by engine."""
    ours, theirs, hips = OPERATIONS[name]
    arrays, constants = inputs_of(name, size)

    def companion():
        leaves = [Tensor(a, requires_grad=True) for a in arrays]
        out = ours(*leaves, *constants)
        out.backward(np.ones_like(out.data))
        return [leaf.grad for leaf in leaves]

    tensors = [torch.from_numpy(a) for a in (*arrays, *constants)]

    def with_torch():
        leaves = [t.detach().requires_grad_() for t in tensors[: len(arrays)]]
        out = theirs(*leaves, *tensors[len(arrays) :])
        out.backward(torch.ones_like(out))
        return [leaf.grad.numpy() for leaf in leaves]

    def with_autograd():
        pull, out = make_vjp(lambda given: hips(*given, *constants))(tuple(arrays))
        return list(pull(np.ones_like(out)))

    return {"companion": companion, "torch": with_torch, "autograd": with_autograd}


@pytest.fixture(scope="module")
def measured():
    """Milliseconds by (operation, size); written down once all of them are known."""
    rows = []
    yield rows
    if len(rows) == len(OPERATIONS) * len(SIZES):
        ratios = {
            engine: geometric_mean([row["ratios"][engine] for row in rows])
            for engine in ("companion", "autograd")
        }
        print(f"\ngeometric mean over torch's time: {ratios}")
        here = machine(THREADS)
        table = {"machine": here, "limit": LIMIT, "geometric mean": ratios, "rows": rows}
        TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name, size, measured):
    engines = both_ways(name, size)
    torch.set_num_threads(THREADS)
    with threadpool_limits(THREADS):
        expected = engines["torch"]()
        for engine in ("companion", "autograd"):
            for a, b in zip(engines[engine](), expected, strict=True):
                np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)
        taken = in_turns(engines, rounds=9, repeats=10)
    row = {
        "operation": name,
        "size": size,
        "milliseconds": {engine: 1e3 * median(times) for engine, times in taken.items()},
        "ratios": {e: over(taken[e], taken["torch"]) for e in ("companion", "autograd")},
    }
    measured.append(row)
    print("", name, size, *(f"{e} {t:.2f} ms" for e, t in row["milliseconds"].items()), end="; ")
    print(*(f"{e}/torch {ratio:.2f}" for e, ratio in row["ratios"].items()))


def test_geometric_mean(measured):
    assert len(measured) == len(OPERATIONS) * len(SIZES)
    assert geometric_mean([row["ratios"]["companion"] for row in measured]) <= LIMIT
