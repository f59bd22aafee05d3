"""Networks that go on learning on another task or another kind of examples."""

from copy import deepcopy
from math import ceil

from companion.experiments.regularization.small_sets import learn


def adapted(networks, X, y, make, *, updates=150, batch=50, frozen=False):
    """Train copies of networks on sets of their own for a number of updates.

    Parameters
    ----------
    networks : SideBySide
        R networks, trained elsewhere or fresh; left as they are.
    X, y : numpy.ndarray
        Sets to learn from, (R, N, D) and (R, N).
    make : callable
        Parameters → optimizer.
    updates : int
        How many updates, rounded up to whole epochs.
    batch : int
        Examples in a mini-batch, or all there are if they are fewer.
    frozen : bool
        Whether all layers but the last stay as they are.

    Returns
    -------
    SideBySide
        The trained copies, in evaluation mode.
    """
    copies = deepcopy(networks)
    parameters = list(copies.parameters())
    if frozen:
        for parameter in parameters[:-2]:
            parameter.requires_grad = False
        parameters = parameters[-2:]
    epochs = ceil(updates / ceil(X.shape[1] / batch))
    learn(copies, X, y, make(parameters), epochs=epochs, batch=min(batch, X.shape[1]))
    return copies
