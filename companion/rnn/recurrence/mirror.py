"""The exact symmetry of a layer that reads in both directions.

Derived in the chapter :ref:`both_ways`.
"""

import copy

import numpy as np


def mirrored(layer):
    """Copy a bidirectional layer with its two directions exchanged.

    For a sequence in reverse it gives the states of `layer` in reverse, with the halves of the two
    directions exchanged.

    Parameters
    ----------
    layer : Recurrent
        With ``bidirectional=True``, of the companion.

    Returns
    -------
    Recurrent
        A new layer.

    Raises
    ------
    ValueError
        If the layer reads in one direction only.
    """
    if not layer.bidirectional:
        raise ValueError(f"mirrored: {layer} reads in one direction; expected bidirectional=True")
    state, found = layer.state_dict(), {}
    for name, weight in state.items():
        other = name.removesuffix("_reverse") if name.endswith("_reverse") else f"{name}_reverse"
        deeper = name.startswith("weight_ih") and not name.startswith("weight_ih_l0")
        found[other] = np.roll(weight, layer.hidden_size, axis=1) if deeper else weight
    new = copy.deepcopy(layer)
    new.load_state_dict(found)
    return new
