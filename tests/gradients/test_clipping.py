"""Clipping against torch, and where the companion goes on although torch gives up."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.clipping import joint_norm

SHAPES = [(4, 3), (4,), (), (2, 3, 2)]


def pairs(scale=1.0, seed=0, dtype=float):
    """Parameters of both engines with equal gradients; the second has none."""
    rng = np.random.default_rng(seed)
    ours = [nn.Parameter(np.zeros(shape, dtype)) for shape in SHAPES]
    theirs = [torch.nn.Parameter(torch.tensor(p.data)) for p in ours]
    for k, (p, q) in enumerate(zip(ours, theirs, strict=True)):
        if k != 1:
            p.grad = np.asarray(rng.normal(size=p.shape) * scale, dtype)
            q.grad = torch.tensor(p.grad)
    return ours, theirs


def assert_equal_gradients(ours, theirs, rtol=1e-10):
    for p, q in zip(ours, theirs, strict=True):
        assert (p.grad is None) == (q.grad is None)
        if p.grad is not None:
            np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=rtol)


@pytest.mark.parametrize("norm_type", [1, 2.0, 3.5, float("inf"), "inf"])
@pytest.mark.parametrize("max_norm", [0, 0.1, 2, 1e6])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e5])
def test_norm_clipping_equals_torch(norm_type, max_norm, scale):
    ours, theirs = pairs(scale)
    total = nn.utils.clip_grad_norm_(ours, max_norm, norm_type)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm, float(norm_type))
    assert total == pytest.approx(expected.item(), rel=1e-12)
    assert_equal_gradients(ours, theirs)


@pytest.mark.parametrize("clip_value", [0, 0.3, 10])
def test_value_clipping_equals_torch(clip_value):
    ours, theirs = pairs()
    assert nn.utils.clip_grad_value_(ours, clip_value) is None
    torch.nn.utils.clip_grad_value_(theirs, clip_value)
    assert_equal_gradients(ours, theirs, rtol=0)


def test_by_hand():
    """The vector (3, 4) and (12,) has length 13; the direction stays, the values do not."""
    a, b = nn.Parameter(np.zeros(2)), nn.Parameter(np.zeros(1))
    a.grad, b.grad = np.array([3.0, 4.0]), np.array([12.0])
    assert nn.utils.clip_grad_norm_([a, b], 6.5) == 13
    np.testing.assert_allclose([*a.grad, *b.grad], [1.5, 2, 6], rtol=1e-6)
    nn.utils.clip_grad_value_([a, b], 1.75)
    np.testing.assert_allclose([*a.grad, *b.grad], [1.5, 1.75, 1.75], rtol=1e-6)


@pytest.mark.parametrize("clip", [nn.utils.clip_grad_norm_, nn.utils.clip_grad_value_])
def test_a_single_tensor_an_iterator_or_nothing(clip):
    ours, theirs = pairs()
    clip(ours[0], 0.5)
    getattr(torch.nn.utils, clip.__name__)(theirs[0], 0.5)
    assert_equal_gradients(ours[:1], theirs[:1])
    clip((p for p in ours), 0.25)
    assert max(np.abs(p.grad).max() for p in ours if p.grad is not None) <= 0.25
    assert not clip([], 1.0)
    assert not clip([nn.Parameter([1.0])], 1.0)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_gradients_that_are_not_finite(bad):
    ours, theirs = pairs()
    ours[0].grad[0, 0] = bad
    theirs[0].grad[0, 0] = bad
    before = ours[0].grad.copy()
    with pytest.raises(RuntimeError, match="the norm of the gradients is"):
        nn.utils.clip_grad_norm_(ours, 1.0, error_if_nonfinite=True)
    np.testing.assert_array_equal(ours[0].grad, before)
    total = nn.utils.clip_grad_norm_(ours, 1.0)
    expected = torch.nn.utils.clip_grad_norm_(theirs, 1.0).item()
    np.testing.assert_equal(total, expected)
    assert_equal_gradients(ours, theirs)


def test_float32_stays_and_huge_gradients_keep_their_direction():
    """Where the sum of squares overflows torch erases the gradient; documented difference."""
    ours, theirs = pairs(1e30, dtype=np.float32)
    direction = ours[0].grad / np.linalg.norm(ours[0].grad.astype(float))
    assert np.isfinite(nn.utils.clip_grad_norm_(ours[:1], 2.0))
    assert ours[0].grad.dtype == np.float32
    np.testing.assert_allclose(ours[0].grad, 2 * direction, rtol=1e-5)
    assert torch.nn.utils.clip_grad_norm_(theirs[:1], 2.0).isinf()
    assert not theirs[0].grad.any()


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1.0, 1e170, 1e300])
def test_norms_neither_underflow_nor_overflow(scale):
    with np.errstate(all="raise", under="ignore"):
        norm = joint_norm([np.array([3.0, 0.0]) * scale, np.array([[4.0]]) * scale])
    assert norm == pytest.approx(5 * scale, rel=1e-14)
    assert joint_norm([]) == joint_norm([np.zeros(3)]) == joint_norm([np.zeros(0)]) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: nn.utils.clip_grad_norm_(p, -1), "max_norm is -1; expected at least 0"),
        (lambda p: nn.utils.clip_grad_norm_(p, np.nan), "max_norm is nan"),
        (lambda p: nn.utils.clip_grad_norm_(p, 1, 0), "norm_type is 0; expected a number above"),
        (lambda p: nn.utils.clip_grad_value_(p, -0.5), "clip_value is -0.5; expected at least 0"),
    ],
)
def test_errors_name_the_value(call, message):
    with pytest.raises(ValueError, match=message):
        call(pairs()[0])
