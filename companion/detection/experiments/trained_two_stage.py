"""A detector of two stages, already trained: the pages look at what it proposes and finds.

Its weights are kept beside this file. To make them anew, from the top of the repository::

    python -m companion.detection.experiments.trained_two_stage
"""

from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.scenes import scenes
from companion.detection.experiments.two_stage_contest import ANCHORS, judged, trained
from companion.detection.networks.two_stage import two_stage
from companion.detection.regions.two_stage import detect_twice
from companion.experiments.stored_weights import with_weights

FILE = Path(__file__).with_name("trained_two_stage.npz")
SCENES, EPOCHS = 1800, 10


def trained_two_stage(nn):
    """Make the detector with the stored weights, in evaluation mode; `nn` is of either engine."""
    with np.load(FILE) as stored:
        return with_weights(two_stage(nn), stored)


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    model = trained(torch.nn, torch.optim, scenes(SCENES, seed=7), epochs=EPOCHS, seed=7)
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    halves = {n: v.astype(np.float16) if v.dtype.kind == "f" else v for n, v in state.items()}
    np.savez(FILE, **halves)
    dev = scenes(500, "dev")
    print(judged(detect_twice(trained_two_stage(torch.nn), dev.images, ANCHORS), dev.truths))


if __name__ == "__main__":
    _main()
