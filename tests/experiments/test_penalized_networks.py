"""Each network has its own weight decay, on its matrices only, as torch has it."""

import numpy as np
import pytest
import torch

from companion import optim
from companion.data.digits import ThreeWay
from companion.experiments.regularization import penalized_networks as penalized_nets
from companion.experiments.regularization.small_sets import network, own_sets

SIZES = (6, 5, 3)


def data():
    rng = np.random.default_rng(3)
    parts = [(rng.normal(size=(n, 6)).astype("float32"), rng.integers(3, size=n))
             for n in (20, 7, 5)]  # fmt: skip
    return ThreeWay(*(array for part in parts for array in part))


@pytest.mark.parametrize("rule", ["SGD", "Adam", "AdamW"])
def test_each_ends_where_torch_ends_with_its_decay(rule):
    lams, seeds = (0.0, 0.5), (1, 2)
    nets, curves = penalized_nets.penalized(
        lambda groups: getattr(optim, rule)(groups, lr=0.05), lams, seeds,
        data=data(), epochs=4, sizes=SIZES, size=8, batch=8,
    )  # fmt: skip
    X, y = own_sets(seeds, 8, data())
    for k, lam in enumerate(lams):
        for r, seed in enumerate(seeds):
            twin = torch.nn.Sequential(
                torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 3)
            )
            state = network(seed, SIZES).state_dict()
            twin.load_state_dict({name: torch.tensor(v) for name, v in state.items()})
            two = ([p for p in twin.parameters() if p.ndim == n] for n in (2, 1))
            groups = [{"params": p, "weight_decay": lam * (not n)} for n, p in enumerate(two)]
            step = getattr(torch.optim, rule)(groups, lr=0.05)
            for _ in range(4):
                step.zero_grad()
                scores = twin(torch.tensor(X[r]))
                torch.nn.functional.cross_entropy(scores, torch.tensor(y[r])).backward()
                step.step()
            found = nets.weight0.data[2 * k + r]
            np.testing.assert_allclose(found.T, twin[0].weight.detach().numpy(), atol=1e-4)
    assert set(curves.loss) == {"train", "dev", "test"}
    assert curves.loss["dev"].shape == (2, 4)


def test_a_strength_for_each_run():
    found = penalized_nets.strengths((0, 0.5), 3)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[:, 0, 0], [0, 0, 0, 0.5, 0.5, 0.5])
