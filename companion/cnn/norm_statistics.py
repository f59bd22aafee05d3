"""Running statistics of batch normalizations, taken anew from images."""

from companion.training.engines import adapt, no_grad


def norms(network):
    """List the batch normalizations inside a network of either engine."""
    return [module for module in network.modules() if hasattr(module, "running_mean")]


def refreshed(network, X, batch_size=64):
    """Take the statistics of all batch normalizations anew from images, as means over batches.

    Parameters
    ----------
    network : Module
        Of either engine; changed in place, ends in evaluation.
    X : numpy.ndarray
        Images (N, C, H, W), such as the training set.
    batch_size : int
        Images at a time.

    Returns
    -------
    Module
        The network.

    Notes
    -----
    After a short training the running averages lag behind the weights; so they are replaced.
    """
    found, network = norms(network), network.train()
    kept = [(module, module.momentum) for module in found]
    with no_grad(network):
        for k, start in enumerate(range(0, len(X), batch_size)):
            for module in found:
                module.momentum = 1 / (k + 1)
            network(*adapt(network, X[start : start + batch_size]))
    for module, momentum in kept:
        module.momentum = momentum
    return network.eval()
