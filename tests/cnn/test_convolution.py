"""Convolution equals torch's and SciPy's: values, all gradients, every option, every bad input."""

from itertools import product
from math import prod

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from companion import nn
from companion.cnn import convolution
from companion.gradients.tensor import Tensor

CONV = {n: getattr(convolution, f"conv{n}d") for n in (1, 2, 3)}
TORCH = {n: getattr(torch.nn.functional, f"conv{n}d") for n in (1, 2, 3)}


@st.composite
def problems(draw, axes=None):
    """Shapes and options that fit: images, kernels, whether there is a bias, options."""
    axes = draw(st.sampled_from([1, 2, 3])) if axes is None else axes

    def number_or_each(least, most):
        one = st.integers(least, most)
        return draw(st.one_of(one, st.tuples(*[one] * axes)))

    def each(value):
        return (value,) * axes if isinstance(value, int) else value

    groups = draw(st.integers(1, 3))
    channels, outputs = (groups * draw(st.integers(1, 3)) for _ in range(2))
    kernel = tuple(draw(st.integers(1, 4)) for _ in range(axes))
    stride, dilation = number_or_each(1, 3), number_or_each(1, 3)
    reach = [d * (k - 1) for k, d in zip(kernel, each(dilation), strict=True)]
    kinds = ["number", "valid"]
    if not any(r % 2 for r in reach):
        kinds.append("same")
    kind = draw(st.sampled_from(kinds))
    padding = number_or_each(0, 3) if kind == "number" else kind
    stride = 1 if kind == "same" else stride
    border = each(padding) if kind == "number" else [0] * axes
    least = [max(1, r + 1 - 2 * p) for r, p in zip(reach, border, strict=True)]
    size = tuple(n + draw(st.integers(0, 4)) for n in least)
    images = draw(st.integers(1, 3))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    shapes = (images, channels, *size), (outputs, channels // groups, *kernel)
    return *shapes, draw(st.booleans()), options


def arrays(x_shape, w_shape, bias, seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    shapes = [x_shape, w_shape] + [w_shape[:1]] * bias
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def compare(ours, theirs, inputs, rtol=1e-10):
    """Values and the gradients of a random weighing of them."""
    mine = [Tensor(a, requires_grad=True) for a in inputs]
    its = [torch.tensor(np.ascontiguousarray(a), requires_grad=True) for a in inputs]
    out, expected = ours(*mine), theirs(*its)
    close = {"rtol": rtol, "atol": rtol}
    np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), **close)
    assert out.dtype == inputs[0].dtype
    back = np.random.default_rng(1).normal(size=out.shape).astype(out.dtype)
    out.backward(back)
    expected.backward(torch.tensor(back))
    for a, b in zip(mine, its, strict=True):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), **close)
        assert a.grad.dtype == a.dtype


@given(problems())
@settings(max_examples=300, deadline=None)
def test_values_and_gradients_equal_those_of_torch(problem):
    x, w, bias, options = problem
    axes = len(x) - 2
    compare(
        lambda *a: CONV[axes](*a, **options),
        lambda *a: TORCH[axes](*a, **options),
        arrays(x, w, bias),
    )


GRID = product((1, 2, 3), (1, 2), (0, 1, "valid", "same"), (1, 2), (1, 2, 6), (True, False))


@pytest.mark.parametrize(
    ("axes", "stride", "padding", "dilation", "groups", "bias"),
    [case for case in GRID if not (case[1] > 1 and case[2] == "same")],
)
def test_every_combination_of_options_equals_torch(axes, stride, padding, dilation, groups, bias):
    size, kernel = (7, 6, 5)[:axes], (3, 1, 3)[-axes:]
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    compare(
        lambda *a: CONV[axes](*a, **options),
        lambda *a: TORCH[axes](*a, **options),
        arrays((2, 6, *size), (12, 6 // groups, *kernel), bias),
    )


@given(problems())
@settings(max_examples=60, deadline=None)
def test_layers_equal_those_of_torch(problem):
    (_, channels, *size), (outputs, _, *kernel), bias, options = problem
    name = f"Conv{len(size)}d"
    settings_of = (channels, outputs, tuple(kernel))
    ours = getattr(nn, name)(*settings_of, bias=bias, **options).double()
    theirs = getattr(torch.nn, name)(*settings_of, bias=bias, **options).double()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    x = np.random.default_rng(2).normal(size=(2, channels, *size))
    compare(ours, theirs, [x])
    ours.load_state_dict(theirs.state_dict())
    for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(mine.grad, its.grad.numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", ["same", 2, (2, 1)])
def test_borders_of_every_kind_equal_those_of_torch(mode, padding):
    options = {"padding": padding, "padding_mode": mode}
    ours = nn.Conv2d(3, 2, (3, 5), **options).double()
    theirs = torch.nn.Conv2d(3, 2, (3, 5), **options).double()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    compare(ours, theirs, arrays((2, 3, 6, 7), (1,), False)[:1])


# ---- SciPy, which knows nothing of channels, strides or groups ----------------------------------


def by_scipy(x, w, b, stride, padding, dilation, groups):
    """Correlate plane by plane, then leave out places: slow, and written by others."""
    axes = x.ndim - 2
    reach = [d * (k - 1) + 1 for k, d in zip(w.shape[2:], dilation, strict=True)]
    spread = np.zeros((*w.shape[:2], *reach))
    spread[:, :, *[slice(None, None, d) for d in dilation]] = w
    x = np.pad(x, [(0, 0), (0, 0), *[(p, p) for p in padding]])
    each, share = w.shape[1], len(w) // groups
    out = [
        [
            sum(
                signal.correlate(image[o // share * each + c], spread[o, c], "valid", "direct")
                for c in range(each)
            )
            + b[o]
            for o in range(len(w))
        ]
        for image in x
    ]
    return np.array(out)[:, :, *[slice(None, None, s) for s in stride[:axes]]]


@given(problems())
@settings(max_examples=60, deadline=None)
def test_values_equal_those_of_scipy(problem):
    x_shape, w_shape, _, options = problem
    axes = len(x_shape) - 2
    x, w, b = arrays(x_shape, w_shape, True)

    def each(value):
        return (value,) * axes if isinstance(value, int) else value

    stride, dilation = each(options["stride"]), each(options["dilation"])
    padding = {
        "valid": (0,) * axes,
        "same": [d * (k - 1) // 2 for k, d in zip(w_shape[2:], dilation, strict=True)],
    }.get(options["padding"], each(options["padding"]))
    expected = by_scipy(x, w, b, stride, padding, dilation, options["groups"])
    got = CONV[axes](x, w, b, **options).numpy()
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)


def test_gradients_are_scipy_s_correlation_and_full_convolution():
    image, kernel = np.random.default_rng(3).normal(size=(2, 9, 8))
    kernel = kernel[:3, :4]
    x, w = (Tensor(a[None, None], requires_grad=True) for a in (image, kernel))
    back = np.random.default_rng(4).normal(size=(7, 5))
    convolution.conv2d(x, w).backward(back[None, None])
    np.testing.assert_allclose(w.grad[0, 0], signal.correlate2d(image, back, "valid"))
    np.testing.assert_allclose(x.grad[0, 0], signal.convolve2d(back, kernel, "full"))


# ---- inputs that come in another way ------------------------------------------------------------


def strided(a):
    """The same values in an array of which NumPy can see only every second number."""
    wide = np.repeat(a, 2, axis=-1)
    return wide[..., ::2]


@pytest.mark.parametrize(
    "view",
    [
        strided,
        np.asfortranarray,
        lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],
        lambda a: np.moveaxis(np.ascontiguousarray(np.moveaxis(a, 1, -1)), -1, 1),
    ],
    ids=["every second", "Fortran", "backward", "channels last"],
)
@pytest.mark.parametrize("kernel", [1, 3])
def test_the_order_in_memory_does_not_matter(view, kernel):
    inputs = [view(a) for a in arrays((3, 4, 6, 5), (2, 4, kernel, kernel), False)]
    compare(convolution.conv2d, torch.nn.functional.conv2d, inputs)


def test_a_constant_image_spread_out_by_broadcasting():
    x = np.broadcast_to(np.float64(2.0), (2, 3, 5, 5))
    w = arrays(x.shape, (4, 3, 3, 3), False)[1]
    compare(convolution.conv2d, torch.nn.functional.conv2d, [x, w])


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2])
def test_a_batch_without_images(axes, kernel):
    shapes = (0, 4, *[5] * axes), (6, 2, *[kernel] * axes)
    compare(
        lambda *a: CONV[axes](*a, padding=1, groups=2),
        lambda *a: TORCH[axes](*a, padding=1, groups=2),
        arrays(*shapes, True),
    )


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_a_single_image_needs_no_batch(axes):
    x, w, b = arrays((1, 3, *[5] * axes), (2, 3, *[3] * axes), True)
    compare(CONV[axes], TORCH[axes], [x[0], w, b])
    np.testing.assert_array_equal(
        CONV[axes](x[0], w, b).numpy(), CONV[axes](x, w, b).numpy()[0]
    )


def test_lists_and_whole_numbers():
    image, kernel = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], [[[[1, 0], [0, -1]]]]
    out = convolution.conv2d(image, kernel).numpy()
    np.testing.assert_array_equal(out, np.full((1, 2, 2), -4))
    grey = np.arange(9, dtype=np.uint8).reshape(1, 1, 3, 3)
    out = convolution.conv2d(grey, np.array(kernel, "float32"), np.array([0.5], "float32"))
    np.testing.assert_array_equal(out.numpy(), np.full((1, 1, 2, 2), -3.5))
    assert out.dtype == np.float32


def test_a_large_batch_equals_its_images_one_by_one():
    """What is computed some images at a time is cut at other places than between all of them."""
    x, w, b = arrays((9, 8, 40, 40), (5, 8, 3, 3), True)
    compare(convolution.conv2d, torch.nn.functional.conv2d, [x, w, b], rtol=1e-9)
    together = convolution.conv2d(x, w, b).numpy()
    for image, out in zip(x, together, strict=True):
        np.testing.assert_allclose(convolution.conv2d(image, w, b).numpy(), out, atol=1e-12)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_float32_stays_float32(axes):
    inputs = arrays((2, 4, *[6] * axes), (6, 2, *[3] * axes), True, dtype="float32")
    options = {"stride": 2, "padding": 1, "groups": 2}
    ours, theirs = (lambda *a, f=f: f(*a, **options) for f in (CONV[axes], TORCH[axes]))
    compare(ours, theirs, inputs, rtol=1e-4)


def test_only_gradients_that_somebody_wants():
    x, w, b = arrays((2, 3, 5, 5), (4, 3, 3, 3), True)
    weights = Tensor(w, requires_grad=True)
    out = convolution.conv2d(x, weights, b)
    out.backward(np.ones(out.shape))
    assert weights.grad.shape == w.shape
    assert not convolution.conv2d(x, w, b).requires_grad


def test_huge_values_nan_and_infinity_stay_where_they_are():
    x = np.zeros((1, 1, 5, 5))
    w = np.ones((1, 1, 3, 3))
    x[0, 0, 0, 0], x[0, 0, 4, 4] = np.nan, 1e300
    out = convolution.conv2d(x, w).numpy()[0, 0]
    assert np.isnan(out[0, 0])
    assert out[2, 2] == 1e300
    assert np.isfinite(np.delete(out.ravel(), 0)).all()


# ---- what cannot be computed says why -----------------------------------------------------------

X, W, B = arrays((2, 4, 8, 8), (6, 4, 3, 3), True)


@pytest.mark.parametrize(
    ("inputs", "options", "words"),
    [
        ((X, W[0]), {}, ["(4, 3, 3)", "3 axes", "expected 4"]),
        ((X, W[:, :, :0]), {}, ["(6, 4, 0, 3)", "empty", "at least 1"]),
        ((X, W[:0]), {}, ["(0, 4, 3, 3)", "empty", "at least 1"]),
        ((X[0, 0], W), {}, ["(8, 8)", "2 axes", "expected 4", "3 for a single one"]),
        ((X[None], W), {}, ["(1, 2, 4, 8, 8)", "5 axes", "expected 4"]),
        ((X[:, :3], W), {}, ["(2, 3, 8, 8)", "3 channels", "expects 4", "axes are images"]),
        ((X.transpose(0, 2, 3, 1), W), {}, ["(2, 8, 8, 4)", "expects 4", "move them behind"]),
        ((X, W, B[:2]), {}, ["bias (2,)", "expected (6,)"]),
        ((X, W, 1.0), {}, ["bias ()", "expected (6,)"]),
        ((X, W), {"groups": 2}, ["4 channels", "expects 8"]),
        ((X, W), {"groups": 3}, ["3 groups", "4 channels", "6 kernels", "divides both"]),
        ((X, W), {"groups": 0}, ["0 groups", "divides both"]),
        ((X, W), {"stride": 0}, ["stride 0", "at least 1"]),
        ((X, W), {"stride": (1, 2, 3)}, ["stride (1, 2, 3)", "3 numbers", "1 or 2"]),
        ((X, W), {"dilation": (1, 0)}, ["dilation (1, 0)", "at least 1"]),
        ((X, W), {"dilation": 4}, ["(9, 9)", "(8, 8)", "less dilation"]),
        ((X[..., :2], W), {}, ["(3, 3)", "(8, 2)", "smaller kernel", "more padding"]),
        ((X, W), {"padding": -1}, ["padding -1", "at least 0"]),
        ((X, W), {"padding": "SAME"}, ["'SAME'", "'valid', 'same' or numbers"]),
        ((X, W), {"padding": "1"}, ["'1'", "'valid', 'same' or numbers"]),
        ((X, W), {"padding": "same", "stride": 2}, ["'same'", "(2, 2)", "as a number"]),
        ((X, W[..., :2]), {"padding": "same"}, ["'same'", "(3, 2)", "take an odd one"]),
    ],
)
def test_errors_of_value_name_function_value_and_remedy(inputs, options, words):
    with pytest.raises(ValueError, match=r"^conv2d: ") as caught:
        convolution.conv2d(*inputs, **options)
    said = str(caught.value)
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"stride": 1.5}, "stride 1.5"),
        ({"stride": "2"}, "stride '2'"),
        ({"stride": None}, "stride None"),
        ({"padding": (1.0, 1)}, "padding (1.0, 1)"),
        ({"dilation": 2.0}, "dilation 2.0"),
        ({"groups": 1.0}, "groups 1.0"),
    ],
)
def test_errors_of_type_name_function_value_and_remedy(options, value):
    with pytest.raises(TypeError) as caught:
        convolution.conv2d(X, W, **options)
    assert str(caught.value).startswith(f"conv2d: {value}: expected a whole number")


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_errors_name_the_function_that_was_called(axes):
    with pytest.raises(ValueError, match=f"^conv{axes}d: weight"):
        CONV[axes](X, W[None, None])
    with pytest.raises(ValueError, match=f"^Conv{axes}d: 2 groups do not divide 3 channels"):
        getattr(nn, f"Conv{axes}d")(3, 4, 3, groups=2)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((0, 4, 3), {}, ValueError, ["in_channels 0", "at least 1"]),
        ((3, 0, 3), {}, ValueError, ["out_channels 0", "at least 1"]),
        ((3, 4, 0), {}, ValueError, ["kernel_size 0", "at least 1"]),
        ((3, 4, (3, 3, 3)), {}, ValueError, ["kernel_size (3, 3, 3)", "1 or 2"]),
        ((3, 4, 2), {"padding": "same"}, ValueError, ["(2, 2)", "take an odd one"]),
        ((3, 4, 3), {"padding": "full"}, ValueError, ["'full'", "'valid', 'same' or numbers"]),
        ((3, 4, 3), {"padding": "same", "stride": 2}, ValueError, ["(2, 2)", "as a number"]),
        ((3, 4, 3), {"padding_mode": "zero"}, ValueError, ["'zero'", "choose one of", "'zeros'"]),
        ((3, 4, 3), {"groups": 4}, ValueError, ["4 groups", "divides both"]),
        ((3.0, 4, 3), {}, TypeError, ["in_channels 3.0", "whole number"]),
        ((3, 4, 2.5), {}, TypeError, ["kernel_size 2.5", "whole number"]),
        ((3, 4, 3), {"stride": "a"}, TypeError, ["stride 'a'", "whole number"]),
    ],
)
def test_errors_of_layers_name_layer_value_and_remedy(arguments, options, error, words):
    with pytest.raises(error, match=r"^Conv2d: ") as caught:
        nn.Conv2d(*arguments, **options)
    said = str(caught.value)
    assert all(word in said for word in words), said


def test_a_border_that_the_image_cannot_fill():
    layer = nn.Conv2d(1, 1, 3, padding=4, padding_mode="reflect")
    with pytest.raises(ValueError, match="border of 4 at axis 2 of length 4; at most 3 fit"):
        layer(np.zeros((1, 1, 4, 4), "float32"))


def test_options_may_be_numpy_s_numbers_and_arrays():
    plain = convolution.conv2d(X, W, stride=2, padding=1).numpy()
    numpy = convolution.conv2d(X, W, stride=np.int64(2), padding=np.array([1, 1])).numpy()
    np.testing.assert_array_equal(plain, numpy)


def test_a_layer_starts_as_torch_starts_and_tells_its_options():
    layer = nn.Conv2d(4, 64, 5, stride=2, padding=1, dilation=3, groups=2)
    assert layer.weight.shape == (64, 2, 5, 5)
    bound = prod((2, 5, 5)) ** -0.5
    assert 0.98 * bound < np.abs(layer.weight.numpy()).max() <= bound
    assert np.abs(layer.bias.numpy()).max() <= bound
    assert "stride=(2, 2), padding=1, dilation=(3, 3), groups=2" in repr(layer)
    assert "bias" not in nn.Conv2d(1, 1, 3, bias=False).state_dict()
