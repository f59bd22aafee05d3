"""Many linear models of a hopeless task, and the one that looks best on a few examples."""

import numpy as np

from companion.data.digits import pooled, train_dev_test


def careless_parity(share, seed, size=1500, n_dev=30, data=None):
    """Draw four sets of digits whose labels, even or odd, are wrong for a share of all examples.

    Parameters
    ----------
    share : float
        Share of wrong labels in every set: the Bayes error, if it is below ½.
    seed : int
        Seed of the sets and of the wrong labels.
    size, n_dev : int
        Examples in the training set and in the dev set. The train-dev set is the rest of the pool
        and the test set the rest of the dev part; the data's own test part is not touched.
    data : ThreeWay, optional
        Where from; by default the digits of `companion.data.digits.train_dev_test`.

    Returns
    -------
    dict
        "train", "train_dev", "dev" and "test" → inputs of 7 × 7 pixels, (N, 49), and labels, (N,)
        bool, true for odd.

    Raises
    ------
    ValueError
        If a set would be empty.
    """
    data = train_dev_test() if data is None else data
    pool, rest = len(data.X_train), len(data.X_dev)
    if not 0 < size < pool or not 0 < n_dev < rest:
        raise ValueError(
            f"careless_parity: size is {size}, n_dev {n_dev}; expected less than {pool} and {rest}"
        )
    rng, sets = np.random.default_rng([seed, 15]), {}
    for names, X, y, cut in (
        (("train", "train_dev"), data.X_train, data.y_train, size),
        (("dev", "test"), data.X_dev, data.y_dev, n_dev),
    ):
        odd = (y % 2 == 1) ^ (rng.random(len(y)) < share)
        order = rng.permutation(len(y))
        for name, rows in zip(names, (order[:cut], order[cut:]), strict=True):
            sets[name] = pooled(X[rows], 4), odd[rows]
    return sets


def linear_candidates(sets, count, width=20, seed=0):
    """Fit linear models by least squares, each to some pixels of its own.

    Parameters
    ----------
    sets : dict
        As `careless_parity` draws them; "train" is learned from.
    count, width : int
        Models, and the number of pixels that each looks at.
    seed : int
        Seed of the pixels.

    Returns
    -------
    dict
        Name of the set → share of mistakes of each model, (count,).
    """
    rng = np.random.default_rng([seed, 16])
    X, odd = sets["train"]
    pixels, one = X.shape[1], X.shape[1]  # the constant comes after the last pixel
    # With X = QR, least squares on columns of R and Qᵀy has the same solutions, in far fewer rows.
    Q, R = np.linalg.qr(_with_one(X).astype(float))
    target = Q.T @ np.where(odd, 1.0, -1.0)
    weights = np.zeros((pixels + 1, count))
    for k in range(count):
        seen = np.append(rng.permutation(pixels)[:width], one)
        small = len(X) * np.finfo(float).eps
        weights[seen, k] = np.linalg.lstsq(R[:, seen], target, rcond=small)[0]
    return {
        name: np.mean((_with_one(examples) @ weights > 0) != labels[:, None], axis=0)
        for name, (examples, labels) in sets.items()
    }


def _with_one(X):
    return np.column_stack([X, np.ones(len(X))])
