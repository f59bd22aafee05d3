"""Grids and rounding, against torch's quantizers and closed forms."""

import numpy as np
import pytest
import torch
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays

from companion import nn
from companion.cnn.compressing.quantization import (
    Grid,
    dequantize,
    grid_for,
    observed,
    quantize,
    round_weights_,
    rounded,
    weight_grid,
)
from companion.experiments.cnn.trained_reader import trained_reader

pytestmark = [
    pytest.mark.reads("companion/experiments/cnn/trained_reader.npz"),
    pytest.mark.filterwarnings("ignore:.*quantize_per_"),
]


def numbers(seed, *shape, scale=1.0):
    return (np.random.default_rng(seed).normal(size=shape) * scale).astype(np.float32)


# --- grids -----------------------------------------------------------------------------------


def test_the_example_of_the_chapter():
    grid = grid_for(-0.5, 1.0, bits=4)
    assert grid.scale == pytest.approx(0.1)
    assert (grid.zero_point, grid.low, grid.high) == (5, 0, 15)
    np.testing.assert_array_equal(quantize([0.33, 0.0, -0.5, 1.4], grid), [8, 5, 0, 15])
    np.testing.assert_allclose(rounded([0.33, 1.4], grid), [0.3, 1.0], rtol=1e-6)


@pytest.mark.parametrize("ends", [(-0.7, 2.4), (0.2, 3.0), (-4.0, -1.0), (-1e-3, 1e4)])
def test_scale_and_zero_point_are_torchs(ends):
    observer = torch.ao.quantization.MinMaxObserver(dtype=torch.quint8)
    observer(torch.tensor(ends))
    scale, zero = observer.calculate_qparams()
    grid = grid_for(*ends)
    np.testing.assert_allclose(grid.scale, scale.item(), rtol=1e-6)
    assert grid.zero_point == zero.item()


@given(strategies.floats(-1e6, 1e6), strategies.floats(-1e6, 1e6), strategies.integers(2, 16))
def test_zero_is_met_exactly_and_ends_nearly(a, b, bits):
    low, high = sorted((a, b))
    for symmetric in (False, True):
        grid = grid_for(low, high, bits, symmetric=symmetric)
        assert dequantize(quantize(0.0, grid), grid) == 0
        for end in (min(low, 0), max(high, 0)):
            assert abs(rounded(end, grid) - end) <= grid.scale * 0.501 + 1e-6 * abs(end)


def test_symmetric_grids_have_as_many_points_on_either_side():
    grid = grid_for(-0.3, 0.7, bits=4, symmetric=True)
    assert (grid.zero_point, grid.low, grid.high, grid.dtype) == (0, -7, 7, np.int8)
    assert grid.scale == pytest.approx(0.1)


def test_a_range_of_nothing_but_zero():
    for symmetric in (False, True):
        grid = grid_for(0, 0, symmetric=symmetric)
        assert grid.scale == 1
        assert rounded(np.zeros(3), grid).tolist() == [0, 0, 0]


def test_types_hold_all_whole_numbers():
    for bits in range(2, 17):
        for symmetric in (False, True):
            grid = grid_for(-1, 1, bits, symmetric=symmetric)
            info = np.iinfo(grid.dtype)
            assert info.min <= grid.low < grid.high <= info.max
            assert quantize([-9, 9], grid).tolist() == [grid.low, grid.high]


@pytest.mark.parametrize("bits", [1, 17, 0, -3])
def test_bits_out_of_range(bits):
    with pytest.raises(ValueError, match=f"{bits} bits; choose 2 to 16"):
        grid_for(0, 1, bits)


@pytest.mark.parametrize("ends", [(1, 0), (np.nan, 1), (0, np.inf), ([0, 2], [1, 1])])
def test_ranges_that_are_none(ends):
    with pytest.raises(ValueError, match="both must be finite"):
        grid_for(*ends)


# --- rounding --------------------------------------------------------------------------------


@pytest.mark.parametrize("symmetric", [False, True])
def test_whole_numbers_are_torchs(symmetric):
    x = numbers(0, 7, 50, scale=3)
    grid = grid_for(-2.0, 4.0, symmetric=symmetric)
    # A scale that float32 holds, so that both divide by the same number.
    grid = grid._replace(scale=float(np.float32(grid.scale)))
    kind = torch.qint8 if symmetric else torch.quint8
    expected = torch.quantize_per_tensor(torch.from_numpy(x), grid.scale, grid.zero_point, kind)
    whole = expected.int_repr().numpy().clip(grid.low, grid.high)  # torch also uses -128
    assert np.abs(quantize(x, grid).astype(int) - whole).max() <= 1
    assert np.mean(quantize(x, grid) == whole) > 0.99  # torch multiplies by 1 / scale


@given(
    arrays.arrays(np.float32, (4, 3), elements=strategies.floats(-50, 50, width=32)),
    strategies.integers(2, 16),
)
def test_no_number_moves_by_more_than_half_a_step(x, bits):
    grid = grid_for(*observed(x), bits)
    assert np.abs(rounded(x, grid) - x).max() <= 0.501 * grid.scale + 1e-5
    np.testing.assert_array_equal(rounded(rounded(x, grid), grid), rounded(x, grid))


def test_what_lies_beyond_goes_to_the_ends():
    grid = grid_for(-1, 1)
    assert quantize([-np.inf, -5, 5, np.inf], grid).tolist() == [0, 0, 255, 255]
    with pytest.raises(ValueError, match="NaN among the numbers"):
        quantize([0.1, np.nan], grid)


def test_empty_arrays():
    assert quantize(np.zeros((0, 3)), grid_for(0, 1)).shape == (0, 3)
    with pytest.raises(ValueError, match="0 numbers"):
        observed([])


def test_percentiles_cut_both_ends():
    x = np.arange(1001.0)
    assert observed(x) == (0, 1000)
    assert observed(x, 99) == pytest.approx((10, 990))
    for bad in (50, 101):
        with pytest.raises(ValueError, match=f"percentile {bad}"):
            observed(x, bad)


# --- weights ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(6, 5), (6, 3, 3, 3)])
def test_one_scale_a_channel_is_torchs(shape):
    W = numbers(1, *shape) * np.geomspace(0.01, 10, 6).reshape(-1, *[1] * (len(shape) - 1))
    W = W.astype(np.float32)
    grid = weight_grid(W)
    assert grid.scale.shape == (6, *[1] * (len(shape) - 1))
    observer = torch.ao.quantization.PerChannelMinMaxObserver(
        dtype=torch.qint8, qscheme=torch.per_channel_symmetric, quant_min=-127, quant_max=127
    )
    observer(torch.from_numpy(W))
    scale, zero = observer.calculate_qparams()
    np.testing.assert_allclose(grid.scale.ravel(), scale, rtol=1e-6)
    expected = torch.fake_quantize_per_channel_affine(
        torch.from_numpy(W), scale, zero.int(), 0, -127, 127
    )
    np.testing.assert_allclose(rounded(W, grid), expected, atol=1e-6)


def test_one_scale_for_all_is_ruled_by_the_largest():
    W = np.array([[0.1, -0.2], [12.7, 1.0]], np.float32)
    assert weight_grid(W, per_channel=False).scale == pytest.approx(0.1)
    np.testing.assert_allclose(weight_grid(W).scale.ravel(), [0.2 / 127, 0.1], rtol=1e-6)


def test_a_factor_for_each_channel_goes_through_a_grid_for_each():
    """What folding does to weights makes no difference to grids per channel."""
    W, factor = numbers(2, 5, 4), np.array([0.25, -8, 1, 64, -0.5], np.float32)[:, None]
    np.testing.assert_array_equal(
        rounded(factor * W, weight_grid(factor * W, 4)), factor * rounded(W, weight_grid(W, 4))
    )


def test_a_channel_of_zeros():
    W = np.array([[0, 0], [1, 2]], np.float32)
    np.testing.assert_allclose(rounded(W, weight_grid(W)), [[0, 0], [1, 2]], atol=0.01)


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["own", "torch"])
@pytest.mark.parametrize("per_channel", [False, True])
def test_weights_of_a_network(engine, per_channel):
    network, before = trained_reader(engine), trained_reader(nn).state_dict()
    assert round_weights_(network, 3, per_channel=per_channel) is network
    after = {name: np.asarray(value) for name, value in network.state_dict().items()}
    assert after.keys() == before.keys()
    for name, value in after.items():
        if value.ndim < 2:
            np.testing.assert_array_equal(value, before[name])
            continue
        groups = value.reshape(len(value), -1) if per_channel else value.reshape(1, -1)
        assert max(len(np.unique(group)) for group in groups) <= 7  # -3 to 3
        assert value.dtype == np.float32
        expected = rounded(before[name], weight_grid(before[name], 3, per_channel=per_channel))
        np.testing.assert_array_equal(value, expected)


def test_grid_is_a_plain_tuple():
    assert Grid(0.5, 3) == (0.5, 3, 8, False)
