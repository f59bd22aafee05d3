"""Dropout switched on and off: labels that are wrong, curves, and the crowd of sampled networks."""

import numpy as np

from companion.experiments.regularization.small_sets import learning_curves, scores
from companion.gradients.activations import log_softmax
from companion.gradients.generator import manual_seed


def wrong_labels(y, seeds, share, classes=10):
    """Replace labels by random ones of the other classes.

    Parameters
    ----------
    y : array_like
        Labels of the R training sets, (R, N).
    seeds : sequence of int
        R seeds, those of the training sets.
    share : float
        Share of the labels to replace, from 0 to 1; rounded to whole labels.
    classes : int
        Number of classes.

    Returns
    -------
    numpy.ndarray
        Labels, (R, N), of which the share is wrong.

    Raises
    ------
    ValueError
        If `share` is out of range.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"wrong_labels: share is {share}; expected one from 0 to 1")
    y = np.array(y)
    for labels, seed in zip(y, seeds, strict=True):
        rng = np.random.default_rng([seed, 13])
        rows = rng.permutation(len(labels))[: round(share * len(labels))]
        labels[rows] = (labels[rows] + rng.integers(1, classes, len(rows))) % classes
    return y


def contest(sides, examples, make, *, seed=0, **options):
    """Train the networks of each side on the same examples, with draws of their own.

    Parameters
    ----------
    sides : dict
        Name → list of R networks.
    examples : tuple
        Training sets (R, N, D) and (R, N).
    make : callable
        Parameters → optimizer.
    seed : int
        Seed of what the layers draw, the same for each side.
    **options
        For `companion.experiments.regularization.small_sets.learning_curves`: epochs, sets to
        measure on.

    Returns
    -------
    networks : dict
        Name → the trained networks.
    curves : dict
        Name → what was measured on the way.
    """
    networks, curves = {}, {}
    for name, models in sides.items():
        manual_seed(seed)
        networks[name], curves[name] = learning_curves(models, *examples, make, **options)
    return networks, curves


def sampled(networks, X, samples, seed=0):
    """Score examples with thinned networks, a new one each time: dropout stays on.

    Parameters
    ----------
    networks : SideBySide
        R networks with random layers; left in evaluation mode.
    X : array_like
        Examples, (N, D).
    samples : int
        How many thinned networks to draw from each.
    seed : int
        Seed of the draws.

    Returns
    -------
    numpy.ndarray
        Logarithms of their probabilities, (samples, R, N, K).
    """
    manual_seed(seed)
    networks.train()
    found = [log_softmax(scores(networks, X), dim=-1).numpy() for _ in range(samples)]
    networks.eval()
    return np.array(found)
