"""Encoders that learn beneath a head, several ways at one budget, judged on people never seen.

Pictures are halved once more, to 28 × 23 pixels, so that a run takes two seconds. The contest takes
minutes; what it found is kept beside this file and read by `stored`. To make it anew, from the top
of the repository::

    python -m companion.faces.experiments.learned_heads
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.identity_batches import IdentityBatches
from companion.data.people import halved, parted, people
from companion.experiments.comparison import apart
from companion.faces.comparing_head import comparing_head, comparing_loss
from companion.faces.experiments.learned import moved_a_little
from companion.faces.experiments.unseen_pairs import judged
from companion.faces.margin_softmax import cosine_head, margin_softmax
from companion.faces.mining import semi_hard
from companion.faces.networks.encoder import encoder
from companion.faces.triplets import triplet_loss
from companion.training import Schedule, fit, manual_seed

FILE = Path(__file__).with_name("learned_heads.json")
RATES = (1e-3, 3e-3, 1e-2, 3e-2)
TUNING, SEEDS = (6, 7, 8, 9), (0, 1, 2, 3, 4, 5)
SCALE, MARGIN = 16.0, 0.5
SCALES, MARGINS = (1.0, 4.0, 16.0, 64.0), (0.0, 0.25, 0.5, 0.75, 1.0)


def softmax_way(scale, margin, size=32):
    """Make the way of a cosine softmax with this scale and margin, for encodings of this size."""
    return lambda nn, people: (cosine_head(nn, size, people), margin_softmax(nn, scale, margin))


WAYS = {
    "triplets": (lambda nn, people: (nn.Identity(), triplet_loss(mine=semi_hard)), {}),
    "comparing head": (
        lambda nn, people: (comparing_head(nn), comparing_loss(nn)), {"faster": 100.0}
    ),
    "softmax": (
        lambda nn, people: (nn.Linear(32, people), nn.CrossEntropyLoss()), {"free": True}
    ),
    "cosine softmax": (softmax_way(SCALE, 0.0), {}),
    "with a margin": (softmax_way(SCALE, MARGIN), {}),
}  # fmt: skip
"""Each way: what makes head and loss from the engine and the number of people, and options."""


def learn_with_head(
    nn, optim, known, way, *, rate=1e-3, faster=1.0, epochs=15, seed=0, size=32, free=False,
    **options,
):  # fmt: skip
    """Train an encoder beneath a head: Adam, the rate up and down once, as `learned.learn` does.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    known : People
        To learn from.
    way : callable
        ``way(nn, people)`` → head and ``loss(head(encodings), labels)``; labels count from 0.
    rate : float
        Largest learning rate of the encoder.
    faster : float
        By how much that of the head is larger.
    epochs : int
        Of twenty batches each.
    seed : int
        Of weights and batches.
    size : int
        Numbers of an encoding.
    free : bool
        Whether the head takes encodings as the dense layer gives them, and not of length 1.
    **options
        `callbacks` of `companion.training.fit`; else for `IdentityBatches`.

    Returns
    -------
    model, head : Module
        In evaluation mode.
    """
    manual_seed(seed)
    everyone, labels = np.unique(known.names, return_inverse=True)
    model = encoder(nn, size, *known.images.shape[2:])
    if free:
        model = nn.Sequential(*list(model)[:-1])
    head, loss = way(nn, len(everyone))
    callbacks = options.pop("callbacks", ())
    data = IdentityBatches(known.images, labels, seed=seed, **options)
    own = [list(part.parameters()) for part in (model, head)]
    rates = [rate, rate * faster]
    groups = [{"params": p, "lr": r} for p, r in zip(own, rates, strict=True) if p]
    optimizer = optim.Adam(groups)
    cycle = optim.lr_scheduler.OneCycleLR(
        optimizer, [group["lr"] for group in groups], total_steps=epochs * len(data)
    )
    fit(nn.Sequential(model, head), data, loss, optimizer, epochs=epochs,
        callbacks=[Schedule(cycle, "step"), *callbacks])  # fmt: skip
    return model.eval(), head.eval()


def contest(run, ways=tuple(WAYS), rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each way choose its rate on some partings of the people, and train with it on others.

    Parameters
    ----------
    run : callable
        ``run(way, rate, seed)`` returns what `judged` does.
    ways, rates, tuning, seeds : sequence
        The grid. Of the rates the one is taken whose mean AUC over the tuning seeds is highest.

    Returns
    -------
    dict
        For each way "tried", the AUC of each rate; "rate"; and "found", what each seed gave.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    found = {}
    for way in ways:
        tried = [
            float(np.mean([run(way, rate, seed)["distance"][0] for seed in tuning]))
            for rate in rates
        ]
        rate = rates[int(np.argmax(tried))]
        ends = [run(way, rate, seed) for seed in seeds]
        found[way] = {"tried": np.round(tried, 4).tolist(), "rate": rate, "found": ends}
    return found


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        "contest": as from `contest`. "scales": for each of `SCALES` without a margin, "margins":
        for each of `MARGINS` at the scale `SCALE`, AUC and equal error rate of each seed.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def run_once(nn, optim, everyone, way, rate, seed, **options):
    """Train by one way on one parting of the people and judge it.

    Parameters
    ----------
    nn, optim : module
        Of one engine.
    everyone : People
        To be parted.
    way : str or callable
        Of `WAYS`, or as `learn_with_head` takes it.
    rate, seed, **options
        As for `learn_with_head`.

    Returns
    -------
    dict
        As from `judged`, four digits.
    """
    known, unknown = parted(everyone, seed=seed)
    make, own = WAYS[way] if isinstance(way, str) else (way, {})
    try:
        trained = learn_with_head(nn, optim, known, make, rate=rate, seed=seed,
                                  transform=moved_a_little, **own, **options)  # fmt: skip
    except ArithmeticError:  # the rate was too high: no better than chance
        return {"distance": [0.5, 0.5]}
    found = judged(*trained, unknown)
    return {name: np.round(both, 4).tolist() for name, both in found.items()}


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    everyone = halved(people())

    def run(way, rate, seed):
        got = run_once(torch.nn, torch.optim, everyone, way, rate, seed)
        print(way, rate, seed, got, flush=True)
        return got

    found = {"contest": contest(run)}
    rates = {name: found["contest"][name]["rate"] for name in ("cosine softmax", "with a margin")}
    plain, turned = rates.values()
    found["scales"] = [[run(softmax_way(scale, 0.0), plain, seed)["distance"] for seed in SEEDS]
                       for scale in SCALES]  # fmt: skip
    found["margins"] = [[run(softmax_way(SCALE, margin), turned, seed)["distance"]
                         for seed in SEEDS] for margin in MARGINS]  # fmt: skip
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
