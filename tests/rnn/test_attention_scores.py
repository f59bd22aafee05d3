"""Scores of a look: values and gradients against torch, padding, and bad input."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.gradients.tensor import Tensor
from companion.rnn.attention.scores import (
    AdditiveAttention,
    ConcatAttention,
    DotAttention,
    GeneralAttention,
)
from companion.training import manual_seed
from tests.parity.agreement import CLOSE


def weights_of(layer):
    """The layer's parameters as torch tensors that ask for gradients, by name."""
    return {k: torch.tensor(v, requires_grad=True) for k, v in layer.state_dict().items()}


def additive(w, s, h):
    first = s @ w["of_state.weight"].T
    second = h @ w["of_read.weight"].T + w["of_read.bias"]
    return torch.tanh(first[:, :, None] + second[:, None]) @ w["v.weight"][0]


def concat(w, s, h):
    rows = []
    for t in range(s.shape[1]):
        places = [
            torch.tanh(torch.cat([s[:, t], h[:, k]], 1) @ w["of_pair.weight"].T + w["of_pair.bias"])
            for k in range(h.shape[1])
        ]
        rows.append(torch.stack(places, 1) @ w["v.weight"][0])
    return torch.stack(rows, 1)


SCORES = {
    "additive": (AdditiveAttention, additive),
    "concat": (ConcatAttention, concat),
    "dot": (DotAttention, lambda w, s, h: torch.einsum("nth,nsh->nts", s, h)),
    "general": (
        GeneralAttention,
        lambda w, s, h: torch.einsum("nth,hm,nsm->nts", s, w["of_read.weight"], h),
    ),
}
kinds = pytest.mark.parametrize("kind", SCORES)


def layer_of(kind, states, read, hidden, seed=0):
    manual_seed(seed)
    sizes = {"dot": (), "general": (states, read)}.get(kind, (states, read, hidden))
    return SCORES[kind][0](*sizes).double()


def mask_of(lengths, places):
    return np.arange(places) < np.asarray(lengths)[:, None]


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from(list(SCORES)),
    st.lists(st.integers(1, 5), min_size=6, max_size=6),
    st.floats(0.1, 5),
    st.data(),
)
def test_values_and_gradients_are_those_of_torch(kind, sizes, scale, data):
    n, steps, places, states, read, hidden = sizes
    read = states if kind == "dot" else read
    lengths = data.draw(st.lists(st.integers(1, places), min_size=n, max_size=n))
    layer, rng = layer_of(kind, states, read, hidden), np.random.default_rng(sum(sizes))
    s, h = (scale * rng.normal(size=(n, *shape)) for shape in ((steps, states), (places, read)))
    mask = mask_of(lengths, places)

    ours = [Tensor(v, requires_grad=True) for v in (s, h)]
    context, weights = layer(*ours, mask)
    theirs, w = [torch.tensor(v, requires_grad=True) for v in (s, h)], weights_of(layer)
    scores = SCORES[kind][1](w, *theirs).masked_fill(~torch.tensor(mask)[:, None], -torch.inf)
    expected = torch.softmax(scores, -1)
    mean = torch.einsum("nts,nsm->ntm", expected, theirs[1])
    np.testing.assert_allclose(weights.numpy(), expected.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(context.numpy(), mean.detach().numpy(), **CLOSE)

    a, b = rng.normal(size=context.shape), rng.normal(size=weights.shape)
    ((context * a).sum() + (weights * b).sum()).backward()
    ((mean * torch.tensor(a)).sum() + (expected * torch.tensor(b)).sum()).backward()
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)
    for name, parameter in layer.named_parameters():
        np.testing.assert_allclose(parameter.grad, w[name].grad.numpy(), **CLOSE, err_msg=name)


@kinds
def test_a_padded_batch_is_its_rows_one_by_one(kind):
    layer, rng = layer_of(kind, 4, 4, 3), np.random.default_rng(1)
    s, lengths = rng.normal(size=(3, 2, 4)), (5, 1, 3)
    h = rng.normal(size=(3, 5, 4))
    h[~mask_of(lengths, 5)] = 1e3  # whatever stands in the padding
    context, weights = layer(Tensor(s), Tensor(h), mask_of(lengths, 5))
    for row, length in enumerate(lengths):
        alone = Tensor(s[row : row + 1]), Tensor(h[row : row + 1, :length])
        one, where = layer(*alone, np.ones((1, length), bool))
        np.testing.assert_allclose(context.numpy()[row], one.numpy()[0], **CLOSE)
        np.testing.assert_allclose(weights.numpy()[row, :, :length], where.numpy()[0], **CLOSE)
        assert not weights.numpy()[row, :, length:].any()


@kinds
def test_huge_scores_stay_shares(kind):
    layer, rng = layer_of(kind, 3, 3, 3), np.random.default_rng(2)
    s, h = (Tensor(1e5 * rng.normal(size=(2, 4, 3))) for _ in range(2))
    weights = layer(s, h, np.ones((2, 4), bool))[1].numpy()
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


@kinds
def test_one_place_gets_everything(kind):
    layer, h = layer_of(kind, 2, 2, 2), np.array([[[3.0, -1.0]]])
    context, weights = layer(Tensor(np.ones((1, 3, 2))), Tensor(h), [[True]])
    np.testing.assert_array_equal(weights.numpy(), np.ones((1, 3, 1)))
    np.testing.assert_array_equal(context.numpy(), np.repeat(h, 3, axis=1))


def test_concat_is_additive_with_its_matrix_cut_in_two():
    concatenated, added = layer_of("concat", 3, 5, 4), layer_of("additive", 3, 5, 4, seed=1)
    w = concatenated.of_pair.weight.data
    state = {
        "of_state.weight": w[:, :3],
        "of_read.weight": w[:, 3:],
        "of_read.bias": concatenated.of_pair.bias.data,
        "v.weight": concatenated.v.weight.data,
    }
    added.load_state_dict(state)
    rng = np.random.default_rng(3)
    s, h = Tensor(rng.normal(size=(2, 4, 3))), Tensor(rng.normal(size=(2, 6, 5)))
    np.testing.assert_allclose(
        concatenated.scores(s, h).numpy(), added.scores(s, h).numpy(), **CLOSE
    )


def test_dot_needs_equal_lengths():
    with pytest.raises(ValueError, match="states of 3 numbers, read 4; make them equally long"):
        DotAttention()(Tensor(np.ones((1, 2, 3))), Tensor(np.ones((1, 2, 4))), np.ones((1, 2)))


@kinds
def test_bad_shapes_and_texts_of_padding_are_refused(kind):
    layer, one = layer_of(kind, 2, 2, 2), Tensor(np.ones((2, 3, 2)))
    name = SCORES[kind][0].__name__
    for states, mask in (
        (one, np.ones((2, 4), bool)),
        (Tensor(np.ones((2, 2))), np.ones((2, 3), bool)),
        (Tensor(np.ones((1, 3, 2))), np.ones((2, 3), bool)),
    ):
        with pytest.raises(ValueError, match=f"{name}: states .* read .* mask"):
            layer(states, one, mask)
    with pytest.raises(ValueError, match="forbids every look in row"):
        layer(one, one, mask_of((3, 0), 3))
    for mask in (np.ones((2, 3)), np.full((2, 3), np.nan), np.full((2, 3), "0")):
        with pytest.raises(ValueError, match=f"{name}: a mask of .* expected booleans"):
            layer(one, one, mask)


def test_concat_does_not_exchange_states_and_what_was_read():
    layer, mask = ConcatAttention(4, 5, 3), np.ones((1, 2), bool)
    with pytest.raises(ValueError, match="states of 5 numbers, read 4; expected 4 and 5"):
        layer(Tensor(np.ones((1, 2, 5))), Tensor(np.ones((1, 2, 4))), mask)
