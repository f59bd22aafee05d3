"""Networks on sets of their own learn as each would alone, and are measured as torch measures."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.digits import digits, train_dev_test
from companion.experiments.regularization import small_sets as small
from companion.experiments.side_by_side import SideBySide
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor

SIZES = (6, 5, 4, 3)


def data(R=2, N=8):
    rng = np.random.default_rng(3)
    return rng.normal(size=(R, N, 6)).astype("float32"), rng.integers(3, size=(R, N))


def models(**options):
    return [small.network(seed, SIZES, **options) for seed in (1, 2)]


def adam(parameters):
    return optim.Adam(parameters, lr=0.01)


def test_the_three_parts_are_the_digits_each_once():
    data, all_of_them = train_dev_test(), digits()
    assert [len(part) for part in data[::2]] == [3000, 1000, 1000]
    np.testing.assert_array_equal(
        np.concatenate([data.X_train, data.X_dev]), all_of_them.X_train
    )
    np.testing.assert_array_equal(data.y_test, all_of_them.y_test)


def test_sets_are_drawn_from_the_pool_without_repeats():
    X, y = small.own_sets([4, 5], 300)
    assert X.shape == (2, 300, 784)
    assert y.shape == (2, 300)
    assert len(np.unique(X[0], axis=0)) == 300
    pool = {row.tobytes() for row in train_dev_test().X_train}
    assert {row.tobytes() for row in X[1]} <= pool
    assert (X[0] != X[1]).any()


def test_a_set_larger_than_the_pool_is_refused():
    with pytest.raises(ValueError, match=r"size is 3001; the pool has 3000"):
        small.own_sets([0], 3001)


def test_side_by_side_each_ends_where_torch_ends_on_its_own_set():
    (X, y), made = data(), models()
    alone = []
    for model, x, labels in zip(made, X, y, strict=True):
        twin = torch.nn.Sequential(*[
            torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4), torch.nn.ReLU(),
            torch.nn.Linear(4, 3),
        ])
        twin.load_state_dict({k: torch.tensor(v) for k, v in model.state_dict().items()})
        step = torch.optim.Adam(twin.parameters(), lr=0.01)
        for _ in range(7):  # the whole set is one batch, so that the order does not matter
            step.zero_grad()
            loss = torch.nn.functional.cross_entropy(twin(torch.tensor(x)), torch.tensor(labels))
            loss.backward()
            step.step()
        alone.append(twin(torch.tensor(x)).detach().numpy())
    together = SideBySide(made)
    small.learn(together, X, y, adam(together.parameters()), epochs=7, batch=8)
    np.testing.assert_allclose(small.scores(together, X), alone, atol=1e-4)


def test_penalty_and_what_comes_after_a_step_reach_all_weights_but_no_bias():
    X, y = data()
    together, shapes = SideBySide(models()), []
    before = [p.data.copy() for name, p in together.named_parameters() if "bias" in name]

    def zero(weights):
        shapes.append([w.shape for w in weights])
        for w in weights:
            w.data[:] = 0

    small.learn(
        together, X, y, optim.SGD(together.parameters(), lr=0.0), epochs=1, batch=4,
        penalty=lambda weights: sum((w * w).sum() for w in weights), after_step=zero,
    )  # fmt: skip
    assert shapes == [[(2, 6, 5), (2, 5, 4), (2, 4, 3)]] * 2
    for name, p in together.named_parameters():
        if "weight" in name:
            assert not p.data.any()
            assert name == "weight0" or p.grad is not None
    after = [p.data for name, p in together.named_parameters() if "bias" in name]
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_augment_returns_is_what_is_learned():
    X, y = data()
    seen = []

    def certain(x, labels, rng):
        seen.append((x.shape, labels.shape))
        return x, np.eye(3)[labels]

    first, second = SideBySide(models()), SideBySide(models())
    small.learn(first, X, y, adam(first.parameters()), epochs=2, batch=4, augment=certain)
    small.learn(second, X, y, adam(second.parameters()), epochs=2, batch=4)
    assert seen == [((8, 6), (8,))] * 4
    np.testing.assert_allclose(small.scores(first, X), small.scores(second, X), atol=1e-5)


class Doubled(nn.Module):
    """Twice its input while learning."""

    def forward(self, x):
        return x * 2.0 if self.training else x


def test_layers_in_between_know_whether_it_is_training():
    X, y = data()
    together, modes = SideBySide(models(between=lambda: [Doubled()])), []
    small.learn(
        together, X, y, adam(together.parameters()), epochs=1,
        watch=lambda epoch: modes.append((epoch, together.training)),
    )  # fmt: skip
    assert modes == [(0, False), (1, False)]
    twice = SideBySide(models(between=lambda: [Doubled()]))
    plain = SideBySide(models())
    np.testing.assert_allclose(small.scores(twice.eval(), X), small.scores(plain, X), atol=1e-6)
    assert abs(small.scores(twice.train(), X) - small.scores(plain, X)).max() > 0.01


def test_curves_hold_errors_and_losses_as_torch_computes_them():
    X, y = data()
    other = X[0], y[0]
    networks, curves = small.learning_curves(
        models(), X, y, adam, epochs=3, every=2, sets={"dev": other}
    )
    np.testing.assert_array_equal(curves.epochs, [0, 2, 3])
    found = torch.tensor(small.scores(networks, X[0]))
    expected = [torch.nn.functional.cross_entropy(row, torch.tensor(y[0])) for row in found]
    np.testing.assert_allclose(curves.loss["dev"][-1], expected, rtol=1e-5)
    wrong = [(row.argmax(1).numpy() != y[0]).mean() for row in found]
    np.testing.assert_allclose(curves.error["dev"][-1], wrong)
    assert curves.error["train"].shape == curves.loss["train"].shape == (3, 2)


def test_a_network_has_the_layers_it_was_asked_for():
    model = small.network(0, between=lambda: [nn.Identity()], first=lambda: [nn.Tanh()])
    kinds = ["Tanh", *["Linear", "ReLU", "Identity"] * 2, "Linear"]
    assert [type(layer).__name__ for layer in model] == kinds
    manual_seed(0)
    np.testing.assert_array_equal(model[1].weight.data, nn.Linear(784, 128).weight.data)
    assert model(Tensor(np.zeros((2, 784), "float32"))).shape == (2, 10)
