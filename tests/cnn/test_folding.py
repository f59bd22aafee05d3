"""Unfold and fold are torch's, and each is the transpose of the other."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.cnn.convolution import conv2d
from companion.cnn.folding import fold, unfold
from companion.gradients.tensor import Tensor
from tests.parity.agreement import agree

rng = np.random.default_rng(1)


@st.composite
def windows(draw):
    def pair(low, high):
        return tuple(draw(st.integers(low, high)) for _ in range(2))

    kernel, dilation, padding, stride = pair(1, 3), pair(1, 2), pair(0, 2), pair(1, 3)
    least = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    size = tuple(n + draw(st.integers(0, 4)) for n in least)
    options = {"dilation": dilation, "padding": padding, "stride": stride}
    return (draw(st.integers(1, 3)), draw(st.integers(1, 3))), size, kernel, options


@settings(max_examples=80, deadline=None)
@given(windows())
def test_both_are_torch_s_and_transposes_of_each_other(case):
    (N, C), size, kernel, options = case
    x = rng.normal(size=(N, C, *size))
    F = torch.nn.functional
    agree(lambda t: unfold(t, kernel, **options), lambda t: F.unfold(t, kernel, **options), x)
    columns = unfold(Tensor(x), kernel, **options).numpy()
    y = rng.normal(size=columns.shape)
    agree(
        lambda t: fold(t, size, kernel, **options),
        lambda t: F.fold(t, size, kernel, **options),
        y,
    )
    back = fold(Tensor(y), size, kernel, **options).numpy()
    np.testing.assert_allclose((columns * y).sum(), (x * back).sum(), rtol=1e-9, atol=1e-9)


def test_convolution_is_one_product_with_the_columns():
    x, w = rng.normal(size=(3, 2, 6, 7)), rng.normal(size=(4, 2, 3, 3))
    columns = unfold(Tensor(x), 3, padding=1, stride=2).numpy()
    out = (w.reshape(4, -1) @ columns).reshape(3, 4, 3, 4)
    np.testing.assert_allclose(out, conv2d(Tensor(x), w, stride=2, padding=1).numpy(), rtol=1e-12)


def test_folding_what_was_unfolded_counts_the_windows():
    ones = Tensor(np.ones((1, 1, 4, 4)))
    counts = fold(unfold(ones, 3), 4, 3).numpy()[0, 0]
    np.testing.assert_array_equal(counts, np.outer([1, 2, 2, 1], [1, 2, 2, 1]))


def test_single_images_no_images_and_many():
    F = torch.nn.functional
    for x in (
        rng.normal(size=(2, 5, 5)),
        rng.normal(size=(0, 2, 5, 5)),
        rng.normal(size=(200, 3, 16, 16)),  # more than one block of columns
    ):
        agree(lambda t: unfold(t, 3), lambda t: F.unfold(t, 3), x)
        y = F.unfold(torch.tensor(x), 3).numpy()
        if x.size:  # torch cannot fold no images
            agree(
                lambda t, x=x: fold(t, x.shape[-2:], 3),
                lambda t, x=x: F.fold(t, x.shape[-2:], 3),
                y,
            )
    assert fold(np.zeros((0, 9, 9)), 5, 3).shape == (0, 1, 5, 5)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: unfold(np.ones((3, 3)), 2), r"unfold: input .* has 2 axes"),
        (lambda: unfold(np.ones((1, 1, 3, 3)), 4), "unfold: a kernel that reaches over"),
        (lambda: fold(np.ones(4), 2, 2), "fold: input .* has 1 axes"),
        (lambda: fold(np.ones((1, 7, 4)), 3, 2), "fold: 7 rows; .* needs 4 per channel"),
        (lambda: fold(np.ones((1, 8, 5)), 3, 2), "fold: 5 columns; .* has 2 × 2 = 4 windows"),
    ],
)
def test_an_error_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()
