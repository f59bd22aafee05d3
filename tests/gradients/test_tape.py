"""The tape: accumulation, order, freeing, depth and memory."""

import gc
import itertools
import tracemalloc

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients import arithmetic
from companion.gradients.tensor import Tensor, no_grad, primitive


def leaf(values):
    return Tensor(np.asarray(values, dtype=float), requires_grad=True)


def test_gradients_add_up_where_a_tensor_is_read_twice():
    a = leaf(3.0)
    (a + a).backward()
    assert a.grad == 2


def test_gradients_add_up_over_two_backwards():
    a = leaf([1.0, 2.0])
    (a * a).sum().backward()
    (a * 3).sum().backward()
    np.testing.assert_array_equal(a.grad, [5, 7])


def test_unequal_paths_equal_torch():
    def f(x, exp):
        s = x * x
        return s + exp(s) / (s + 1) - x

    x, t = leaf(0.7), torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    f(x, Tensor.exp).backward()
    f(t, torch.exp).backward()
    np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=1e-13)


def test_leaves_never_share_the_memory_of_their_gradients():
    a, b = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    (a + b).backward(np.ones(2))
    a.grad *= 0
    np.testing.assert_array_equal(b.grad, [1, 1])
    c = leaf([1.0, 2.0])
    seed = np.ones(2)
    c.backward(seed)
    c.grad *= 0
    np.testing.assert_array_equal(seed, [1, 1])
    d = leaf(np.ones((2, 3)))
    d.sum().backward()
    d.grad += 1  # a broadcast view would refuse
    assert d.grad.sum() == 12


def test_retained_gradient_of_an_intermediate():
    a = leaf([1.0, 2.0])
    middle = (a * a).retain_grad()
    (middle * 3).sum().backward()
    np.testing.assert_array_equal(middle.grad, [3, 3])
    middle.grad *= 0
    np.testing.assert_array_equal(a.grad, [6, 12])


def test_a_chain_of_ten_thousand_operations():
    x = y = leaf(1.0)
    for _ in range(10_000):
        y = y + 1e-4
    y.backward()
    assert x.grad == 1
    z = x
    for _ in range(100_000):
        z = z * 1.0
    del y, z  # forgetting an unused graph must not recurse either
    gc.collect()


def test_unneeded_gradients_are_not_computed():
    calls = []

    @primitive
    def probe(a, b):
        """Sum that notes which pullbacks were called."""

        def note(name):
            return lambda dc: calls.append(name) or dc

        return a + b, note("a"), note("b")

    probe(np.ones(2), leaf([1.0, 2.0])).sum().backward()
    assert calls == ["b"]


def test_second_backward_says_what_to_do():
    a = leaf(2.0)
    b = a * a
    b.backward(retain_graph=True)
    b.backward()
    assert a.grad == 8
    with pytest.raises(RuntimeError, match="freed by an earlier backward"):
        b.backward()


def test_backward_refuses_what_has_no_gradient():
    with pytest.raises(RuntimeError, match="nothing this tensor was computed from"):
        Tensor(1.0).backward()
    with pytest.raises(RuntimeError, match=r"shape \(2,\) is not one number"):
        leaf([1.0, 2.0]).backward()
    with pytest.raises(ValueError, match=r"gradient has shape \(3,\), tensor \(2,\)"):
        leaf([1.0, 2.0]).backward(np.ones(3))
    with pytest.raises(TypeError, match="only floating-point tensors"):
        Tensor(np.arange(3), requires_grad=True)


def test_no_grad_records_nothing_and_nests():
    a = leaf(1.0)

    @no_grad()
    def twice(n):
        return a * 2 if n == 0 else twice(n - 1)

    assert not twice(3).requires_grad
    with no_grad():
        with no_grad():
            pass
        assert not (a * 2).requires_grad
    with pytest.raises(ZeroDivisionError), no_grad():
        1 / 0  # noqa: B018
    assert (a * 2).requires_grad


def test_detach_and_types():
    a = leaf([1.0, 2.0])
    assert not (a * 2).detach().requires_grad
    assert Tensor([1, 2]).dtype == np.float32
    assert Tensor(np.arange(2)).dtype.kind == "i"
    assert Tensor(np.ones(2)).dtype == np.float64
    assert (np.ones(2) @ a).item() == 3.0
    assert isinstance(np.ones(2) * a, Tensor)
    np.testing.assert_array_equal(np.asarray(a), [1, 2])
    assert (float(leaf(2.0)), len(a), a.numel(), a.ndim, bool(leaf(1.0))) == (2.0, 2, 2, 1, True)
    assert repr(a) == "Tensor([1., 2.], requires_grad=True)"


def test_operators_are_the_primitives_torch_has():
    x = np.random.default_rng(0).uniform(0.5, 2, (3, 4))

    def f(t, like):
        t = -t + 2.5
        u = (1 - t) * 3 / (2 / t) + 2**t - abs(t) ** 2
        v = u.T.reshape(2, 6).exp().sqrt().log().sin().cos()
        return (v @ like(np.ones((6, 2)))).mean() + u[1:, ::2].sum() + t.flatten(0).max()

    a, b = leaf(x), torch.tensor(x, requires_grad=True)
    ours, theirs = f(a, Tensor), f(b, torch.tensor)
    assert np.isfinite(ours.item())
    ours.backward()
    theirs.backward()
    np.testing.assert_allclose(ours.item(), theirs.item(), rtol=1e-12)
    np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-10)


def test_memory_of_a_training_step():
    """Peak of a step stays within three times its activations (weights are small here)."""
    sizes, batch = [64, 256, 256, 256, 10], 4096
    model = nn.Sequential()
    for position, pair in enumerate(itertools.pairwise(sizes)):
        setattr(model, str(2 * position), nn.Linear(*pair))
        setattr(model, str(2 * position + 1), nn.Tanh())
    X = np.random.default_rng(0).normal(size=(batch, 64)).astype(np.float32)
    y = np.zeros(batch, dtype=int)
    activations = 4 * batch * 2 * sum(sizes[1:])  # after each Linear and each Tanh
    gc.collect()
    tracemalloc.start()
    nn.CrossEntropyLoss()(model(X), y).backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert activations < peak < 3 * activations


def test_arithmetic_is_documented_with_its_pullbacks():
    assert "Pullbacks: dC Bᵀ and Aᵀ dC" in arithmetic.matmul.__doc__
