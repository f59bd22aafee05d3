"""What changes along a step of training: the means of the units, the loss and its gradient.

After Santurkar et al. (2018). All functions take `Networks` of
`companion.experiments.optimization.normalized_networks`.
"""

import numpy as np

from companion.experiments.optimization.normalized_networks import mini_batches, train
from companion.gradients.grad_mode import no_grad


def shaken(most, seed=1):
    """Return a disturbance for ``Networks.disturb``: other random scales and shifts at each call.

    Parameters
    ----------
    most : float
        Each unit is scaled by 1 to 1 + `most`/2 and shifted by −`most` to `most`.
    seed : int
        Seed of the random numbers.
    """
    rng = np.random.default_rng(seed)

    def disturb(z):
        scale, shift = rng.random((2, *z.shape[:2], 1), np.float32)
        return z * (1 + most / 2 * scale) + most * (2 * shift - 1)

    return disturb


def unsteadiness(nets, rate, X, y, steps=80, fixed=256):
    """Train, and measure how far the means of the units move from one update to the next.

    Parameters
    ----------
    nets : Networks
        R networks with L hidden layers, trained by this.
    rate : float
        Learning rate of all.
    X, y : numpy.ndarray
        Training examples and labels.
    steps : int
        Updates.
    fixed : int
        The means are those over the first so many examples, always the same.

    Returns
    -------
    losses : numpy.ndarray
        Training loss of the last ten updates, (R,).
    moves : numpy.ndarray
        Mean move of a unit's mean per update, in standard deviations, (R, L).
    """
    seen = []

    def watch(step):
        seen.append(_glance(nets, X[:fixed]))

    losses = train(nets, rate, X, y, steps, watch=watch)
    means, deviations = np.moveaxis(np.array(seen), 2, 0)
    moves = np.abs(np.diff(means, axis=0)) / (deviations[:-1] + 1e-6)
    return losses[:, -10:].mean(axis=1), moves.mean(axis=(0, 3)).T


def _glance(nets, x):
    """Mean and deviation of each unit over the examples x: (layers, 2, R, units)."""
    seen, disturb, running = [], nets.disturb, _running(nets)

    def keep(z):
        z = disturb(z)
        seen.append((z.data.mean(axis=2), z.data.std(axis=2)))
        return z

    nets.disturb = keep
    with no_grad():
        nets.scores(x)
    nets.disturb = disturb
    _put_back(nets, running)
    return np.array(seen)


def roughness(nets, rate, X, y, steps=80, every=5, lengths=(0.5, 1, 2, 4), size=64):
    """Train, and now and then walk along the gradient of a mini-batch of its own.

    Parameters
    ----------
    nets : Networks
        R networks, trained by this.
    rate : float
        Learning rate η; also the unit of the walks.
    X, y : numpy.ndarray
        Training examples and labels.
    steps, every : int
        Updates; a walk is made at every so many of them, T walks.
    lengths : sequence of float
        The walks go to θ − c η g for these c, C of them.
    size : int
        Examples in a mini-batch.

    Returns
    -------
    numpy.ndarray
        For each walk and length: change of the loss, change of the gradient relative to its
        length, and change of the gradient per distance relative to its length; (T, C, 3, R).
    """
    rows, found = mini_batches(len(X), steps, size, seed=9), []

    def watch(step):
        if step % every == 0:
            found.append(walk_along(nets, X[rows[step]], y[rows[step]], rate, lengths))

    train(nets, rate, X, y, steps, size, watch=watch)
    return np.array(found)


@np.errstate(over="ignore", invalid="ignore")
def walk_along(nets, x, y, rate, lengths):
    """Walk along the gradient of one mini-batch and come back; see `roughness`, (C, 3, R)."""
    running = _running(nets)
    kept = [(p, p.data, p.grad) for p in nets.parameters()]
    start = nets.backward(x, y)
    line = [(p, p.data, p.grad) for p in nets.parameters()]
    size, found = _length([g for _, _, g in line]), []
    for c in lengths:
        for p, at, g in line:
            p.data = at - np.float32(c * rate) * g
        rise = nets.backward(x, y) - start
        turned = _length([p.grad - g for p, _, g in line])
        found.append((rise, turned / size, turned / (c * rate * size)))
    for p, at, g in kept:
        p.data, p.grad = at, g
    _put_back(nets, running)
    return np.array(found)


def _length(arrays):
    """Norm of all gradients of each network as one vector, (R,)."""
    squares = [np.square(a, dtype=float).reshape(len(a), -1).sum(axis=1) for a in arrays]
    return np.sqrt(np.sum(squares, axis=0))


def _running(nets):
    return dict(getattr(nets.norm, "running", {}))


def _put_back(nets, running):
    if hasattr(nets.norm, "running"):
        nets.norm.running = running
