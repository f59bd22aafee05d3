"""Known wrong answers to the exercises of the chapter on AlexNet and VGG."""

from companion import nn
from companion.exercises import wrong
from companion.gradients.tensor import Tensor


@wrong("first-layer", fails="test_width_of_the_convolution")
def first_layer():
    """Forgets the border."""
    return 54, 64 * 364, 27


@wrong("first-layer", fails="test_weights_of_the_convolution")
def first_layer():
    """Forgets the biases."""
    return 55, 64 * 363, 27


@wrong("first-layer", fails="test_weights_of_the_convolution")
def first_layer():
    """Takes a grey image."""
    return 55, 64 * 122, 27


@wrong("first-layer", fails="test_width_after_pooling")
def first_layer():
    """Halves, rounded up."""
    return 55, 64 * 364, 28


@wrong("five-or-three", fails="test_weights_of_the_pair")
def one_and_pair():
    """Counts both layers of the pair like the first."""
    return 25 * 64 * 128, 18 * 64 * 128


@wrong("five-or-three", fails="test_weights_of_the_pair")
def one_and_pair():
    """Counts both layers of the pair like the second."""
    return 25 * 64 * 128, 18 * 128 * 128


@wrong("five-or-three", fails="test_weights_of_the_large_kernel")
def one_and_pair():
    """Counts biases."""
    return 25 * 64 * 128 + 128, 9 * 64 * 128 + 9 * 128 * 128


@wrong("twice-the-side", fails="test_what_becomes_of_the_weights")
def weights_and_work():
    """Lets the kernels grow with the image."""
    return "four times", "four times"


@wrong("twice-the-side", fails="test_what_becomes_of_the_work")
def weights_and_work():
    """Thinks of one direction only."""
    return "the same", "twice"


@wrong("twice-the-side", fails="test_what_becomes_of_the_work")
def weights_and_work():
    """Takes work for weights."""
    return "the same", "the same"


@wrong("price-of-a-list", fails="test_multiplications_of_a_list")
def price(config, channels, size):
    """Does not halve the size."""
    weights = work = 0
    for each in config:
        if each != "M":
            weights += each * (9 * channels + 1)
            work += each * 9 * channels * size * size
            channels = each
    return weights, work


@wrong("price-of-a-list", fails="test_weights_of_a_list")
def price(config, channels, size):
    """Takes the image's channels for every layer."""
    weights = work = 0
    for each in config:
        if each == "M":
            size //= 2
            continue
        weights += each * (9 * channels + 1)
        work += each * 9 * channels * size * size
    return weights, work


@wrong("price-of-a-list", fails="test_weights_of_a_list")
def price(config, channels, size):
    """Forgets the biases."""
    weights = work = 0
    for each in config:
        if each == "M":
            size //= 2
            continue
        weights += each * 9 * channels
        work += each * 9 * channels * size * size
        channels = each
    return weights, work


@wrong("price-of-a-list", fails="test_multiplications_of_a_list")
def price(config, channels, size):
    """Lets biases multiply."""
    weights = work = 0
    for each in config:
        if each == "M":
            size //= 2
            continue
        weights += each * (9 * channels + 1)
        work += each * (9 * channels + 1) * size * size
        channels = each
    return weights, work


@wrong("price-of-a-list", fails="test_multiplications_of_a_list")
def price(config, channels, size):
    """Rounds an odd size to the nearest even half, as round does."""
    weights = work = 0
    for each in config:
        if each == "M":
            size = round(size / 2)
            continue
        weights += each * (9 * channels + 1)
        work += each * 9 * channels * size * size
        channels = each
    return weights, work


@wrong("price-of-a-list", fails="test_weights_of_a_list")
def price(config, channels, size):
    """Empties the caller's list."""
    weights = work = 0
    while config:
        each = config.pop(0)
        if each == "M":
            size //= 2
            continue
        weights += each * (9 * channels + 1)
        work += each * 9 * channels * size * size
        channels = each
    return weights, work


@wrong("network-from-a-list", fails="test_scores_of_the_network")
def scores(config, classes, state, images):
    """Forgets the border."""
    layers, channels = [], images.shape[1]
    for each in config:
        if each == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers += [nn.Conv2d(channels, each, 3, padding=0), nn.ReLU()]
        channels = each
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    network = nn.Sequential(*layers).double()
    network.load_state_dict(state)
    return network(Tensor(images)).numpy()


@wrong("network-from-a-list", fails="test_scores_of_the_network")
def scores(config, classes, state, images):
    """Forgets the ReLU."""
    layers, channels = [], images.shape[1]
    for each in config:
        if each == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers += [nn.Conv2d(channels, each, 3, padding=1), nn.Identity()]
        channels = each
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    network = nn.Sequential(*layers).double()
    network.load_state_dict(state)
    return network(Tensor(images)).numpy()


@wrong("network-from-a-list", fails="test_scores_of_the_network")
def scores(config, classes, state, images):
    """Puts one more pooling before the mean."""
    layers, channels = [], images.shape[1]
    for each in config:
        if each == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers += [nn.Conv2d(channels, each, 3, padding=1), nn.ReLU()]
        channels = each
    layers += [nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    network = nn.Sequential(*layers).double()
    network.load_state_dict(state)
    return network(Tensor(images)).numpy()


@wrong("network-from-a-list", fails="test_images_of_another_shape")
def scores(config, classes, state, images):
    """Expects square images."""
    side = min(images.shape[2:])
    images, layers, channels = images[:, :, :side, :side], [], images.shape[1]
    for each in config:
        if each == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers += [nn.Conv2d(channels, each, 3, padding=1), nn.ReLU()]
        channels = each
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    network = nn.Sequential(*layers).double()
    network.load_state_dict(state)
    return network(Tensor(images)).numpy()


@wrong("choose-stages", fails="test_weights_are_few")
def plan_and_rate():
    """Wide as VGG."""
    return ((64, 64), (128,)), 0.01


@wrong("choose-stages", fails="test_weights_are_few")
def plan_and_rate():
    """One stage, and so a dense layer of many weights."""
    return ((8, 8),), 0.01


@wrong("choose-stages", fails="test_the_digits_are_read")
def plan_and_rate():
    """A rate far too low."""
    return ((8, 8), (12,)), 1e-5


@wrong("choose-stages", fails="test_the_digits_are_read")
def plan_and_rate():
    """A rate far too high."""
    return ((8, 8), (12,)), 0.8


@wrong("choose-stages", fails="test_the_digits_are_read")
def plan_and_rate():
    """A single channel in the first stage."""
    return ((1,), (2,)), 0.01
