"""How much the end of a sequence still hears of its beginning.

Told in the chapters :ref:`long_memory` and :ref:`gated`.
"""

import numpy as np

from companion.gradients.tensor import Tensor


def gradient_by_lag(layer, sequences, read):
    """Measure the gradient of what is read at the last step, for the input k steps before.

    Parameters
    ----------
    layer : Module
        Recurrent layer in one direction, time first. Gradients of its weights are cleared.
    sequences : array_like
        (T, N, D), what the layer reads.
    read : array_like
        (H,) weights, or (N, H): their product with the last state is the number whose gradient is
        taken, one for each sequence.

    Returns
    -------
    numpy.ndarray
        (T, N) Euclidean norms of the gradient; row k belongs to the input k steps before the last.

    Raises
    ------
    ValueError
        If `sequences` has not three axes.
    """
    sequences = np.asarray(sequences)
    if sequences.ndim != 3:
        raise ValueError(f"gradient_by_lag: sequences {sequences.shape}; expected (T, N, D)")
    x = Tensor(sequences, requires_grad=True)
    states, _ = layer(x)
    (states[-1] * Tensor(np.asarray(read, sequences.dtype))).sum().backward()
    layer.zero_grad()
    return np.linalg.norm(x.grad, axis=2)[::-1]
