"""Anchors, levels and the focal loss against doing without, each at its own learning rate.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To make it
anew, delete that file and run from the top of the repository (it goes on where it was stopped)::

    python -m companion.detection.experiments.anchor_contest
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.scenes import scenes
from companion.detection.average_precision import mean_average_precision
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.experiments.pairs import pair_scenes
from companion.detection.grids.anchor_shapes import kmeans_anchors, sizes_of
from companion.detection.grids.anchors import anchor_grids, decode_anchors, encode_anchors
from companion.detection.grids.focal_loss import focal_grid_loss
from companion.detection.grids.grid import suppressed
from companion.detection.grids.loss import WEIGHTS, grid_loss
from companion.detection.networks.pyramid_detector import anchor_detector, pyramid_detector
from companion.experiments.comparison import apart
from companion.training import manual_seed, predict

FILE = Path(__file__).with_name("anchor_contest.json")
RATES, LARGER, COMMON = (0.005, 0.01, 0.02, 0.04), (0.01, 0.02, 0.04), (0.04,)
"""Learning rates: for pairs, for losses, and the one that levels share."""
TUNING, SEEDS = (100, 101), (0, 1, 2, 3, 4, 5)
JUDGED, WIDTHS = 200, (8, 16, 32)
BUDGETS = dict.fromkeys(("crossed", "alike", "usual"), (500, 8)) | {"sizes": (800, 12)}
"""Scenes to learn from and passes over them, for each kind of scenes."""
AREAS = (0, np.inf), (0, 14.0**2), (14.0**2, np.inf)
"""All objects, the small and the large ones: ends of their areas in square pixels."""
ARMS = {
    "one box": {},
    "anchors": {"anchors": 2},
    "one level": {"anchors": 4},
    "two levels": {"anchors": 4, "levels": 2, "down": False},
    "top-down": {"anchors": 4, "levels": 2},
    "focal": {"anchors": 4, "levels": 2, "gamma": 2.0},
    "lighter": {"anchors": 4, "levels": 2, "present": 0.2},
}
"""Options of what is compared; see `trained`."""
PAIRS = dict.fromkeys(("crossed", "alike", "usual"), ("one box", "anchors"))
LOSSES = {"sizes": ("top-down", "focal", "lighter")}
LEVELS = {"sizes": ("one level", "two levels", "top-down")}
"""Kinds of scenes, and which arms meet on them."""


def made(kind, count, part="train", seed=0):
    """Make scenes of one kind, all of class 0.

    Parameters
    ----------
    kind : str
        ``"crossed"`` and ``"alike"``: pairs in one cell; ``"usual"``: as `scenes` makes them;
        ``"sizes"``: two to four digits, 7 to 36 pixels high.
    count, part, seed
        As for `companion.data.scenes.scenes`.

    Returns
    -------
    Scenes
    """
    if kind in ("crossed", "alike"):
        return pair_scenes(count, part, seed=seed, alike=kind == "alike")
    options = {"sizes": {"objects": (2, 4), "height": (7, 36)}, "usual": {}}[kind]
    found = scenes(count, part, seed=seed, **options)
    return found._replace(classes=[0 * names for names in found.classes])


def slots_for(learned, anchors=1, levels=1):
    """Choose the anchors for scenes and lay them over cells.

    Parameters
    ----------
    learned : Scenes
        To learn from; their sizes are clustered.
    anchors : int
        How many; 1 stands for a square of 20 pixels, as without anchors.
    levels : int
        1: all on 8 × 8 cells. 2: the smaller half on 16 × 16.

    Returns
    -------
    list of Grid
    """
    if anchors == 1:
        return anchor_grids([[20, 20]])
    shapes = kmeans_anchors(sizes_of(np.concatenate(learned.boxes)), anchors)
    fine = anchors // 2 if levels == 2 else 0
    return anchor_grids(shapes, cells=[16] * fine + [8] * (anchors - fine))


def trained(
    nn, optim, kind, rate, seed, *, anchors=1, levels=1, down=True, gamma=None, present=1.0,
    epochs=None,
):  # fmt: skip
    """Train one detector.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    kind : str
        Of scenes; see `made`.
    rate : float
        Largest learning rate.
    seed : int
        Of scenes, first weights and order.
    anchors, levels : int
        As for `slots_for`.
    down : bool
        Top-down path between two levels.
    gamma : float
        Of the focal loss; None: cross-entropy.
    present : float
        Weight of the part *present* of the loss.
    epochs : int
        Passes over the scenes; by default those of `BUDGETS`.

    Returns
    -------
    model : Module
        In evaluation mode.
    grids : list of Grid
        Its slots.
    """
    count, passes = BUDGETS[kind]
    learned = made(kind, count, seed=seed)
    grids = slots_for(learned, anchors, levels)
    manual_seed(seed)
    if levels == 1:
        model = anchor_detector(nn, anchors, 6, widths=WIDTHS)
    else:
        half = (anchors // 2, anchors - anchors // 2)
        model = pyramid_detector(nn, half, 6, widths=WIDTHS, down=down)
    targets = np.stack([encode_anchors(*truth, grids) for truth in learned.truths])
    weights = WEIGHTS | {"present": present}
    loss = (
        grid_loss(nn, weights) if gamma is None else focal_grid_loss(nn, gamma, weights=weights)
    )
    settings = {"epochs": epochs or passes, "rate": rate, "seed": seed}
    one_cycle(model, learned.images, targets, loss, optim, **settings)
    return model, grids


def found_in(model, grids, images, **options):
    """Find what lies in images: `Detections` of each; options as for `suppressed`."""
    outputs = np.asarray(predict(model, images))
    return [suppressed(decode_anchors(output, grids), **options) for output in outputs]


def judged(model, grids, scenes, areas=AREAS[:1]):
    """Average precision at IoU 0.5 on scenes of one class, for objects of each range of areas."""
    found = found_in(model, grids, scenes.images)
    return [mean_average_precision(found, scenes.truths, area=area) for area in areas]


def contest(run, done, arms, rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each arm choose its rate on some seeds, and judge it at that rate on others.

    Parameters
    ----------
    run : callable
        ``run(kind, arm, rate, seed)`` returns a list of numbers; the first decides the rate.
    done : dict
        Key of a run, which names its budget too → numbers; what is there is not run again, what is
        new is added.
    arms : dict
        Kind → arms.
    rates, tuning, seeds : sequence
        The grid.

    Returns
    -------
    dict
        ``kind/arm`` → its rate, ``tried`` (mean of each rate), ``found`` (seeds × numbers).

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)

    def once(kind, arm, rate, seed):
        key = _key(kind, arm, rate, seed)
        if key not in done:
            done[key] = run(kind, arm, rate, seed)
        return done[key]

    table = {}
    for kind, names in arms.items():
        for arm in names:
            tried = [
                float(np.mean([once(kind, arm, rate, seed)[0] for seed in tuning]))
                for rate in rates
            ]
            rate = rates[int(np.argmax(tried))]
            found = [once(kind, arm, rate, seed) for seed in seeds]
            table[f"{kind}/{arm}"] = {"rate": rate, "tried": tried, "found": found}
    return table


def stored():
    """Read what the contests found; a dictionary as from `contest`."""
    return every(None, json.loads(FILE.read_text(encoding="utf-8")))


def every(run, done):
    """Hold the contests of pairs, of losses and of levels; see `contest` for `run` and `done`.

    Levels are compared at one common rate; their keys begin with ``levels/``.
    """
    levels = contest(run, done, LEVELS, COMMON)
    levels = {key.replace("sizes", "levels"): entry for key, entry in levels.items()}
    return contest(run, done, PAIRS) | contest(run, done, LOSSES, LARGER) | levels


def _key(kind, arm, rate, seed):
    # With the budget, so that runs of different ones never meet in one table.
    count, passes = BUDGETS.get(kind, (0, 0))
    return f"{kind} {count}x{passes}/{arm}/{rate}/{seed}"


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    done = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    scenes_of = {kind: made(kind, JUDGED, "dev") for kind in BUDGETS}

    def run(kind, arm, rate, seed):
        model, grids = trained(torch.nn, torch.optim, kind, rate, seed, **ARMS[arm])
        areas = AREAS if kind == "sizes" else AREAS[:1]
        got = [round(value, 4) for value in judged(model, grids, scenes_of[kind], areas)]
        done[_key(kind, arm, rate, seed)] = got
        FILE.write_text(json.dumps(done, indent=0), encoding="utf-8")
        print(kind, arm, rate, seed, got, flush=True)
        return got

    every(run, done)


if __name__ == "__main__":
    _main()
