"""Linear regression on random features: how its error depends on how many features there are."""

import numpy as np


def random_features(X, count, seed=0):
    """Compute ReLU features with random directions that never change.

    Parameters
    ----------
    X : array_like
        Inputs, (N, D).
    count : int
        Number of features, F. Those of a smaller count are the first of a larger one.
    seed : int
        Seed of the directions, which are standard normal over the root of D.

    Returns
    -------
    numpy.ndarray
        max(0, X W) / √F, (N, F), float64.
    """
    X = np.asarray(X, dtype=float)
    directions = np.random.default_rng([seed, 14]).normal(size=(count, X.shape[1]))
    return np.maximum(X @ directions.T / np.sqrt(X.shape[1]), 0) / np.sqrt(count)


def flip_labels(y, share, classes=10, seed=0):
    """Replace a share of the labels by one of the other classes, each equally likely.

    Parameters
    ----------
    y : array_like
        Classes, (N,).
    share : float
        Share to replace, 0 to 1; that many are replaced, rounded.
    classes : int
        Number of classes.
    seed : int
        Seed of the choice.

    Returns
    -------
    numpy.ndarray
        Classes, (N,); `y` itself is unchanged.

    Raises
    ------
    ValueError
        If `share` is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"flip_labels: share is {share}; expected 0 to 1")
    y, rng = np.array(y), np.random.default_rng([seed, 15])
    rows = rng.permutation(len(y))[: round(share * len(y))]
    y[rows] = (y[rows] + rng.integers(1, classes, len(rows))) % classes
    return y


def regression(features, targets, ridge=0.0):
    """Fit targets by least squares, with a ridge penalty if there is one.

    Parameters
    ----------
    features : array_like
        Φ, (N, F); if F is larger than N, of rank N.
    targets : array_like
        Answers, (N, K).
    ridge : float
        Strength λ of the penalty: least is ‖Φ w − y‖² + λ ‖w‖². With 0, and of many solutions, the
        one of least norm.

    Returns
    -------
    numpy.ndarray
        Weights, (F, K).

    Raises
    ------
    ValueError
        If `ridge` is negative.
    """
    features, targets = np.asarray(features, dtype=float), np.asarray(targets, dtype=float)
    N, F = features.shape
    if not ridge >= 0:
        raise ValueError(f"regression: ridge is {ridge}; expected at least 0")
    if ridge and F > N:
        kernel = features @ features.T + ridge * np.eye(N)
        return features.T @ np.linalg.solve(kernel, targets)
    if ridge:
        gram = features.T @ features + ridge * np.eye(F)
        return np.linalg.solve(gram, features.T @ targets)
    if F > N:
        Q, R = np.linalg.qr(features.T)
        return Q @ np.linalg.solve(R.T, targets)
    return np.linalg.lstsq(features, targets)[0]


def regressed(X, y, places, counts, ridges=(0.0,), classes=10):
    """Fit classes by regression on random features, and say what each fit predicts elsewhere.

    Parameters
    ----------
    X, y : array_like
        Training sets, (R, N, D) and (R, N), each with random features of its own.
    places : array_like
        Inputs to predict at, (M, D).
    counts : sequence of int
        Numbers of features.
    ridges : sequence of float
        Strengths of the penalty.
    classes : int
        Number of classes; targets are 1 for the right one and 0 for the others.

    Returns
    -------
    numpy.ndarray
        Predictions, (ridges, counts, R, M, classes).

    Notes
    -----
    Belkin, Hsu, Ma and Mandal (2019). Used in the chapter :ref:`bias_variance_measured`.
    """
    found = np.empty((len(ridges), len(counts), len(X), len(places), classes))
    for run, (own, labels) in enumerate(zip(X, y, strict=True)):
        most = max(counts)
        both = random_features(np.concatenate([own, places]), most, seed=run) * np.sqrt(most)
        targets = np.eye(classes)[labels]
        for k, count in enumerate(counts):
            features = both[:, :count] / np.sqrt(count)
            for j, ridge in enumerate(ridges):
                weights = regression(features[: len(own)], targets, ridge)
                found[j, k, run] = features[len(own) :] @ weights
    return found
