"""Batch normalization taken into the convolution before it: one layer that computes the same."""

import numpy as np

from companion.training import engines


def fold_batch_norm_(nn, network):
    """Take every batch normalization into the convolution before it, in place.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``, the engine of the network.
    network : Module
        In evaluation mode. Wherever a `BatchNorm2d` follows a `Conv2d` in a `Sequential`, the
        convolution gets new weights and a bias, and an identity takes the place of the other.

    Returns
    -------
    Module
        The network; its scores are the same up to rounding.

    Raises
    ------
    ValueError
        If the network is in training mode: then batch norm uses the statistics of each batch, and
        no fixed weights can stand for it.

    Notes
    -----
    w′ = γ w / √(v + ε) and b′ = β + γ (b − m) / √(v + ε), with the running mean m and variance v.
    Jacob and others (2018), section 3.2. Derived in the chapter :ref:`quantization`.
    """
    if network.training:
        raise ValueError("fold_batch_norm_: the network is in training mode; call eval() first")
    for sequence in list(network.modules()):
        # Branches that are added or joined are a subclass: there, neighbours do not follow.
        if type(sequence) is not nn.Sequential:
            continue
        for k in range(len(sequence) - 1):
            convolution, norm = sequence[k], sequence[k + 1]
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                weight, bias = folded(convolution, norm)
                _set(nn, network, convolution, "weight", weight)
                _set(nn, network, convolution, "bias", bias)
                setattr(sequence, str(k + 1), nn.Identity())
    return network


def folded(convolution, norm):
    """Return the weights and biases of one convolution that does the work of both layers.

    Parameters
    ----------
    convolution : Conv2d
        Of either engine, weights (O, C / groups, K, K).
    norm : BatchNorm2d
        Of O channels, with running statistics.

    Returns
    -------
    tuple of numpy.ndarray
        Weights of the same shape, and biases (O,), of the type of the weights.
    """
    weight = engines.to_numpy(convolution.weight)
    m, v = (engines.to_numpy(s) for s in (norm.running_mean, norm.running_var))
    b, gamma, beta = (
        other if p is None else engines.to_numpy(p)
        for p, other in ((convolution.bias, 0.0), (norm.weight, 1.0), (norm.bias, 0.0))
    )
    # In float64, so that folding adds no more than the rounding of its results.
    factor = gamma / np.sqrt(v.astype(np.float64) + norm.eps)
    bias = beta + factor * (b - m)
    return (weight * factor[:, None, None, None]).astype(weight.dtype), bias.astype(weight.dtype)


def _set(nn, network, layer, name, value):
    learns = layer.weight.requires_grad
    (value,) = engines.adapt(network, value)
    parameter = nn.Parameter(value)
    parameter.requires_grad = learns
    setattr(layer, name, parameter)
