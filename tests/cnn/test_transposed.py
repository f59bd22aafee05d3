"""Transposed convolution is torch's, and the transpose of the convolution with the same options."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import nn
from companion.cnn.convolution import conv2d
from companion.cnn.transposed import conv_transpose1d, conv_transpose2d
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor
from tests.parity.agreement import agree

rng = np.random.default_rng(0)


@st.composite
def calls(draw, axes):
    """Inputs and options that fit."""

    def each(low, high):
        return tuple(draw(st.integers(low, high)) for _ in range(axes))

    groups, C, M = (draw(st.integers(1, 3)) for _ in range(3))
    stride, dilation, kernel, padding = each(1, 3), each(1, 3), each(1, 4), each(0, 3)
    limits = [max(s, d) - 1 for s, d in zip(stride, dilation, strict=True)]
    extra = tuple(draw(st.integers(0, most)) for most in limits)
    size = []
    for k, s, d, p, e in zip(kernel, stride, dilation, padding, extra, strict=True):
        least = next(n for n in range(1, 99) if (n - 1) * s - 2 * p + d * (k - 1) + 1 + e >= 1)
        size.append(draw(st.integers(least, least + 3)))
    options = {"stride": stride, "padding": padding, "output_padding": extra}
    options |= {"groups": groups, "dilation": dilation}
    x = rng.normal(size=(draw(st.integers(1, 3)), groups * C, *size))
    inputs = [x, rng.normal(size=(groups * C, M, *kernel))]
    if draw(st.booleans()):
        inputs.append(rng.normal(size=groups * M))
    return inputs, options


@settings(max_examples=120, deadline=None)
@given(calls(axes=1))
def test_sequences_are_torch_s(call):
    inputs, options = call
    agree(
        lambda *xs: conv_transpose1d(*xs, **options),
        lambda *xs: torch.nn.functional.conv_transpose1d(*xs, **options),
        *inputs,
    )


@settings(max_examples=120, deadline=None)
@given(calls(axes=2))
def test_images_are_torch_s(call):
    inputs, options = call
    agree(
        lambda *xs: conv_transpose2d(*xs, **options),
        lambda *xs: torch.nn.functional.conv_transpose2d(*xs, **options),
        *inputs,
    )


@pytest.mark.parametrize("stride", [1, 2, (3, 2)])
@pytest.mark.parametrize("padding", [0, 1])
def test_it_is_what_sends_gradients_back_through_the_convolution(stride, padding):
    x, w = Tensor(rng.normal(size=(2, 3, 9, 8)), requires_grad=True), rng.normal(size=(4, 3, 3, 2))
    out = conv2d(x, w, stride=stride, padding=padding)
    dout = rng.normal(size=out.shape)
    out.backward(dout)
    back = conv_transpose2d(Tensor(dout), w, stride=stride, padding=padding)
    rest = [n - m for n, m in zip(x.shape[2:], back.shape[2:], strict=True)]
    full = conv_transpose2d(
        Tensor(dout), w, stride=stride, padding=padding, output_padding=tuple(rest)
    )
    np.testing.assert_allclose(full.numpy(), x.grad, rtol=1e-12, atol=1e-12)


def test_many_images_go_in_blocks_none_and_views_go_too():
    w = rng.normal(size=(2, 3, 5, 5))
    for x in (
        rng.normal(size=(300, 2, 20, 20)),  # more than one block of columns
        rng.normal(size=(0, 2, 4, 4)),
        rng.normal(size=(5, 6, 2, 3)).transpose(3, 2, 0, 1)[:, :, ::2],
    ):
        agree(
            lambda *xs: conv_transpose2d(*xs, stride=2),
            lambda *xs: torch.nn.functional.conv_transpose2d(*xs, stride=2),
            *(x, w),
        )


def test_float32_stays():
    out = conv_transpose2d(np.ones((1, 1, 2, 2), np.float32), np.ones((1, 1, 2, 2), np.float32))
    assert out.dtype == np.float32


def test_first_weights_have_torch_s_range():
    manual_seed(0)
    torch.manual_seed(0)
    layer, other = (face.ConvTranspose2d(60, 40, 3, groups=2) for face in (nn, torch.nn))
    for p, q in zip(layer.parameters(), other.parameters(), strict=True):
        assert p.shape == tuple(q.shape)
        bound = (20 * 9) ** -0.5
        for values in (p.data, q.detach().numpy()):
            assert 0.85 * bound < np.abs(values).max() <= bound * (1 + 1e-6)


IMAGE, KERNELS = np.ones((1, 4, 3, 3)), np.ones((4, 2, 3, 3))


@pytest.mark.parametrize(
    ("args", "options", "told"),
    [
        ((IMAGE, np.ones((3, 2, 3, 3))), {}, r"4 channels, weight .* expects 3"),
        ((IMAGE, KERNELS), {"groups": 3}, "in 3 groups"),
        ((IMAGE, KERNELS[0]), {}, "has 3 axes; expected 4"),
        ((IMAGE[0, 0], KERNELS), {}, "has 2 axes; expected 4"),
        ((IMAGE, KERNELS, np.ones(3)), {}, r"bias \(3,\); expected \(2,\)"),
        ((IMAGE, KERNELS), {"output_padding": 1}, "must be smaller than either"),
        ((IMAGE, KERNELS), {"padding": 3}, "take less padding"),
        ((IMAGE, KERNELS), {"stride": 0}, "stride 0: expected numbers of at least 1"),
    ],
)
def test_an_error_says_what_is_wrong(args, options, told):
    with pytest.raises(ValueError, match=f"conv_transpose2d: .*{told}"):
        conv_transpose2d(*args, **options)


def test_a_layer_refuses_options_that_make_no_sense():
    with pytest.raises(ValueError, match="ConvTranspose2d: 2 groups do not divide 4 channels"):
        nn.ConvTranspose2d(4, 3, 3, groups=2)
    with pytest.raises(ValueError, match="ConvTranspose1d: kernel_size"):
        nn.ConvTranspose1d(4, 3, (3, 3))
