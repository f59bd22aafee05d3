"""Two stages: which regions the head learns from, its loss, and what it makes of new images."""

import numpy as np

from companion.detection.average_precision import Detections
from companion.detection.boxes.formats import clip_boxes_to_image
from companion.detection.boxes.offsets import UNITS, matched, moved, offsets
from companion.detection.grids.grid import suppressed
from companion.detection.regions.pooling import roi_align
from companion.detection.regions.proposal_network import outlook_targets, propose
from companion.training import engines


def chosen_regions(proposed, truths, count=12, share=0.5, rng=None):
    """Choose the regions of an image from which the head learns.

    Parameters
    ----------
    proposed : array_like
        (K, 4), two corners each. The true boxes are added to them.
    truths : (boxes, classes)
        The objects: (M, 4) and (M,) int.
    count : int
        Regions to choose; repeated if there are fewer.
    share : float
        Largest share of them that have an object (IoU of at least one half).
    rng : numpy.random.Generator, optional
        Source of chance.

    Returns
    -------
    boxes : numpy.ndarray
        (count, 4).
    labels : numpy.ndarray
        (count,) int64: 0 for nothing, 1 + class for an object.
    targets : numpy.ndarray
        (count, 4) float32: offsets to the object, in `UNITS`; 0 where there is none.

    Raises
    ------
    ValueError
        If boxes are not boxes, or there is neither a proposal nor an object.

    Notes
    -----
    Girshick (2015), section 2.3. Chapter :ref:`proposals`.
    """
    rng = np.random.default_rng() if rng is None else rng
    boxes, classes = truths
    regions = np.concatenate([np.reshape(proposed, (-1, 4)), np.reshape(boxes, (-1, 4))])
    if not len(regions):
        raise ValueError("chosen_regions: no proposals and no objects; leave the image out")
    owner = matched(regions, boxes)
    own, rest = rng.permutation(np.flatnonzero(owner >= 0)), np.flatnonzero(owner < 0)
    own = own[: max(1, int(share * count))] if len(rest) else own
    missing = count - len(own)
    rest = rest if len(rest) else own
    others = rng.choice(rest, max(missing, 0), replace=len(rest) < missing)
    chosen = np.concatenate([own, others])[:count]
    labels, targets = np.zeros(count, np.int64), np.zeros((count, 4), np.float32)
    has = np.flatnonzero(owner[chosen] >= 0)
    mine = owner[chosen[has]]
    labels[has] = 1 + np.asarray(classes)[mine]
    targets[has] = offsets(np.reshape(boxes, (-1, 4))[mine], regions[chosen[has]]) / UNITS
    return regions[chosen], labels, targets


def outlook_loss(nn):
    """Make the loss of the first stage; `nn` is ``companion.nn`` or ``torch.nn``.

    Parameters
    ----------
    nn : module
        The engine.

    Returns
    -------
    callable
        ``loss(outlook, target)`` with outlook (N, 5 · A, cells, cells) and target
        (N, 6, A, cells, cells), as `outlook_targets` writes it: binary cross-entropy over all
        anchors that count and Huber's loss of the offsets where there is an object, both divided by
        the number of anchors with an object.

    Notes
    -----
    Ren et al. (2015), equation 1, with another division. Chapter :ref:`proposals`.
    """
    present, place = nn.BCEWithLogitsLoss(reduction="none"), nn.HuberLoss(reduction="none")

    def loss(outlook, target):
        own, counts = target[:, 0], target[:, 1]
        count = max(float(own.sum()), 1.0)
        n, _, high, wide = outlook.shape
        said = outlook.reshape(n, own.shape[1], 5, high, wide)
        total = (present(said[:, :, 0], own) * counts).sum()
        for k in range(4):
            total = total + (place(said[:, :, 1 + k], target[:, 2 + k]) * own).sum()
        return total / count

    return loss


def head_loss(nn):
    """Make the loss of the second stage: ``loss(said, labels, targets)``; see `chosen_regions`.

    Cross-entropy of the classes and Huber's loss of the offsets where there is an object, both as
    means over all regions.
    """
    kind, place = nn.CrossEntropyLoss(), nn.HuberLoss(reduction="none")

    def loss(said, labels, targets):
        own = (labels > 0)[:, None]
        return kind(said[:, :-4], labels) + (place(said[:, -4:], targets) * own).sum() / len(labels)

    return loss


def two_stage_loss(nn, model, scenes, anchors, proposed=None, *, seed=0, pool=roi_align, count=12):
    """Make the loss of both stages together, as `companion.training.fit` takes it.

    Parameters
    ----------
    nn : module
        Engine of the model.
    model : Module
        From `companion.detection.networks.two_stage.two_stage`.
    scenes : Scenes
        What is learned from; targets of the fit are the numbers of the scenes, (N,) int64.
    anchors : numpy.ndarray
        From `companion.detection.regions.proposal_network.anchor_boxes`.
    proposed : list of array_like, optional
        Proposals of each scene from elsewhere (Fast R-CNN): then the first stage learns nothing. By
        default the network's own of the moment (Faster R-CNN).
    seed : int
        Of the choice of regions.
    pool : callable
        `roi_align` or `roi_pool`.
    count : int
        Regions an image.

    Returns
    -------
    callable
        ``loss(output, numbers)``.

    Notes
    -----
    Both stages learn at once; no gradient goes through the places of the proposals, as in the
    approximate joint training of Ren et al. (2015). Chapter :ref:`two_stages`.
    """
    rng, size = np.random.default_rng([seed, 8]), scenes.images.shape[-1]
    first, second = outlook_loss(nn), head_loss(nn)
    targets = []

    def loss(output, numbers):
        features, outlook = output
        numbers = engines.to_numpy(numbers)
        cells, total = features.shape[-1], 0.0
        if proposed is None:
            if not targets:
                targets.append(
                    np.stack([outlook_targets(b, anchors, cells) for b in scenes.boxes])
                )
            total = first(outlook, *engines.adapt(model, targets[0][numbers]))
            said = engines.to_numpy(outlook)
            regions = [propose(one, anchors, size).boxes for one in said]
        else:
            regions = [proposed[k] for k in numbers]
        chosen = [
            chosen_regions(boxes, scenes.truths[k], count, rng=rng)
            for k, boxes in zip(numbers, regions, strict=True)
        ]
        boxes, *others = map(np.concatenate, zip(*chosen, strict=True))
        owners = np.repeat(np.arange(len(numbers)), count)
        pooled = pool(features, boxes, owners, pooled_side(model, features), cells / size)
        return total + second(model.head(pooled), *engines.adapt(model, *others))

    return loss


def pooled_side(model, features):
    """Side of the regions that the head of a model takes."""
    first = next(iter(model.head.parameters()))
    return round((first.shape[1] / features.shape[1]) ** 0.5)


def detect_twice(model, images, anchors, proposed=None, *, pool=roi_align, most=20, **thresholds):
    """Find objects: propose boxes, look at each again, drop what is unsure or found twice.

    Parameters
    ----------
    model, anchors, pool
        As for `two_stage_loss`; the model is in evaluation mode.
    images : array_like
        (N, 1, S, S) float32.
    proposed : list of array_like, optional
        Proposals of each image; by default the network's own.
    most : int
        Proposals an image that are looked at, the first ones.
    **thresholds
        Of `companion.detection.grids.grid.suppressed`.

    Returns
    -------
    list of Detections
        One for each image, by falling score: the probability of the best class.

    Raises
    ------
    ValueError
        If a shape does not fit or an output is NaN.

    Notes
    -----
    Chapter :ref:`two_stages`.
    """
    images, found = np.asarray(images), []
    for start in range(0, len(images), 64):
        batch = images[start : start + 64]
        with engines.no_grad(model):
            features, outlook = model(*engines.adapt(model, batch))
            if proposed is None:
                regions = [
                    propose(one, anchors, batch.shape[-1], most).boxes
                    for one in engines.to_numpy(outlook)
                ]
            else:
                regions = [np.reshape(b, (-1, 4))[:most] for b in proposed[start : start + 64]]
            owners = np.repeat(np.arange(len(batch)), [len(boxes) for boxes in regions])
            boxes = np.concatenate(regions)
            side, scale = pooled_side(model, features), features.shape[-1] / batch.shape[-1]
            said = model.head(pool(features, boxes, owners, side, scale))
        said = engines.to_numpy(said).astype(np.float64)
        found += [
            suppressed(_read(said[owners == k], boxes[owners == k], batch.shape[-1]), **thresholds)
            for k in range(len(batch))
        ]
    return found


def _read(said, boxes, size):
    """Boxes, scores and classes from what the head says about the regions of an image."""
    weights = np.exp(said[:, :-4] - said[:, :-4].max(axis=1, keepdims=True))
    chances = (weights / weights.sum(axis=1, keepdims=True))[:, 1:]
    boxes = clip_boxes_to_image(moved(boxes, said[:, -4:] * UNITS), size, size)
    return Detections(boxes, chances.max(axis=1), chances.argmax(axis=1))
