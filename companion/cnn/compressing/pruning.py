"""Pruning single weights: masks of the largest, which stay while the others are trained on."""

import numpy as np

from companion.cnn.compressing.surgery import put, values
from companion.training import Callback


def prunable(model):
    """List the weights that may be pruned: those of dense layers and convolutions.

    Biases and the numbers of normalizations are few and stay.

    Parameters
    ----------
    model : Module
        Of either engine.

    Returns
    -------
    dict
        Name, such as ``"0.weight"`` → copy of the weights as a NumPy array, in the model's order.
    """
    found = {name: values(p) for name, p in model.named_parameters()}
    return {name: weight for name, weight in found.items() if weight.ndim > 1}


def share_of(count, keep):
    """Say how many of `count` are a share `keep`, rounded, halves upwards.

    Parameters
    ----------
    count : int
        How many there are.
    keep : float
        From 0 to 1.

    Returns
    -------
    int
        The nearest whole number to ``keep · count``.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1.
    """
    if not 0 <= keep <= 1:
        raise ValueError(f"keep is {keep}; expected a share from 0 to 1, such as 0.1 for 10 %")
    return int(np.floor(keep * count + 0.5))


def largest(scores, keep, by_layer=False):
    """Mark the entries with the largest scores: exactly the stated share of them.

    Parameters
    ----------
    scores : dict
        Name → array of any shape.
    keep : float
        Share to mark, from 0 to 1; see `share_of`.
    by_layer : bool
        Whether each array keeps this share of its own, in place of all arrays together.

    Returns
    -------
    dict
        Name → mask of the same shape, True where an entry is kept. Of equal scores those that come
        first are kept.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1, there are no scores, or one is not a number.
    """
    if not scores:
        raise ValueError("largest: no scores; pass a dict with at least one array")
    for name, array in scores.items():
        if np.isnan(array).any():
            raise ValueError(f"largest: a score of {name!r} is nan; it has no place in the order")
    if by_layer:
        return {name: _largest(np.asarray(a).ravel(), keep).reshape(np.shape(a))
                for name, a in scores.items()}  # fmt: skip
    arrays = [np.asarray(a) for a in scores.values()]
    kept = _largest(np.concatenate([a.ravel() for a in arrays]), keep)
    ends = np.cumsum([a.size for a in arrays])[:-1]
    parts = np.split(kept, ends)
    return {n: part.reshape(a.shape) for n, part, a in zip(scores, parts, arrays, strict=True)}


def _largest(flat, keep):
    # A threshold would keep all of equal scores or none of them; a stable order keeps the count.
    kept = np.zeros(flat.shape, bool)
    kept[np.argsort(-flat, kind="stable")[: share_of(flat.size, keep)]] = True
    return kept


def magnitude_masks(model, keep, by_layer=False):
    """Mark the weights of the largest size.

    Parameters
    ----------
    model : Module
        Of either engine.
    keep, by_layer
        As for `largest`.

    Returns
    -------
    dict
        Name → mask, for every array of `prunable`.

    Notes
    -----
    Han, Pool, Tran and Dally (2015). Chapter :ref:`pruning`.
    """
    return largest({n: np.abs(w) for n, w in prunable(model).items()}, keep, by_layer)


def apply_masks(model, masks):
    """Set the weights outside of their masks to 0.

    Parameters
    ----------
    model : Module
        Of either engine, changed in place.
    masks : dict
        Name of a parameter → mask of its shape, True where a weight is kept.

    Returns
    -------
    Module
        The model.

    Raises
    ------
    KeyError
        If the model has no parameter of that name.
    ValueError
        If the shapes differ; no weight is changed then.
    """
    owned = dict(model.named_parameters())
    unknown = sorted(masks.keys() - owned.keys())
    if unknown:
        raise KeyError(f"apply_masks: no parameters {unknown}; the model has {sorted(owned)}")
    for name, mask in masks.items():
        if tuple(owned[name].shape) != np.shape(mask):
            raise ValueError(
                f"apply_masks: mask {np.shape(mask)} for {name!r} {tuple(owned[name].shape)}"
            )
    layers = dict(model.named_modules())
    for name, mask in masks.items():
        path, _, attribute = name.rpartition(".")
        weight = values(owned[name])
        weight[~np.asarray(mask, bool)] = 0
        put(layers[path], **{attribute: weight})
    return model


class KeepMasks(Callback):
    """Keep pruned weights at 0 while `fit` trains the others.

    After each update they are set to 0 again: momentum, Adam and weight decay would move them
    even if their gradients were 0.

    Parameters
    ----------
    masks : dict
        As for `apply_masks`.

    Notes
    -----
    Chapter :ref:`pruning`.
    """

    def __init__(self, masks):
        self.masks = masks

    def on_fit_start(self, loop):
        """Set the pruned weights to 0."""
        apply_masks(loop.model, self.masks)

    def on_step_end(self, loop):
        """Set them to 0 again."""
        apply_masks(loop.model, self.masks)


def falling_shares(keep, rounds):
    """Say which share is left after each round, if every round takes the same part of the rest.

    Parameters
    ----------
    keep : float
        Share after the last round, above 0 and at most 1.
    rounds : int
        How many, at least 1.

    Returns
    -------
    numpy.ndarray
        (rounds,): ``keep^(1/rounds)``, …, ``keep``.

    Raises
    ------
    ValueError
        If the share or the number of rounds makes no sense.
    """
    if not 0 < keep <= 1 or rounds < 1:
        raise ValueError(
            f"falling_shares: keep {keep} in {rounds} rounds; expected 0 < keep <= 1 and at "
            "least 1 round"
        )
    return keep ** (np.arange(1, rounds + 1) / rounds)


def nonzero(model):
    """Count the prunable weights that are not 0.

    Parameters
    ----------
    model : Module
        Of either engine.

    Returns
    -------
    tuple of int
        How many are not 0, and how many there are.
    """
    arrays = prunable(model).values()
    return sum(int(np.count_nonzero(w)) for w in arrays), sum(w.size for w in arrays)


def sparse_bytes(weight, value=4, index=4):
    """Bytes of a weight stored row by row without its zeros.

    Parameters
    ----------
    weight : array_like
        (O, …); a row is all that belongs to one output.
    value, index : int
        Bytes of a number, and of a column's index or the place where a row begins.

    Returns
    -------
    int
        A number and an index for each entry other than 0, and a beginning for each row and the end.

    Notes
    -----
    The format CSR, as `scipy.sparse.csr_array` stores it. Chapter :ref:`pruning`.
    """
    weight = np.asarray(weight)
    return np.count_nonzero(weight) * (value + index) + (len(weight) + 1) * index
