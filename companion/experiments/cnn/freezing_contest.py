"""How much of a borrowed network should learn: four ways to use it, over sizes of training sets.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To make it
anew, from the top of the repository, all of it or a part::

    python -m companion.experiments.cnn.freezing_contest
    python -m companion.experiments.cnn.freezing_contest patches 10
    python -m companion.experiments.cnn.freezing_contest patches variants
    python -m companion.experiments.cnn.freezing_contest patches "new heads"
    python -m companion.experiments.cnn.freezing_contest patches "new heads, frozen"
    python -m companion.experiments.cnn.freezing_contest patches cuts
    python -m companion.experiments.cnn.freezing_contest digits long
"""

import json
import sys
from copy import deepcopy
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.experiments.cnn.digit_readers import mistakes
from companion.experiments.cnn.few_images import COUNTS, drawn, pool
from companion.experiments.comparison import apart
from companion.training import engines, predict

FILE = Path(__file__).with_name("freezing_contest.json")
KEPT = 11
"""Modules of EfficientNet-Lite0 that are borrowed."""
FEATURES = {"patches": 80, "faces": 80 * 4 * 4, "digits": 80 * 3 * 3}
"""What the heads read: patches the mean over each of 80 maps, the aligned others every place."""
WAYS = {"frozen": 11, "last blocks": 8, "everything": 0, "from scratch": 0}
"""Name of each way → how many modules of the body stay frozen."""
SETTINGS = {
    "frozen": (1e-3, 1e-2, 1e-1),
    "last blocks": (1e-4, 3e-4, 1e-3),
    "everything": (1e-4, 3e-4, 1e-3),
    "from scratch": (1e-3, 3e-3, 1e-2),
}
"""What each way may choose from: penalties of the head if all is frozen, otherwise rates."""
PENALTY = 1e-2
"""Of the head that "last blocks" and "everything" begin with."""
VARIANTS = {"new head": {"head": "new"}, "norms awake": {"norms": "awake"}}
MIDDLE, LONG = {"patches": 10, "faces": 2, "digits": 30}, 200
TUNING, SEEDS = (100,), (0, 1, 2, 3, 4, 5)
UPDATES, BATCH, HEAD_RATE = 40, 16, 1e-2
CUTS = (3, 4, 6, 8, 11, 14, 18, 19, 22)
"""Numbers of modules, of all 22, behind which `cut_errors` cuts: the stem and each stage."""
SOME = 100
"""Images that are sent through a network at a time."""


class Tools(NamedTuple):
    """What stands above this layer of the package and is passed in.

    Attributes
    ----------
    nn, optim : module
        Of either engine.
    trained, fresh : callable
        Without arguments: the borrowed layers with trained and with random weights, as a list.
    transfer : module
        ``companion.cnn.transfer``.
    fit_head : callable
        ``companion.cnn.heads.fit_head``.
    """

    nn: object
    optim: object
    trained: object
    fresh: object
    transfer: object
    fit_head: object


def adapted(tools, way, examples, setting, seed, *, updates=UPDATES, norms="still", head="fitted"):
    """Use the borrowed layers in one of the four ways.

    Parameters
    ----------
    tools : Tools
        Engine and constructors.
    way : str
        One of `WAYS`.
    examples : Sets
        As from `few_images.drawn`.
    setting : float
        Penalty of the head of "frozen"; otherwise the learning rate.
    seed : int
        Of random weights and of the order of the images.
    updates : int
        Steps of Adam; rates fall to 0 along a line.
    norms : str
        "still", borrowed batch normalizations keep their statistics; or "awake", they learn on.
        From scratch they always learn.
    head : str
        What borrowed layers begin with: "fitted", the head of frozen features; or "new", a head
        of zeros, which then learns at `HEAD_RATE`, behind frozen layers, too. From scratch all
        begins anew.

    Returns
    -------
    module
        The network, in evaluation.
    """
    t, scratch = tools.transfer, way == "from scratch"
    engines.manual_seed(seed)
    layers = tools.fresh() if scratch else deepcopy(tools.trained())
    network = new_network(tools, layers, examples)
    if head == "fitted" and not scratch:
        penalty = setting if way == "frozen" else PENALTY
        t.set_head(network[3], *fitted(tools, network, examples, penalty))
        if way == "frozen":
            return network
    t.freeze_first(network, WAYS[way])
    front, rest = t.parted(tools.nn, network, WAYS[way])
    X = examples.X if WAYS[way] == 0 else predict(front, examples.X, SOME)
    awake = scratch or norms == "awake"
    head_rate = HEAD_RATE if head == "new" and not scratch else setting
    groups = [{"params": list(rest[0].parameters()), "lr": setting},
              {"params": list(network[3].parameters()), "lr": head_rate}]  # fmt: skip
    for norm in t.norms(rest) if awake else ():
        norm.momentum = 0.1
    optimizer, rates = tools.optim.Adam(groups), [setting, head_rate]
    loss, step = tools.nn.CrossEntropyLoss(), 0
    batches = Batches(X, examples.y, batch_size=BATCH, seed=seed, drop_last=len(X) > BATCH)
    rest.train(awake)
    while step < updates:
        for batch, labels in batches:
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * (1 - step / updates)
            batch, labels = engines.adapt(network, batch, labels)
            optimizer.zero_grad()
            loss(rest(batch), labels).backward()
            optimizer.step()
            step += 1
            if step == updates:
                break
    return t.refreshed(network, examples.X) if awake and WAYS[way] == 0 else network.eval()


def new_network(tools, layers, examples):
    """Put a head of zeros behind layers: one that fits the images, pooled if they are patches."""
    classes, task = int(examples.y.max()) + 1, examples.task
    pooled = task == "patches"
    return tools.transfer.with_head(
        tools.nn, layers, FEATURES[task], classes, pooled=pooled
    ).eval()


def fitted(tools, network, examples, penalty):
    """Fit the head to the features of the network as it is: weights and biases."""
    features = predict(network[:3], examples.X, SOME)
    return tools.fit_head(features, examples.y, int(examples.y.max()) + 1, penalty)


def error(network, examples):
    """Share of the held-out images whose class is not the largest score."""
    return mistakes(lambda X: predict(network, X, SOME), examples.X_new, examples.y_new)


def cut_errors(tools, layers, examples):
    """Fit a head to frozen features behind each of the `CUTS` of a whole network.

    Parameters
    ----------
    tools : Tools
        Engine and constructors.
    layers : list of Module
        All modules of the borrowed network, in evaluation.
    examples : Sets
        As from `few_images.drawn`.

    Returns
    -------
    list of float
        Share of the held-out images that get a wrong class, for each cut.
    """
    X, X_new, found = examples.X, examples.X_new, []
    for start, stop in pairwise((0, *CUTS)):
        stage = tools.nn.Sequential(*layers[start:stop])
        X, X_new = predict(stage, X, SOME), predict(stage, X_new, SOME)
        pooled = examples.task == "patches"
        F, F_new = (x.mean((2, 3)) if pooled else x.reshape(len(x), -1) for x in (X, X_new))
        W, b = tools.fit_head(F, examples.y, int(examples.y.max()) + 1)
        found.append(mistakes(lambda F, W=W, b=b: F @ W.T + b, F_new, examples.y_new))
    return found


def cell(run, way, tuning=TUNING, seeds=SEEDS):
    """Let one way choose its setting on some seeds, and judge it on others.

    Parameters
    ----------
    run : callable
        ``run(way, setting, seed)`` returns an error.
    way : str
        One of `WAYS`; it chooses among its `SETTINGS`.
    tuning, seeds : sequence of int
        Disjoint.

    Returns
    -------
    dict
        "tried", the mean error of each setting over the tuning seeds; "setting", the best;
        "errors", one for each seed.

    Raises
    ------
    ValueError
        If a seed is used for both.
    """
    apart("cell", tuning, seeds)
    settings = SETTINGS[way]
    tried = [float(np.mean([run(way, s, seed) for seed in tuning])) for s in settings]
    setting = settings[int(np.argmin(tried))]
    return {"tried": [round(e, 4) for e in tried], "setting": setting,
            "errors": judged(run, way, setting, seeds)}  # fmt: skip


def judged(run, way, setting, seeds=SEEDS):
    """List the errors of one way on some seeds."""
    return [round(float(run(way, setting, seed)), 4) for seed in seeds]


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        Task → images of each class, as a string → way → what `cell` returns. Task → "variants" →
        name of one of the `VARIANTS` of "everything" → the same, at `MIDDLE` images of each class.
        Task → "new heads" → images of each class → the same, "everything" from a head of zeros;
        "new heads, frozen" → images of each class → "errors" of "frozen" from such a head.
        Task → "cuts" → "errors", those of `cut_errors` for each seed, at `MIDDLE`.
        "digits" → "long" → way → the same, for the largest set and `LONG` updates.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _tools():
    """Fetch engine, networks and functions by name, since they stand above this layer."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    transfer = import_module("companion.cnn.transfer")
    pretrained = import_module("companion.cnn.networks.pretrained")
    fresh = import_module("companion.cnn.networks.efficientnet_lite").efficientnet_lite0
    fit_head = import_module("companion.cnn.heads").fit_head
    layers = list(pretrained.pretrained_efficientnet_lite0(torch.nn)[0])
    tools = Tools(
        *(torch.nn, torch.optim, lambda: layers[:KEPT], lambda: list(fresh(torch.nn)[0])[:KEPT]),
        *(transfer, fit_head),
    )
    return tools, layers, lambda images, size: pretrained.prepared(pretrained.squares(images, size))


def _main(task, part):
    """Run a part of the contest and keep what it found."""
    tools, layers, prepare = _tools()
    images = pool(task, prepare)
    least, most = COUNTS[task][0], COUNTS[task][-1]
    fixed = {"variants": MIDDLE[task], "cuts": MIDDLE[task], "long": most}
    count = fixed.get(part) or (least if part.startswith("new heads") else int(part))

    def found_by(count=count, **options):
        def run(way, setting, seed):
            examples = drawn(images, count, seed)
            return error(adapted(tools, way, examples, setting, seed, **options), examples)

        return run

    if part == "variants":
        entry = {name: cell(found_by(**how), "everything") for name, how in VARIANTS.items()}
    elif part == "new heads":
        entry = {str(n): cell(found_by(n, head="new"), "everything") for n in COUNTS[task]}
    elif part == "new heads, frozen":
        runs = {str(n): found_by(n, head="new") for n in COUNTS[task]}
        entry = {n: {"errors": judged(run, "frozen", 0.0)} for n, run in runs.items()}
    elif part == "cuts":
        draws = [drawn(images, count, seed) for seed in SEEDS]
        found = [cut_errors(tools, layers, examples) for examples in draws]
        entry = {"errors": [[round(e, 4) for e in errors] for errors in found]}
    elif part == "long":
        ways = ("everything", "from scratch")
        entry = {way: cell(found_by(updates=LONG), way, seeds=SEEDS[:3]) for way in ways}
    else:
        entry = {way: cell(found_by(), way) for way in WAYS}
    print(task, part, json.dumps(entry), flush=True)
    found = stored() if FILE.is_file() else {}
    found.setdefault(task, {})[part] = entry
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    more = ("variants", "new heads", "new heads, frozen", "cuts")
    every = [(task, (*counts, *more)) for task, counts in COUNTS.items()]
    parts = [(task, str(part)) for task, some in every for part in some]
    for task, part in [sys.argv[1:3]] if sys.argv[2:] else [*parts, ("digits", "long")]:
        _main(task, part)
