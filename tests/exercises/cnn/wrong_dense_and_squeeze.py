"""Known wrong answers to the exercises of the chapter on DenseNet and squeeze-and-excitation."""

import numpy as np

from companion.exercises import wrong


@wrong("maps-of-a-densenet", fails="test_maps_of_the_blocks")
def maps_of_the_blocks():
    """Forgets the transitions."""
    return 256, 640, 1408, 1920


@wrong("maps-of-a-densenet", fails="test_maps_of_the_blocks")
def maps_of_the_blocks():
    """Gives the maps after the transitions."""
    return 128, 256, 512, 512


@wrong("maps-of-a-densenet", fails="test_maps_of_the_blocks")
def maps_of_the_blocks():
    """Gives the last number only."""
    return 1024


@wrong("dense-block-weights", fails="test_weights_without_a_bottleneck")
def block_weights(channels, layers, k, bottleneck=False):
    """Lets each layer see the first maps only."""
    if bottleneck:
        return sum(4 * k * (channels + i * k) + 36 * k * k for i in range(layers))
    return 9 * channels * k * layers


@wrong("dense-block-weights", fails="test_weights_without_a_bottleneck")
def block_weights(channels, layers, k, bottleneck=False):
    """Counts a layer's own maps among its inputs."""
    if bottleneck:
        return sum(4 * k * (channels + i * k) + 36 * k * k for i in range(layers))
    return sum(9 * k * (channels + i * k) for i in range(1, layers + 1))


@wrong("dense-block-weights", fails="test_weights_with_a_bottleneck")
def block_weights(channels, layers, k, bottleneck=False):
    """Takes the bottleneck for free."""
    if bottleneck:
        return 36 * k * k * layers
    return sum(9 * k * (channels + i * k) for i in range(layers))


@wrong("dense-block-weights", fails="test_weights_with_a_bottleneck")
def block_weights(channels, layers, k, bottleneck=False):
    """Never looks at the option."""
    return sum(9 * k * (channels + i * k) for i in range(layers))


@wrong("channel-weights", fails="test_the_weights")
def squeeze_and_excite(x, W1, b1, W2, b2):
    """Sums where it should average."""
    hidden = np.maximum(x.sum(axis=(2, 3)) @ W1.T + b1, 0)
    weights = 1 / (1 + np.exp(-(hidden @ W2.T + b2)))
    return weights, x * weights[:, :, None, None]


@wrong("channel-weights", fails="test_the_weights")
def squeeze_and_excite(x, W1, b1, W2, b2):
    """Lets the channels compete in a softmax."""
    hidden = np.maximum(x.mean(axis=(2, 3)) @ W1.T + b1, 0)
    e = np.exp(hidden @ W2.T + b2)
    weights = e / e.sum(axis=1, keepdims=True)
    return weights, x * weights[:, :, None, None]


@wrong("channel-weights", fails="test_the_weights")
def squeeze_and_excite(x, W1, b1, W2, b2):
    """Forgets the ReLU."""
    weights = 1 / (1 + np.exp(-((x.mean(axis=(2, 3)) @ W1.T + b1) @ W2.T + b2)))
    return weights, x * weights[:, :, None, None]


@wrong("channel-weights", fails="test_the_scaled_maps")
def squeeze_and_excite(x, W1, b1, W2, b2):
    """Lets NumPy align the weights from the right where that fits."""
    hidden = np.maximum(x.mean(axis=(2, 3)) @ W1.T + b1, 0)
    weights = 1 / (1 + np.exp(-(hidden @ W2.T + b2)))
    fits = x.shape[2:] == weights.shape
    return weights, x * (weights if fits else weights[:, :, None, None])


@wrong("channel-weights", fails="test_the_scaled_maps")
def squeeze_and_excite(x, W1, b1, W2, b2):
    """Scales the input itself."""
    hidden = np.maximum(x.mean(axis=(2, 3)) @ W1.T + b1, 0)
    weights = 1 / (1 + np.exp(-(hidden @ W2.T + b2)))
    x *= weights[:, :, None, None]
    return weights, x
