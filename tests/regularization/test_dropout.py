"""Dropout: moments in closed form, torch on the same draws, and the sum over all masks."""

from itertools import product

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.activations import SELU_ALPHA, SELU_SCALE, softmax
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor
from companion.nn import functional as F
from companion.regularization.dropout import PlainDropout, random_scale

LAYERS = [nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout, PlainDropout]
INPUTS = {nn.Dropout1d: (4, 3, 5), nn.Dropout2d: (4, 3, 2, 2)}


def input_of(layer, dtype=np.float64):
    return np.random.default_rng(5).normal(size=INPUTS.get(layer, (4, 6))).astype(dtype)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_share_mean_and_variance_of_the_scale(p):
    """The scale is 1/(1 - p) times a coin: mean 1, variance p/(1 - p)."""
    manual_seed(3)
    n = 10**6
    scale = random_scale((n,), p, np.float64)
    assert set(np.unique(scale)) == {0.0, 1 / (1 - p)}
    deviation = (p * (1 - p) / n) ** 0.5
    assert abs(np.mean(scale == 0) - p) < 5 * deviation
    assert abs(scale.mean() - 1) < 5 * (p / (1 - p) / n) ** 0.5
    np.testing.assert_allclose(scale.var(), p / (1 - p), rtol=0.01)


def test_draws_are_independent_from_entry_to_entry_and_call_to_call():
    manual_seed(1)
    first, second = (random_scale((300, 400), 0.5) > 0 for _ in range(2))
    pairs = [(first[1:], first[:-1]), (first[:, 1:], first[:, :-1]), (first, second)]
    for one, other in pairs:
        assert abs(np.mean(one == other) - 0.5) < 5 * 0.5 / one.size**0.5


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_type_shape_and_repeatability(layer, dtype):
    x, made = input_of(layer, dtype), layer(0.4)
    outs = []
    for _ in range(2):
        manual_seed(6)
        outs.append(made(Tensor(x)).numpy())
    assert outs[0].dtype == dtype
    assert outs[0].shape == x.shape
    np.testing.assert_array_equal(*outs)
    assert np.any(made(Tensor(x)).numpy() != outs[0])


@pytest.mark.parametrize("layer", [nn.Dropout, nn.Dropout1d, nn.Dropout2d])
def test_training_equals_torch_s_product_with_the_mask_found_in_the_output(layer):
    manual_seed(2)
    x = Tensor(input_of(layer), requires_grad=True)
    out = layer(0.5)(x)
    scale = torch.tensor(np.where(out.numpy() == 0, 0.0, 2.0))
    theirs = torch.tensor(x.data, requires_grad=True)
    expected = theirs * scale
    np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), rtol=1e-10)
    direction = np.random.default_rng(1).normal(size=x.shape)
    out.backward(direction)
    expected.backward(torch.tensor(direction))
    np.testing.assert_allclose(x.grad, theirs.grad.numpy(), rtol=1e-10)


@pytest.mark.parametrize(
    ("layer", "shape"), [(nn.Dropout1d, (50, 30, 7)), (nn.Dropout2d, (50, 30, 3, 4))]
)
def test_channels_go_as_a_whole(layer, shape):
    manual_seed(4)
    out = layer(0.3)(Tensor(np.ones(shape))).numpy().reshape(50, 30, -1)
    assert np.all(out == out[:, :, :1])
    assert abs(np.mean(out == 0) - 0.3) < 5 * (0.21 / 1500) ** 0.5


@pytest.mark.parametrize("layer", [nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout])
def test_evaluation_returns_the_input(layer):
    x = Tensor(input_of(layer))
    assert layer(0.7).eval()(x) is x


@pytest.mark.parametrize("layer", LAYERS)
def test_nothing_and_everything_dropped(layer):
    x = Tensor(input_of(layer), requires_grad=True)
    np.testing.assert_array_equal(layer(0.0)(x).numpy(), x.data)
    out = layer(1.0)(x)
    out.backward(np.ones(x.shape))
    assert not out.numpy().any()
    assert not x.grad.any()


def test_plain_dropout_scales_by_the_keep_probability_when_it_is_evaluated():
    manual_seed(8)
    x = input_of(PlainDropout)
    layer = PlainDropout(0.2)
    out = layer(Tensor(x)).numpy()
    assert np.all((out == x) | (out == 0))
    np.testing.assert_allclose(layer.eval()(x).numpy(), 0.8 * x, rtol=1e-15)
    mean = np.mean([layer.train()(x).numpy() for _ in range(20_000)], axis=0)
    within = 5 * np.abs(x) * (0.16 / 20_000) ** 0.5
    assert np.all(np.abs(mean - layer.eval()(x).numpy()) < within)


def test_alpha_dropout_keeps_mean_and_variance():
    """Closed form over the two outcomes of one entry, and a sample of many."""
    manual_seed(5)
    x = np.random.default_rng(2).normal(size=400_000)
    out = F.alpha_dropout(x, 0.25, training=True).numpy()
    assert abs(out.mean()) < 0.01
    np.testing.assert_allclose(out.var(), 1, rtol=0.02)
    limit = -SELU_ALPHA * SELU_SCALE
    spread = 0.75 * 1 + 0.25 * limit**2 - (0.25 * limit) ** 2
    dropped = (limit - 0.25 * limit) / spread**0.5
    assert abs(np.mean(np.isclose(out, dropped)) - 0.25) < 0.005


def masks(n, p):
    """Every mask of n units, and its probability."""
    for mask in product([0, 1], repeat=n):
        kept = sum(mask)
        yield np.array(mask), (1 - p) ** kept * p ** (n - kept)


@pytest.mark.parametrize("p", [0.3, 0.5])
def test_the_scaled_softmax_is_the_geometric_mean_over_all_masks(p):
    """Of one layer after dropout, as the page on measurements proves: exact, for any weights."""
    rng = np.random.default_rng(7)
    h, W, b = rng.normal(size=8), rng.normal(size=(4, 8)) * 2, rng.normal(size=4)
    logs = 0
    for mask, weight in masks(8, p):
        scores = torch.tensor(W @ (h * mask / (1 - p)) + b)
        logs = logs + weight * torch.log_softmax(scores, 0).numpy()
    geometric = torch.softmax(torch.tensor(logs), 0).numpy()
    np.testing.assert_allclose(softmax(W @ h + b, dim=0).numpy(), geometric, rtol=1e-12)


def test_squared_error_of_a_line_with_dropout_is_a_penalty_on_the_weights():
    """Mean over all masks = squared error + p/(1 - p) Σ x² w², by summing over them."""
    rng = np.random.default_rng(9)
    x, w, y, p = rng.normal(size=7), rng.normal(size=7), 0.4, 0.35
    mean = sum(weight * (y - w @ (x * mask / (1 - p))) ** 2 for mask, weight in masks(7, p))
    np.testing.assert_allclose(mean, (y - w @ x) ** 2 + p / (1 - p) * np.sum((x * w) ** 2))


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_a_p_that_is_no_probability_is_named(layer, p):
    with pytest.raises(ValueError, match=rf"{layer.__name__}: p is {p}; expected a probability"):
        layer(p)


@pytest.mark.parametrize("name", ["dropout", "dropout1d", "dropout2d", "alpha_dropout"])
def test_functions_check_p_in_evaluation_too(name):
    x = np.ones((2, 2, 2) if name == "dropout1d" else (2, 2, 2, 2))
    with pytest.raises(ValueError, match=f"{name}: p is 2; expected"):
        getattr(F, name)(x, 2, training=False)


def test_wrong_axes_are_named():
    told = r"dropout1d: got .*, expected \(N, C, L\) or \(C, L\)"
    for shape in ((4,), (2, 3, 4, 5)):
        with pytest.raises(ValueError, match=told):
            nn.Dropout1d()(Tensor(np.ones(shape)))
    for shape in ((4, 2), (3, 4, 5), (1, 2, 3, 4, 5)):
        with pytest.raises(ValueError, match=r"dropout2d: got .*, expected \(N, C, H, W\)"):
            nn.Dropout2d()(Tensor(np.ones(shape)))


def test_whole_numbers_are_refused():
    with pytest.raises(TypeError, match="dropout: got int64; scale the input"):
        nn.Dropout()(np.arange(4))


def test_empty_inputs_and_values_that_are_not_finite():
    assert nn.Dropout()(Tensor(np.ones((0, 3)))).shape == (0, 3)
    manual_seed(0)
    out = nn.Dropout(0.5)(Tensor(np.full(100, np.nan))).numpy()
    assert np.isnan(out).all()  # 0 times NaN is NaN, as in torch: a fault is not hidden


def test_a_layer_tells_its_probability():
    assert repr(nn.Dropout2d(0.3)) == "Dropout2d(p=0.3)"
