"""How a squared error splits: bias², variance and noise, from many models or in closed form."""

from typing import NamedTuple

import numpy as np


class Decomposition(NamedTuple):
    """Parts of the expected squared error at N places.

    Attributes
    ----------
    bias2 : numpy.ndarray
        Square of the mean model's error, (N,).
    variance : numpy.ndarray
        Mean square of the models' distance to their mean, (N,).
    noise : numpy.ndarray
        Variance of the answers themselves, (N,), which no model can avoid.
    """

    bias2: np.ndarray
    variance: np.ndarray
    noise: np.ndarray

    @property
    def error(self):
        """Expected squared error on new answers: the sum of the three, (N,)."""
        return self.bias2 + self.variance + self.noise

    def mean(self):
        """Average each part over the places; the result holds three numbers."""
        return Decomposition(*(float(np.mean(part)) for part in self))


def decompose(predictions, targets, noise=0.0, ddof=0):
    """Split the squared error of models that were trained on R training sets.

    Parameters
    ----------
    predictions : array_like
        What each model says at N places: numbers, (R, N), or vectors, (R, N, K), whose squares
        are summed.
    targets : array_like
        The answers without noise, (N,) or (N, K). Where only noisy answers are known, such as
        labels, the first part is bias² and noise together.
    noise : float or array_like
        Variance of new answers around the targets, a number or (N,).
    ddof : int
        0 if the R training sets are all there are; 1 if they are a sample of many. Then
        variance / R, which the mean of R models still has, is taken out of the first part and given
        to the second; their sum stays what it is.

    Returns
    -------
    Decomposition
        Parts at each place. With `ddof` 1 a `bias2` near 0 may come out slightly negative.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is not finite, `ddof` is neither 0 nor 1, or there are
        not more than `ddof` models.

    Notes
    -----
    Geman, Bienenstock and Doursat (1992). Derived in the chapter :ref:`bias_variance`, the
    correction in :ref:`bias_variance_measured`.
    """
    found, truth = np.asarray(predictions, dtype=float), np.asarray(targets, dtype=float)
    if found.ndim not in (2, 3) or truth.shape != found.shape[1:]:
        raise ValueError(
            f"decompose: predictions {found.shape} and targets {truth.shape} do not fit; "
            "expected (R, N) and (N,), or (R, N, K) and (N, K)"
        )
    if ddof not in (0, 1) or len(found) <= ddof:
        raise ValueError(
            f"decompose: ddof is {ddof} with {len(found)} models; take 0, or 1 with at least 2"
        )
    if not (np.isfinite(found).all() and np.isfinite(truth).all()):
        raise ValueError("decompose: predictions and targets must be finite; some are not")
    noise = np.broadcast_to(np.asarray(noise, dtype=float), truth.shape[:1])
    if not (noise >= 0).all():
        raise ValueError(f"decompose: noise is {noise.min()}; a variance is at least 0")
    middle, numbers = found.mean(axis=0), tuple(range(1, truth.ndim))
    bias2 = np.sum((middle - truth) ** 2, axis=numbers)
    spread = np.mean([np.sum((one - middle) ** 2, axis=numbers) for one in found], axis=0)
    moved = spread * ddof / max(len(found) - ddof, 1)
    return Decomposition(bias2 - moved, spread + moved, noise)


def linear_decomposition(features, truth, sigma, at, truth_at):
    """Split the expected squared error of least squares in closed form.

    The inputs of the training set stay, its answers are ``truth`` plus independent noise, drawn
    anew for each training set. Predictions are linear in the answers, H y with H = Φ₀ Φ⁺, so that
    their mean and variance are known.

    Parameters
    ----------
    features : array_like
        Φ, features of the N training inputs, (N, D). If D is larger than N, least squares means
        the solution of least norm.
    truth : array_like
        Answers without noise, (N,).
    sigma : float
        Standard deviation of the noise.
    at : array_like
        Φ₀, features of the M places to predict at, (M, D).
    truth_at : array_like
        Answers without noise there, (M,).

    Returns
    -------
    Decomposition
        Parts at each of the M places.

    Raises
    ------
    ValueError
        If the shapes do not fit or `sigma` is negative.

    Notes
    -----
    Averaged over the training inputs themselves, the variance is σ² · rank(Φ) / N. Derived in the
    chapter :ref:`bias_variance_measured`.
    """
    features, at = np.asarray(features, dtype=float), np.asarray(at, dtype=float)
    truth, truth_at = np.asarray(truth, dtype=float), np.asarray(truth_at, dtype=float)
    fit = features.ndim == at.ndim == 2 and features.shape[1] == at.shape[1]
    if not fit or truth.shape != features.shape[:1] or truth_at.shape != at.shape[:1]:
        raise ValueError(
            f"linear_decomposition: features {features.shape} with truth {truth.shape} and "
            f"{at.shape} with {truth_at.shape} do not fit; expected (N, D), (N,), (M, D), (M,)"
        )
    if not sigma >= 0:
        raise ValueError(f"linear_decomposition: sigma is {sigma}; expected at least 0")
    H = at @ np.linalg.pinv(features)
    noise = np.full(len(at), float(sigma) ** 2)
    return Decomposition((H @ truth - truth_at) ** 2, sigma**2 * (H**2).sum(axis=1), noise)
