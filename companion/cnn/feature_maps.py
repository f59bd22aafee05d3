"""What the layers inside a network say about images, and which pixels they say it about."""

from contextlib import ExitStack, contextmanager

import numpy as np

from companion.gradients.tensor import Tensor, no_grad


@contextmanager
def asked(network):
    """Ask a network in peace: evaluation mode, parameters without gradients, as before at the end.

    Parameters
    ----------
    network : Module
        Of the companion.

    Yields
    ------
    Module
        The network.
    """
    modes = [(module, module.training) for module in network.modules()]
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    network.eval()
    for parameter in learning:
        parameter.requires_grad = False
    try:
        yield network
    finally:
        for parameter in learning:
            parameter.requires_grad = True
        for module, mode in modes:
            module.training = mode


def feature_maps(network, layers, images):
    """Return what some layers put out on the way of images through a network.

    Parameters
    ----------
    network : Module
        Any network of the companion.
    layers : dict
        Name → module inside the network.
    images : array_like
        (N, C, H, W).

    Returns
    -------
    dict
        Name → array, as the module returned it in its last call; for convolutions (N, C′, H′, W′).

    Raises
    ------
    ValueError
        If a module was not called.

    Notes
    -----
    Looks by forward hooks, so the network stays as it is. Chapter :ref:`seeing`.
    """
    seen = {}

    def looking(name):
        def look(module, inputs, output):
            seen[name] = output.numpy().copy()

        return look

    with ExitStack() as stack:
        stack.enter_context(no_grad())
        stack.enter_context(asked(network))
        for name, layer in layers.items():
            stack.enter_context(layer.register_forward_hook(looking(name)))
        network(Tensor(np.asarray(images)))
    if missing := layers.keys() - seen.keys():
        raise ValueError(f"feature_maps: {sorted(missing)} not called; are they in this network?")
    return {name: seen[name] for name in layers}


def strongest(maps, channel, count):
    """Find where a channel answers most, at one place of each image at most.

    Parameters
    ----------
    maps : numpy.ndarray
        (N, C, H, W).
    channel : int
        Which of the C.
    count : int
        Number of places, at most N.

    Returns
    -------
    list of tuple
        (image, row, column) of each, the strongest first.

    Raises
    ------
    ValueError
        If there are fewer images than places.
    """
    if count > len(maps):
        raise ValueError(f"strongest: {count} places, one an image, but {len(maps)} images")
    flat = maps[:, channel].reshape(len(maps), -1)
    order = np.argsort(-flat.max(axis=1), kind="stable")[:count]
    width = maps.shape[-1]
    return [(int(n), *map(int, divmod(flat[n].argmax(), width))) for n in order]
