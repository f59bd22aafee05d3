"""How far the gradient of a mini-batch is from that of the whole set."""

import numpy as np

from companion.training import engines


def gradient(model, loss, X, y):
    """Compute the gradient of all parameters as one vector.

    Parameters
    ----------
    model : companion.nn.Module or torch.nn.Module
        The network, at the parameters it has. Its own gradients are forgotten.
    loss : callable
        ``loss(model(X), y)`` is one number.
    X, y : array_like
        Inputs (N, …) and targets (N, …).

    Returns
    -------
    numpy.ndarray
        (n_θ,), in the order of ``model.parameters()``; 0 where a parameter is not used.
    """
    X, y = engines.adapt(model, X, y)
    model.zero_grad()
    loss(model(X), y).backward()
    parts = [_numbers(p) for p in model.parameters()]
    model.zero_grad()
    return np.concatenate(parts)


def example_gradients(model, loss, X, y):
    """Compute the gradient for each example by itself.

    Parameters
    ----------
    model, loss, X, y
        As for `gradient`. The model must treat each example by itself, which batch normalization
        in training does not.

    Returns
    -------
    numpy.ndarray
        (N, n_θ). If `loss` is a mean over examples, the mean of the rows is the gradient of the
        whole set.
    """
    X, y = np.asarray(X), np.asarray(y)
    return np.stack([gradient(model, loss, X[i : i + 1], y[i : i + 1]) for i in range(len(X))])


def expected_noise(gradients, batch_size, replace=False):
    """Compute how far a mini-batch gradient is from the mean of all, from the examples' gradients.

    Parameters
    ----------
    gradients : array_like
        Gradient of each example, (N, n_θ).
    batch_size : int
        B, at least 1; without replacement at most N.
    replace : bool
        Whether an example may come twice in a batch.

    Returns
    -------
    float
        Root of the expected squared distance: √(tr Σ / B) with the covariance Σ of the rows
        (divided by N), without replacement times √((N - B) / (N - 1)).

    Raises
    ------
    ValueError
        If there are no examples, or the batch size is out of range.

    Notes
    -----
    Derived in the chapters :ref:`descent` and :ref:`batch_size_and_noise`.
    """
    g = np.asarray(gradients)
    N = len(g)
    _check(N, batch_size, replace)
    spread = np.square(g - g.mean(axis=0)).sum() / N
    left = 1 if replace else (N - batch_size) / max(N - 1, 1)
    return float(np.sqrt(spread * left / batch_size))


def gradient_noise(model, loss, X, y, batch_size, *, draws=100, replace=False, seed=0):
    """Measure how far mini-batch gradients are from the gradient of the whole set.

    Parameters
    ----------
    model, loss, X, y
        As for `gradient`; `loss` is a mean over examples.
    batch_size : int
        B, at least 1; without replacement at most N.
    draws : int
        How many batches to draw, independently of each other, at least 1.
    replace : bool
        Whether an example may come twice in a batch.
    seed : int
        Seed of the draws.

    Returns
    -------
    float
        Root of the mean squared distance ‖g_B - ∇J‖ over the draws.

    Raises
    ------
    ValueError
        If there are no examples, or the batch size or the number of draws is out of range.

    Notes
    -----
    Used in the chapter :ref:`batch_size_and_noise`.
    """
    X, y = np.asarray(X), np.asarray(y)
    _check(len(X), batch_size, replace)
    if draws < 1:
        raise ValueError(f"gradient_noise: draws is {draws}; expected at least 1")
    whole, rng = gradient(model, loss, X, y), np.random.default_rng(seed)
    squares = []
    for _ in range(draws):
        chosen = rng.choice(len(X), batch_size, replace=replace)
        squares.append(np.square(gradient(model, loss, X[chosen], y[chosen]) - whole).sum())
    return float(np.sqrt(np.mean(squares)))


def _numbers(parameter):
    if parameter.grad is None:
        return np.zeros(np.prod(parameter.shape, dtype=int), engines.to_numpy(parameter).dtype)
    return engines.to_numpy(parameter.grad).ravel().copy()


def _check(N, batch_size, replace):
    if N < 1:
        raise ValueError("there are no examples; the gradient of none is not defined")
    if batch_size < 1 or (batch_size > N and not replace):
        most = "" if replace else f" and at most the {N} examples there are"
        raise ValueError(f"batch_size is {batch_size}; expected at least 1{most}")
