"""Known wrong answers to the exercises of the chapter on the triplet loss."""

import numpy as np

from companion.exercises import wrong


@wrong("one-triplet", fails="test_the_loss_by_hand")
def one_triplet():
    """Takes roots."""
    return 2 - 5**0.5 + 2, (0.0, 4.0)


@wrong("one-triplet", fails="test_the_loss_by_hand")
def one_triplet():
    """Exchanges positive and negative."""
    return 3.0, (0.0, 4.0)


@wrong("one-triplet", fails="test_the_gradient_by_hand")
def one_triplet():
    """Gives the way down."""
    return 1.0, (0.0, -4.0)


@wrong("one-triplet", fails="test_the_gradient_by_hand")
def one_triplet():
    """Gives the gradient of the anchor."""
    return 1.0, (-2.0, 0.0)


@wrong("stuck-loss", fails="test_what_has_happened")
def what_has_happened():
    """Takes a loss that stays for a sign of success."""
    return "finished"


@wrong("stuck-loss", fails="test_what_has_happened")
def what_has_happened():
    """Thinks that the batches are to blame."""
    return "no positives"


@wrong("stuck-loss", fails="test_what_has_happened")
def what_has_happened():
    """Answers with a number."""
    return 0.2


@wrong("own-triplet-loss", fails="test_the_mean_of_the_losses")
def triplet_loss(anchors, positives, negatives, margin):
    """Clips the mean."""
    near = ((anchors - positives) ** 2).sum(1)
    far = ((anchors - negatives) ** 2).sum(1)
    return (near - far + margin).mean().clip(min=0)


@wrong("own-triplet-loss", fails="test_the_mean_of_the_losses")
def triplet_loss(anchors, positives, negatives, margin):
    """Loses the negative, as the old notes do."""
    return (((anchors - positives) ** 2).sum(1) - (anchors**2).sum(1) + margin).clip(min=0).mean()


@wrong("own-triplet-loss", fails="test_the_mean_of_the_losses")
def triplet_loss(anchors, positives, negatives, margin):
    """Takes plain distances."""
    near = ((anchors - positives) ** 2).sum(1) ** 0.5
    far = ((anchors - negatives) ** 2).sum(1) ** 0.5
    return (near - far + margin).clip(min=0).mean()


@wrong("own-triplet-loss", fails="test_the_mean_of_the_losses")
def triplet_loss(anchors, positives, negatives, margin):
    """Exchanges the signs."""
    near = ((anchors - positives) ** 2).sum(1)
    far = ((anchors - negatives) ** 2).sum(1)
    return (far - near + margin).clip(min=0).mean()


@wrong("own-triplet-loss", fails="test_only_what_tensors_of_both_engines_have")
def triplet_loss(anchors, positives, negatives, margin):
    """Uses NumPy, through which no gradient flows."""
    near = np.sum((anchors - positives) ** 2, axis=1)
    far = np.sum((anchors - negatives) ** 2, axis=1)
    return np.mean(np.maximum(near - far + margin, 0))


@wrong("own-triplet-loss", fails="test_only_what_tensors_of_both_engines_have")
def triplet_loss(anchors, positives, negatives, margin):
    """Turns the loss into a number, through which no gradient flows."""
    near = ((anchors - positives) ** 2).sum(1)
    far = ((anchors - negatives) ** 2).sum(1)
    return float((near - far + margin).clip(min=0).mean())


@wrong("share-that-teaches", fails="test_share_of_a_batch")
def share_that_teaches(distances, names, margin):
    """Averages the shares of the anchors."""
    shares = []
    for a, row in enumerate(distances):
        same = names == names[a]
        near = row[same & (np.arange(len(row)) != a)]
        teaches = near[:, None] - row[~same] + margin > 0
        shares += [teaches.mean()] if teaches.size else []
    return float(np.mean(shares)) if shares else 0.0


@wrong("share-that-teaches", fails="test_share_at_the_ends")
def share_that_teaches(distances, names, margin):
    """Knows the anchor by its distance of 0."""
    same = names[:, None] == names[None]
    is_one = (same & (distances > 0))[:, :, None] & ~same[:, None, :]
    loss = distances[:, :, None] - distances[:, None, :] + margin
    return float(np.mean(loss[is_one] > 0)) if is_one.any() else 0.0


@wrong("share-that-teaches", fails="test_share_of_a_batch")
def share_that_teaches(distances, names, margin):
    """Takes the anchor for its own positive."""
    same = names[:, None] == names[None]
    is_one = same[:, :, None] & ~same[:, None, :]
    loss = distances[:, :, None] - distances[:, None, :] + margin
    return float(np.mean(loss[is_one] > 0)) if is_one.any() else 0.0


@wrong("share-that-teaches", fails="test_share_of_a_batch")
def share_that_teaches(distances, names, margin):
    """Forgets the margin."""
    same = names[:, None] == names[None]
    pair = same & ~np.eye(len(names), dtype=bool)
    is_one = pair[:, :, None] & ~same[:, None, :]
    loss = distances[:, :, None] - distances[:, None, :]
    return float(np.mean(loss[is_one] > 0)) if is_one.any() else 0.0


@wrong("share-that-teaches", fails="test_share_at_the_ends")
def share_that_teaches(distances, names, margin):
    """Counts triplets with a loss of exactly 0."""
    same = names[:, None] == names[None]
    pair = same & ~np.eye(len(names), dtype=bool)
    is_one = pair[:, :, None] & ~same[:, None, :]
    loss = distances[:, :, None] - distances[:, None, :] + margin
    return float(np.mean(loss[is_one] >= 0)) if is_one.any() else 0.0


@wrong("share-that-teaches", fails="test_share_at_the_ends")
def share_that_teaches(distances, names, margin):
    """Takes the mean of nothing."""
    same = names[:, None] == names[None]
    pair = same & ~np.eye(len(names), dtype=bool)
    is_one = pair[:, :, None] & ~same[:, None, :]
    loss = distances[:, :, None] - distances[:, None, :] + margin
    return float(np.mean(loss[is_one] > 0)) if is_one.any() else 1.0


def mined(distances, names, margin, low=lambda near: near, best=np.argmin, none=np.inf):
    chosen = []
    for a, p in np.ndindex(distances.shape):
        if a == p or names[a] != names[p]:
            continue
        row, near = distances[a], distances[a, p]
        fits = (names != names[a]) & (row > low(near)) & (row < near + margin)
        if fits.any():
            chosen.append([a, p, best(np.where(fits, row, none))])
    return np.array(chosen, dtype=int).reshape(-1, 3)


@wrong("own-mining", fails="test_semi_hard_triplets")
def mine(distances, names, margin):
    """Takes hard ones, too."""
    return mined(distances, names, margin, low=lambda near: -1)


@wrong("own-mining", fails="test_semi_hard_triplets")
def mine(distances, names, margin):
    """Takes the farthest of those that fit."""
    return mined(distances, names, margin, best=np.argmax, none=-np.inf)


@wrong("own-mining", fails="test_semi_hard_triplets")
def mine(distances, names, margin):
    """Forgets that the margin bounds the negative."""
    return mined(distances, names, np.inf)


@wrong("own-mining", fails="test_nothing_to_choose")
def mine(distances, names, margin):
    """Gives an empty choice no shape."""
    found = mined(distances, names, margin)
    return found if len(found) else np.array([], dtype=int)


@wrong("own-mining", fails="test_on_the_edges")
def mine(distances, names, margin):
    """Takes a negative that is exactly as far as the positive."""
    return mined(distances, names, margin, low=lambda near: np.nextafter(near, -1))


@wrong("own-mining", fails="test_on_the_edges")
def mine(distances, names, margin):
    """Takes a negative that is farther by exactly the margin."""
    return mined(distances, names, margin + 1e-9)


@wrong("own-mining", fails="test_on_the_edges")
def mine(distances, names, margin):
    """Leaves out positives at distance 0."""
    found = mined(distances, names, margin)
    return found[distances[found[:, 0], found[:, 1]] > 0]


@wrong("own-mining", fails="test_on_the_edges")
def mine(distances, names, margin):
    """Puts a large number, not infinity, in the place of those that do not fit."""
    return mined(distances, names, margin, none=1000.0)
