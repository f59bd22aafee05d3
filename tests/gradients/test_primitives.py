"""Every primitive: its gradient against central differences, its edges against torch."""

import importlib
import pkgutil
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import companion
from companion.gradients import (
    activations,
    arithmetic,
    elementwise,
    reductions,
    shaping,
)
from companion.gradients.checking.gradcheck import gradcheck
from companion.gradients.tape import PRIMITIVES
from companion.gradients.tensor import Tensor
from tests.gradients.samples import SAMPLES

for module in pkgutil.walk_packages(companion.__path__, "companion."):
    importlib.import_module(module.name)

pytestmark = pytest.mark.reads("companion/**/*.py")
OURS = {name: f for name, f in PRIMITIVES.items() if f.__module__.startswith("companion.")}
CALLS = [
    pytest.param(name, inputs, options, id=f"{name}-{k}")
    for name, calls in SAMPLES.items()
    for k, (inputs, options) in enumerate(calls)
]


def test_every_primitive_has_samples():
    assert OURS.keys() == SAMPLES.keys()
    assert all(SAMPLES.values())


@pytest.mark.parametrize(("name", "inputs", "options"), CALLS)
def test_gradient_equals_central_differences(name, inputs, options):
    report = gradcheck(lambda *xs: OURS[name](*xs, **options), *inputs)
    assert report.ok, report
    assert max(one.difference for one in report if one.verdict != "unused") < 1e-7


@pytest.mark.parametrize("name", OURS)
def test_float32_stays_float32(name):
    inputs, options = SAMPLES[name][0]
    tensors = [Tensor(np.float32(x), requires_grad=True) for x in inputs]
    out = OURS[name](*tensors, **options)
    out.backward(np.ones(out.shape))
    assert out.dtype == np.float32
    assert {t.grad.dtype for t in tensors if t.grad is not None} == {np.dtype("float32")}


def test_gradcheck_finds_a_wrong_pullback():
    right = elementwise.exp
    assert gradcheck(lambda x: right(x) * 1.0, np.ones(3)).ok
    # The value of x² with the gradient of x·(x held fixed): half of what it should be.
    report = gradcheck(lambda x: x * x.detach(), np.ones(3))
    assert (report.ok, report.worst.verdict) == (False, "wrong")
    assert report.worst.difference == pytest.approx(1 / 3)
    assert "half as large" in str(report)


@settings(deadline=None, max_examples=40)
@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3), st.integers(0, 999))
def test_broadcasting_is_undone_like_torch(shapes, seed):
    rng = np.random.default_rng(seed)
    a, b = (rng.uniform(0.5, 2, size=s) for s in shapes.input_shapes)
    ours = [Tensor(x, requires_grad=True) for x in (a, b)]
    theirs = [torch.tensor(x, requires_grad=True) for x in (a, b)]
    (ours[0] / ours[1] - ours[1]).sum().backward()
    (theirs[0] / theirs[1] - theirs[1]).sum().backward()
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), rtol=1e-10, atol=1e-12)


TWINS = {
    "sigmoid": (activations.sigmoid, torch.sigmoid),
    "tanh": (activations.tanh, torch.tanh),
    "relu": (activations.relu, torch.relu),
    "softmax": (lambda x: activations.softmax(x, dim=0), lambda x: torch.softmax(x, 0)),
    "logsumexp": (reductions.logsumexp, lambda x: torch.logsumexp(x, 0)),
    "abs": (elementwise.abs, torch.abs),
    "maximum": (
        lambda x: elementwise.maximum(x, 0.0),
        lambda x: torch.maximum(x, torch.zeros_like(x)),
    ),
    "clip": (
        lambda x: elementwise.clip(x, min=-1, max=1),
        lambda x: torch.clamp(x, -1, 1),
    ),
    "max": (reductions.max, torch.amax),
    "square": (lambda x: x**2, lambda x: x**2),
    "zeroth": (lambda x: x**0, lambda x: x**0),
}
EDGES = np.array([-1e4, -1.0, -0.0, 0.0, 1.0, 1.0, 1e4])


@pytest.mark.parametrize("name", TWINS)
def test_edges_equal_torch(name):
    ours, theirs = TWINS[name]
    x, t = Tensor(EDGES, requires_grad=True), torch.tensor(EDGES, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a = ours(x)
        a.sum().backward()
    b = theirs(t)
    b.sum().backward()
    np.testing.assert_allclose(a.numpy(), b.detach().numpy(), rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: arithmetic.matmul(np.ones((32, 784)), np.ones((10, 64))),
            r"matmul: \(32, 784\) and \(10, 64\) do not fit: 784 ≠ 10",
        ),
        (
            lambda: Tensor(np.ones((3, 4))) + np.ones((5, 1, 3)),
            r"add: \(3, 4\) and \(5, 1, 3\) do not fit: 3 ≠ 4",
        ),
        (
            lambda: shaping.reshape(np.ones((3, 4)), shape=(5, 2)),
            r"reshape: \(3, 4\): cannot reshape",
        ),
        (lambda: reductions.mean(np.ones(0)), r"mean: \(0,\): the mean of no numbers"),
        (lambda: reductions.max(np.ones((0, 2))), r"max: \(0, 2\): the extreme of no numbers"),
        (lambda: reductions.sum(np.ones(2), axis=3), r"sum: \(2,\): axis 3 is out of bounds"),
        (lambda: arithmetic.matmul(2.0, np.ones((2, 2))), "a number is not a matrix"),
    ],
)
def test_misfits_name_operation_and_shapes(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_no_silent_upcast():
    single, double = Tensor([1.0]), Tensor(np.ones(1))
    with pytest.raises(TypeError, match="mul: float32 and float64 tensors do not mix"):
        single * double
    assert (single * np.float64(2)).dtype == np.float32
    assert (single + np.ones(1)).dtype == np.float32
    assert (2.5 * single - 1).dtype == np.float32
    x = Tensor([1.0, 2.0], requires_grad=True)
    (x**2).sum().backward()
    assert x.grad.dtype == np.float32


def test_nan_and_infinity_pass_through():
    x = Tensor([np.nan, np.inf, -np.inf], requires_grad=True)
    y = activations.sigmoid(x)
    np.testing.assert_array_equal(y.numpy(), np.float32([np.nan, 1, 0]))
    assert np.isneginf(reductions.logsumexp(np.array([-np.inf, -np.inf])).item())
    assert np.isposinf(reductions.logsumexp(np.array([0.0, np.inf])).item())
