"""One stage and two on the same scenes and about the same budget of computing.

The contest takes some minutes; what it found is kept beside this file and read by `stored`. To make
what is missing there, from the top of the repository::

    python -m companion.detection.experiments.two_stage_contest
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.scenes import scenes
from companion.detection.average_precision import mean_average_precision
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.experiments.trained_grid import found_in, train_grid
from companion.detection.networks.two_stage import two_stage
from companion.detection.regions.pooling import roi_align, roi_pool
from companion.detection.regions.proposal_network import anchor_boxes, propose
from companion.detection.regions.proposal_recall import proposal_recall
from companion.detection.regions.proposals import proposals
from companion.detection.regions.two_stage import detect_twice, two_stage_loss
from companion.training import engines, manual_seed

FILE = Path(__file__).with_name("two_stage_contest.json")
SEEDS = (0, 1, 2, 3, 4, 5)
SCENES, JUDGED, RATE = 1500, 300, 4e-3
KINDS = {
    "one stage": {"epochs": 12},
    "Fast": {"epochs": 5, "grouping": True},
    "Faster": {"epochs": 5},
    "Faster, RoI pooling": {"epochs": 5, "pool": roi_pool},
    "one stage, long": {"epochs": 24},
    "Faster, long": {"epochs": 10},
}
"""What is compared. Epochs are such that the first four take about the same time of a processor."""
ANCHORS = anchor_boxes()
COUNTS = (1, 2, 3, 5, 10, 20, 40, 80)
"""Numbers of proposals an image with which detectors of two stages are judged."""
MOST = {True: 80, False: 20}
"""Usual number of proposals an image, from grouping and from the network."""


def trained(nn, optim, learned, *, epochs, seed, proposed=None, pool=roi_align, **options):
    """Train a detector of two stages.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    learned : Scenes
        What to learn from.
    epochs, seed : int
        Passes over the scenes; seed of weights, order and choice of regions.
    proposed : list of array_like, optional
        Proposals of each scene; by default the network makes its own.
    pool : callable
        `companion.detection.regions.pooling.roi_align` or `roi_pool`.
    **options
        For `companion.detection.networks.two_stage.two_stage`.

    Returns
    -------
    Module
        In evaluation mode.
    """
    manual_seed(seed)
    model = two_stage(nn, **options)
    loss = two_stage_loss(nn, model, learned, ANCHORS, proposed, seed=seed, pool=pool)
    numbers = np.arange(len(learned.images))
    one_cycle(model, learned.images, numbers, loss, optim, epochs=epochs, rate=RATE, seed=seed)
    return model


def proposals_of(model, images, most=80):
    """Return the proposals that a network of two stages makes, a list of boxes for each image."""
    with engines.no_grad(model):
        outlook = engines.to_numpy(model(*engines.adapt(model, images))[1])
    return [propose(one, ANCHORS, images.shape[-1], most, before=200).boxes for one in outlook]


def judged(found, truths):
    """Mean average precision at IoU 0.5 and 0.75, from 0 to 1."""
    return [round(mean_average_precision(found, truths, (least,)), 4) for least in (0.5, 0.75)]


def run(nn, optim, kind, seed, count=SCENES, dev=None, epochs=None):
    """Train and judge one detector of the contest.

    Parameters
    ----------
    nn, optim : module
        Of torch.
    kind : str
        One of `KINDS`.
    seed, count : int
        Seed of scenes, weights and order; number of scenes.
    dev : Scenes, optional
        Scenes to judge on; by default `JUDGED` of the development part.
    epochs : int, optional
        In place of those of `KINDS`.

    Returns
    -------
    dict
        "kind", "seed", "seconds" of the processor for training, "map" at 0.5 and 0.75; for two
        stages also "by_count", that with each number of `COUNTS`, and "recall" of the proposals.
    """
    options = {**KINDS[kind], **({} if epochs is None else {"epochs": epochs})}
    dev = scenes(JUDGED, "dev") if dev is None else dev
    found = {"kind": kind, "seed": seed}
    if "one stage" in kind:
        start = time.process_time()
        model = train_grid(nn, optim, count=count, seed=seed, epochs=options["epochs"])
        seconds = time.process_time() - start
        boxes = found_in(model, dev.images)
        return found | {"seconds": round(seconds, 1), "map": judged(boxes, dev.truths)}
    learned, grouping = scenes(count, seed=seed), options.pop("grouping", False)
    pool, ours, theirs = options.get("pool", roi_align), None, None
    if grouping:
        ours, theirs = ([proposals(x) for x in made.images] for made in (learned, dev))
    start = time.process_time()
    model = trained(nn, optim, learned, seed=seed, proposed=ours, **options)
    found["seconds"] = round(time.process_time() - start, 1)
    by_count = [
        judged(detect_twice(model, dev.images, ANCHORS, theirs, most=most, pool=pool), dev.truths)
        for most in COUNTS
    ]
    theirs = proposals_of(model, dev.images) if theirs is None else theirs
    recall = proposal_recall(theirs, dev.boxes, COUNTS).round(4).tolist()
    usual = by_count[COUNTS.index(MOST[grouping])]
    return found | {"map": usual, "by_count": by_count, "recall": recall}


def stored():
    """Read what the contest found: a list as `run` returns them."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    done = stored() if FILE.exists() else []
    for kind in KINDS:
        for seed in SEEDS:
            if any((r["kind"], r["seed"]) == (kind, seed) for r in done):
                continue
            done.append(run(torch.nn, torch.optim, kind, seed))
            print(done[-1], flush=True)
            lines = ",\n".join(json.dumps(one) for one in done)
            FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
            if sys.argv[1:] == ["one"]:
                return


if __name__ == "__main__":
    _main()
