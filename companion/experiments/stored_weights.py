"""Weights that a script has kept as arrays, given to a model of either engine."""

import numpy as np

from companion.training.engines import adapt


def with_weights(model, weights):
    """Give a model its stored weights.

    Parameters
    ----------
    model : Module
        Of either engine; it is changed.
    weights : mapping
        Name → array, as in the model's state dict; half precision becomes single.

    Returns
    -------
    Module
        `model`, in evaluation mode.
    """
    whole = {
        name: value.astype(np.float32) if value.dtype == np.float16 else value
        for name, value in weights.items()
    }
    model.load_state_dict(dict(zip(whole, adapt(model, *whole.values()), strict=True)))
    return model.eval()
