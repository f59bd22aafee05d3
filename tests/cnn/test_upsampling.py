"""Enlarging without weights is torch's, in all modes, up and down."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.cnn.upsampling import MODES, interpolate
from companion.gradients.tensor import Tensor
from tests.parity.agreement import agree

rng = np.random.default_rng(2)


@st.composite
def calls(draw):
    mode = draw(st.sampled_from([*MODES]))
    axes = draw(st.sampled_from(MODES[mode]))
    size = [draw(st.integers(1, 6)) for _ in range(axes)]
    x = rng.normal(size=(2, draw(st.integers(1, 2)), *size))
    options = {"mode": mode}
    if mode != "nearest":
        options["align_corners"] = draw(st.sampled_from([None, False, True]))
    if draw(st.booleans()):
        options["size"] = tuple(draw(st.integers(1, 13)) for _ in range(axes))
    else:
        # Not 2.25: it makes 4 pixels of 2, and there torch goes by the size in two dimensions and
        # by the scale in one and three, so that no single rule is torch's.
        factor = st.sampled_from([1, 1.5, 2, 2.5, 3, 4])
        options["scale_factor"] = tuple(draw(factor) for _ in range(axes))
    return x, options


@settings(max_examples=150, deadline=None)
@given(calls())
@pytest.mark.filterwarnings("ignore:The default behavior")
def test_all_modes_are_torch_s(call):
    x, options = call
    F = torch.nn.functional
    agree(lambda t: interpolate(t, **options), lambda t: F.interpolate(t, **options), x)


def test_constants_stay_and_what_is_not_finite_spreads_no_farther_than_needed():
    ones = interpolate(np.ones((1, 1, 3, 4)), scale_factor=2.5, mode="bilinear").numpy()
    np.testing.assert_allclose(ones, 1, rtol=1e-15)
    x = np.zeros((1, 1, 1, 4))
    x[..., 0] = np.inf
    out = interpolate(Tensor(x), scale_factor=2).numpy()
    np.testing.assert_array_equal(np.isinf(out[0, 0, 0]), [1, 1, 0, 0, 0, 0, 0, 0])


def test_no_images_float32_and_views():
    assert interpolate(np.ones((0, 2, 3, 3)), scale_factor=2).shape == (0, 2, 6, 6)
    for mode in ("nearest", "bilinear"):
        x = np.ones((1, 2, 3, 3), np.float32)
        assert interpolate(x, size=7, mode=mode).dtype == np.float32
        agree(
            lambda t, mode=mode: interpolate(t, size=(4, 9), mode=mode),
            lambda t, mode=mode: torch.nn.functional.interpolate(t, size=(4, 9), mode=mode),
            rng.normal(size=(4, 3, 2, 2)).transpose(3, 2, 0, 1)[..., ::-1].copy(),
        )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"scale_factor": 2, "mode": "linear"}, r"choose from \['nearest', 'bilinear'\]"),
        ({}, "either size or scale_factor"),
        ({"size": 3, "scale_factor": 2}, "either size or scale_factor"),
        ({"size": 3, "align_corners": True}, "leave it out"),
        ({"size": (3, 3, 3)}, "has 3 numbers; expected 1 or 2"),
        ({"scale_factor": 0.1}, "at least one pixel"),
    ],
)
def test_an_error_says_what_is_wrong(options, told):
    with pytest.raises(ValueError, match=f"interpolate: .*{told}"):
        interpolate(np.ones((1, 1, 3, 3)), **options)
