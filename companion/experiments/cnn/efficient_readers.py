"""One reader of digits made smaller in several ways: what each costs, and what it still reads.

Training a little after each change takes minutes for all seeds; what came out is kept beside this
file and read by `stored`. To make it anew, from the top of the repository::

    python -m companion.experiments.cnn.efficient_readers
"""

import io
import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.experiments.cnn.compressed_readers import retrained
from companion.experiments.cnn.digit_readers import mistakes, pushed
from companion.experiments.cnn.pupils import alone, pupils, teach
from companion.experiments.cnn.trained_reader import reader_images, trained_reader
from companion.training import engines, manual_seed, predict

FILE = Path(__file__).with_name("efficient_readers.json")
SEEDS = (0, 1, 2, 3, 4, 5)
WAYS = (
    "as it is", "trained on", "fewer weights", "fewer channels", "low rank", "small, labels",
    "small, taught",
)  # fmt: skip
SMALL_WAYS = WAYS[-2:]
EPOCHS, RATE = 3, 1e-3
"""Training after a change, of all networks but the small ones."""
KEEP, CHANNELS, RANKS = 0.1, 0.5, {"4": 8, "8": 12, "13": 16}
"""Share of the weights that stay, share of the channels, ranks of layers by their number."""
SMALL = {"width": 2, "hidden": 16, "rate": 0.02, "steps": 1000, "temperature": 4.0}


def version(way, seed, torch, tools):
    """Make one of the smaller readers.

    Parameters
    ----------
    way : str
        One of `WAYS`.
    seed : int
        Of what is drawn in training.
    torch : module
        The engine.
    tools : dict
        Names of functions of ``companion.cnn.compressing`` → the functions; see `toolbox`.

    Returns
    -------
    torch.nn.Sequential
        In evaluation mode.

    Raises
    ------
    ValueError
        If there is no such way.
    """
    if way not in WAYS:
        raise ValueError(f"version: way {way!r}; choose one of {WAYS}")
    model = trained_reader(torch.nn)
    if way == "as it is":
        return model
    if way in SMALL_WAYS:
        return small(model, torch, tools, seed)[way]
    callbacks = []
    if way == "fewer weights":
        callbacks = [tools["KeepMasks"](tools["magnitude_masks"](model, KEEP))]
    elif way == "fewer channels":
        model = tools["slimmed"](model, tools["largest_channels"](model, CHANNELS))
    elif way == "low rank":
        model = tools["factorized"](model, RANKS)
    return retrained(
        model,
        reader_images()["train"],
        torch.nn.CrossEntropyLoss(),
        lambda p: torch.optim.Adam(p, lr=RATE),
        EPOCHS,
        seed,
        callbacks,
    )


def versions(seed, torch, tools):
    """Make all smaller readers of one seed, in less time than one by one.

    Parameters
    ----------
    seed, torch, tools
        As for `version`.

    Returns
    -------
    dict
        Each of `WAYS` → the model.
    """
    models = {way: version(way, seed, torch, tools) for way in WAYS if way not in SMALL_WAYS}
    return models | small(models["as it is"], torch, tools, seed)


def small(teacher, torch, tools, seed):
    """Train two small readers side by side from nothing, by labels and by soft targets.

    Parameters
    ----------
    teacher : torch.nn.Sequential
        In evaluation mode; it is asked anew for each pushed digit.
    torch, tools, seed
        As for `version`. Both have the same first weights and see the same digits.

    Returns
    -------
    dict
        Each of `SMALL_WAYS` → the model, in evaluation mode.
    """
    images, labels = reader_images()["train"]
    rng, T = np.random.default_rng([seed, 2]), SMALL["temperature"]
    views = np.concatenate([images, *(pushed(images, None, rng, 2)[0] for _ in range(3))])
    targets = np.eye(10)[np.tile(labels, 4)], tools["soft_targets"](predict(teacher, views), T)
    network = pupils(torch.nn, [seed] * 2, SMALL["width"], SMALL["hidden"])
    adam = torch.optim.Adam(network.parameters(), lr=SMALL["rate"])
    chosen = [range(len(views))] * 2
    teach(network, adam, views, targets, (1, T), chosen, [seed] * 2, steps=SMALL["steps"])
    return {way: alone(torch.nn, network, k, 2) for k, way in enumerate(SMALL_WAYS)}


def stored_bytes(arrays, *, packed=False):
    """Bytes of a file of NumPy's format NPZ with these arrays.

    Parameters
    ----------
    arrays : dict
        Name → array.
    packed : bool
        Whether the file is compressed, as ZIP does it: runs of zeros then take little room.

    Returns
    -------
    int
        Size of the file.
    """
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, **arrays)
    return len(file.getvalue())


def arrays_of(model):
    """Return the numbers of a model that reads: its state without counters, name → array."""
    state = {name: engines.to_numpy(value) for name, value in model.state_dict().items()}
    return {name: value for name, value in state.items() if value.ndim}


def toolbox():
    """Fetch by name what stands above this layer.

    Returns
    -------
    dict
        Name → function of ``companion.cnn.compressing``.
    """
    places = {
        "pruning": ("magnitude_masks", "KeepMasks"),
        "channels": ("largest_channels", "slimmed"),
        "low_rank": ("factorized",),
        "integer_network": ("in_integers",),
        "distillation": ("soft_targets",),
    }
    return {
        name: getattr(import_module(f"companion.cnn.compressing.{file}"), name)
        for file, names in places.items()
        for name in names
    }


def stored():
    """Read what each way led to.

    Returns
    -------
    dict
        Way → {"float": errors on the test digits, one for each of `SEEDS`, "int8": the same for
        the network of whole numbers made from it}.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def judged(way, seed, torch, tools):
    """Make a version and count its mistakes on the test digits: as floats, and as whole numbers."""
    manual_seed(seed)
    data = reader_images()
    model = version(way, seed, torch, tools)
    whole = tools["in_integers"](torch.nn, model, data["train"][0][:500])
    return [mistakes(read, *data["test"]) for read in (lambda x: predict(model, x), whole)]


def _main(ways):
    """Make versions with torch and keep what they misread; names of ways do a part of it."""
    torch, tools = import_module("torch"), toolbox()
    torch.set_num_threads(1)
    for way in ways or WAYS:
        errors = [judged(way, seed, torch, tools) for seed in SEEDS]
        found = stored() if FILE.exists() else {}
        found[way] = {k: [e[n] for e in errors] for n, k in enumerate(("float", "int8"))}
        print(way, found[way], flush=True)
        FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
