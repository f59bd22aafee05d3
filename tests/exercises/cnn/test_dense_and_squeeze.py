"""Checks of the exercises in the chapter on DenseNet and squeeze-and-excitation."""

import numpy as np
from scipy.special import expit

from companion.cnn.networks.densenet import dense_block
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def block_by_block(theta=0.5, first=64):
    maps, out = first, []
    for layers in (6, 12, 24, 16):
        maps += 32 * layers
        out.append(maps)
        maps = int(theta * maps)
    return tuple(out)


@check(
    "maps-of-a-densenet",
    points=2,
    hints=(
        "Each layer adds 32 maps; each transition keeps half.",
        "64 + 6 · 32 = 256; then 128 go into the second block.",
        "(256, 128 + 12 * 32, 256 + 24 * 32, 512 + 16 * 32)",
    ),
)
def test_maps_of_the_blocks(student):
    "the maps after each of the four blocks"
    got = student.maps_of_the_blocks()
    assert isinstance(got, tuple), f"expected a tuple of four numbers, got {kind_of(got)}"
    assert len(got) == 4, f"expected four numbers, got {len(got)}"
    mistakes = {
        "the transitions halve the maps": block_by_block(theta=1),
        "those are the maps after the transitions": (128, 256, 512, 512),
        "the maps that go into the first block count, too": block_by_block(first=0),
    }
    assert_close(got, block_by_block(), mistakes=mistakes, what="the maps")


def counted(channels, layers, k, bottleneck):
    """Count the weights of a block that was really built."""
    from companion import nn

    state = dense_block(nn, channels, layers, k, bottleneck=bottleneck).state_dict()
    return sum(value.size for value in state.values() if value.ndim == 4)


CASES = ((24, 16, 12), (5, 3, 2), (7, 1, 4))


@check(
    "dense-block-weights",
    hints=(
        "The layer with the number i, from 0, is given channels + i k maps.",
        "A 3×3 convolution from C to k maps has 9 C k weights.",
        "sum(9 * (channels + i * k) * k for i in range(layers))",
    ),
)
def test_weights_without_a_bottleneck(student):
    "the weights of the 3×3 convolutions"
    for channels, layers, k in CASES:
        expected = counted(channels, layers, k, False)
        mistakes = {
            "every layer was given the first maps only": 9 * channels * k * layers,
            "a layer is given the maps before it, not its own": expected + 9 * k * k * layers,
            "3×3 is 9": expected / 3,
        }
        got = student.block_weights(channels, layers, k)
        assert_close(got, expected, mistakes=mistakes, what="the number of weights")
    assert_close(student.block_weights(9, 0, 4), 0, what="the number of weights of no layer")


@check(
    "dense-block-weights",
    points=2,
    hints=(
        "With a bottleneck there are two convolutions in each layer.",
        "1×1 from C to 4k: 4 k C weights. 3×3 from 4k to k: 36 k².",
        "sum(4 * k * (channels + i * k) + 36 * k**2 for i in range(layers))",
    ),
)
def test_weights_with_a_bottleneck(student):
    "the weights with bottlenecks"
    for channels, layers, k in CASES:
        expected = counted(channels, layers, k, True)
        behind = 36 * k * k * layers
        mistakes = {
            "the 1×1 convolutions count, too": behind,
            "the 3×3 convolutions count, too": expected - behind,
            "the 3×3 convolution sees 4k maps, not k": expected - behind + behind / 4,
            "the bottleneck is missing": counted(channels, layers, k, False),
        }
        got = student.block_weights(channels, layers, k, True)
        assert_close(got, expected, mistakes=mistakes, what="the number of weights")


def case(seed, size=(3, 6, 4, 5), hidden=2):
    rng = np.random.default_rng(seed)
    C = size[1]
    shapes = ((hidden, C), (hidden,), (C, hidden), (C,))
    return rng.normal(1, 2, size=size), *(rng.normal(size=shape) for shape in shapes)


def right(x, W1, b1, W2, b2, squeeze=np.mean, last=expit):
    s = squeeze(x, axis=(2, 3))
    weights = last(np.maximum(s @ W1.T + b1, 0) @ W2.T + b2)
    return weights, x * weights[..., None, None]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def both(student, inputs):
    got = student.squeeze_and_excite(*(value.copy() for value in inputs))
    assert isinstance(got, tuple | list), f"expected a pair of arrays, got {kind_of(got)}"
    assert len(got) == 2, f"expected weights and maps, got {len(got)} values"
    return got


@check(
    "channel-weights",
    points=2,
    hints=(
        "One mean for each channel of each image, then two dense layers.",
        "x.mean(axis=(2, 3)) is (N, C); ReLU after the first layer, sigmoid after the second.",
        "1 / (1 + np.exp(-(np.maximum(s @ W1.T + b1, 0) @ W2.T + b2)))",
    ),
)
def test_the_weights(student):
    "the weights of the channels of each image"
    for seed, size in ((0, (3, 6, 4, 5)), (1, (1, 2, 1, 1))):
        inputs = case(seed, size)
        x, W1, b1, W2, b2 = inputs
        linear = expit((x.mean(axis=(2, 3)) @ W1.T + b1) @ W2.T + b2)
        mistakes = {
            "sums in place of means": right(*inputs, squeeze=np.sum)[0],
            "maxima in place of means": right(*inputs, squeeze=np.max)[0],
            "a softmax in place of the sigmoid": right(*inputs, last=softmax)[0],
            "the sigmoid is missing": right(*inputs, last=lambda z: z)[0],
            "the ReLU is missing": linear,
            "the biases are missing": right(x, W1, 0 * b1, W2, 0 * b2)[0],
        }
        got, _ = both(student, inputs)
        assert_close(got, right(*inputs)[0], mistakes=mistakes, what="the weights")


@check(
    "channel-weights",
    points=2,
    hints=(
        "Each weight belongs to a whole map.",
        "Give the weights two more axes of length 1, so that they go along with (N, C, H, W).",
        "x * weights[:, :, None, None]",
    ),
)
def test_the_scaled_maps(student):
    "each map times its weight, and x is left as it was"
    inputs = case(2, size=(6, 6, 6, 6), hidden=3)  # any axes would fit
    x, (weights, scaled) = inputs[0], right(*inputs)
    mistakes = {
        "the weights went along height and width": x * weights,
        "the maps are not scaled": x,
        "the weights were added": x + weights[:, :, None, None],
    }
    _, got = both(student, inputs)
    assert_close(got, scaled, mistakes=mistakes, what="the scaled maps")
    assert_unchanged(student.squeeze_and_excite)
