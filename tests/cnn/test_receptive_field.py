"""Receptive fields against the gradient of one output pixel, published ones, and closed forms."""

from math import inf

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.field_by_gradient import field_by_gradient
from companion.cnn.networks.combining import added, joined
from companion.cnn.networks.efficientnet_lite import efficientnet_lite0
from companion.cnn.receptive_field import Fields, receptive_field

SIZE = 40
MODELS = {
    "one": lambda nn: nn.Sequential(nn.Conv2d(2, 3, 3)),
    "padding": lambda nn: nn.Sequential(nn.Conv2d(2, 3, 5, padding=2), nn.Conv2d(3, 2, 3)),
    "strides": lambda nn: nn.Sequential(
        nn.Conv2d(2, 3, 5, stride=2, padding=1), nn.ReLU(), nn.Conv2d(3, 3, 3, stride=2)
    ),
    "pooling": lambda nn: nn.Sequential(
        nn.Conv2d(2, 3, 3), nn.MaxPool2d(2), nn.Conv2d(3, 3, 3, padding=1), nn.AvgPool2d(3, 2)
    ),
    "overlapping": lambda nn: nn.Sequential(nn.MaxPool2d(3, 2, 1), nn.Conv2d(2, 2, 3)),
    "groups": lambda nn: nn.Sequential(nn.Conv2d(2, 4, 3, groups=2), nn.BatchNorm2d(4), nn.Tanh()),
    "branches": lambda nn: nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1),
        joined(
            nn,
            nn.Conv2d(4, 1, 1),
            nn.Sequential(nn.Conv2d(4, 2, 1), nn.Conv2d(2, 1, 5, padding=2)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(4, 1, 1)),
        ),
        nn.Conv2d(3, 3, 3, stride=2),
    ),
    "shortcuts": lambda nn: nn.Sequential(
        added(
            nn,
            nn.Conv2d(2, 2, 1, stride=2),
            nn.Sequential(
                nn.Conv2d(2, 2, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(2, 2, 3, padding=1)
            ),
        ),
        added(nn, nn.Identity(), nn.Sequential(nn.Conv2d(2, 2, 3, padding=1))),
    ),
    "one-sided branches": lambda nn: nn.Sequential(
        added(nn, nn.Conv2d(2, 1, 3, padding=1), nn.Conv2d(2, 1, 9, padding=4))
    ),
}
HOLES = {
    "same": lambda nn: nn.Sequential(nn.Conv2d(2, 3, 5, padding="same", dilation=2)),
    "two sizes": lambda nn: nn.Sequential(
        nn.Conv2d(2, 3, (1, 5), stride=(2, 1)), nn.ReLU(), nn.Conv2d(3, 2, (3, 2), padding=(1, 0))
    ),
    "dilation": lambda nn: nn.Sequential(nn.Conv2d(2, 2, 3, dilation=3), nn.Conv2d(2, 2, 2)),
    "dilated twice": lambda nn: nn.Sequential(
        nn.Conv2d(2, 2, 3, dilation=2, padding=2), nn.Conv2d(2, 2, 3, dilation=2)
    ),
}


def extent(mask):
    """Slices of the smallest box around the pixels."""
    found = [np.flatnonzero(mask.any(axis=1 - axis)) for axis in (0, 1)]
    return tuple(slice(int(at[0]), int(at[-1]) + 1) for at in found)


def clipped(slices):
    return tuple(slice(s.start, min(s.stop, SIZE)) for s in slices)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("at", [(0, 0), (3, 5), (7, 2)])
def test_it_is_where_the_gradient_is_not_zero(name, at):
    model = MODELS[name](nn)
    mask = field_by_gradient(model, (2, SIZE, SIZE), at)
    box = clipped(receptive_field(model).field.at(*at))
    assert extent(mask) == box
    assert mask[box].all()


@pytest.mark.parametrize("name", HOLES)
@pytest.mark.parametrize("at", [(4, 4), (0, 6)])
def test_dilation_and_long_steps_leave_holes_in_the_extent(name, at):
    model = HOLES[name](nn)
    mask = field_by_gradient(model, (2, SIZE, SIZE), at)
    box = clipped(receptive_field(model).field.at(*at))
    assert extent(mask)[1] == box[1]
    assert not mask[box].all()


def test_a_dilated_kernel_sees_its_entries_only():
    mask = field_by_gradient(nn.Sequential(nn.Conv2d(1, 1, 3, dilation=3)), (1, 9, 9), (1, 1))
    np.testing.assert_array_equal(np.argwhere(mask)[:3], [[1, 1], [1, 4], [1, 7]])
    assert mask.sum() == 9


@pytest.mark.parametrize("seed", range(8))
def test_random_stacks(seed):
    rng = np.random.default_rng(seed)
    layers = []
    for _ in range(3):
        k, s, p = (int(rng.integers(*span)) for span in ((1, 5), (1, 3), (0, 2)))
        layers.append(nn.Conv2d(1, 1, k, s, min(p, k // 2)))
    model = nn.Sequential(*layers)
    at = tuple(n // 2 for n in receptive_field(model, size=SIZE).field.places)
    box = receptive_field(model).field.at(*at)
    mask = field_by_gradient(model, (1, SIZE, SIZE), at)
    box = clipped(box)
    assert extent(mask)[0].stop <= box[0].stop
    reads_all = all(layer.kernel_size >= layer.stride for layer in layers)
    if reads_all:
        assert extent(mask) == box


@pytest.mark.parametrize("name", MODELS | HOLES)
def test_models_of_torch_are_read_alike(name):
    ours, theirs = (receptive_field((MODELS | HOLES)[name](engine)) for engine in (nn, torch.nn))
    assert list(ours) == list(theirs)


@pytest.mark.parametrize("name", MODELS)
def test_places_are_the_shape_of_the_output(name):
    found = receptive_field(MODELS[name](torch.nn), size=SIZE).field.places
    assert found == tuple(MODELS[name](torch.nn)(torch.zeros(1, 2, SIZE, SIZE)).shape[2:])


def test_published_fields():
    """VGG-16: 212 and jump 32; AlexNet: 195 and 32 (Araujo, Norris & Sim, 2019, table 1)."""
    vgg = []
    for times in (2, 2, 3, 3, 3):
        vgg += [torch.nn.Conv2d(1, 1, 3, padding=1) for _ in range(times)]
        vgg.append(torch.nn.MaxPool2d(2))
    alex = [torch.nn.Conv2d(1, 1, 11, 4, 2), torch.nn.MaxPool2d(3, 2)]
    alex += [torch.nn.Conv2d(1, 1, 5, padding=2), torch.nn.MaxPool2d(3, 2)]
    alex += [torch.nn.Conv2d(1, 1, 3, padding=1) for _ in range(3)] + [torch.nn.MaxPool2d(3, 2)]
    for layers, size in ((vgg, 212), (alex, 195)):
        field = receptive_field(torch.nn.Sequential(*layers)).field
        assert field.size == (size, size)
        assert field.jump == (32, 32)


def test_dense_layers_and_averages_over_all_see_everything():
    for last in ([nn.AdaptiveAvgPool2d(1)], [nn.Flatten(), nn.Linear(36, 10), nn.Softmax(1)]):
        model = nn.Sequential(nn.Conv2d(1, 1, 3), *last)
        field = receptive_field(model).field
        assert field.size == (inf, inf)
        assert np.zeros((8, 8))[field.at(0, 0)].shape == (8, 8)
        assert receptive_field(nn.Sequential(*list(model)[:2]), size=8).field.size[0] in (3, 8)


def test_adaptive_windows_of_one_width():
    model = nn.Sequential(nn.Conv2d(1, 1, 3), nn.AdaptiveAvgPool2d(3))
    field = receptive_field(model, size=14).field
    assert (field.size, field.jump) == ((6, 6), (4, 4))
    np.testing.assert_array_equal(
        np.argwhere(field_by_gradient(model, (1, 14, 14), (1, 2)))[[0, -1]], [[4, 8], [9, 13]]
    )


def test_sequences():
    model = nn.Sequential(nn.Conv1d(1, 1, 3), nn.MaxPool1d(2), nn.Conv1d(1, 1, 3, dilation=2))
    assert receptive_field(model, axes=1).field.size == (3 + 1 + 2 * 2 * 2,)
    mask = field_by_gradient(model, (1, 30), (2,))
    assert np.flatnonzero(mask)[0] == receptive_field(model, axes=1).field.at(2)[0].start


def test_an_empty_stack_sees_a_pixel():
    found = receptive_field(nn.Sequential())
    assert found.field.size == (1, 1)


def test_a_row_explains_itself():
    text = repr(receptive_field(nn.Sequential(nn.Conv2d(1, 1, 5, 2, 2), nn.Conv2d(1, 1, 3))))
    assert "1 + (5-1)·1 = 5" in text
    assert "2·1 = 2" in text
    assert "0 - 2·1 = -2" in text
    assert "5 + (3-1)·2 = 9" in text
    assert isinstance(receptive_field(nn.ReLU()), Fields)


@pytest.mark.parametrize(
    ("model", "options", "error", "message"),
    [
        (nn.Sequential(nn.Softmax(1)), {}, TypeError, "no rule for 0, a Softmax"),
        (torch.nn.ConvTranspose2d(1, 1, 3), {}, TypeError, "the model, a ConvTranspose2d"),
        (nn.AdaptiveAvgPool2d(2), {}, ValueError, "depend on the size; give it"),
        (nn.AdaptiveAvgPool2d(3), {"size": 8}, ValueError, "not equal; choose a size"),
        (nn.MaxPool2d(2, ceil_mode=True), {"size": 9}, ValueError, "rounds up; leave size out"),
        (nn.ReLU(), {"size": (3, 3, 3)}, ValueError, "has 3 numbers; expected 1 or 2"),
        (
            added(nn, nn.Conv2d(1, 1, 3, 2), nn.Conv2d(1, 1, 3)),
            {},
            ValueError,
            r"branches of Added have jumps \(2, 2\), \(1, 1\)",
        ),
    ],
)
def test_errors_say_what_to_change(model, options, error, message):
    with pytest.raises(error, match=message):
        receptive_field(model, **options)


def test_measuring_leaves_the_model_alone():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5))
    model[2].eval()
    before = model.state_dict()
    field_by_gradient(model, (1, 6, 6))
    with pytest.raises(ValueError, match=r"it has no place \(4, 0\)"):
        field_by_gradient(model, (1, 6, 6), (4, 0))
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])
        assert value.dtype == before[name].dtype
    assert [m.training for m in model.modules()] == [True, True, True, False]
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["companion", "torch"])
def test_early_layers_of_efficientnet_lite(engine):
    blocks = list(efficientnet_lite0(engine)[0].children())[:7]
    field = receptive_field(engine.Sequential(*blocks)).field
    assert (field.size, field.jump, field.start) == ((35, 35), (8, 8), (-17, -17))
