"""The contrastive loss: pictures of one person are pulled together, those of two pushed apart."""

import numpy as np

from companion.faces.distances import euclidean_distances
from companion.faces.pairs import all_pairs
from companion.training.engines import to_numpy


def losses_of_pairs(distances, same, margin=1.0):
    """Contrastive loss of each pair.

    Parameters
    ----------
    distances : Tensor or numpy.ndarray
        (K,) of either engine, at least 0; not squared.
    same : array_like
        (K,) whether the pair shows one person.
    margin : float
        How far apart two people should be, above 0.

    Returns
    -------
    Tensor or numpy.ndarray
        (K,): d² for the same person, else max(margin − d, 0)².

    Raises
    ------
    ValueError
        If the margin is not above 0, or lengths differ.

    Notes
    -----
    Hadsell, Chopra and LeCun (2006), equation 4, without their factor ½. Chapter :ref:`siamese`.
    """
    _checked("losses_of_pairs", margin)
    same = to_numpy(same).astype(bool)
    if tuple(distances.shape) != same.shape or same.ndim != 1:
        raise ValueError(
            f"losses_of_pairs: distances {tuple(distances.shape)}, same {same.shape}; "
            "expected (K,) and (K,), one for each pair"
        )
    pull = _weights(distances, same)
    return pull * distances**2 + (1 - pull) * (margin - distances).clip(min=0) ** 2


def contrastive_loss(margin=1.0):
    """Make the loss of a batch of encodings: the mean over all its pairs.

    Parameters
    ----------
    margin : float
        How far apart two people should be, above 0. Encodings of length 1 are at most 2 apart.

    Returns
    -------
    callable
        ``loss(encodings, names)`` for (B, D) of either engine and (B,); a scalar.

    Raises
    ------
    ValueError
        If the margin is not above 0; by the loss, if the numbers of encodings and names differ, or
        there is no pair.

    Notes
    -----
    Hadsell, Chopra and LeCun (2006). Chapter :ref:`siamese`.
    """
    _checked("contrastive_loss", margin)

    def loss(encodings, names):
        first, second, same = all_pairs(to_numpy(names))
        if len(names) != len(encodings) or not len(same):
            raise ValueError(
                f"contrastive_loss: {len(encodings)} encodings, {len(names)} names; "
                "expected as many of both, at least two"
            )
        distances = euclidean_distances(encodings, encodings)[first, second]
        return losses_of_pairs(distances, same, margin).mean()

    return loss


def cosine_losses(cosines, same, margin=0.0):
    """Cousin of the contrastive loss for cosines: 1 − cos, or max(cos − margin, 0).

    Parameters
    ----------
    cosines : Tensor or numpy.ndarray
        (K,) of either engine, from −1 to 1.
    same : array_like
        (K,) whether the pair shows one person.
    margin : float
        The cosine that two people may have, from −1 to 1.

    Returns
    -------
    Tensor or numpy.ndarray
        (K,).

    Raises
    ------
    ValueError
        If the margin is no cosine, or lengths differ.

    Notes
    -----
    ``torch.nn.CosineEmbeddingLoss`` is its mean. Chapter :ref:`siamese`.
    """
    if not -1 <= margin <= 1:
        raise ValueError(f"cosine_losses: margin is {margin}; expected a cosine, from −1 to 1")
    same = to_numpy(same).astype(bool)
    if tuple(cosines.shape) != same.shape or same.ndim != 1:
        raise ValueError(
            f"cosine_losses: cosines {tuple(cosines.shape)}, same {same.shape}; "
            "expected (K,) and (K,), one for each pair"
        )
    pull = _weights(cosines, same)
    return pull * (1 - cosines) + (1 - pull) * (cosines - margin).clip(min=0)


def _checked(name, margin):
    if not 0 < margin < np.inf:
        raise ValueError(f"{name}: margin is {margin}; expected a number above 0")


def _weights(like, same):
    """Ones and zeros in the engine and the precision of `like`, for weighted sums."""
    ones = same.astype(to_numpy(like).dtype)
    return like.new_tensor(ones) if hasattr(like, "new_tensor") else ones
