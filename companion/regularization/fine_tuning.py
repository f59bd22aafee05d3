"""Fine-tuning: which layers of a trained network go on learning, and how fast."""

from companion.gradients.module import Module


def freeze(*modules):
    """Stop the learning of all parameters of these modules.

    Parameters
    ----------
    *modules : Module
        Their parameters require no gradient any more, and forget the one they have.

    Returns
    -------
    int
        How many numbers were frozen by this call.

    Notes
    -----
    Backward passes stop at the last layer that is frozen, which saves time. An optimizer takes no
    frozen parameters: give it ``trainable(model)``. Layers that keep averages of their inputs, such
    as batch normalization, go on doing so unless they are in evaluation mode. Derived in the
    chapter :ref:`more_data`.
    """
    return _switch(modules, False)


def unfreeze(*modules):
    """Let all parameters of these modules learn again; the inverse of `freeze`.

    Parameters
    ----------
    *modules : Module
        Their parameters require a gradient from the next forward pass on.

    Returns
    -------
    int
        How many numbers were set free by this call.
    """
    return _switch(modules, True)


def _switch(modules, learns):
    changed = 0
    for module in modules:
        if not isinstance(module, Module):
            raise TypeError(f"expected modules such as model[0], got a {type(module).__name__}")
        for parameter in module.parameters():
            if parameter.requires_grad != learns:
                parameter.requires_grad, parameter.grad = learns, None
                changed += parameter.data.size
    return changed


def trainable(module):
    """List the parameters that are not frozen."""
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def rate_groups(layers, lr, factor=1.0):
    """Give each layer a learning rate of its own: smaller, the nearer it is to the input.

    Parameters
    ----------
    layers : sequence of Module
        First to last, such as a `Sequential`.
    lr : float
        Learning rate of the last layer that has something to learn.
    factor : float
        What the rate is multiplied by from one such layer to the one before it, above 0 and at
        most 1; 1 / 2.6 in the paper.

    Returns
    -------
    list of dict
        Groups for an optimizer, ``{"params": [...], "lr": ...}``, first layer first. Layers without
        parameters, or with frozen ones only, are left out and not counted.

    Raises
    ------
    ValueError
        If `factor` is out of its range or nothing is left to learn.

    Notes
    -----
    Source: "discriminative fine-tuning" of Howard and Ruder, *Universal Language Model Fine-tuning
    for Text Classification* (2018). Derived in the chapter :ref:`more_data`.
    """
    if not 0 < factor <= 1:
        raise ValueError(f"rate_groups: factor is {factor}; expected above 0 and at most 1")
    groups = [{"params": params} for params in map(trainable, layers) if params]
    if not groups:
        raise ValueError("rate_groups: every parameter is frozen; unfreeze the last layer")
    for back, group in enumerate(reversed(groups)):
        group["lr"] = lr * factor**back
    return groups
