"""`companion.optim` is torch's: same names, arguments, updates, state."""

import inspect

import numpy as np
import pytest
import torch

from companion import nn, optim
from tests.parity.agreement import CLOSE
from tests.parity.optim_cases import BASES, CASES, OPTIONS

STEPS = 50
IDS = ["-".join([name, *map(str, options.values())]) for name, options in CASES]


def test_every_name_and_every_option_is_tried():
    assert set(optim.__all__) == OPTIONS.keys() | BASES
    for name, values in OPTIONS.items():
        arguments = inspect.signature(getattr(optim, name)).parameters.keys()
        assert arguments - {"params"} == values.keys(), name
        assert all(len(tried) > 1 for tried in values.values())


@pytest.mark.parametrize("name", OPTIONS)
def test_arguments_are_torch_s_in_name_and_default(name):
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    for argument, parameter in inspect.signature(getattr(optim, name)).parameters.items():
        assert parameter.default == theirs[argument].default, argument


class Pair:
    """The same two parameters in both engines, under the same optimizer, with the same gradients.

    Every third step the second parameter has no gradient.
    """

    def __init__(self, name, options, seed=0):
        self.rng, self.count = np.random.default_rng(seed), 0
        start = [self.rng.normal(size=(4, 3)), self.rng.normal(size=4)]
        self.mine = [nn.Parameter(value.copy()) for value in start]
        self.other = [torch.nn.Parameter(torch.tensor(value)) for value in start]
        self.ours = getattr(optim, name)(self.mine, **options)
        self.theirs = getattr(torch.optim, name)(self.other, **options)

    def step(self):
        self.ours.zero_grad(), self.theirs.zero_grad()
        for k, (p, q) in enumerate(zip(self.mine, self.other, strict=True)):
            if k == 0 or self.count % 3:
                p.grad = self.rng.normal(size=p.shape)
                q.grad = torch.tensor(p.grad)
        self.ours.step(), self.theirs.step()
        self.count += 1

    def compare(self):
        for p, q in zip(self.mine, self.other, strict=True):
            np.testing.assert_allclose(p.data, q.detach().numpy(), **CLOSE)


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_every_update_is_torch_s(name, options):
    pair = Pair(name, options)
    for _ in range(STEPS):
        pair.step()
        pair.compare()


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_state_has_torch_s_layout_and_torch_s_state_is_taken_up(name, options):
    """Ours begins where torch stands after five steps, and goes on as torch does."""
    pair = Pair(name, options)
    for _ in range(5):
        pair.step()
    saved, own = pair.theirs.state_dict(), pair.ours.state_dict()
    assert own["param_groups"][0]["params"] == saved["param_groups"][0]["params"]
    for k, memory in saved["state"].items():
        held = {n: v for n, v in memory.items() if v is not None}
        assert held.keys() <= own["state"][k].keys()
        for entry, value in held.items():
            np.testing.assert_allclose(own["state"][k][entry], value, **CLOSE)
    pair.ours = getattr(optim, name)(pair.mine, lr=77)
    pair.ours.load_state_dict(saved)
    for _ in range(10):
        pair.step()
        pair.compare()


@pytest.mark.parametrize("name", OPTIONS)
def test_groups_have_options_of_their_own(name):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    moved = []
    for face, tensor in ((optim, nn.Parameter), (torch.optim, _torch_parameter)):
        one, two = map(tensor, start.copy())
        groups = [{"params": [one], "lr": 0.5, "weight_decay": 0.2}, {"params": two}]
        groups[1]["params"] = [two]
        optimizer = getattr(face, name)(groups, lr=0.01)
        for _ in range(5):
            for p, g in zip((one, two), gradients, strict=True):
                p.grad = g if face is optim else torch.tensor(g)
            optimizer.step()
        moved.append([np.asarray(p.detach().numpy()) for p in (one, two)])
    np.testing.assert_allclose(moved[0], moved[1], **CLOSE)


def _torch_parameter(values):
    return torch.nn.Parameter(torch.tensor(values))
