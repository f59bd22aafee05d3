"""Activations beyond parity: SciPy as second oracle, limits, edges of the number range, errors."""

import inspect
import warnings

import numpy as np
import pytest
import torch
from scipy import special

from companion import nn
from companion.gradients import activations
from companion.gradients.tensor import Tensor

F = torch.nn.functional
RANDOM = np.random.default_rng(2)
WIDE = np.concatenate([RANDOM.normal(size=200), np.linspace(-700, 700, 141), [1e4, -1e4, 0.0]])
ELEMENTWISE = {
    "sigmoid": {},
    "tanh": {},
    "relu": {},
    "leaky_relu": {},
    "elu": {"alpha": 0.7},
    "selu": {},
    "gelu": {},
    "gelu by tanh": {"approximate": "tanh"},
    "silu": {},
    "softplus": {"beta": 2.0},
}


def run(function, x, *more, **options):
    """Value and gradient of the sum, with every warning an error."""
    z = Tensor(x, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a = function(z, *more, **options)
        a.backward(np.ones_like(a.data))
    return a.numpy(), z.grad


def ours(name):
    return getattr(activations, name.split()[0])


# --- a second oracle: SciPy ------------------------------------------------------------------


def test_sigmoid_equals_scipy_far_into_the_tail():
    value, slope = run(activations.sigmoid, WIDE)
    expected = special.expit(WIDE)
    np.testing.assert_allclose(value, expected, rtol=1e-14)
    np.testing.assert_allclose(slope, expected * (1 - expected), rtol=1e-12)
    assert 0 < activations.sigmoid(np.array(-700.0)).item() < 1e-300


def test_softmax_and_its_logarithm_equal_scipy():
    z = np.stack([RANDOM.normal(size=7), 1e4 * RANDOM.normal(size=7), np.full(7, -1e300)])
    for dim in (0, 1):
        np.testing.assert_allclose(
            activations.softmax(z, dim).numpy(), special.softmax(z, axis=dim), rtol=1e-12
        )
        np.testing.assert_allclose(
            activations.log_softmax(z, dim).numpy(), special.log_softmax(z, axis=dim), rtol=1e-12
        )


def test_gelu_equals_the_error_function():
    value, slope = run(activations.gelu, WIDE)
    distribution = special.ndtr(WIDE)
    np.testing.assert_allclose(value, WIDE * distribution, rtol=1e-12)
    density = np.exp(-0.5 * WIDE**2) / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(slope, distribution + WIDE * density, rtol=1e-10, atol=1e-300)
    near = np.linspace(-3, 3, 13)
    by_erf = near * (1 + special.erf(near / np.sqrt(2))) / 2
    np.testing.assert_allclose(activations.gelu(near).numpy(), by_erf, rtol=1e-13, atol=1e-15)


def test_gelu_in_32_bits_is_right_to_32_bits():
    z = np.linspace(-12, 12, 4801)
    value, slope = run(activations.gelu, z.astype(np.float32))
    exact, exact_slope = run(activations.gelu, z)
    np.testing.assert_allclose(value, exact, rtol=3e-7, atol=3e-7)
    np.testing.assert_allclose(slope, exact_slope, rtol=0, atol=5e-7)


def test_softplus_equals_logaddexp_below_the_threshold():
    z = np.concatenate([RANDOM.normal(size=50), [-1e4, -700.0, 0.0, 19.9]])
    value, slope = run(activations.softplus, z)
    np.testing.assert_allclose(value, np.logaddexp(0, z), rtol=1e-14)
    np.testing.assert_allclose(slope, special.expit(z), rtol=1e-14)


# --- edges, where torch is the judge ---------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_any_finite_value_gives_finite_numbers_and_no_warning(name, dtype):
    largest, least = np.finfo(dtype).max, np.finfo(dtype).tiny
    edges = np.array([-largest, -1e30, -1e4, -89, -least, 0, least, 89, 1e4, 1e30, largest], dtype)
    value, slope = run(ours(name), edges, **ELEMENTWISE[name])
    assert value.dtype == slope.dtype == dtype
    assert np.isfinite(slope).all()
    assert np.isfinite(value[:-1]).all()
    # The scale of selu, 1.05, leads beyond the largest number; all others stay below their input.
    assert np.isposinf(value[-1]) if name == "selu" else value[-1] <= largest


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_nan_and_infinity_pass_as_in_torch(name):
    edges = np.array([np.nan, np.inf, -np.inf, 1.0])
    value, _ = run(ours(name), edges, **ELEMENTWISE[name])
    expected = getattr(F, name.split()[0])(torch.tensor(edges), **ELEMENTWISE[name]).numpy()
    np.testing.assert_allclose(value, expected, rtol=1e-12)


def test_softmax_passes_nan_as_in_torch():
    rows = np.array([[np.nan, 1.0], [np.inf, 1.0], [-np.inf, 1.0], [-np.inf, -np.inf]])
    for name in ("softmax", "log_softmax"):
        value, _ = run(getattr(activations, name), rows, dim=1)
        expected = getattr(F, name)(torch.tensor(rows), dim=1).numpy()
        np.testing.assert_allclose(value, expected, rtol=1e-12)


def test_single_numbers_and_empty_arrays():
    for name, options in ELEMENTWISE.items():
        for x in (np.array(0.5), np.ones((0, 3))):
            value, slope = run(ours(name), x, **options)
            assert value.shape == slope.shape == x.shape
    assert run(activations.prelu, np.array(-2.0), 0.5)[0] == -1


def test_the_input_is_left_as_it_was():
    x = RANDOM.normal(size=(4, 6))
    for name, options in {**ELEMENTWISE, "softmax": {"dim": 1}, "maxout": {"pieces": 2}}.items():
        kept = x.copy()
        direction = np.ones_like(ours(name)(x, **options).data)
        z = Tensor(x, requires_grad=True)
        a = ours(name)(z, **options)
        value = a.data.copy()
        for _ in range(2):  # pullbacks must not write over what the forward pass kept
            a.backward(direction, retain_graph=True)
        np.testing.assert_array_equal(x, kept)
        np.testing.assert_array_equal(a.data, value)
        np.testing.assert_allclose(z.grad, 2 * run(ours(name), x, **options)[1], rtol=1e-14)


# --- relations between them ------------------------------------------------------------------


def test_limits_and_relations():
    z = np.linspace(-5, 5, 41)
    relu = np.where(z > 0, z, 0)
    value = lambda name, **options: ours(name)(z, **options).numpy()  # noqa: E731
    np.testing.assert_allclose(value("softplus", beta=1e4), relu, atol=1e-4)
    np.testing.assert_array_equal(value("leaky_relu", negative_slope=0.0), relu)
    np.testing.assert_allclose(value("leaky_relu", negative_slope=1.0), z)
    np.testing.assert_allclose(value("tanh"), 2 * special.expit(2 * z) - 1, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(value("silu"), z * special.expit(z), rtol=1e-14)
    # The approximation of gelu is good to three decimals, and is not gelu itself.
    apart = np.abs(value("gelu") - value("gelu", approximate="tanh")).max()
    assert 1e-5 < apart < 1e-3


def test_selu_keeps_mean_and_variance_of_a_normal_input():
    points, weights = special.roots_hermitenorm(180)
    smooth = np.abs(points) > 1e-9
    a = activations.selu(points[smooth]).numpy()
    share = weights[smooth] / np.sqrt(2 * np.pi)
    assert share @ a == pytest.approx(0, abs=2e-3)
    assert share @ a**2 == pytest.approx(1, abs=2e-3)


def test_elementwise_layers_print_as_in_torch():
    made = {"GELU": ["tanh"], "ELU": [0.5], "LeakyReLU": [], "PReLU": [3], "Softmax": [1]}
    for name, arguments in {**made, "Softplus": [2.0], "SiLU": [], "SELU": []}.items():
        mine, other = (getattr(face, name)(*arguments) for face in (nn, torch.nn))
        assert repr(mine) == repr(other)


# --- maxout, which torch does not have -------------------------------------------------------


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
def test_maxout_equals_torch_s_reshape_and_amax(pieces):
    x = RANDOM.normal(size=(4, 3, 2 * pieces))
    x[0] = np.round(x[0])  # some ties, which share the gradient in torch as well
    x[1] = 0
    z, t = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    direction = RANDOM.normal(size=(4, 3, 2))
    out = nn.functional.maxout(z, pieces=pieces)
    out.backward(direction)
    expected = t.reshape(4, 3, 2, pieces).amax(-1)
    expected.backward(torch.tensor(direction))
    np.testing.assert_array_equal(out.numpy(), expected.detach().numpy())
    np.testing.assert_allclose(z.grad, t.grad.numpy(), rtol=1e-12)


def test_maxout_layer_equals_torch_s_reshape_and_amax():
    layer = nn.Maxout(5, 3, pieces=4).double()
    x = RANDOM.normal(size=(6, 5))
    w, b = (torch.tensor(p.data, requires_grad=True) for p in layer.parameters())
    t = torch.tensor(x, requires_grad=True)
    z = Tensor(x, requires_grad=True)
    out, expected = layer(z), F.linear(t, w, b).reshape(6, 3, 4).amax(-1)
    np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), rtol=1e-12)
    (out * out).sum().backward()
    (expected * expected).sum().backward()
    for mine, other in ((z, t), (layer.linear.weight, w), (layer.linear.bias, b)):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), rtol=1e-10, atol=1e-13)
    assert {name: p.shape for name, p in layer.named_parameters()} == {
        "linear.weight": (12, 5),
        "linear.bias": (12,),
    }


def test_maxout_with_a_zero_piece_is_relu():
    x = RANDOM.normal(size=(9, 4))
    layer, plain = nn.Maxout(4, 3).double(), nn.Linear(4, 3).double()
    layer.linear.weight.data[:], layer.linear.bias.data[:] = 0, 0
    layer.linear.weight.data[::2], layer.linear.bias.data[::2] = plain.weight.data, plain.bias.data
    np.testing.assert_array_equal(layer(x).numpy(), nn.functional.relu(plain(x)).numpy())


def test_maxout_is_convex():
    layer = nn.Maxout(3, 20, pieces=3).double()
    x, y = RANDOM.normal(size=(2, 50, 3))
    middle = layer((x + y) / 2).numpy()
    ends = (layer(x).numpy() + layer(y).numpy()) / 2
    assert np.all(middle <= ends + 1e-12)
    assert np.any(middle < ends - 1e-3)


# --- errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: activations.gelu(x, "erf"), r"gelu: \(2, 3\): approximate is 'erf'; choose"),
        (lambda x: activations.prelu(x, np.ones(2)), r"\(2,\) .*: expected one weight or 3"),
        (lambda x: activations.prelu(x, np.ones((1, 3))), "expected one weight or 3"),
        (lambda x: activations.softplus(x, beta=0), "beta is 0; expected a positive number"),
        (lambda x: activations.maxout(x, pieces=2), r"maxout: \(2, 3\): 3 values cannot be cut"),
        (lambda x: activations.maxout(x, pieces=0), "into groups of 0"),
        (lambda x: activations.maxout(np.array(1.0), pieces=1), "1 values cannot be cut"),
        (lambda x: activations.softmax(x, 2), r"softmax: \(2, 3\): axis 2 is out of bounds"),
        (lambda x: nn.Maxout(3, 2, 0), "pieces is 0; expected at least 1"),
    ],
)
def test_errors_name_the_value_and_the_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.ones((2, 3)))


def test_softmax_asks_for_its_axis():
    for function in (activations.softmax, activations.log_softmax, nn.Softmax, nn.LogSoftmax):
        assert inspect.signature(function).parameters["dim"].default is inspect.Parameter.empty
    with pytest.raises(TypeError, match="dim"):
        activations.softmax(np.ones(3))
