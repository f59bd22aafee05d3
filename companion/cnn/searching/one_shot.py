"""One network that holds all: every slot has the weights of every operation, shared by all paths.

One architecture is one path through it. The network is trained once, each update on a path drawn
at random; afterwards every architecture can be judged by the weights it inherits.
"""

from functools import cache

import numpy as np

from companion.cnn.norm_statistics import refreshed
from companion.cnn.searching.chain import (
    CHANNELS,
    CLASSES,
    OPERATIONS,
    SLOTS,
    chain,
    head,
    operation,
    stem,
)
from companion.training import engines


def supernet(nn, slots=SLOTS, channels=CHANNELS, classes=CLASSES):
    """Build the network that holds every `chain`.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    slots, channels, classes : int
        As those of the chains.

    Returns
    -------
    Module
        Maps (N, 1, H, W) to (N, classes) along its ``path``, a tuple of operations, one for each
        slot; set it before each call.

    Notes
    -----
    Bender and others (2018); Guo and others (2020). Derived in the chapter :ref:`searchers_judged`.
    """
    held = [
        nn.Sequential(*(operation(nn, name, channels) for name in OPERATIONS))
        for _ in range(slots)
    ]
    return _supernet(nn)(stem(nn, channels), *held, head(nn, channels, classes))


@cache
def _supernet(nn):
    class Supernet(nn.Sequential):
        """A first convolution, slots that hold all operations, a classifier."""

        path = None

        def forward(self, x):
            """Map x (N, 1, H, W) to scores along `path`."""
            first, *slots, last = self
            if self.path is None or len(self.path) != len(slots):
                raise ValueError(
                    f"Supernet: path {self.path}; set it to one operation for each of "
                    f"{len(slots)} slots"
                )
            x = first(x)
            for slot, name in zip(slots, self.path, strict=True):
                x = slot[OPERATIONS.index(name)](x)
            return last(x)

    return Supernet


def train_paths(network, space, optimizer, loss, examples, updates, rng, *, size=50):
    """Train a supernet, each update on one path drawn from a space; the rate falls to 0.

    Parameters
    ----------
    network : Module
        A `supernet` of either engine.
    space : Space
        Where paths are drawn, each with the same probability.
    optimizer : Optimizer
        Of the network's parameters. Those of operations that an update does not use must stay as
        they are, so it has to leave out parameters without a gradient, as torch's do.
    loss : callable
        ``loss(scores, labels)``.
    examples : tuple of numpy.ndarray
        Images (N, 1, H, W) and labels (N,).
    updates : int
        Number of updates.
    rng : numpy.random.Generator
        Source of randomness for paths and mini-batches.
    size : int
        Images in a mini-batch, drawn without replacement.

    Returns
    -------
    Module
        The network.

    Raises
    ------
    ValueError
        If there are fewer examples than a mini-batch needs.
    """
    X, y = examples
    if len(X) < size:
        raise ValueError(f"train_paths: {len(X)} examples do not fill a mini-batch of {size}")
    first = [group["lr"] for group in optimizer.param_groups]
    network.train()
    for k in range(updates):
        for group, rate in zip(optimizer.param_groups, first, strict=True):
            group["lr"] = rate * (1 - k / updates)
        batch = rng.choice(len(X), size, replace=False)
        images, labels = engines.adapt(network, X[batch], y[batch])
        network.path = space.draw(rng)
        for p in network.parameters():
            p.grad = None
        loss(network(images), labels).backward()
        optimizer.step()
    return network


def inherited(nn, network, genes):
    """Build the network of one architecture with the weights that a supernet holds for it.

    Parameters
    ----------
    nn : module
        The engine of the supernet.
    network : Module
        A `supernet`.
    genes : sequence of str
        One operation for each of its slots.

    Returns
    -------
    Sequential
        A `chain` with copies of the weights. The statistics of its batch norms are those of all
        paths, so call `refresh` before it is judged.
    """
    held = network.state_dict()
    classes = held[f"{len(genes) + 1}.2.weight"].shape[0]
    channels = held["0.0.weight"].shape[0]
    small = chain(nn, genes, channels, classes)
    if "64" in str(held["0.0.weight"].dtype):
        small = small.double()
    places = {"0": "0", str(len(genes) + 1): str(len(genes) + 1)}
    places |= {str(k): f"{k}.{OPERATIONS.index(name)}" for k, name in enumerate(genes, 1)}
    own = {}
    for key in small.state_dict():
        place, rest = key.split(".", 1)
        own[key] = held[f"{places[place]}.{rest}"]
    small.load_state_dict(own)
    return small


def refresh(network, images):
    """Replace the statistics of all batch norms by those of some images, and evaluate from now on.

    Parameters
    ----------
    network : Module
        Of either engine; its running means and variances are changed, no weights.
    images : numpy.ndarray
        Images of the training set, (N, C, H, W), sent through at once.

    Returns
    -------
    Module
        The network, in evaluation mode.

    Notes
    -----
    The images are one batch: a path sees them as it was trained, only more of them.
    """
    return refreshed(network, images, batch_size=len(images))


def path_errors(network, paths, train, dev, *, fresh=True):
    """Judge architectures by the weights they share.

    Parameters
    ----------
    network : Module
        A trained `supernet`; the statistics of its batch norms are changed when `fresh`.
    paths : iterable of tuple
        Architectures.
    train : numpy.ndarray
        Images for the statistics, (N, 1, H, W).
    dev : tuple of numpy.ndarray
        Images to judge by, and their labels.
    fresh : bool
        Whether each path gets statistics of its own by `refresh`; else it has those of all.

    Returns
    -------
    dict
        Architecture → share of the images that are read wrongly.
    """
    found = {}
    (images,) = engines.adapt(network, dev[0])
    for path in paths:
        network.path = path
        network = refresh(network, train) if fresh else network.eval()
        with engines.no_grad(network):
            scores = engines.to_numpy(network(images))
        found[path] = float(np.mean(scores.argmax(axis=1) != dev[1]))
    return found
