"""What all optimizers share: errors, groups, and a state that goes on bit for bit."""

import json

import numpy as np
import pytest

from companion import nn, optim
from companion.training import checkpoint
from tests.parity.optim_cases import CASES


def some():
    return [nn.Parameter(np.ones(3)), nn.Parameter(np.ones((2, 2), dtype=np.float32))]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: optim.SGD([], lr=0.1), "SGD: got no parameters; pass model.parameters"),
        (lambda: optim.SGD(some(), lr=-1), "SGD: lr is -1; expected a number of at least 0"),
        (lambda: optim.SGD(some(), lr=np.nan), "lr is nan"),
        (lambda: optim.SGD(some(), momentum=-0.1), "momentum is -0.1"),
        (lambda: optim.SGD(some(), nesterov=True), "nesterov needs a momentum above 0"),
        (
            lambda: optim.SGD(some(), momentum=0.9, dampening=0.1, nesterov=True),
            "momentum=0.9 and dampening=0.1",
        ),
        (lambda: optim.Adam(some(), betas=(0.9, 1.0)), r"betas is \(0.9, 1.0\); expected"),
        (lambda: optim.Adam(some(), eps=-1e-8), "eps is -1e-08"),
        (lambda: optim.AdamW(some(), weight_decay=-1), "AdamW: weight_decay is -1"),
        (lambda: optim.SGD([{"params": some(), "beta": 1}]), r"SGD: has no option \['beta'\]"),
        (lambda: optim.SGD([{"params": []}]), "got no parameters"),
        (lambda: optim.SGD([{"params": some(), "lr": -2}]), "lr is -2"),
        (lambda: optim.SGD(2 * some()[:1]), "a parameter comes twice"),
        (
            lambda: optim.SGD(some()).load_state_dict(optim.SGD(some()[:1]).state_dict()),
            r"groups of \[1\] parameters do not fit groups of \[2\]",
        ),
    ],
)
def test_errors_name_the_value_and_the_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_base_alone_cannot_step():
    p = nn.Parameter(np.ones(1))
    p.grad = np.ones(1)
    with pytest.raises(NotImplementedError, match="Optimizer does not say how to update"):
        optim.Optimizer([p], lr=1.0, weight_decay=0, maximize=False).step()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("name", "options"), CASES, ids=["-".join([n, *map(str, o.values())]) for n, o in CASES]
)
def test_saved_and_resumed_bit_for_bit(name, options, dtype, tmp_path):
    rng = np.random.default_rng(1)
    gradients = rng.normal(size=(12, 2, 3)).astype(dtype)

    def fresh(values):
        ps = [nn.Parameter(v.copy()) for v in values]
        return ps, getattr(optim, name)(ps, **options)

    def run(ps, optimizer, steps):
        for step in steps:
            for p, g in zip(ps, gradients[step], strict=True):
                p.grad = g
            optimizer.step()

    whole, optimizer = fresh(np.ones((2, 3), dtype))
    run(whole, optimizer, range(12))
    part, optimizer = fresh(np.ones((2, 3), dtype))
    run(part, optimizer, range(5))
    checkpoint.save(tmp_path / "state.npz", optimizer.state_dict())
    resumed, optimizer = fresh([p.data for p in part])
    optimizer.load_state_dict(checkpoint.load(tmp_path / "state.npz"))
    run(resumed, optimizer, range(5, 12))
    for p, q in zip(whole, resumed, strict=True):
        assert p.data.dtype == q.data.dtype == dtype
        np.testing.assert_array_equal(p.data, q.data)


def test_a_saved_state_is_a_copy():
    p = nn.Parameter(np.ones(2))
    optimizer = optim.SGD([p], lr=0.1, momentum=0.9)
    p.grad = np.ones(2)
    optimizer.step()
    saved = optimizer.state_dict()
    optimizer.step()
    np.testing.assert_array_equal(saved["state"][0]["momentum_buffer"], np.ones(2))
    assert saved["state"][0]["step"] == 1
    json.dumps(saved["param_groups"])


def test_gradients_are_left_alone():
    """Neither weight decay nor maximize writes into what backward computed."""
    p = nn.Parameter(np.ones(2))
    p.grad = np.full(2, 3.0)
    optim.SGD([p], lr=0.1, momentum=0.9, weight_decay=0.5, maximize=True).step()
    np.testing.assert_array_equal(p.grad, [3.0, 3.0])


def test_what_is_not_remembered_is_not_made_up():
    p = nn.Parameter(np.ones(2))
    p.grad = np.ones(2)
    plain = optim.Adam([p])
    plain.step()
    saved = plain.state_dict()
    saved["param_groups"][0]["amsgrad"] = True
    with pytest.raises(KeyError, match="max_exp_avg_sq"):
        optim.Adam([p]).load_state_dict(saved)
