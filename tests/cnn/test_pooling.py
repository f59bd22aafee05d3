"""Pooling is torch's in value and gradient, ties, NaN and borders included."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from companion.cnn import pooling
from companion.gradients.tensor import Tensor
from tests.parity.agreement import agree

rng = np.random.default_rng(3)
F = torch.nn.functional


@st.composite
def windows(draw, axes, dilated):
    """An input, with ties or without, and options that fit."""

    def each(low, high):
        return tuple(draw(st.integers(low, high)) for _ in range(axes))

    kernel = each(1, 4)
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    dilation = each(1, 2) if dilated else (1,) * axes
    size = [
        max(1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 5))
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    ]
    shape = (draw(st.integers(1, 2)), 2, *size)
    x = rng.normal(size=shape) if draw(st.booleans()) else rng.integers(-1, 2, shape).astype(float)
    options = {"kernel_size": kernel, "stride": draw(st.sampled_from([None, each(1, 3)]))}
    options |= {"padding": padding, "ceil_mode": draw(st.booleans())}
    if dilated:
        options["dilation"] = dilation
    else:
        options["count_include_pad"] = draw(st.booleans())
    return x, options


def one_window(x, options):
    """Whether torch takes the call: with one axis it wants plain numbers."""
    return {k: v[0] if isinstance(v, tuple) and x.ndim == 3 else v for k, v in options.items()}


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([1, 2]).flatmap(lambda axes: windows(axes, dilated=True)))
def test_max_pooling_is_torch_s(case):
    x, options = case
    name = f"max_pool{x.ndim - 2}d"
    # Windows in the border alone are no windows: see below.
    assume(np.isfinite(getattr(pooling, name)(x, **options).numpy()).all())
    agree(
        lambda t: getattr(pooling, name)(t, **options),
        lambda t: getattr(F, name)(t, **options),
        x,
    )


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([1, 2]).flatmap(lambda axes: windows(axes, dilated=False)))
def test_average_pooling_is_torch_s(case):
    x, options = case
    name = f"avg_pool{x.ndim - 2}d"
    agree(
        lambda t: getattr(pooling, name)(t, **options),
        lambda t: getattr(F, name)(t, **one_window(x, options)),
        x,
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=4, max_size=4))
def test_adaptive_pooling_is_torch_s(sizes):
    H, W, *out = sizes
    x = rng.normal(size=(2, 3, H, W))
    agree(
        lambda t: pooling.adaptive_avg_pool2d(t, tuple(out)),
        lambda t: F.adaptive_avg_pool2d(t, tuple(out)),
        x,
    )


def test_the_first_of_equals_gets_the_gradient():
    x = Tensor(np.zeros((1, 1, 4, 4)), requires_grad=True)
    pooling.max_pool2d(x, 2).sum().backward()
    np.testing.assert_array_equal(x.grad[0, 0, ::2, ::2], 1)
    assert x.grad.sum() == 4


@pytest.mark.parametrize("at", [(0, 0), (1, 1), (2, 3)])
def test_nan_wins_and_gets_the_gradient(at):
    x = rng.normal(size=(1, 1, 4, 4))
    x[0, 0][at] = np.nan
    for options in ({"kernel_size": 2}, {"kernel_size": 3, "stride": 1, "padding": 1}):
        ours, theirs = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
        out, expected = pooling.max_pool2d(ours, **options), F.max_pool2d(theirs, **options)
        np.testing.assert_array_equal(out.numpy(), expected.detach().numpy())
        out.backward(np.ones(out.shape))
        expected.backward(torch.ones_like(expected))
        np.testing.assert_array_equal(ours.grad, theirs.grad.numpy())


def test_a_window_in_the_border_alone_has_no_gradient():
    x, options = np.array([[[2.0]]]), {"kernel_size": 2, "padding": 1, "dilation": 2}
    ours, theirs = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    out, expected = pooling.max_pool1d(ours, **options), F.max_pool1d(theirs, **options)
    assert out.numpy().ravel() == expected.detach().numpy().ravel() == -np.inf
    out.backward(np.ones(out.shape))
    assert ours.grad.ravel() == 0


def test_infinities_and_two_nans():
    x = np.array([[-np.inf, -np.inf, np.inf, np.inf], [np.nan, np.nan, -np.inf, 0.0]])[None]
    ours = pooling.max_pool1d(x, 2).numpy()
    np.testing.assert_array_equal(ours, F.max_pool1d(torch.tensor(x), 2).numpy())


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_views_single_images_and_no_images(name):
    view = rng.normal(size=(6, 7, 3, 2)).transpose(3, 2, 0, 1)[:, :, ::-1, ::2].copy("K")
    for x in (view, view[0], np.zeros((0, 2, 4, 4))):
        agree(lambda t: getattr(pooling, name)(t, 2), lambda t: getattr(F, name)(t, 2), x)
    array = rng.normal(size=(6, 7, 3, 2)).transpose(3, 2, 0, 1)[:, :, ::-1]
    out = getattr(pooling, name)(Tensor(array), 2).numpy()
    expected = getattr(F, name)(torch.tensor(array.copy()), 2).numpy()
    np.testing.assert_allclose(out, expected, rtol=1e-14)


def test_float32_stays():
    x = rng.normal(size=(2, 2, 6, 6)).astype(np.float32)
    for name in ("max_pool2d", "avg_pool2d"):
        assert getattr(pooling, name)(x, 3).dtype == np.float32


def test_pooling_is_a_shift_by_one_cell_when_the_image_moves_by_a_window():
    x = np.zeros((1, 2, 12, 12))
    x[:, :, 4:7, 3:8] = rng.normal(size=(1, 2, 3, 5))
    for pool in (pooling.max_pool2d, pooling.avg_pool2d):
        moved = pool(Tensor(np.roll(x, 3, axis=3)), 3).numpy()
        np.testing.assert_array_equal(moved, np.roll(pool(Tensor(x), 3).numpy(), 1, axis=3))


IMAGE = np.ones((1, 1, 4, 4))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: pooling.max_pool2d(IMAGE[0, 0], 2), "max_pool2d: input .* has 2 axes; expected 4"),
        (lambda: pooling.max_pool2d(IMAGE, 5), "max_pool2d: a kernel that reaches over"),
        (lambda: pooling.max_pool2d(IMAGE, 2, padding=2), "max_pool2d: padding .* more than half"),
        (lambda: pooling.avg_pool2d(IMAGE, 2, stride=0), "avg_pool2d: stride 0: expected numbers"),
        (lambda: pooling.avg_pool1d(IMAGE[0], (2, 2)), "avg_pool1d: kernel_size .* has 2 numbers"),
        (lambda: pooling.adaptive_avg_pool2d(Tensor(IMAGE), 0), "output_size 0: expected"),
    ],
)
def test_an_error_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()
