"""Negative sampling: tell the true neighbour from words drawn by chance.

Derived in the chapter :ref:`word2vec`.
"""

import numpy as np
from scipy.special import expit

from companion.gradients.tape import primitive


@primitive
def negative_sampling(centre, neighbour, noise):
    """Loss of each pair: −log σ(u·v) − Σₖ log σ(−nₖ·v). v, u: (N, D), n: (N, K, D) → (N,).

    Pullback: with the errors e = σ(u·v) − 1 and eₖ = σ(nₖ·v), the centre gets e·u + Σₖ eₖ·nₖ, the
    neighbour e·v and the k-th noise word eₖ·v.
    """
    right = np.einsum("nd,nd->n", centre, neighbour)
    wrong = np.einsum("nd,nkd->nk", centre, noise)
    loss = np.logaddexp(0, -right) + np.logaddexp(0, wrong).sum(axis=1)

    def errors(dy):
        return (dy * (expit(right) - 1))[:, None], dy[:, None] * expit(wrong)

    def to_centre(dy):
        e, of_noise = errors(dy)
        return e * neighbour + np.einsum("nk,nkd->nd", of_noise, noise)

    def to_noise(dy):
        return errors(dy)[1][:, :, None] * centre[:, None]

    return loss, to_centre, lambda dy: errors(dy)[0] * centre, to_noise


@primitive
def shared_negative_sampling(centre, neighbour, noise, *, negatives):
    """Loss of each pair of a batch that shares M noise words. v, u: (N, D), n: (M, D) → (N,).

    Each of the M counts `negatives` / M, so that the mean over all draws is that of
    `negative_sampling` with K = `negatives`. All products are one product of matrices.
    """
    loss, back = shared_noise(centre, neighbour, noise, negatives)
    return (loss, *(lambda dy, k=k: back(dy)[k] for k in range(3)))


def shared_noise(centre, neighbour, noise, negatives):
    """Compute the loss of a batch that shares its noise words, on arrays.

    Parameters
    ----------
    centre, neighbour : numpy.ndarray
        (N, D) vectors of the pairs.
    noise : numpy.ndarray
        (M, D) vectors of the noise words.
    negatives : float
        For how many noise words a pair they stand together.

    Returns
    -------
    loss : numpy.ndarray
        (N,).
    back : callable
        dLoss (N,) → gradients of centre, neighbour and noise.
    """
    share = centre.dtype.type(negatives / len(noise))
    right = np.einsum("nd,nd->n", centre, neighbour)
    wrong = centre @ noise.T
    of_right, missing = softplus(-right)
    of_wrong, found = softplus(wrong)
    loss = of_right + share * of_wrong.sum(axis=1)

    def back(dy):
        e = -(dy * missing)[:, None]
        of_noise = (share * dy)[:, None] * found
        return e * neighbour + of_noise @ noise, e * centre, of_noise.T @ centre

    return loss, back


def softplus(z):
    """Return log(1 + eᶻ) = −log σ(−z) and its slope σ(z), both from one power of e."""
    power = np.exp(-np.abs(z))
    return np.maximum(z, 0) + np.log1p(power), np.where(z >= 0, 1, power) / (1 + power)
