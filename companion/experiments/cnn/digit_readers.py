"""Networks that read digits as images: how they are trained here, and on which pictures."""

import numpy as np

from companion.data.batches import Batches
from companion.training import Schedule, fit, manual_seed, predict


def pushed(images, labels, rng, limit=1):
    """Push each image by a whole number of pixels of its own; a ``transform`` of `Batches`.

    Parameters
    ----------
    images : array_like
        (N, C, H, W).
    labels : array_like
        Returned as they are.
    rng : numpy.random.Generator
        Draws how far, from −limit to limit, down and to the right.
    limit : int
        Most pixels, at least 0.

    Returns
    -------
    images : numpy.ndarray
        New ones, (N, C, H, W); what enters is 0.
    labels : array_like
        Those that were given.

    Raises
    ------
    ValueError
        If the images do not have four axes.
    """
    if np.ndim(images) != 4:
        raise ValueError(f"pushed: images {np.shape(images)}; expected (N, C, H, W)")
    N, _, H, W = images.shape
    down, right = limit - rng.integers(-limit, limit + 1, size=(2, N))
    wide = np.pad(images, ((0, 0), (0, 0), (limit, limit), (limit, limit)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (H, W), axis=(2, 3))
    return np.ascontiguousarray(windows[np.arange(N), :, down, right]), labels


def as_images(X, order=None):
    """Turn rows of pixels into square images, after their pixels changed places if asked.

    Parameters
    ----------
    X : array_like
        (N, D), D a square number.
    order : array_like, optional
        A permutation of the D places: pixel ``order[k]`` goes to place k, in all images alike.

    Returns
    -------
    numpy.ndarray
        (N, 1, √D, √D).

    Raises
    ------
    ValueError
        If D is no square number, or `order` is no permutation of D places.
    """
    X = np.asarray(X)
    D = X.shape[-1]
    side = round(D**0.5)
    if side * side != D:
        raise ValueError(f"as_images: {D} pixels make no square; cut or pad the images first")
    if order is not None:
        if not np.array_equal(np.sort(order), np.arange(D)):
            raise ValueError(f"as_images: order must hold each of the {D} places once")
        X = X[:, order]
    return X.reshape(-1, 1, side, side)


def pushed_batches(images, labels, seed):
    """Make batches of 50 digits, each pushed by up to two pixels whenever it is met.

    Parameters
    ----------
    images : array_like
        (N, C, H, W).
    labels : array_like
        (N,).
    seed : int
        Of order and pushes.

    Returns
    -------
    Batches
        For `trained`.
    """

    def push(images, labels, rng):
        return pushed(images, labels, rng, 2)

    return Batches(images, labels, batch_size=50, seed=seed, transform=push)


def trained(model, batches, loss, make, epochs, *, fade=False, callbacks=()):
    """Train a model of either engine and return it.

    Parameters
    ----------
    model : module
        Changed in place.
    batches : Batches
        What to learn from.
    loss : callable
        As for `companion.training.fit`.
    make : callable
        Parameters → optimizer.
    epochs : int
        Passes over the data.
    fade : bool
        Whether the learning rate falls along a line, to 0 after the last update.
    callbacks : iterable of Callback
        More of them, such as one that keeps masks.

    Returns
    -------
    module
        The model.
    """
    optimizer = make(model.parameters())
    rate, steps = optimizer.param_groups[0]["lr"], epochs * len(batches)
    falling = Schedule(lambda t: rate * (1 - t / steps), every="step")
    callbacks = [*([falling] if fade else []), *callbacks]
    fit(model, batches, loss, optimizer, epochs=epochs, callbacks=callbacks)
    return model


def mistakes(read, images, labels):
    """Count what a reader misreads.

    Parameters
    ----------
    read : callable
        Images (N, C, H, W) → scores (N, K).
    images, labels : array_like
        What it is judged by.

    Returns
    -------
    float
        Share of the images whose label is not the largest score.
    """
    return float(np.mean(np.argmax(read(images), axis=1) != labels))


def misread(model, images, labels):
    """Count what a model of either engine misreads in evaluation; see `mistakes`."""
    return mistakes(lambda X: predict(model, X), images, labels)


def errors(makers, batches, held_out, loss, epochs, seeds, *, fade=False):
    """Train each kind of network once for each seed, and count what it misreads.

    Parameters
    ----------
    makers : dict
        Name → (seed → model of either engine, parameters → optimizer).
    batches : callable
        Seed → `Batches`; all kinds of network see the same ones.
    held_out : tuple of array_like
        Images and classes that play no part in training.
    loss, epochs, fade
        As for `trained`.
    seeds : iterable of int
        Seeds of the first weights and of `batches`.

    Returns
    -------
    dict
        Name → share of mistakes, (S,).
    """
    X, y = held_out
    found = {name: [] for name in makers}
    for seed in seeds:
        for name, (network, make) in makers.items():
            manual_seed(seed)
            model = trained(network(seed), batches(seed), loss, make, epochs, fade=fade)
            found[name].append(misread(model, X, y))
    return {name: np.array(shares) for name, shares in found.items()}
