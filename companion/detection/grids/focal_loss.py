"""Focal loss: the many easy slots without an object shall not drown the few with one."""

import numpy as np

from companion.detection.grids.loss import WEIGHTS, grid_parts
from companion.detection.weighted import weighted
from companion.gradients.tape import primitive


@primitive
def focal_cross_entropy(z, *, target, gamma=2.0, alpha=None):
    """Loss α_t (1 − p_t)^γ (−log p_t) elementwise, finite for any finite logit z.

    With s = z for target 1 and −z for target 0, p_t = σ(s). Pullback: dl times
    ±α_t (1 − p_t)^γ (γ p_t log p_t − (1 − p_t)), the sign that of s.
    """
    y = np.asarray(target, dtype=z.dtype)
    sign = 2 * y - 1
    both = np.log1p(np.exp(-np.abs(z)))
    log_p, log_q = np.minimum(sign * z, 0) - both, np.minimum(-sign * z, 0) - both
    p, wrong = np.exp(log_p), np.exp(log_q)
    weight = np.exp(gamma * log_q) * (1 if alpha is None else alpha * y + (1 - alpha) * (1 - y))
    return -weight * log_p, lambda dl: dl * sign * weight * (gamma * p * log_p - wrong)


def focal_loss(nn, gamma=2.0, alpha=None):
    """Make the focal loss of logits, one number for each; `nn` is either engine.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    gamma : float
        Focus: 0 is the cross-entropy; the larger, the less easy examples count.
    alpha : float, optional
        Weight of examples with target 1, from 0 to 1; those with target 0 have 1 − alpha. None: no
        weights.

    Returns
    -------
    callable
        ``loss(z, target)``, targets 0 or 1, of the shape of z.

    Raises
    ------
    ValueError
        If `gamma` is negative or `alpha` not from 0 to 1.

    Notes
    -----
    Lin et al. (2017), equation 5; torchvision's ``sigmoid_focal_loss`` has the same formula.
    Chapter :ref:`anchors`.
    """
    if not gamma >= 0:
        raise ValueError(f"focal_loss: gamma is {gamma}; expected at least 0")
    if alpha is not None and not 0 <= alpha <= 1:
        raise ValueError(f"focal_loss: alpha is {alpha}; expected from 0 to 1")
    if not hasattr(nn, "ParameterList"):  # the companion's engine
        return lambda z, target: focal_cross_entropy(z, target=target, gamma=gamma, alpha=alpha)
    entropy, log = nn.BCEWithLogitsLoss(reduction="none"), nn.LogSigmoid()

    def loss(z, target):
        value = (gamma * log((1 - 2 * target) * z)).exp() * entropy(z, target)
        return value if alpha is None else value * (alpha * target + (1 - alpha) * (1 - target))

    return loss


def focal_grid_loss(nn, gamma=2.0, alpha=None, weights=WEIGHTS):
    """Make the loss of a grid of cells or of slots whose part *present* is focal.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    gamma, alpha : float
        As for `focal_loss`.
    weights : dict
        Weight of each part, as for `companion.detection.grids.loss.grid_loss`.

    Returns
    -------
    callable
        ``loss(output, target)``, a scalar; *present* is summed over all slots and divided by the
        number of objects.

    Notes
    -----
    Chapter :ref:`anchors`.
    """
    parts, focal = grid_parts(nn), focal_loss(nn, gamma, alpha)

    def with_focus(output, target):
        own = target[:, 0]
        present = focal(output[:, 0], own).sum() / max(float(own.sum()), 1.0)
        return parts(output, target) | {"present": present}

    return weighted(with_focus, weights, WEIGHTS)
