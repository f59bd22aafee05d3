"""A detector of the word "computer": what it misses and what it mistakes, at each threshold.

Two kinds of training: among the other pieces of the mixtures are words that sound alike, or there
are letters only. Three detectors of each kind; the first with such words is kept, with its weights.
It takes a few minutes; what it found is kept beside this file and read by `stored` and
`load_detector`. To make it anew, from the top of the repository::

    python -m companion.rnn.experiments.trigger_word
"""

import json
from pathlib import Path

import numpy as np

from companion.data.spoken import HEARD, UNHEARD
from companion.gradients.clipping import clip_grad_norm_
from companion.gradients.losses.binary_cross_entropies import BCEWithLogitsLoss
from companion.optimization.adam import Adam
from companion.rnn.speech.mixtures import mixture
from companion.rnn.speech.trigger import Detector, fires, heard, judged, trigger_batches
from companion.training import manual_seed

FILE = Path(__file__).with_name("trigger_word.json")
WEIGHTS = FILE.with_suffix(".npz")
KINDS = {"words alike": 0.3, "letters only": 0.0}
SEEDS, COUNT, SECONDS, OFTEN, EPOCHS, RATE = (0, 1, 2), 800, 4.0, 0.3, 14, 0.01
THRESHOLDS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
MINUTES, JUDGES = {"heard": 7, "unheard": 4}, 10_000


def training_mixtures(alike, seed, count=COUNT):
    """Make what a detector learns from, in the voices that may be heard."""
    rng = np.random.default_rng(seed)
    voices = rng.choice(HEARD, count)
    return [mixture(int(voice), rng, seconds=SECONDS, often=OFTEN, alike=alike) for voice in voices]


def train(alike, seed, *, count=COUNT, epochs=EPOCHS):
    """Train one detector.

    Adam, its rate falling in a line to a tenth; the norm of the gradient clipped at 1.

    Parameters
    ----------
    alike : float
        Share of words that sound alike among the pieces.
    seed : int
        Of weights and mixtures.
    count, epochs : int
        Mixtures, and passes over them.

    Returns
    -------
    model : Detector
        It has learned.
    losses : list of float
        Mean loss of each epoch.
    """
    manual_seed(seed)
    model = Detector()
    optimizer, loss = Adam(model.parameters(), lr=RATE), BCEWithLogitsLoss()
    batches, losses = trigger_batches(training_mixtures(alike, seed, count), seed=seed), []
    for epoch in range(epochs):
        optimizer.param_groups[0]["lr"] = RATE * (1 - 0.9 * epoch / epochs)
        costs = []
        for x, y in batches:
            optimizer.zero_grad()
            cost = loss(model(x), y)
            cost.backward()
            clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            costs.append(cost.item())
        losses.append(float(np.mean(costs)))
        print(f"{losses[-1]:.3f}", end=" ", flush=True)
    return model, losses


def judging_minutes(who):
    """Return minutes of sound for judging: of the voices heard, one each, or of the other one."""
    voices = HEARD if who == "heard" else (UNHEARD,) * MINUTES[who]
    return [mixture(v, JUDGES + 100 * v + k, seconds=60) for k, v in enumerate(voices)]


def curve(model, minutes, thresholds=THRESHOLDS):
    """Judge a detector at each threshold.

    Parameters
    ----------
    model : Detector
        Who listens.
    minutes : list of companion.rnn.speech.mixtures.Mixture
        Each a minute long.
    thresholds : sequence of float
        From low to high.

    Returns
    -------
    list of dict
        One for each threshold: ``missed``, share of the words; ``false``, alarms a minute;
        ``delay``, median in seconds, or none if nothing was detected.
    """
    curves = [model.listen(heard(m.signal))[0] for m in minutes]
    found = []
    for threshold in thresholds:
        each = [
            judged(fires(p, threshold), m.times_of()[1])
            for p, m in zip(curves, minutes, strict=True)
        ]
        delays = [d for j in each for d in j.delays]
        missed = sum(j.missed for j in each)
        found.append(
            {
                "threshold": threshold,
                "missed": round(missed / (missed + len(delays)), 4),
                "false": round(sum(j.false for j in each) / len(minutes), 4),
                "delay": round(float(np.median(delays)), 4) if delays else None,
            }
        )
    return found


def stored():
    """Read what was found: kind → list of runs, each with losses and the two curves."""
    return json.loads(FILE.read_text("utf-8"))


def load_detector():
    """Load the detector that is kept: the first that learned with words alike.

    Returns
    -------
    Detector
        With its weights.
    """
    model = Detector()
    with np.load(WEIGHTS) as kept:
        model.load_state_dict(dict(kept))
    return model


def main():
    """Train all detectors, judge them, and write what came out."""
    found = {}
    minutes = {who: judging_minutes(who) for who in MINUTES}
    for kind, alike in KINDS.items():
        found[kind] = []
        for seed in SEEDS:
            model, losses = train(alike, seed)
            curves = {who: curve(model, sound) for who, sound in minutes.items()}
            found[kind].append({"losses": [round(v, 5) for v in losses], **curves})
            print(kind, seed, curves["heard"][6], curves["unheard"][6], flush=True)
            if kind == "words alike" and seed == SEEDS[0]:
                np.savez_compressed(WEIGHTS, **model.state_dict())
            FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
