"""What differs between the companion's engine and torch, and nothing else.

torch is never imported here: a torch model brings it along.
"""

import sys
from contextlib import contextmanager

import numpy as np

from companion.gradients import generator, tape


def manual_seed(seed):
    """Seed fresh weights of the companion and, where it is loaded, of torch.

    Parameters
    ----------
    seed : int
        Any non-negative integer. The two engines draw different numbers from the same seed.
    """
    generator.manual_seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def device():
    """Return "cuda" where torch is loaded and finds a GPU, else "cpu"."""
    torch = sys.modules.get("torch")
    return "cuda" if torch is not None and torch.cuda.is_available() else "cpu"


def is_torch(model):
    """Whether `model` is a torch module."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def adapt(model, *arrays):
    """Turn arrays into what `model` takes: themselves, or torch tensors on the model's device."""
    if not is_torch(model):
        return arrays
    first = next(model.parameters(), None)
    where = first.device if first is not None else "cpu"
    torch = sys.modules["torch"]
    return tuple(torch.from_numpy(np.asarray(a, order="C")).to(where) for a in arrays)


def to_numpy(tensor):
    """Values of a tensor of either engine, or of an array, as a NumPy array."""
    tensor = tensor.detach() if hasattr(tensor, "detach") else tensor
    return np.asarray(tensor.cpu() if hasattr(tensor, "cpu") else tensor)


def no_grad(model):
    """Context in which the engine of `model` records nothing."""
    return sys.modules["torch"].no_grad() if is_torch(model) else tape.no_grad()


@contextmanager
def modes_kept(model):
    """Context after which each module is in its own old mode again, training or evaluation.

    ``model.train(mode)`` would put all of them into the mode of the outermost one, and so wake
    frozen layers that were put into evaluation inside of a container in training.
    """
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def random_state(model):
    """State of the generators that fresh weights and random layers of `model` draw from."""
    state = {"companion": generator.get_state()}
    if is_torch(model):
        state["torch"] = sys.modules["torch"].get_rng_state()
    return state


def set_random_state(state):
    """Restore what `random_state` returned."""
    generator.set_state(state["companion"])
    if "torch" in state:
        sys.modules["torch"].set_rng_state(state["torch"])
