"""The step on two tasks is torch's on the sum of two losses; a task alone leaves the other head."""

import numpy as np
import torch

from companion import optim
from companion.experiments.regularization import small_sets as small
from companion.experiments.regularization.two_tasks import learn_tasks
from companion.experiments.side_by_side import SideBySide


def setting():
    rng = np.random.default_rng(0)
    model = small.network(1, (6, 5, 4, 7)).double()
    first = rng.normal(size=(1, 8, 6)), rng.integers(3, size=(1, 8)), 3
    second = rng.normal(size=(1, 5, 6)), rng.integers(4, size=(1, 5)), 4
    return model, first, second


def sgd(parameters):
    return optim.SGD(parameters, lr=0.1)


def test_one_step_on_both_is_the_one_of_torch():
    model, first, second = setting()
    nets = SideBySide([model])
    learn_tasks(nets, [first, second], sgd, updates=1, weights=(1, 0.3))
    w = [torch.tensor(p.data, requires_grad=True) for p in model.parameters()]

    def run(x):
        for k in (0, 2, 4):
            x = torch.nn.functional.linear(x, w[k], w[k + 1])
            x = x.relu() if k < 4 else x
        return x

    loss = torch.nn.functional.cross_entropy
    x, y = (torch.tensor(v[0]) for v in first[:2])
    u, v = (torch.tensor(v[0]) for v in second[:2])
    (loss(run(x)[:, :3], y) + 0.3 * loss(run(u)[:, 3:], v)).backward()
    for ours, other in zip(nets.parameters(), w, strict=True):
        expected = (other - 0.1 * other.grad).detach().numpy().T
        np.testing.assert_allclose(ours.data[0].squeeze(), expected.squeeze(), rtol=1e-10)


def test_a_task_alone_leaves_the_other_head_and_sees_the_same_batches():
    model, first, second = setting()
    alone, none = SideBySide([model]), SideBySide([model])
    learn_tasks(alone, [first, (None, None, 4)], sgd, updates=4, batch=3)
    learn_tasks(none, [first, second], sgd, updates=4, batch=3, weights=(1, 0))
    np.testing.assert_array_equal(alone.weight4.data[0, :, 3:], model[4].weight.data.T[:, 3:])
    np.testing.assert_allclose(alone.weight0.data, none.weight0.data, rtol=1e-12)
