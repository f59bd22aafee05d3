"""Small readers of digits that learn side by side, each from targets and images of its own.

One network of torch holds them all: its convolutions have a group for each pupil, so no pupil sees
another, and many together take little longer than one.
"""

from itertools import pairwise

import numpy as np

from companion.experiments.cnn.trained_reader import reader
from companion.training import engines

HIDDEN_LAYER = 14
"""Number of the hidden dense layer in `pupils`."""


def pupils(nn, seeds, width=2, hidden=16):
    """Make independent networks side by side, one for each seed.

    Parameters
    ----------
    nn : module
        ``torch.nn``.
    seeds : sequence of int
        Pupil k begins with the weights of ``reader(nn, width, hidden)`` after `manual_seed` of its
        seed. Seeds may occur several times.
    width, hidden : int
        As for `reader`.

    Returns
    -------
    torch.nn.Sequential
        Maps (N, S, 28, 28), an image for each pupil, to scores (N, S, 10).

    Raises
    ------
    ValueError
        If there is no seed, or width or hidden is below 1.
    """
    S = len(seeds)
    if S < 1:
        raise ValueError("pupils: no seeds; at least one needed")
    channels = [c * S for c in (1, width, 2 * width, 4 * width)]
    singles = {}
    for seed in seeds:
        engines.manual_seed(seed)
        singles[seed] = singles.get(seed) or reader(nn, width, hidden)
    blocks = [
        layer
        for a, b in pairwise(channels)
        for layer in (
            nn.Conv2d(a, b, 3, padding=1, bias=False, groups=S),
            nn.BatchNorm2d(b),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
    ]
    features = channels[-1] * 3 * 3
    network = nn.Sequential(
        *blocks,
        nn.Flatten(),
        nn.Unflatten(1, (features, 1)),
        nn.Conv1d(features, hidden * S, 1, groups=S),  # a dense layer for each pupil
        nn.ReLU(),
        nn.Conv1d(hidden * S, 10 * S, 1, groups=S),
        nn.Flatten(),
        nn.Unflatten(1, (S, 10)),
    )
    parts = zip(*(singles[seed].state_dict().values() for seed in seeds), strict=True)
    state = network.state_dict()
    for target, values in zip(state.values(), parts, strict=True):
        for k, value in enumerate(values if target.ndim else ()):
            target.reshape(S, -1)[k] = value.reshape(-1)
    return network


def alone(nn, network, k, count):
    """Take one pupil out, as a network of its own.

    Parameters
    ----------
    nn : module
        ``torch.nn``.
    network : torch.nn.Sequential
        From `pupils`.
    k, count : int
        Which pupil, and how many there are.

    Returns
    -------
    torch.nn.Sequential
        Like ``reader(nn, width, hidden)``, in evaluation mode.

    Raises
    ------
    IndexError
        If there is no pupil `k`.
    """
    if not 0 <= k < count:
        raise IndexError(f"alone: pupil {k} of {count}; expected 0 to {count - 1}")
    values = [v.reshape(count, -1)[k] if v.ndim else v for v in network.state_dict().values()]
    layers = network[0], network[HIDDEN_LAYER]
    single = reader(nn, *(layer.out_channels // count for layer in layers))
    pairs = zip(single.state_dict().items(), values, strict=True)
    single.load_state_dict({name: v.reshape(old.shape) for (name, old), v in pairs})
    return single.eval()


def teach(network, optimizer, images, targets, T, chosen, seeds, *, steps=400, batch=50):
    """Train all pupils, each on its own images and targets; the rate falls along a line to 0.

    Parameters
    ----------
    network : torch.nn.Sequential
        From `pupils`, with S of them; changed in place.
    optimizer : torch.optim.Optimizer
        Of its parameters.
    images : numpy.ndarray
        (M, 1, 28, 28).
    targets : sequence of numpy.ndarray
        For each pupil probabilities (M, 10): labels, or soft targets at its temperature.
    T : array_like
        Temperatures, (S,): 1 for labels.
    chosen : sequence of array_like
        For each pupil the numbers of the images that it learns from.
    seeds : sequence of int
        For each pupil the seed of the order of its images: shuffled anew when all have been seen.
    steps, batch : int
        How many updates, on how many images each.

    Returns
    -------
    torch.nn.Sequential
        The network, in evaluation mode.

    Notes
    -----
    The loss of a pupil is T² times the cross-entropy of softmax(z / T) for its targets, chapter
    :ref:`distillation`. The losses are added up, and no weight occurs in two of them.
    """
    order = np.stack([
        _order(rows, steps * batch, seed) for rows, seed in zip(chosen, seeds, strict=True)
    ])  # fmt: skip
    targets, who = np.stack(targets).astype(np.float32), np.arange(len(targets))
    (T,) = engines.adapt(network, np.asarray(T, np.float32).reshape(1, -1, 1))
    rates = [group["lr"] for group in optimizer.param_groups]
    network.train()
    for step in range(steps):
        rows = order[:, step * batch : (step + 1) * batch].T  # (batch, S)
        x, q = engines.adapt(network, _last(images[rows]), targets[who, rows])
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * (1 - step / steps)
        optimizer.zero_grad()
        log_p = (network(x.permute(0, 3, 1, 2)) / T).log_softmax(dim=2)
        ((T * T * q * log_p).sum() / -batch).backward()
        optimizer.step()
    return network.eval()


def scores(network, images, count, batch=250):
    """Let every pupil read the same images.

    Parameters
    ----------
    network : torch.nn.Sequential
        From `pupils`, in evaluation mode.
    images : numpy.ndarray
        (N, 1, 28, 28).
    count, batch : int
        How many pupils there are, and images at a time.

    Returns
    -------
    numpy.ndarray
        (count, N, 10).
    """
    found = []
    with engines.no_grad(network):
        for start in range(0, len(images), batch):
            part = images[start : start + batch]
            (x,) = engines.adapt(network, _last(np.repeat(part[:, None], count, axis=1)))
            found.append(engines.to_numpy(network(x.permute(0, 3, 1, 2))))
    return np.concatenate(found).transpose(1, 0, 2)


def _order(rows, length, seed):
    """Numbers of `length` images: all rows in a random order, then again in another one."""
    rng, rows = np.random.default_rng([seed, 1]), np.asarray(rows)
    times = -(-length // len(rows))
    return np.concatenate([rng.permutation(rows) for _ in range(times)])[:length]


def _last(images):
    """Move (N, S, 1, H, W) to (N, H, W, S): torch is faster with the pupils last in memory."""
    return np.ascontiguousarray(images[:, :, 0].transpose(0, 2, 3, 1))
