"""Walks against closed forms and against torch."""

import numpy as np
import torch

from companion import optim
from companion.optimization.surfaces import SURFACES, ravine
from companion.optimization.trajectories import walk


def test_gradient_descent_on_a_ravine_is_a_power():
    """Each coordinate shrinks by 1 - ηλ at a step."""
    path = walk(ravine(10.0).gradient, lambda p: optim.SGD(p, lr=0.15), (4.0, -1.0), 20)
    steps = np.arange(21)[:, None]
    np.testing.assert_allclose(path, [4, -1] * (1 - 0.15 * np.array([1, 10])) ** steps, rtol=1e-12)


def test_walks_are_torch_s():
    surface = SURFACES["Rosenbrock"]
    ours = walk(surface.gradient, lambda p: optim.Adam(p, lr=0.05), surface.start, 100)
    p = torch.nn.Parameter(torch.tensor(surface.start, dtype=torch.float64))
    optimizer = torch.optim.Adam([p], lr=0.05)
    for point in ours:
        np.testing.assert_allclose(point, p.detach().numpy(), rtol=1e-10)
        p.grad = torch.tensor(surface.gradient(p.detach().numpy()))
        optimizer.step()


def test_a_walk_that_diverges_goes_on_to_infinity_in_silence():
    path = walk(SURFACES["Rosenbrock"].gradient, lambda p: optim.SGD(p, lr=1.0), (-1.2, 1.0), 30)
    assert path.shape == (31, 2)
    assert not np.isfinite(path[-1]).any()
