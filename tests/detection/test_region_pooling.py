"""Pooling of regions: torch's adaptive pooling and grid sampling say the same, in both engines."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.detection.regions.pooling import between, cells_of, roi_align, roi_pool
from companion.gradients.tensor import Tensor

F = torch.nn.functional


@st.composite
def calls(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    features = rng.normal(size=(draw(st.integers(1, 3)), 2, *rng.integers(1, 8, size=2)))
    count, stride = draw(st.integers(1, 4)), draw(st.sampled_from([1, 4, 8]))
    wide, high = features.shape[3] * stride, features.shape[2] * stride
    corners = rng.uniform(0, 1, size=(count, 2, 2)) * [wide, high]
    boxes = np.sort(corners, axis=1).reshape(count, 4)
    owners = rng.integers(len(features), size=count)
    return features, boxes, owners, draw(st.integers(1, 4)), 1 / stride


def aligned_by_grid_sample(features, boxes, owners, size, scale, samples):
    """The same with torch's grid_sample, whose places go from −1 to 1 between the outer edges."""
    out = []
    high, wide = features.shape[2:]
    share = (torch.arange(size * samples, dtype=torch.float64) + 0.5) / (size * samples)
    for (x1, y1, x2, y2), n in zip(boxes * scale, owners, strict=True):
        y, x = torch.meshgrid(y1 + share * (y2 - y1), x1 + share * (x2 - x1), indexing="ij")
        grid = torch.stack([2 * x / wide - 1, 2 * y / high - 1], dim=2)[None].to(features.dtype)
        read = F.grid_sample(
            features[n : n + 1], grid, padding_mode="border", align_corners=False
        )
        out.append(F.avg_pool2d(read, samples)[0])
    return torch.stack(out)


def pooled_by_torch(features, boxes, owners, size, scale):
    out = []
    for (x1, y1, x2, y2), n in zip(cells_of(boxes, features.shape[2:], scale), owners, strict=True):
        out.append(F.adaptive_max_pool2d(features[n, :, y1:y2, x1:x2], size))
    return torch.stack(out)


def with_gradient(function, features):
    out = function(features)
    weights = np.random.default_rng(1).normal(size=tuple(out.shape))
    if isinstance(features, Tensor):
        out.backward(weights)
        return out.numpy(), features.grad
    out.backward(torch.from_numpy(weights))
    return out.detach().numpy(), features.grad.numpy()


def agree(ours, theirs, values):
    expected = with_gradient(theirs, torch.from_numpy(values).requires_grad_())
    for features in (Tensor(values, requires_grad=True), torch.from_numpy(values).requires_grad_()):
        for got, want in zip(with_gradient(ours, features), expected, strict=True):
            np.testing.assert_allclose(got, want, atol=1e-6)


@settings(deadline=None, max_examples=60)
@given(calls(), st.integers(1, 3))
def test_align_is_grid_sampling(call, samples):
    features, *others = call
    agree(
        lambda x: roi_align(x, *others, samples),
        lambda x: aligned_by_grid_sample(x, *others, samples),
        features,
    )


@settings(deadline=None, max_examples=60)
@given(calls())
def test_pool_is_adaptive_pooling_of_whole_cells(call):
    features, *others = call
    agree(lambda x: roi_pool(x, *others), lambda x: pooled_by_torch(x, *others), features)


def test_by_hand():
    """The chapter's example: a ramp along x, cells of 8 pixels, a box from 10 to 34."""
    ramp = np.tile(np.arange(8.0), (1, 1, 8, 1))
    box = [[10, 10, 34, 34]]
    # To cells 1 (1.25) and 4 (4.25): cells 1, 2, 3; two bins, which share the middle one.
    assert cells_of(np.array(box), (8, 8), 1 / 8).tolist() == [[1, 1, 4, 4]]
    np.testing.assert_allclose(roi_pool(ramp, box, [0], 2, 1 / 8).numpy()[0, 0], [[2, 3], [2, 3]])
    # Bins from 1.25 to 2.75 and on to 4.25; the value at place t is t − 0.5.
    np.testing.assert_allclose(
        roi_align(ramp, box, [0], 2, 1 / 8).numpy()[0, 0], [[1.5, 3], [1.5, 3]]
    )


def test_rounding_and_the_least_cell():
    boxes = np.array([[3.9, 4, 12, 11.9], [0, 0, 0, 0], [90, 90, 99, 99], [-50, -50, -40, 200]])
    expected = [[0, 1, 2, 1 + 0 + 1], [0, 0, 1, 1], [7, 7, 8, 8], [0, 0, 1, 8]]
    expected[0] = [0, 1, 2, 2]  # 0.49 → 0, 0.5 → 1, 1.5 → 2, 1.49 → 1, but one cell is left
    assert cells_of(boxes, (8, 8), 1 / 8).tolist() == expected


def test_weights_add_up_inside_and_vanish_far_outside():
    weights = between([0, 3, 3], [64, 3, 5.5], 8, 5, 1 / 8)
    np.testing.assert_allclose(weights.sum(axis=2), 1)
    assert not between([100], [120], 8, 5, 1 / 8).any()
    # More than half a cell beyond the outer edge counts as nothing, less as the outer cell.
    np.testing.assert_allclose(between([-3.9], [-3.9], 8, 1, 1 / 8), [[[1, 0, 0, 0, 0, 0, 0, 0]]])
    assert not between([-4.1], [-4.1], 8, 1, 1 / 8).any()


def test_align_moves_with_the_box_and_pool_does_not():
    ramp = np.tile(np.arange(8.0), (1, 1, 8, 1))
    moved = [[[10 + d, 10, 34 + d, 34]] for d in (0, 1)]
    aligned = [roi_align(ramp, box, [0], 2, 1 / 8).numpy() for box in moved]
    pooled = [roi_pool(ramp, box, [0], 2, 1 / 8).numpy() for box in moved]
    np.testing.assert_allclose(aligned[1] - aligned[0], 1 / 8)
    np.testing.assert_array_equal(*pooled)


def test_nan_spreads_to_its_own_regions_only():
    features = np.zeros((2, 1, 4, 4))
    features[0] = np.nan
    for pool in (roi_pool, roi_align):
        out = pool(features, [[0, 0, 4, 4]] * 2, [0, 1], 2, 1.0).numpy()
        assert np.isnan(out[0]).all()
        assert not out[1].any()


@pytest.mark.parametrize("pool", [roi_pool, roi_align])
def test_no_regions(pool):
    features = np.zeros((2, 3, 4, 4))
    for one in (features, Tensor(features), torch.from_numpy(features)):
        assert tuple(pool(one, [], [], 2, 1.0).shape) == (0, 3, 2, 2)


@pytest.mark.parametrize("pool", [roi_pool, roi_align])
def test_bad_input(pool):
    features = np.zeros((2, 1, 4, 4))
    for arguments, says in (
        ((features, [[0, 0, 1, 1]], [2], 2, 1.0), "no image 2 among 2"),
        ((features, [[0, 0, 1, 1]], [0, 1], 2, 1.0), "2 owners for 1 boxes"),
        ((features[0], [[0, 0, 1, 1]], [0], 2, 1.0), r"expected \(N, C, H, W\)"),
        ((features, [[0, 0, 1, 1]], [0], 0, 1.0), "above 0"),
        ((features, [[0, 0, 1, 1]], [0], 2, 0.0), "above 0"),
        ((features, [[2, 0, 1, 1]], [0], 2, 1.0), "second corner"),
        ((features, [[np.nan, 0, 1, 1]], [0], 2, 1.0), "not finite"),
    ):
        with pytest.raises(ValueError, match=says):
            pool(*arguments)
    with pytest.raises(ValueError, match="0 samples"):
        roi_align(features, [[0, 0, 1, 1]], [0], 2, 1.0, samples=0)
