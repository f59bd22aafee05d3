"""A small network learns from a large one: soft targets, the loss with T², and its gradient.

Source: Hinton, Vinyals, Dean, *Distilling the Knowledge in a Neural Network* (2015); derived in the
chapter :ref:`distillation`.
"""

import numpy as np

from companion.gradients.tape import primitive


def soft_targets(scores, temperature=1.0):
    """Probabilities of a softmax at a temperature.

    Parameters
    ----------
    scores : array_like
        Of the teacher, (N, K), real numbers.
    temperature : float
        Divides the scores; above 1 the probabilities are more even.

    Returns
    -------
    numpy.ndarray
        softmax(scores / temperature), (N, K), in the floating-point type of `scores`.

    Raises
    ------
    ValueError
        If the temperature is not a positive number, or the scores do not have two axes.
    """
    scores = _scores("soft_targets", scores)
    _warm("soft_targets", temperature)
    # The largest score is subtracted first: a low temperature would make it overflow.
    p = np.exp((scores - scores.max(axis=1, keepdims=True)) / scores.dtype.type(temperature))
    return p / p.sum(axis=1, keepdims=True)


@primitive
def distillation_loss(z, *, teacher, temperature=4.0):
    """Loss T² KL(q ‖ p) of each example, q and p the softmax of teacher and z at T. (N, K) → (N,).

    It is T² times the cross-entropy of p for the soft targets q, less the entropy of q, which does
    not depend on z: so it is 0 where both agree. Pullback: dl T (p - q).
    """
    T = z.dtype.type(temperature)
    log_p, log_q = (_log_softmax(np.asarray(s, dtype=z.dtype) / T) for s in (z, teacher))
    p, q = np.exp(log_p), np.exp(log_q)
    return T * T * (q * (log_q - log_p)).sum(axis=1), lambda dl: T * dl[:, None] * (p - q)


def matched_logits(scores, teacher):
    """Loss that `distillation_loss` becomes at a high temperature, and its gradient.

    Parameters
    ----------
    scores, teacher : array_like
        Of pupil and teacher, (N, K).

    Returns
    -------
    losses : numpy.ndarray
        (N,): half the mean square of the differences, after the mean over the classes has been
        subtracted from the scores of each.
    gradient : numpy.ndarray
        (N, K): of each loss with respect to its scores, (differences) / K.

    Raises
    ------
    ValueError
        If the shapes differ or do not have two axes.
    """
    scores, teacher = (_scores("matched_logits", s) for s in (scores, teacher))
    if scores.shape != teacher.shape:
        raise ValueError(
            f"matched_logits: scores {scores.shape} and teacher {teacher.shape}; expected the same "
            "examples and classes in both"
        )
    gap = scores - teacher
    gap = gap - gap.mean(axis=1, keepdims=True)
    return (gap**2).mean(axis=1) / 2, gap / gap.shape[1]


def both_targets(teacher, labels, temperature=4.0):
    """Put soft targets and labels into one array, as a training loop wants a single target.

    Parameters
    ----------
    teacher : array_like
        Scores of the teacher, (N, K).
    labels : array_like
        Class numbers, (N,).
    temperature : float
        Of the soft targets.

    Returns
    -------
    numpy.ndarray
        (N, 2, K): the soft targets, and the label as probability 1 of its class.

    Raises
    ------
    ValueError
        If there is not one label for each row, or a label is no class number.
    """
    soft = soft_targets(teacher, temperature)
    labels, (N, K) = np.asarray(labels), soft.shape
    if labels.shape != (N,):
        raise ValueError(f"both_targets: teacher {soft.shape} and labels {labels.shape}; one each")
    if labels.dtype.kind not in "iu" or (N and not 0 <= labels.min() <= labels.max() < K):
        raise ValueError(
            f"both_targets: labels must be class numbers from 0 to {K - 1}; an image without a "
            "label is learned with soft targets alone"
        )
    return np.stack([soft, np.eye(K, dtype=soft.dtype)[labels]], axis=1)


def distilling(cross_entropy, temperature=4.0, hard=0.0):
    """Make the loss with which a pupil of either engine is trained.

    Parameters
    ----------
    cross_entropy : callable
        ``CrossEntropyLoss()`` of the pupil's engine: scores and target probabilities (N, K) → the
        mean over the batch.
    temperature : float
        At which the soft targets were made.
    hard : float
        Share of the labels, from 0 to 1.

    Returns
    -------
    callable
        ``loss(scores, targets)`` = (1 − hard) T² CE(q, softmax(z / T)) + hard CE(y, softmax(z)),
        with targets (N, K) as from `soft_targets`, or (N, 2, K) as from `both_targets`.

    Raises
    ------
    ValueError
        If temperature or share are out of range; when called, if labels are asked for and missing.
    """
    _warm("distilling", temperature)
    if not 0 <= hard <= 1:
        raise ValueError(f"distilling: hard is {hard}; a share from 0 to 1 needed, such as 0.1")

    def loss(scores, targets):
        both = len(targets.shape) == 3
        if hard and not both:
            raise ValueError(
                f"distilling: hard is {hard}, but targets {tuple(targets.shape)} hold no labels; "
                "make them with both_targets, or take hard=0"
            )
        soft = cross_entropy(scores / temperature, targets[:, 0] if both else targets)
        total = soft * ((1 - hard) * temperature**2)
        return total + cross_entropy(scores, targets[:, 1]) * hard if hard else total

    return loss


def _log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _scores(name, scores):
    scores = np.asarray(scores)
    scores = scores if scores.dtype.kind == "f" else scores.astype(float)
    if scores.ndim != 2 or scores.shape[1] < 1:
        raise ValueError(f"{name}: scores {scores.shape}; expected (N, K), one row an example")
    return scores


def _warm(name, temperature):
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(f"{name}: temperature is {temperature}; a positive number needed, as 4")
