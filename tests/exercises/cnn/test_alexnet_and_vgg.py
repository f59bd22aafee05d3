"""Checks of the exercises in the chapter on AlexNet and VGG."""

from itertools import pairwise

import numpy as np

from companion import nn, optim
from companion.cnn.networks.vgg import convolutions, he_
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.experiments.cnn import stacked_kernels
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor


def tuple_of(got, many, what):
    assert isinstance(got, tuple), f"expected a tuple of {what}, got {kind_of(got)}"
    assert len(got) == many, f"expected {many} values, {what}; got {len(got)}"
    return got


def three(student):
    return tuple_of(student.first_layer(), 3, "width, weights and width after pooling")


@check(
    "first-layer",
    hints=(
        "How many times does a kernel of 11, moved by 4, fit into the image with its border?",
        "The border is on both sides: 224 + 2 · 2, minus 11, divided by 4, rounded down, plus 1.",
        "(224 + 4 - 11) // 4 + 1",
    ),
)
def test_width_of_the_convolution(student):
    "the width of the convolution's output"
    mistakes = {
        "the border is missing": (224 - 11) // 4 + 1,
        "the border was counted on one side only": (224 + 2 - 11) // 4,
        "the last + 1 is missing": (224 + 4 - 11) // 4,
        "without rounding down it would be no whole number": (224 + 4 - 11) / 4 + 1,
    }
    places = len(range(0, 224 + 4 - 11 + 1, 4))
    assert_close(three(student)[0], places, mistakes=mistakes, what="the width")


@check(
    "first-layer",
    hints=(
        "A kernel sees all three colours, and has one bias.",
        "Each of the 64 kernels has 11 · 11 numbers for each colour, and one more.",
        "64 * (11 * 11 * 3 + 1)",
    ),
)
def test_weights_of_the_convolution(student):
    "the weights, biases included"
    mistakes = {
        "the biases are missing": 64 * 363,
        "a kernel has numbers for each of the three colours": 64 * 122,
        "a kernel has one bias, not one for each colour": 64 * 366,
        "those are AlexNet's 96 kernels": 96 * 364,
    }
    count = sum(np.prod(p.shape) for p in nn.Conv2d(3, 64, 11).parameters())
    assert_close(three(student)[1], int(count), mistakes=mistakes, what="the weights")


@check(
    "first-layer",
    hints=(
        "Pooling follows the same rule of sizes.",
        "Begin with the convolution's 55; the window is 3, the step 2, and there is no border.",
        "(55 - 3) // 2 + 1",
    ),
)
def test_width_after_pooling(student):
    "the width after pooling"
    mistakes = {
        "the stride of 2 halves, but the window of 3 needs room": 55 // 2 + 1,
        "the last + 1 is missing": (55 - 3) // 2,
        "that is pooling with stride 3": (55 - 3) // 3 + 1,
    }
    found = nn.MaxPool2d(3, 2)(Tensor(np.zeros((1, 1, 55, 55))))
    assert_close(three(student)[2], found.shape[-1], mistakes=mistakes, what="the width")


def both(student):
    return tuple_of(student.one_and_pair(), 2, "weights of one 5×5 and of two 3×3")


@check(
    "five-or-three",
    hints=(
        "Every kernel has k · k numbers for each channel that comes in.",
        "There are 128 kernels, and 64 channels come in.",
        "25 * 64 * 128",
    ),
)
def test_weights_of_the_large_kernel(student):
    "the weights of one 5×5 from 64 to 128 channels"
    mistakes = {
        "the biases are to be left out": 128 * (25 * 64 + 1),
        "that is from 64 to 64 channels": 25 * 64 * 64,
        "that is from 128 to 128 channels": 25 * 128 * 128,
        "that is a kernel of 5 numbers": 5 * 64 * 128,
    }
    weight = nn.Conv2d(64, 128, 5, bias=False).weight
    assert_close(both(student)[0], weight.data.size, mistakes=mistakes, what="the weights")


@check(
    "five-or-three",
    hints=(
        "The two layers do not have the same number of channels coming in.",
        "The first goes from 64 to 128, the second from 128 to 128.",
        "9 * 64 * 128 + 9 * 128 * 128",
    ),
)
def test_weights_of_the_pair(student):
    "the weights of the pair of 3×3"
    mistakes = {
        "the second layer has 128 channels coming in, too": 18 * 64 * 128,
        "the first layer has 64 channels coming in": 18 * 128 * 128,
        "the biases are to be left out": 9 * 64 * 128 + 9 * 128 * 128 + 256,
        "that is the first of the two only": 9 * 64 * 128,
    }
    pair = nn.Conv2d(64, 128, 3, bias=False), nn.Conv2d(128, 128, 3, bias=False)
    count = sum(layer.weight.data.size for layer in pair)
    assert_close(both(student)[1], count, mistakes=mistakes, what="the weights")


WORDS = ("the same", "twice", "four times")


def word(student, place):
    pair = tuple_of(student.weights_and_work(), 2, "weights and work")
    for got in pair:
        assert isinstance(got, str), f"expected two of {WORDS}, got {kind_of(got)}"
        assert got in WORDS, f"expected two of {WORDS}, got {got!r}"
    return pair[place]


def counted(side):
    """Weights of one convolution, and places where they work."""
    layer, image = nn.Conv2d(1, 1, 3, padding=1), np.zeros((1, 1, side, side), "float32")
    return layer.weight.data.size, layer(Tensor(image)).numpy().size


@check(
    "twice-the-side",
    hints=(
        "Does the formula for weights contain the size of the image?",
        "The kernel slides over the larger image just as it is.",
        "P = C_out (k² C_in + 1): no H, no W.",
    ),
)
def test_what_becomes_of_the_weights(student):
    "the weights of the convolutions"
    times = counted(16)[0] / counted(8)[0]
    right = {1: "the same", 2: "twice", 4: "four times"}[times]
    assert word(student, 0) == right, "count the weights of a kernel: where does the image enter?"


@check(
    "twice-the-side",
    hints=(
        "At how many places does each weight work?",
        "There are H · W places, and both sides double.",
        "(2 H) (2 W) = 4 H W",
    ),
)
def test_what_becomes_of_the_work(student):
    "the multiplications of the convolutions"
    times = counted(16)[1] / counted(8)[1]
    right = {1: "the same", 2: "twice", 4: "four times"}[times]
    assert word(student, 1) == right, "count the places of an image twice as wide and twice as high"


def priced(config, channels, size, halve=True, biases=True, chained=True, border=1):
    """Weights and multiplications by the layers' own arrays, or with a slip."""
    x, weights, work = np.zeros((1, channels, size, size)), 0, 0
    for each in config:
        if each == "M":
            x = nn.MaxPool2d(2)(Tensor(x)).numpy() if halve else x
            continue
        layer = nn.Conv2d(x.shape[1], each, 3, padding=border).double()
        out = layer(Tensor(x)).numpy()
        weights += layer.weight.data.size + (layer.bias.data.size if biases else 0)
        work += layer.weight.data.size * out.shape[2] * out.shape[3]
        x = out if chained else np.zeros((1, channels, *out.shape[2:]))
    return weights, work


CONFIGS = [
    ([8, "M", 16, 16, "M"], 3, 16),
    ([4, 6, "M", 5], 1, 14),
    ([3, "M", 7, "M", 2], 2, 23),
]


def price(student, place, what, slips):
    for config, channels, size in CONFIGS:
        got = tuple_of(student.price(config, channels, size), 2, "weights and multiplications")
        mistakes = {
            text: priced(config, channels, size, **slip)[place] for text, slip in slips.items()
        }
        expected = priced(config, channels, size)[place]
        mistakes = {text: value for text, value in mistakes.items() if value != expected}
        assert_unchanged(student.price)
        case = f"{what} of {config} with {channels} channels, {size} pixels"
        assert_close(got[place], expected, mistakes=mistakes, what=case)


@check(
    "price-of-a-list",
    points=2,
    hints=(
        "Each convolution has its kernels and a bias for each of them.",
        "Keep the number of channels that come in, and renew it after each convolution.",
        "weights += each * (9 * channels + 1); channels = each",
    ),
)
def test_weights_of_a_list(student):
    "the weights with biases"
    slips = {
        "the biases are missing": {"biases": False},
        "every layer sees the channels of the image, not of the layer before": {"chained": False},
    }
    price(student, 0, "weights", slips)


@check(
    "price-of-a-list",
    points=2,
    hints=(
        "Each weight, biases aside, works once at each place of the output.",
        'Keep the size, and halve it with `//` at each "M".',
        "work += each * 9 * channels * size * size",
    ),
)
def test_multiplications_of_a_list(student):
    "the multiplications"
    slips = {
        'the size is not halved at "M"': {"halve": False},
        "every layer sees the channels of the image, not of the layer before": {"chained": False},
        "the border of 1 keeps the size: a 3×3 takes nothing away": {"border": 0},
    }
    price(student, 1, "multiplications", slips)


def state_of(config, channels, classes, seed):
    """Random weights under the names that nn.Sequential gives them."""
    rng, state, place = np.random.default_rng(seed), {}, 0
    for each in config:
        if each != "M":
            spread = (2 / (9 * channels)) ** 0.5
            state[f"{place}.weight"] = spread * rng.normal(size=(each, channels, 3, 3))
            state[f"{place}.bias"] = 0.3 * rng.normal(size=each)
            channels = each
        place += 1 if each == "M" else 2
    state[f"{place + 2}.weight"] = rng.normal(size=(classes, channels))
    state[f"{place + 2}.bias"] = rng.normal(size=classes)
    return state


def through(config, state, images, rectified=True):
    """Scores by sums over windows, written out."""
    x, place = images, 0
    for each in config:
        if each == "M":
            H, W = x.shape[2] // 2, x.shape[3] // 2
            x = x[:, :, : 2 * H, : 2 * W].reshape(*x.shape[:2], H, 2, W, 2).max(axis=(3, 5))
            place += 1
            continue
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
        x = np.einsum("nchwij,ocij->nohw", windows, state[f"{place}.weight"])
        x = x + state[f"{place}.bias"][:, None, None]
        x = np.maximum(x, 0) if rectified else x
        place += 2
    means = x.mean(axis=(2, 3))
    return means @ state[f"{place + 2}.weight"].T + state[f"{place + 2}.bias"]


@check(
    "network-from-a-list",
    points=3,
    hints=(
        "Go through the list, and append a layer or two for each entry.",
        "A border of 1 keeps the size; ReLU follows each convolution; the end comes once.",
        "layers += [nn.Conv2d(channels, each, 3, padding=1), nn.ReLU()]; channels = each",
    ),
)
def test_scores_of_the_network(student):
    "the scores of the network with the given weights"
    rng = np.random.default_rng(0)
    for seed, (config, channels, size) in enumerate(CONFIGS):
        images = rng.normal(size=(3, channels, size, size))
        state = state_of(config, channels, 5, seed)
        expected = through(config, state, images)
        mistakes = {
            "there is no ReLU behind the convolutions": through(config, state, images, False),
        }
        got = student.scores(config, 5, state, images)
        assert_close(got, expected, mistakes=mistakes, what=f"the scores of {config}")


@check(
    "network-from-a-list",
    after="test_scores_of_the_network",
    hidden=True,
    hints=(
        "Images need not be square, and there may be one or many.",
        "Global average pooling takes whatever is left: write no size into the dense layer.",
        "nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)",
    ),
)
def test_images_of_another_shape(student):
    "images that are wider than high"
    config, rng = [6, 4, "M", 5, "M"], np.random.default_rng(5)
    for shape in ((1, 2, 9, 20), (4, 2, 4, 5)):
        images, state = rng.normal(size=shape), state_of(config, 2, 3, 7)
        expected = through(config, state, images)
        assert_close(student.scores(config, 3, state, images), expected, what="the scores")


MOST, LEVEL = 4000, 0.14


def chosen(student):
    plan, rate = tuple_of(student.plan_and_rate(), 2, "plan and learning rate")
    nested = isinstance(plan, tuple | list) and all(isinstance(s, tuple | list) for s in plan)
    assert nested, f"the plan is a tuple of tuples, such as ((8, 8), (16,)); got {plan!r}"
    assert 1 <= len(plan) <= 3, f"one to three stages: 14 pixels are halved; got {len(plan)}"
    channels = [c for stage in plan for c in stage]
    assert all(len(stage) for stage in plan), "each stage needs a convolution"
    whole = all(isinstance(c, int) and not isinstance(c, bool) and c > 0 for c in channels)
    assert whole, f"channels are whole numbers of at least 1, got {channels}"
    assert isinstance(rate, int | float), f"the learning rate is a number, got {kind_of(rate)}"
    assert 0 < rate < 10, f"the learning rate is from 0 to 10, got {rate:g}"
    side = 14 // 2 ** len(plan)
    count = sum(out * (9 * into + 1) for into, out in pairwise([1, *channels]))
    return plan, rate, count + 10 * (channels[-1] * side**2 + 1)


@check(
    "choose-stages",
    hints=(
        "Add up 9 · in · out + out for each convolution, and the dense layer.",
        "The dense layer has 10 · (channels · side² + 1); side is 7, 3, 1 after 1, 2, 3 stages.",
        "((8, 8), (12,)) has 80 + 584 + 876 + 1,090.",
    ),
)
def test_weights_are_few(student):
    "at most 4,000 weights and biases"
    *_, count = chosen(student)
    assert count <= MOST, f"your network has {count:,} weights and biases, more than {MOST:,}"


@check(
    "choose-stages",
    points=2,
    after="test_weights_are_few",
    hints=(
        "Too narrow cannot tell ten digits apart; too high a rate spoils, too low does nothing.",
        "Two stages of eight or more channels, and a rate near 0.01.",
        "return ((8, 8), (12,)), 0.01",
    ),
)
def test_the_digits_are_read(student):
    "at most 14 % of the development digits are misread"
    plan, rate, _ = chosen(student)

    def make():
        features = convolutions(nn, plan, channels=1)
        side = 14 // 2 ** len(plan)
        return he_(
            nn, nn.Sequential(features, nn.Flatten(), nn.Linear(plan[-1][-1] * side**2, 10))
        )

    manual_seed(0)
    data = stacked_kernels.small_digits(1000)
    options = {"rate": rate, "seeds": [0], "epochs": (3, 1)}
    try:
        error = stacked_kernels.errors(make, optim.Adam, data, **options)[0]
    except ArithmeticError as failure:
        raise AssertionError(f"training broke off: {failure}") from None
    assert error <= LEVEL, f"the development error is {error:.1%}, more than {LEVEL:.0%}"
