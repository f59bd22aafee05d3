"""Two tasks, each with examples of its own, learned alone or by one trunk with two heads."""

import numpy as np

from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.tensor import Tensor


def learn_tasks(networks, tasks, make, *, updates=150, batch=30, weights=None, seed=0):
    """Train R networks side by side on several tasks: the losses of the heads are added.

    The heads are one last layer: the first task reads its first outputs, the next those after.

    Parameters
    ----------
    networks : SideBySide
        Changed in place, and left in evaluation mode.
    tasks : sequence of tuple
        ``(X, y, classes)`` for each task: its examples, (R, N, D), their classes, (R, N), and how
        many outputs are its own. A task with ``X`` None is left out: its head learns nothing.
    make : callable
        Parameters → optimizer.
    updates : int
        How many updates.
    batch : int
        Examples of each task in an update, or all there are if they are fewer.
    weights : sequence of float, optional
        Weight of each task's mean loss in the sum; 1 by default.
    seed : int
        Seed of the mini-batches. They do not depend on which other tasks there are.
    """
    loss, optimizer = CrossEntropyLoss(reduction="none"), make(networks.parameters())
    weights = [1.0] * len(tasks) if weights is None else weights
    rngs = [np.random.default_rng([seed, 13, t]) for t in range(len(tasks))]
    ends = np.cumsum([classes for *_, classes in tasks])
    networks.train()
    for _ in range(updates):
        drawn = [_draw(X, y, batch, rng) for (X, y, _), rng in zip(tasks, rngs, strict=True)]
        scores = networks(Tensor(np.concatenate([x for x, _ in filter(None, drawn)], axis=1)))
        total, row = 0, 0
        for pair, (*_, classes), end, weight in zip(drawn, tasks, ends, weights, strict=True):
            if pair is None:
                continue
            labels = pair[1]
            n = labels.shape[1]
            own = scores[:, row : row + n, end - classes : end].reshape(-1, classes)
            total = total + loss(own, labels.reshape(-1)).sum() * (weight / n)
            row += n
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
    networks.eval()


def _draw(X, y, batch, rng):
    if X is None:
        return None
    rows = np.argsort(rng.random(X.shape[:2]), axis=1)[:, :batch]
    each = np.arange(len(X))[:, None]
    return X[each, rows], y[each, rows]
