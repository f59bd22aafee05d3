"""What is handed to an optimizer, a schedule or the loop fits, or an error says what does not."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.batches import Batches
from companion.gradients.checking.gradcheck import check_gradients
from companion.gradients.tensor import Tensor
from companion.optimization.second_order.conjugate_gradients import conjugate_gradients
from companion.training import Callback, accuracy, fit

NAMES = [name for name in optim.__all__ if name[0].isupper() and name != "Optimizer"]
EVERY = [getattr(optim, name) for name in NAMES]


def model():
    return nn.Sequential(nn.Linear(3, 2))


@pytest.mark.parametrize("make", EVERY, ids=lambda make: make.__name__)
def test_only_what_can_learn_is_taken(make):
    w = nn.Parameter(np.ones(2))
    for wrong in (model(), w, 3):
        with pytest.raises(TypeError, match=r"model.parameters\(\)"):
            make(wrong)
    with pytest.raises(TypeError, match="parameter 0 is a ndarray"):
        make([np.ones(2)])
    with pytest.raises(ValueError, match="parameter 0 is the result of mul"):
        make([w * 2])
    with pytest.raises(ValueError, match="parameter 1 requires no gradient"):
        make([w, Tensor([1.0])])
    optimizer = make({"params": w} for _ in range(1))
    w.grad = np.ones(2)
    optimizer.step()
    assert not np.allclose(w.data, 1)
    with pytest.raises(TypeError, match="not a tensor"):
        optimizer.add_param_group({"params": model()})


@pytest.mark.parametrize("theirs", [torch.nn.Linear(3, 2), torch.ones(2, requires_grad=True)])
def test_torch_refuses_the_same(theirs):
    with pytest.raises(TypeError):
        torch.optim.SGD(theirs, lr=0.1)


def steps(face, as_param, rates):
    w = as_param(np.array([1.0, -2.0]))
    optimizer = face.SGD([w], lr=0.1)
    for k in range(6):
        if k == 2:
            optimizer.param_groups[0]["momentum"] = 0.9
        gradient = np.array([1.0, 2.0]) * (k + 1)
        w.grad = torch.tensor(gradient) if face is torch.optim else gradient
        optimizer.step()
    return np.asarray(w.detach().numpy() if face is torch.optim else w.data)


def test_momentum_switched_on_later_equals_torch():
    ours = steps(optim, nn.Parameter, None)
    theirs = steps(torch.optim, lambda v: torch.nn.Parameter(torch.tensor(v)), None)
    np.testing.assert_allclose(ours, theirs, rtol=1e-14)


def test_a_cycle_made_after_the_first_step():
    w = nn.Parameter(np.ones(2))
    optimizer = optim.SGD([w], lr=0.1)
    w.grad = np.ones(2)
    optimizer.step()
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.5, total_steps=10)
    for _ in range(3):
        optimizer.step()
        schedule.step()
    assert np.isfinite(w.data).all()


def test_a_group_added_after_the_schedule():
    optimizer = optim.SGD([nn.Parameter(np.ones(1))], lr=0.1)
    schedule = optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.add_param_group({"params": nn.Parameter(np.ones(1))})
    with pytest.raises(ValueError, match=r"made for 1 groups .* has 2; make the schedule after"):
        schedule.step()


def test_the_state_of_another_optimizer():
    def stepped(make):
        w = nn.Parameter(np.ones(2))
        w.grad = np.ones(2)
        optimizer = make([w])
        optimizer.step()
        return optimizer

    saved = stepped(optim.Adam).state_dict()
    with pytest.raises(KeyError, match=r"no momentum_buffer.*holds.*exp_avg.*another optimizer"):
        stepped(lambda p: optim.SGD(p, lr=0.1, momentum=0.9)).load_state_dict(saved)


def test_a_checkpoint_with_other_callbacks(tmp_path):
    def run(callbacks, epochs):
        net = model()
        return fit(net, (np.ones((4, 3), np.float32), np.zeros(4, int)), nn.CrossEntropyLoss(),
                   optim.SGD(net.parameters(), lr=0.1), epochs=epochs, callbacks=callbacks,
                   checkpoint=tmp_path / "run")

    run([Callback()], 1)
    with pytest.raises(ValueError, match="saved with 1 callbacks, this run has 0; pass the same"):
        run([], 2)


def test_the_last_batch_may_be_left_out():
    batches = Batches(np.arange(65), batch_size=64, drop_last=True)
    assert len(batches) == 1
    assert [len(b) for (b,) in batches] == [64]
    loader = torch.utils.data.DataLoader(range(65), batch_size=64, drop_last=True)
    assert len(loader) == len(batches)
    with pytest.raises(ValueError, match="3 examples make no full batch of 4"):
        Batches(np.arange(3), batch_size=4, drop_last=True)


def test_batch_norm_and_one_example_left_over():
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    X = np.random.default_rng(0).normal(size=(65, 3)).astype(np.float32)
    y = np.arange(65) % 2
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="drop_last=True"):
        fit(net, Batches(X, y, batch_size=64), nn.CrossEntropyLoss(), optimizer)
    fit(net, Batches(X, y, batch_size=64, drop_last=True), nn.CrossEntropyLoss(), optimizer)


def test_a_generator_is_used_up_after_one_epoch():
    net, X = model(), np.ones((4, 3), np.float32)
    once = ((X, np.zeros(4, int)) for _ in range(3))
    with pytest.raises(ValueError, match="no batch in epoch 1: a generator can be gone through"):
        fit(net, once, nn.CrossEntropyLoss(), optim.SGD(net.parameters(), lr=0.1), epochs=2)


def test_accuracy_does_not_broadcast():
    scores = np.eye(3)
    assert accuracy(scores, [0, 1, 1]) == 2 / 3
    assert accuracy([[1.0], [-1.0]], [[1], [0]]) == 1
    for y in ([[0], [1], [2]], np.eye(3), [0, 1], 0, []):
        with pytest.raises(ValueError, match=r"scores \(3, 3\) and y"):
            accuracy(scores, y)
    with pytest.raises(ValueError, match="scores"):
        accuracy([1.0, -1.0], [[1], [0]])


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_squares_that_vanish_or_overflow_are_told(size):
    with pytest.raises(ValueError, match="divide b by that size"):
        conjugate_gradients(np.diag([1.0, 2.0]), [size, size])
    assert conjugate_gradients(np.diag([1.0, 2.0]), [1e-100, 1e100]).converged


def test_checking_gradients_puts_running_statistics_back():
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)).double()
    X = np.random.default_rng(0).normal(size=(8, 3))
    before = net.state_dict()
    loss = nn.CrossEntropyLoss()
    check_gradients(lambda: loss(net(X), np.arange(8) % 2), net)
    for name, values in net.state_dict().items():
        np.testing.assert_array_equal(values, before[name], err_msg=name)
