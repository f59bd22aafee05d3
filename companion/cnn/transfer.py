"""Borrowed features: a trained body, a new head, and which of its layers go on learning.

All functions work in place and with either engine, ``companion.nn`` or ``torch.nn``, so that state
dicts keep their names.
"""

import numpy as np

from companion.cnn.norm_statistics import norms, refreshed  # noqa: F401 - stand here with the rest
from companion.training import Callback
from companion.training.engines import adapt


def with_head(nn, layers, features, classes, *, pooled=True):
    """Put a new head behind the layers of a trained body.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    layers : sequence of Module
        The body, first layer first; it ends in feature maps (N, C, H, W).
    features : int
        What the head reads of an image: C if `pooled`, else C · H · W.
    classes : int
        Number of scores.
    pooled : bool
        Whether the head reads the mean over each map; otherwise every place of it has weights of
        its own, which suits aligned images.

    Returns
    -------
    Sequential
        Body, mean over each map (or nothing), flattening, and a linear layer whose weights are 0:
        at first the scores are equal for all classes.

    Notes
    -----
    Derived in the chapter :ref:`transfer`.
    """
    head = nn.Linear(features, classes)
    set_head(head, np.zeros((classes, features)), np.zeros(classes))
    pool = nn.AdaptiveAvgPool2d(1) if pooled else nn.Identity()
    return nn.Sequential(nn.Sequential(*layers), pool, nn.Flatten(), head)


def set_head(head, W, b):
    """Copy weights into a linear layer of either engine.

    Parameters
    ----------
    head : Linear
        Changed in place.
    W, b : numpy.ndarray
        (classes, features) and (classes,), such as `companion.cnn.heads.fit_head` returns.

    Raises
    ------
    ValueError
        If the shapes are others than those of the layer.
    """
    expected = tuple(head.weight.shape)
    if np.shape(W) != expected or np.shape(b) != expected[:1]:
        raise ValueError(
            f"set_head: W {np.shape(W)} and b {np.shape(b)} for a layer with weights {expected}; "
            "expected (classes, features) and (classes,)"
        )
    values = (np.asarray(v, np.float32) for v in (W, b))
    head.load_state_dict(dict(zip(("weight", "bias"), adapt(head, *values), strict=True)))


def freeze_first(network, count):
    """Freeze the first layers of a body: no gradients, and batch normalization in evaluation.

    Parameters
    ----------
    network : Sequential
        As from `with_head`: its module ``0`` is the body.
    count : int
        How many modules of the body are frozen; the others, and the head, learn.

    Returns
    -------
    list of Module
        The frozen ones. Whatever calls ``network.train()`` wakes their batch normalization again;
        `Still` keeps it in evaluation.

    Raises
    ------
    ValueError
        If the body has fewer modules.
    """
    layers = list(network[0])
    if not 0 <= count <= len(layers):
        raise ValueError(f"freeze_first: {count} of {len(layers)} modules; expected 0 to all")
    for k, layer in enumerate(layers):
        for parameter in layer.parameters():
            parameter.requires_grad = k >= count
            if k < count:
                parameter.grad = None
    for parameter in network[3].parameters():
        parameter.requires_grad = True
    for layer in layers[:count]:
        layer.eval()
    return layers[:count]


class Still(Callback):
    """Keep modules in evaluation while `companion.training.fit` trains the network around them.

    Parameters
    ----------
    modules : iterable of Module
        Such as what `freeze_first` returns, or all `norms`.

    Notes
    -----
    ``fit`` puts the network into training at its start and after each validation. A batch
    normalization in training would normalize by the batch and move its running averages, frozen
    parameters or not. Chapter :ref:`transfer`.
    """

    def __init__(self, modules):
        self.modules = list(modules)

    def on_fit_start(self, loop):
        """Put them into evaluation."""
        for module in self.modules:
            module.eval()

    on_epoch_end = on_fit_start


def parted(nn, network, count):
    """Part a network behind the first layers of its body, for features that are computed once.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    network : Sequential
        As from `with_head`.
    count : int
        How many modules of the body go into the first part.

    Returns
    -------
    front, rest : Sequential
        They share their modules with the network: what `rest` learns, the network knows.
    """
    layers, others = list(network[0]), list(network)[1:]
    front, rest = nn.Sequential(*layers[:count]), nn.Sequential(*layers[count:])
    return front, nn.Sequential(rest, *others)
