"""Recurrent layers: torch's values, states, gradients and state dicts under every option."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import nn
from companion.gradients.tensor import Tensor
from tests.parity.agreement import CLOSE

KINDS = ["RNN", "GRU", "LSTM"]
SWITCHES = [
    dict(zip(("bidirectional", "num_layers", "bias", "batch_first"), chosen, strict=True))
    for chosen in itertools.product([False, True], [1, 3], [True, False], [False, True])
]


def both(kind, *sizes, **options):
    """The same layer in both engines, in float64."""
    ours, theirs = (getattr(face, kind)(*sizes, **options).double() for face in (nn, torch.nn))
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def compare(ours, theirs, x, states, run=lambda layer, x, hx, face: layer(x, hx)):
    """Outputs, last states, and the gradients of inputs, first states and weights."""
    paired = len(states) > 1
    sides = []
    for layer, make, face in (
        (ours, lambda a: Tensor(a, requires_grad=True), nn),
        (theirs, lambda a: torch.tensor(a, requires_grad=True), torch.nn),
    ):
        given, first = make(x), [make(state) for state in states]
        output, last = run(layer, given, tuple(first) if paired else first[0], face)
        results = [output, *(last if paired else [last])]
        sides.append((results, [given, *first, *layer.parameters()]))
    rng = np.random.default_rng(5)
    losses = [0, 0]
    for mine, other in zip(*(side[0] for side in sides), strict=True):
        assert mine.shape == tuple(other.shape)
        np.testing.assert_allclose(mine.numpy(), other.detach().numpy(), **CLOSE)
        direction = rng.normal(size=mine.shape)
        losses[0] = losses[0] + (mine * direction).sum()
        losses[1] = losses[1] + (other * torch.tensor(direction)).sum()
    for loss in losses:
        loss.backward()
    for mine, other in zip(*(side[1] for side in sides), strict=True):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)


def first_states(kind, rng, *shape):
    return [rng.normal(size=shape) for _ in range(2 if kind == "LSTM" else 1)]


@pytest.mark.parametrize("options", SWITCHES, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_every_option(kind, options):
    rng = np.random.default_rng(0)
    layers = options["num_layers"] * (1 + options["bidirectional"])
    x = rng.normal(size=(5, 3, 4))
    x = x.swapaxes(0, 1).copy() if options["batch_first"] else x
    compare(*both(kind, 4, 6, **options), x, first_states(kind, rng, layers, 3, 6))


@pytest.mark.parametrize("kind", KINDS)
def test_one_sequence_without_a_batch(kind):
    rng = np.random.default_rng(1)
    pair = both(kind, 4, 6, num_layers=2, bidirectional=True)
    compare(*pair, rng.normal(size=(5, 4)), first_states(kind, rng, 4, 6))


@pytest.mark.parametrize("kind", KINDS)
def test_states_are_zero_unless_given(kind):
    ours, theirs = both(kind, 2, 3)
    x = np.random.default_rng(2).normal(size=(4, 2, 2))
    np.testing.assert_allclose(
        ours(x)[0].numpy(), theirs(torch.tensor(x))[0].detach().numpy(), **CLOSE
    )


def test_relu_in_place_of_tanh():
    rng = np.random.default_rng(3)
    pair = both("RNN", 4, 6, 2, "relu", bidirectional=True)
    compare(*pair, rng.normal(size=(7, 3, 4)), first_states("RNN", rng, 4, 3, 6))


@pytest.mark.parametrize("options", SWITCHES[::3], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_packed_sequences_of_several_lengths(kind, options):
    lengths = np.array([3, 5, 1, 4])
    first = options["batch_first"]

    def run(layer, x, hx, face):
        counts = lengths if face is nn else torch.tensor(lengths)
        rnn = face.utils.rnn
        packed = rnn.pack_padded_sequence(x, counts, batch_first=first, enforce_sorted=False)
        output, last = layer(packed, hx)
        return rnn.pad_packed_sequence(output, batch_first=first)[0], last

    rng = np.random.default_rng(4)
    layers = options["num_layers"] * (1 + options["bidirectional"])
    x = rng.normal(size=(4, 5, 2) if first else (5, 4, 2))
    compare(*both(kind, 2, 3, **options), x, first_states(kind, rng, layers, 4, 3), run)


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(KINDS),
    st.lists(st.integers(1, 5), min_size=4, max_size=4),
    st.booleans(),
    st.floats(-2, 2),
)
def test_random_sizes_and_scales(kind, sizes, bidirectional, scale):
    steps, count, features, hidden = sizes
    rng = np.random.default_rng(sum(sizes))
    x = 10**scale * rng.normal(size=(steps, count, features))
    states = first_states(kind, rng, 1 + bidirectional, count, hidden)
    compare(*both(kind, features, hidden, bidirectional=bidirectional), x, states)


@pytest.mark.parametrize("kind", KINDS)
def test_saturated_gates_neither_overflow_nor_warn(kind):
    ours, theirs = both(kind, 3, 4)
    x = 1e4 * np.random.default_rng(6).normal(size=(6, 2, 3))
    with np.errstate(all="raise", under="ignore"):
        output, _ = ours(Tensor(x, requires_grad=True))
        output.sum().backward()
    np.testing.assert_allclose(output.numpy(), theirs(torch.tensor(x))[0].detach().numpy(), **CLOSE)


def test_dropout_stands_between_layers_and_in_training_only():
    manual = nn.LSTM(3, 4, 2, dropout=1.0)
    x = np.random.default_rng(7).normal(size=(5, 2, 3)).astype(np.float32)
    silenced, _ = manual(x)
    alone = nn.LSTM(4, 4)
    weights = manual.state_dict()
    alone.load_state_dict({f"{k[:-1]}0": weights[k] for k in weights if k.endswith("l1")})
    np.testing.assert_array_equal(silenced.numpy(), alone(np.zeros((5, 2, 4), "f"))[0].numpy())
    asleep, _ = manual.eval()(x)
    theirs = torch.nn.LSTM(3, 4, 2, dropout=1.0).eval()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in weights.items()})
    np.testing.assert_allclose(
        asleep.numpy(), theirs(torch.tensor(x))[0].detach().numpy(), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_stays_single(kind):
    layer = getattr(nn, kind)(3, 4, 2, bidirectional=True)
    output, last = layer(np.zeros((2, 1, 3), np.float32))
    parts = last if kind == "LSTM" else (last,)
    assert {part.dtype for part in (output, *parts)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_fit_is_named(kind):
    layer = getattr(nn, kind)(3, 4)
    pair = kind == "LSTM"
    for x, says in (
        (np.zeros((5, 2, 4)), r"input \(5, 2, 4\); expected \(T, N, 3\)"),
        (np.zeros(3), r"input \(3,\)"),
        (np.zeros((0, 2, 3)), "empty"),
        (np.zeros((5, 0, 3)), "empty"),
    ):
        with pytest.raises(ValueError, match=says):
            layer(x)
    state = np.zeros((1, 3, 4))
    with pytest.raises(ValueError, match=r"first state \(1, 3, 4\); expected \(1, 2, 4\)"):
        layer(np.zeros((5, 2, 3)), (state, state) if pair else state)
    if pair:
        with pytest.raises(ValueError, match="a pair"):
            layer(np.zeros((5, 2, 3)), state)
    for bad in ({"num_layers": 0}, {"dropout": 1.5}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            getattr(nn, kind)(3, 4, **bad)


def test_an_unknown_bend_is_named():
    with pytest.raises(ValueError, match="'gelu'"):
        nn.RNN(2, 3, nonlinearity="gelu")


def test_the_representation_names_what_is_not_the_default():
    assert (
        repr(nn.GRU(2, 3, 2, bidirectional=True)) == "GRU(2, 3, num_layers=2, bidirectional=True)"
    )
