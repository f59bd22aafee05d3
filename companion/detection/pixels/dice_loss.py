"""The Dice loss: the overlap that we want, made of probabilities so that it has a slope."""


def dice_loss(nn, smooth=1.0, absent="skip"):
    """Make the soft Dice loss.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    smooth : float
        Added to numerator and denominator, in pixels; at least 0.
    absent : {"skip", "count"}
        What to do with a class that no pixel of the batch has. ``"skip"``: it is left out of the
        mean, so that its probability is pushed down only by the classes that are there.
        ``"count"``: its coefficient is smooth / (Σp + smooth), 1 where nothing was found.

    Returns
    -------
    callable
        ``loss(scores, target)`` with scores (N, K, H, W) and class numbers (N, H, W): a scalar, 1
        minus the mean over the classes of D = (2 Σ p t + smooth) / (Σ p + Σ t + smooth). p is the
        softmax of the scores, t is 1 where the target is the class, sums go over all pixels of the
        batch.

    Raises
    ------
    ValueError
        If an argument is out of range; when called, if the shapes do not fit or a class number is
        not from 0 to K − 1.

    Notes
    -----
    ∂D/∂p = (2t − D) / (Σ p + Σ t + smooth) for each pixel. Milletari et al. (2016), there with
    squares in the denominator. Chapter :ref:`segmentation`; slopes in :ref:`segmentation_measured`.
    """
    if smooth < 0 or absent not in ("skip", "count"):
        raise ValueError(
            f"dice_loss: smooth {smooth}, absent {absent!r}; expected at least 0, and one of "
            "'skip' and 'count'"
        )
    if absent == "count" and smooth == 0:
        raise ValueError("dice_loss: an absent class that counts needs smooth above 0, such as 1")
    softmax = nn.Softmax(dim=1)

    def loss(scores, target):
        _fits(scores, target)
        probabilities, found = softmax(scores), []
        for k in range(scores.shape[1]):
            own = target == k
            own = own.astype(scores.dtype) if hasattr(own, "astype") else own.to(scores.dtype)
            size = float(own.sum())
            if size or absent == "count":
                p = probabilities[:, k]
                both = (p * own).sum()
                found.append((both * 2 + smooth) / (p.sum() + (size + smooth)))
        # No pixel at all: nothing to learn, but still a scalar with a graph.
        return 1 - sum(found) / len(found) if found else scores.sum() * 0

    return loss


def cross_entropy_and_dice(nn, dice=1.0, smooth=1.0, absent="skip"):
    """Make the sum of cross-entropy and Dice loss.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    dice : float
        Weight of the Dice loss.
    smooth, absent
        As for `dice_loss`.

    Returns
    -------
    callable
        ``loss(scores, target)`` as from `dice_loss`.

    Notes
    -----
    Chapter :ref:`segmentation`.
    """
    first, second = nn.CrossEntropyLoss(), dice_loss(nn, smooth, absent)
    return lambda scores, target: first(scores, target) + second(scores, target) * dice


def _fits(scores, target):
    shape, given = tuple(scores.shape), tuple(target.shape)
    if len(shape) != 4 or given != (shape[0], *shape[2:]):
        raise ValueError(
            f"dice_loss: scores {shape} and target {given}; expected (N, K, H, W) and (N, H, W)"
        )
    if 0 not in given and not 0 <= int(target.min()) <= int(target.max()) < shape[1]:
        raise ValueError(
            f"dice_loss: class numbers from {int(target.min())} to {int(target.max())}; "
            f"expected from 0 to {shape[1] - 1}"
        )
