"""The loss after a fixed number of updates, each method at the best of a grid of rates."""

import numpy as np

from companion.data.batches import Batches
from companion.experiments.comparison import Sweep
from companion.experiments.side_by_side import SideBySide
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.tensor import Tensor


@np.errstate(over="ignore", invalid="ignore")
def final_losses(models, make, X, y, seeds, *, batch_size, epochs):
    """Train classifiers side by side, each on mini-batches of its own order.

    Parameters
    ----------
    models : sequence of Sequential
        R networks of equal shape; see `companion.experiments.side_by_side.SideBySide`.
    make : callable
        Parameters → optimizer. A learning rate of shape (R, 1, 1) gives each its own.
    X, y : array_like
        Inputs (N, D) and classes (N,).
    seeds : sequence of int
        Seed of each network's order of the examples, R of them.
    batch_size, epochs : int
        Size of a mini-batch, and how many passes to make.

    Returns
    -------
    numpy.ndarray
        Cross-entropy of each network over the whole set at the end, (R,); a network that diverged
        has infinity or NaN.
    """
    together, loss = SideBySide(models), CrossEntropyLoss()
    optimizer, R = make(together.parameters()), len(models)
    orders = [Batches(X, y, batch_size=batch_size, seed=seed) for seed in seeds]
    for _ in range(epochs):
        for parts in zip(*orders, strict=True):
            scores = together(Tensor(np.stack([inputs for inputs, _ in parts])))
            labels = np.concatenate([labels for _, labels in parts])
            optimizer.zero_grad()
            (loss(scores.reshape(len(labels), -1), labels) * R).backward()
            optimizer.step()
    scores = together(Tensor(np.asarray(X))).numpy().astype(float)
    scores -= scores.max(axis=2, keepdims=True)
    right = scores[:, np.arange(len(y)), y]
    return np.mean(np.log(np.exp(scores).sum(axis=2)) - right, axis=1)


def tuned_losses(
    network, make, X, y, rates, *, batch_size, epochs, tuning=range(2), judging=range(2, 7)
):
    """Choose the best rate of a grid with some seeds, and report the loss there with others.

    Parameters
    ----------
    network : callable
        Seed → a fresh network.
    make : callable
        ``make(params, rate)`` returns the optimizer.
    X, y, batch_size, epochs
        As for `final_losses`.
    rates : array_like
        Learning rates to try, (K,), smallest first.
    tuning, judging : iterable of int
        Seeds for the choice, and for the report.

    Returns
    -------
    tuple
        The `companion.experiments.comparison.Sweep` of all rates, and the losses at the best, one
        for each judging seed.

    Notes
    -----
    Used in the chapter :ref:`momentum`.
    """
    rates, tuning, judging = np.asarray(rates, dtype=float), list(tuning), list(judging)

    def run(each_rate, seeds):
        column = np.asarray(each_rate, dtype="float32")[:, None, None]
        found = final_losses(
            [network(seed) for seed in seeds],
            lambda params: make(params, column),
            X,
            y,
            seeds,
            batch_size=batch_size,
            epochs=epochs,
        )
        return np.where(np.isfinite(found), found, np.inf)

    costs = run(rates.repeat(len(tuning)), tuning * len(rates))
    tried = Sweep(rates, costs.reshape(len(rates), len(tuning)))
    return tried, run([tried.best] * len(judging), judging)
