"""Truncated backpropagation through time against torch, and against a gradient cut by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion import nn, optim
from companion.gradients.tensor import Tensor
from companion.rnn.recurrence.truncated import detached, fit_stream, parallel_streams, windows
from companion.training import NonFiniteLoss


def stream_model(nn, kind):
    """A recurrence with a head, for either engine."""

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.recurrence = getattr(nn, kind)(3, 5, batch_first=True)
            self.head = nn.Linear(5, 2)

        def advance(self, inputs, state=None):
            states, state = self.recurrence(inputs, state)
            return self.head(states), state

    return Model()


def twins(kind):
    """Our model and torch's with the same weights in float64."""
    theirs = stream_model(torch.nn, kind).double()
    ours = stream_model(nn, kind)
    weights = {name: w.detach().numpy().copy() for name, w in theirs.state_dict().items()}
    for name, parameter in ours.named_parameters():
        parameter.data = weights[name]
    return ours, theirs


def by_torch(model, x, y, rate, window):
    """The usual loop, written out."""
    optimizer = torch.optim.SGD(model.parameters(), rate)
    state, losses = None, []
    for start in range(0, x.shape[1], window):
        out, state = model.advance(torch.tensor(x[:, start : start + window]), state)
        loss = ((out - torch.tensor(y[:, start : start + window])) ** 2).mean()
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
    return losses, state


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize("window", [1, 3, 7, 20])
def test_losses_weights_and_states_are_torchs(kind, window):
    rng = np.random.default_rng(window)
    x, y = rng.normal(size=(4, 7, 3)), rng.normal(size=(4, 7, 2))
    ours, theirs = twins(kind)
    losses, state = fit_stream(ours, x, y, nn.MSELoss(), optim.SGD(ours.parameters(), 0.1), window)
    expected, their_state = by_torch(theirs, x, y, 0.1, window)
    np.testing.assert_allclose(losses, expected, rtol=1e-10)
    for name, parameter in ours.named_parameters():
        other = theirs.state_dict()[name].numpy()
        np.testing.assert_allclose(parameter.data, other, atol=1e-10, err_msg=name)
    pairs = zip(state, their_state, strict=True) if kind == "LSTM" else [(state, their_state)]
    for part, other in pairs:
        np.testing.assert_allclose(part.numpy(), other.numpy(), atol=1e-10)


def test_a_model_of_torch_learns_by_the_same_function():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 2))
    model = stream_model(torch.nn, "GRU").double()
    twin = stream_model(torch.nn, "GRU").double()
    twin.load_state_dict(model.state_dict())
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    losses, state = fit_stream(model, x, y, torch.nn.MSELoss(), optimizer, 2)
    expected, _ = by_torch(twin, x, y, 0.1, 2)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert not state.requires_grad


def test_a_state_goes_on_where_it_was_left():
    """Two passes over halves are one pass over the whole."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 8, 3)), rng.normal(size=(2, 8, 2))
    whole, _ = twins("RNN")
    halves = stream_model(nn, "RNN")
    for name, parameter in halves.named_parameters():
        parameter.data = dict(whole.named_parameters())[name].data.copy()
    once, last = fit_stream(whole, x, y, nn.MSELoss(), optim.SGD(whole.parameters(), 0.1), 2)
    optimizer = optim.SGD(halves.parameters(), 0.1)
    first, state = fit_stream(halves, x[:, :4], y[:, :4], nn.MSELoss(), optimizer, 2)
    second, state = fit_stream(halves, x[:, 4:], y[:, 4:], nn.MSELoss(), optimizer, 2, state)
    np.testing.assert_array_equal(once, first + second)
    np.testing.assert_array_equal(last.numpy(), state.numpy())


def test_no_gradient_goes_through_a_detached_state():
    x = Tensor(np.array([2.0]), requires_grad=True)
    pair = detached((x * 3.0, [x * 4.0]))
    assert isinstance(pair, tuple)
    assert isinstance(pair[1], tuple)
    assert not pair[0].requires_grad
    assert not pair[1][0].requires_grad
    np.testing.assert_array_equal([pair[0].numpy(), pair[1][0].numpy()], [[6], [8]])
    with pytest.raises(TypeError, match="a state of type ndarray; expected tensors"):
        detached(np.zeros(3))


@given(steps=st.integers(1, 30), count=st.integers(1, 8), window=st.integers(1, 12))
def test_pieces_and_windows_lose_nothing(steps, count, window):
    if count > steps:
        with pytest.raises(ValueError, match=f"count={count} for {steps} steps"):
            parallel_streams(np.arange(steps), count)
        return
    sequence = np.arange(steps)
    rows = parallel_streams(sequence, count)
    assert rows.shape == (count, steps // count)
    np.testing.assert_array_equal(rows.ravel(), sequence[: rows.size])
    parts = list(windows(rows, rows + 1, window))
    np.testing.assert_array_equal(np.concatenate([x for x, _ in parts], axis=1), rows)
    np.testing.assert_array_equal(np.concatenate([y for _, y in parts], axis=1), rows + 1)
    assert all(x.shape[1] == window for x, _ in parts[:-1])
    assert 1 <= parts[-1][0].shape[1] <= window


def test_what_does_not_fit_is_refused():
    x = np.zeros((2, 5, 3))
    with pytest.raises(ValueError, match="window=0; expected at least 1 step"):
        windows(x, x, 0)
    with pytest.raises(ValueError, match=r"inputs \(2, 5, 3\) and targets \(2, 4, 3\)"):
        windows(x, x[:, :4], 2)
    with pytest.raises(ValueError, match=r"inputs \(2, 0, 3\)"):
        windows(x[:, :0], x[:, :0], 2)
    with pytest.raises(ValueError, match=r"inputs \(5,\)"):
        windows(np.zeros(5), np.zeros(5), 2)
    with pytest.raises(ValueError, match="count=0 for 5 steps"):
        parallel_streams(np.zeros(5), 0)
    ours, _ = twins("RNN")
    state = Tensor(np.zeros((1, 3, 5)))
    optimizer = optim.SGD(ours.parameters(), 0.1)
    y = np.zeros((2, 5, 2))
    with pytest.raises(ValueError, match=r"RNN: first state \(1, 3, 5\); expected \(1, 2, 5\)"):
        fit_stream(ours, x, y, nn.MSELoss(), optimizer, 2, state)
    before = ours.head.bias.data.copy()
    with pytest.raises(NonFiniteLoss, match="window 1 has loss nan"):
        fit_stream(ours, x, y * np.nan, nn.MSELoss(), optimizer, 2)
    np.testing.assert_array_equal(ours.head.bias.data, before)
