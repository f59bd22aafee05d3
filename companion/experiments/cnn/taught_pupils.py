"""Pupils that learn digits from labels or from a teacher, each kind at its own learning rate.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To make it
anew, from the top of the repository, one part after the other::

    python -m companion.experiments.cnn.taught_pupils 100 300 1000 3000 temperatures
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
from scipy.special import softmax

from companion.experiments.cnn.pupils import pupils, scores, teach
from companion.experiments.cnn.trained_reader import reader_images, trained_reader
from companion.experiments.comparison import apart
from companion.training import predict

FILE = Path(__file__).with_name("taught_pupils.json")
SIZES = (100, 300, 1000, 3000)
"""How many of the 3,000 training images a pupil learns from."""
RATES = (0.005, 0.015, 0.045)
TUNING, SEEDS = (100, 101, 102, 103), (0, 1, 2, 3, 4, 5, 6, 7)
STEPS, BATCH = 400, 50
TEMPERATURES = (1, 2, 4, 8, 16)
SIZE_OF_TEMPERATURES = 300
KINDS = ("labels", "smoothed labels", "teacher", "teacher, mixed up")


def lesson(kind, labels, teacher, temperature=4, smoothing=0.1):
    """Make what the pupils of one kind learn from.

    Parameters
    ----------
    kind : str
        One of `KINDS`. The last has the teacher's probabilities, those of all classes but its
        answer in a random order in each row.
    labels : array_like
        Class numbers, (N,).
    teacher : array_like
        Its scores, (N, K).
    temperature, smoothing : float
        Of the teacher's probabilities, and share of the labels that goes to all classes.

    Returns
    -------
    targets : numpy.ndarray
        Probabilities, (N, K).
    temperature : float
        At which the pupil is compared with them: 1 for labels.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    teacher = np.asarray(teacher, dtype=float)
    if kind not in KINDS:
        raise ValueError(f"lesson: kind {kind!r}; choose one of {KINDS}")
    if "labels" in kind:
        share = smoothing if kind.startswith("smoothed") else 0.0
        return (1 - share) * np.eye(teacher.shape[1])[labels] + share / teacher.shape[1], 1.0
    q = softmax(teacher / temperature, axis=1)
    if kind.endswith("mixed up"):
        answer, rng = q.argmax(axis=1), np.random.default_rng(0)
        others = np.arange(q.shape[1]) != answer[:, None]
        q[others] = rng.permuted(q[others].reshape(len(q), -1), axis=1).ravel()
    return q, float(temperature)


def errors(nn, optimizer, rate, lessons, size, seeds, images, judged, *, steps=STEPS):
    """Train pupils of several kinds side by side and count what they misread.

    Parameters
    ----------
    nn : module
        ``torch.nn``.
    optimizer : callable
        ``optimizer(parameters, rate)``.
    rate : float
        Learning rate of all.
    lessons : sequence
        Pairs as from `lesson`, one for each kind.
    size : int
        How many images each pupil learns from. A seed draws its own, the same for every kind.
    seeds : sequence of int
        Of first weights, images and their order.
    images : numpy.ndarray
        To learn from, (N, 1, 28, 28).
    judged : tuple of numpy.ndarray
        Other images (M, 1, 28, 28) and their labels (M,).
    steps : int
        Updates, with 50 images each.

    Returns
    -------
    numpy.ndarray
        Share of mistakes, (kinds, seeds).
    """
    drawn = [np.random.default_rng([s, size]).permutation(len(images))[:size] for s in seeds]
    every = list(seeds) * len(lessons)
    network = pupils(nn, every)
    teach(
        network,
        optimizer(network.parameters(), rate),
        images,
        [targets for targets, _ in lessons for _ in seeds],
        [T for _, T in lessons for _ in seeds],
        drawn * len(lessons),
        every,
        steps=steps,
        batch=BATCH,
    )
    answers = scores(network, judged[0], len(every)).argmax(axis=2)
    return np.mean(answers != judged[1], axis=1).reshape(len(lessons), len(seeds))


def contest(run, rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each kind choose its rate by some seeds and the development set, and judge by others.

    Parameters
    ----------
    run : callable
        ``run(rate, seeds, part)`` returns the errors of all kinds, (kinds, seeds), on the part
        ``"dev"`` or ``"test"`` of the digits.
    rates, tuning, seeds : sequence
        Of the rates each kind takes the one whose mean error over the tuning seeds is lowest.

    Returns
    -------
    list of dict
        For each kind "tried", the mean error of each rate; "rate"; "errors" of the seeds.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    tried = np.array([run(rate, tuning, "dev").mean(axis=1) for rate in rates])
    best = tried.argmin(axis=0)
    judged = {k: run(rates[k], seeds, "test") for k in sorted(set(best.tolist()))}
    return [
        {
            "tried": tried[:, kind].round(4).tolist(),
            "rate": rates[k],
            "errors": judged[k][kind].round(4).tolist(),
        }
        for kind, k in enumerate(best.tolist())
    ]


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        Name of each size of `SIZES` → list as from `contest`, one entry for each of `KINDS`;
        "temperatures" → the same for the teacher at each of `TEMPERATURES`.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main(parts):
    """Run parts of the contest with torch and keep what they found."""
    # The engine stands above this layer, so it is fetched by name.
    torch = import_module("torch")
    torch.set_num_threads(1)
    data, found = reader_images(), stored() if FILE.exists() else {}
    images, labels = data["train"]
    said = predict(trained_reader(torch.nn), images)
    for part in parts:
        if part == "temperatures":
            size = SIZE_OF_TEMPERATURES
            lessons = [lesson("teacher", labels, said, T) for T in TEMPERATURES]
        else:
            size, lessons = int(part), [lesson(kind, labels, said) for kind in KINDS]

        def run(rate, seeds, where, lessons=lessons, size=size):
            return errors(
                torch.nn, torch.optim.Adam, rate, lessons, size, seeds, images, data[where]
            )

        found[part] = contest(run)
        for entry in found[part]:
            print(part, entry, flush=True)
        FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
