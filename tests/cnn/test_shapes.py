"""The shapes worked out are those that torch's and our layers give when they run."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import nn
from companion.cnn.networks.combining import added, joined
from companion.cnn.shapes import shapes

ENGINES = {"companion": nn, "torch": torch.nn}


def run(model, size):
    """The shape that comes out when the model runs."""
    x = np.zeros((2, *size), np.float32)
    out = model(torch.tensor(x) if isinstance(model, torch.nn.Module) else x)
    if 0 in out.shape:
        raise ValueError("nothing is left")
    return tuple(out.shape[1:])


def lenet(nn, inputs=400):
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Sequential(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        nn.Flatten(),
        nn.Linear(inputs, 10),
    )


def everything(nn):
    branch = nn.Sequential(nn.Conv2d(8, 8, 3, padding="same", dilation=2), nn.GELU())
    return nn.Sequential(
        nn.Conv2d(3, 8, (3, 5), 2, 1, groups=1, bias=False),
        nn.BatchNorm2d(8),
        added(nn, nn.Identity(), branch),
        joined(nn, nn.Conv2d(8, 4, 1), nn.MaxPool2d(3, 1, 1), nn.Dropout(0.5)),
        nn.AvgPool2d(3, 2, ceil_mode=True),
        nn.ConvTranspose2d(20, 5, 3, 2, 1, 1),
        nn.Upsample(scale_factor=1.5),
        nn.GroupNorm(5, 5),
        nn.AdaptiveAvgPool2d(3),
        nn.Flatten(),
        nn.Linear(45, 7),
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_of_a_classic(engine):
    rows = shapes(lenet(ENGINES[engine]), (1, 28, 28))
    assert [r.shape for r in rows if "Pool" in r.layer] == [(6, 14, 14), (16, 5, 5)]
    assert [r.name for r in rows] == ["", "0.0", "0.1", "0.2", "1.0", "1.1", "1.2", "2", "3"]
    assert rows[1].formula == "⌊(28 + 2·2 − 5)/1⌋ + 1 = 28"
    assert rows[-2].formula == "16 · 5 · 5 = 400"
    assert rows[-1].shape == run(lenet(ENGINES[engine]), (1, 28, 28))
    assert "6 × 14 × 14" in repr(rows)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("size", [(3, 31, 20), (3, 12, 9)])
def test_every_row_is_what_torch_gives(engine, size):
    rows = {row.name: row.shape for row in shapes(everything(ENGINES[engine]), size)}
    seen, model = {}, everything(torch.nn).eval()
    for name, module in model.named_modules():
        module.register_forward_hook(
            lambda m, i, out, name=name: seen.update({name: tuple(out.shape[1:])})
        )
    run(model, size)
    assert rows.items() <= seen.items() | {("", size)}


@settings(max_examples=100, deadline=None)
@given(
    *(st.integers(*span) for span in ((1, 25), (1, 5), (1, 4), (0, 2), (1, 3), (0, 1))),
    st.sampled_from(["Conv1d", "Conv2d", "MaxPool2d", "AvgPool1d", "ConvTranspose1d"]),
)
def test_single_layers_of_all_options(n, k, s, p, d, ceil, kind):
    p, axes = min(p, k // 2), int(kind[-2])
    options = {"padding": p, "stride": s}
    if "Pool" in kind:
        args, options = (k,), options | {"ceil_mode": bool(ceil)}
    else:
        args, options = (2, 3, k), options | {"dilation": d}
    size = (2, n, n + 2)[: axes + 1]
    for engine in ENGINES.values():
        layer = getattr(engine, kind)(*args, **options)
        try:
            out = run(layer, size)
        except (ValueError, RuntimeError):
            with pytest.raises(ValueError, match="shapes: "):
                shapes(engine.Sequential(layer), size)
        else:
            assert shapes(layer, size)[-1].shape == out


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("make", "size", "told"),
    [
        (
            lambda nn: lenet(nn),
            (1, 32, 32),
            r"3 (Linear) gets 576 numbers and expects 400; make it Linear(576, 10); "
            "as it is, it fits inputs of 28 to 31 pixels a side",
        ),
        (lambda nn: lenet(nn), (3, 28, 28), "0.0 (Conv2d) gets 3 channels and expects 1; make its"),
        (
            lambda nn: lenet(nn),
            (1, 8, 8),
            "1.0 (Conv2d) gets 4 × 4, 4 with its border, but its kernel reaches over 5; a kernel "
            "of at most 4 would fit, or a padding of at least 1",
        ),
        (lambda nn: nn.Linear(9, 2), (1, 3, 3), "put Flatten before it"),
        (lambda nn: nn.BatchNorm2d(4), (3, 5, 5), "gets 3 channels and expects 4"),
        (
            lambda nn: added(nn, nn.Identity(), nn.Conv2d(2, 2, 3, 2, 1)),
            (2, 8, 8),
            "(Added): branches give (2, 8, 8) and (2, 4, 4)",
        ),
        (
            lambda nn: joined(nn, nn.Conv2d(2, 2, 3), nn.Conv2d(2, 2, 1)),
            (2, 8, 8),
            "(Joined): branches give images of 6 × 6, 8 × 8; they need one size",
        ),
        (lambda nn: nn.Conv2d(2, 2, 3), (2, 8), "expects 3 axes"),
        (lambda nn: nn.ConvTranspose2d(1, 1, 2, padding=3), (1, 2, 2), "take less padding"),
        (lambda nn: nn.Sequential(nn.Unfold(3)), (1, 8, 8), "0 (Unfold) is not known"),
    ],
)
def test_an_error_names_layer_size_and_remedy(engine, make, size, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        shapes(make(ENGINES[engine]), size)


def test_one_size_alone_may_fit_and_images_that_are_no_squares_get_no_advice():
    model = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Flatten(), nn.Linear(16, 2))
    with pytest.raises(ValueError, match="it fits inputs of 6 pixels a side"):
        shapes(model, (1, 9, 9))
    with pytest.raises(ValueError, match=r"make it Linear\(14, 2\)$"):
        shapes(model, (1, 9, 4))


def test_what_keeps_the_shape_in_torch():
    T = torch.nn
    layers = [T.LocalResponseNorm(2), T.InstanceNorm2d(4), T.Hardswish(), T.Softmax(1)]
    layers += [T.AdaptiveMaxPool2d((2, None)), T.Flatten(2), T.Upsample(size=5, mode="linear")]
    rows = shapes(T.Sequential(*layers), (4, 6, 7))
    assert [row.shape for row in rows][-3:] == [(4, 2, 7), (4, 14), (4, 5)]
    with pytest.raises(ValueError, match="mix images"):
        shapes(T.Flatten(0), (4, 6))
