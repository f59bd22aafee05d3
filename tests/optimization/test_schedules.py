"""Plain rules in closed form, and the range test."""

import copy

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.batches import Batches
from companion.gradients.tensor import Tensor
from companion.optim import lr_scheduler
from companion.optimization.schedules.range_test import range_test
from companion.optimization.schedules.rules import by_hand, inverse_square_root, inverse_time

T = np.arange(200)
ENGINES = {"companion": (nn, optim), "torch": (torch.nn, torch.optim)}


def course(rule, engine="companion"):
    """Rates of a base rate of 0.3."""
    p = nn.Parameter(np.ones(1)) if engine == "companion" else torch.nn.Parameter(torch.ones(1))
    optimizer = ENGINES[engine][1].SGD([p], lr=0.3)
    face = lr_scheduler if engine == "companion" else torch.optim.lr_scheduler
    scheduler = face.LambdaLR(optimizer, rule)
    rates = []
    for _ in T:
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step(), scheduler.step()
    return rates


@pytest.mark.parametrize("engine", ENGINES)
def test_rules_in_closed_form(engine):
    np.testing.assert_allclose(course(inverse_time(0.25), engine), 1.2 / (4 + T), rtol=1e-12)
    np.testing.assert_allclose(course(inverse_time(0), engine), np.full(200, 0.3), rtol=1e-12)
    expected = 0.3 / np.sqrt(np.arange(1, 201))
    np.testing.assert_allclose(course(inverse_square_root(), engine), expected, rtol=1e-12)
    expected = 0.3 / np.sqrt(1 + T / 50)
    np.testing.assert_allclose(course(inverse_square_root(50), engine), expected, rtol=1e-12)
    rates = course(by_hand({30: 0.5, 0: 2, 70: 0}), engine)
    np.testing.assert_allclose(rates, np.select([T < 30, T < 70], [0.6, 0.15], 0))


def test_halves_come_when_they_are_said_to_come():
    assert inverse_time(0.05)(20) == 0.5
    assert inverse_square_root(7)(21) == 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: inverse_time(-0.1), "inverse_time: decay is -0.1"),
        (lambda: inverse_time(np.nan), "decay is nan"),
        (lambda: inverse_square_root(0), "offset is 0; expected a number above 0"),
        (lambda: by_hand({5: 1, 3: 2}), "the table begins at step 3; add 0"),
        (lambda: by_hand({}), "the table begins at step None"),
    ],
)
def test_rules_refuse_what_has_no_meaning(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# --- the range test --------------------------------------------------------------------------


def parabola(engine, curvature=2.0, **options):
    """Mean of ½ λ w² over batches of inputs 1: gradient descent multiplies w by 1 - ηλ."""
    face, optimizers = ENGINES[engine]
    model = face.Linear(1, 1, bias=False).double()
    start = np.ones((1, 1))
    model.load_state_dict({"weight": start if engine == "companion" else torch.tensor(start)})
    batches = Batches(np.ones((6, 1)), np.zeros((6, 1)), batch_size=2)
    optimizer = optimizers.SGD(model.parameters(), lr=0.123, momentum=0.0, **options)

    def loss(output, target):
        return 0.5 * curvature * ((output - target) ** 2).mean()

    return model, batches, loss, optimizer


@pytest.mark.parametrize("engine", ENGINES)
def test_losses_of_a_range_test_in_closed_form(engine):
    model, batches, loss, optimizer = parabola(engine)
    found = range_test(model, batches, loss, optimizer, low=1e-2, high=100, steps=60, limit=5)
    rates = np.geomspace(1e-2, 100, 60)
    w = np.cumprod(np.append(1, 1 - 2 * rates))[:-1]
    done = len(found.losses)
    np.testing.assert_allclose(found.rates, rates[:done], rtol=1e-12)
    np.testing.assert_allclose(found.losses, w[:done] ** 2, rtol=1e-9, atol=1e-15)
    weights = 0.9 ** np.arange(done)
    mean = [weights[: k + 1] @ w[k::-1] ** 2 / weights[: k + 1].sum() for k in range(done)]
    np.testing.assert_allclose(found.smooth, mean, rtol=1e-9)
    # It ends at the first smoothed loss above five times the lowest, long before the last rate.
    assert done < 60
    assert found.smooth[-1] > 5 * found.smooth.min()
    assert (found.smooth[1:-1] <= 5 * np.minimum.accumulate(found.smooth)[1:-1]).all()
    assert found.lowest == rates[np.argmin(mean)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("high", [1.0, 1e200])
def test_nothing_has_changed_afterwards(engine, high):
    model, batches, loss, optimizer = parabola(engine, curvature=1.0 if high == 1 else 1e150)
    before = copy.deepcopy(optimizer.state_dict())
    model.eval()
    found = range_test(model, batches, loss, optimizer, low=1e-3, high=high, steps=20, limit=1e300)
    assert np.isfinite(found.losses).all()
    assert len(found.losses) == 20 if high == 1 else len(found.losses) < 20
    assert model.weight.detach().numpy().item() == 1
    assert model.weight.grad is None
    assert not model.training
    after = optimizer.state_dict()
    assert after["state"] == before["state"] == {}
    assert after["param_groups"][0]["lr"] == 0.123


def test_the_learnt_direction_is_put_back():
    model, batches, loss, optimizer = parabola("companion")
    optimizer.param_groups[0]["momentum"] = 0.9
    model(Tensor(np.ones((2, 1)))).sum().backward()
    optimizer.step()
    kept = copy.deepcopy(optimizer.state_dict()["state"])
    range_test(model, batches, loss, optimizer, steps=5)
    after = optimizer.state_dict()["state"]
    assert after[0]["step"] == 1
    np.testing.assert_array_equal(after[0]["momentum_buffer"], kept[0]["momentum_buffer"])


@pytest.mark.parametrize("wrong", [{"low": 0}, {"low": 2.0, "high": 1.0}, {"steps": 1}])
def test_a_range_must_rise(wrong):
    with pytest.raises(ValueError, match="expected 0 < low < high and at least 2 steps"):
        range_test(*parabola("companion"), **wrong)
