"""Blocks of the Transformer against torch's, with shared weights, to 1e-10 in double precision."""

from inspect import signature

import numpy as np
import pytest
import torch
from torch import nn as torch_nn

from companion.gradients.tensor import Tensor
from companion.rnn.attention.masks import causal_mask
from companion.rnn.attention.positions import sinusoidal_positions
from companion.rnn.transformer.blocks import TransformerDecoderLayer, TransformerEncoderLayer
from companion.rnn.transformer.encoder_decoder import Transformer
from companion.rnn.translation.greedy import greedy
from companion.rnn.translation.pairs import Pairs
from companion.training import manual_seed

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
OPTIONS = [
    {},
    {"norm_first": True},
    {"activation": "gelu", "norm_first": True, "bias": False},
    {"activation": "gelu", "layer_norm_eps": 1e-3, "batch_first": True},
    {"batch_first": True, "bias": False},
]


def both(kind, options, width=6, heads=2, hidden=10):
    """A layer of ours and torch's, with the same random weights (norms and biases too)."""
    torch.manual_seed(len(str(options)))
    theirs = getattr(torch_nn, kind.__name__)(width, heads, hidden, 0.0, **options).double()
    for parameter in theirs.parameters():
        torch_nn.init.normal_(parameter, std=0.5)
    ours = kind(width, heads, hidden, 0.0, **options).double()
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs.train()


def compare(ours, theirs, inputs, **masks):
    """Same output, same gradients of inputs and weights."""
    mine = [Tensor(x, requires_grad=True) for x in inputs]
    other = [torch.tensor(x, requires_grad=True) for x in inputs]
    out = ours(*mine, **masks)
    expected = theirs(
        *other, **{k: torch.tensor(m) if isinstance(m, np.ndarray) else m for k, m in masks.items()}
    )
    np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), **CLOSE)
    dy = np.random.default_rng(5).normal(size=out.shape)
    (out * dy).sum().backward()
    (expected * torch.tensor(dy)).sum().backward()
    for x, y in zip(mine, other, strict=True):
        np.testing.assert_allclose(x.grad, y.grad.numpy(), **CLOSE)
    grads = dict(theirs.named_parameters())
    for name, parameter in ours.named_parameters():
        np.testing.assert_allclose(parameter.grad, grads[name].grad.numpy(), **CLOSE)


def masks_of(steps, places, heads, rng):
    """No mask, booleans, added numbers, and one of each for each head of each text."""
    square = ~causal_mask(steps) if steps == places else rng.random((steps, places)) < 0.3
    square[:, 0] = False
    each = rng.random((3 * heads, steps, places)) < 0.3
    each[:, :, 0] = False
    return None, square, rng.normal(size=(steps, places)), each


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_block_that_reads_is_torchs(options):
    rng = np.random.default_rng(1)
    ours, theirs = both(TransformerEncoderLayer, options)
    shape = (3, 5, 6) if options.get("batch_first") else (5, 3, 6)
    padding = np.arange(5) >= np.array([[5], [3], [1]])
    for mask in masks_of(5, 5, 2, rng):
        compare(ours, theirs, [rng.normal(size=shape)], src_mask=mask)
        theirs.zero_grad()
        ours.zero_grad()
    compare(ours, theirs, [rng.normal(size=shape)], src_key_padding_mask=padding)
    theirs.zero_grad()
    ours.zero_grad()
    compare(ours, theirs, [rng.normal(size=(4, 6))])  # one text


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_block_that_speaks_is_torchs(options):
    rng = np.random.default_rng(2)
    ours, theirs = both(TransformerDecoderLayer, options)
    first = options.get("batch_first")
    shapes = [(3, 4, 6), (3, 5, 6)] if first else [(4, 3, 6), (5, 3, 6)]
    padding = np.arange(5) >= np.array([[5], [3], [1]])
    for own, across in zip(masks_of(4, 4, 2, rng), masks_of(4, 5, 2, rng), strict=True):
        inputs = [rng.normal(size=shape) for shape in shapes]
        compare(ours, theirs, inputs, tgt_mask=own, memory_mask=across)
        theirs.zero_grad()
        ours.zero_grad()
    compare(
        ours, theirs, [rng.normal(size=shape) for shape in shapes], tgt_mask=~causal_mask(4),
        tgt_is_causal=True, memory_key_padding_mask=padding,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [TransformerEncoderLayer, TransformerDecoderLayer])
def test_names_defaults_and_state_are_torchs(kind):
    theirs = getattr(torch_nn, kind.__name__)
    expected = {n: p.default for n, p in signature(theirs).parameters.items()}
    for name, parameter in signature(kind).parameters.items():
        if name != "activation":  # torch's default is the function that "relu" names
            assert parameter.default == expected[name], name
    named = list(signature(theirs.forward).parameters)
    assert list(signature(kind.forward).parameters) == named
    ours, layer = kind(8, 2), theirs(8, 2)
    mine = {name: value.shape for name, value in ours.state_dict().items()}
    assert mine == {name: tuple(v.shape) for name, v in layer.state_dict().items()}
    layer.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(3, 1, 8)).astype(np.float32)
    assert ours.dropout1.p == layer.dropout1.p == 0.1
    inputs = (x,) if kind is TransformerEncoderLayer else (x, x)
    manual_seed(0)
    assert not np.allclose(ours(*inputs).numpy(), ours(*inputs).numpy())  # dropout is on
    got = ours.eval()(*inputs).numpy()
    want = layer.eval()(*map(torch.tensor, inputs)).detach().numpy()
    np.testing.assert_allclose(got, want, atol=1e-5)


def test_parameters_of_a_block_by_hand():
    e, f = 64, 256
    block = TransformerEncoderLayer(e, 4, f)
    count = sum(p.data.size for p in block.parameters())
    assert count == 4 * (e * e + e) + (e * f + f) + (f * e + e) + 4 * e


def test_bad_sizes_and_activations_are_named():
    with pytest.raises(ValueError, match="activation 'tanhh'"):
        TransformerEncoderLayer(4, 2, activation="tanhh")
    with pytest.raises(ValueError, match="6 features do not part into 4 heads"):
        TransformerDecoderLayer(6, 4)
    with pytest.raises(ValueError, match="hint"):
        TransformerEncoderLayer(4, 2)(np.zeros((3, 1, 4), np.float32), is_causal=True)


def small(num_layers=2):
    manual_seed(3)
    return Transformer(9, 8, 8, 2, num_layers, 12).double().eval()


def test_what_is_said_later_and_padding_change_nothing_before():
    model, rng = small(), np.random.default_rng(0)
    source, said = rng.integers(4, 9, (3, 5)), rng.integers(4, 8, (3, 6))
    scores = model(Pairs(source, said)).numpy()
    other = said.copy()
    other[:, 4:] = 4 + (other[:, 4:] - 3) % 4
    changed = model(Pairs(source, other)).numpy()
    np.testing.assert_allclose(changed[:, :4], scores[:, :4], atol=1e-12)
    assert (abs(changed[:, 4:] - scores[:, 4:]).max(axis=2) > 1e-6).all()
    longer = np.concatenate([source, np.zeros((3, 2), int)], axis=1)
    np.testing.assert_allclose(model(Pairs(longer, said)).numpy(), scores, atol=1e-12)
    swapped = source[:, ::-1]
    assert abs(model(Pairs(swapped, said)).numpy() - scores).max() > 1e-6  # order is seen


def test_speaking_step_by_step_gives_the_scores_of_one_pass():
    model, rng = small(), np.random.default_rng(1)
    source, said = rng.integers(4, 9, (2, 5)), rng.integers(4, 8, (2, 4))
    whole, told = model(Pairs(source, said)).numpy(), model.encode(source)
    for t in range(4):
        scores, told = model.decode(told, said[:, [t]])
        np.testing.assert_allclose(scores.numpy()[:, 0], whole[:, t], atol=1e-12)
    assert len(greedy(model, source, longest=3)) == 2


def test_it_is_the_same_model_in_torchs_layers():
    """Encoder and decoder layers of torch, put together, with the same weights."""
    model, rng = small(1), np.random.default_rng(2)
    source, said = rng.integers(4, 9, (2, 5)), rng.integers(4, 8, (2, 3))
    state = {k: torch.tensor(v) for k, v in model.state_dict().items()}
    sizes = {"batch_first": True, "norm_first": True}
    encoder = torch_nn.TransformerEncoderLayer(8, 2, 12, 0.0, **sizes).double()
    decoder = torch_nn.TransformerDecoderLayer(8, 2, 12, 0.0, **sizes).double()
    for layer, name in ((encoder, "encoder.0."), (decoder, "decoder.0.")):
        layer.load_state_dict(
            {k.removeprefix(name): v for k, v in state.items() if k.startswith(name)}
        )

    def placed(table, tokens):
        return (
            state[table][torch.tensor(tokens)]
            + torch.tensor(sinusoidal_positions(tokens.shape[1], 8)).double()
        )

    def normed(x, name):
        return torch_nn.functional.layer_norm(
            x, (8,), state[name + ".weight"], state[name + ".bias"]
        )

    read = normed(encoder(placed("source_embedding.weight", source)), "encoder_norm")
    after = torch.tensor(~causal_mask(3))
    x = decoder(placed("target_embedding.weight", said), read, tgt_mask=after)
    want = normed(x, "decoder_norm") @ state["head.weight"].T + state["head.bias"]
    np.testing.assert_allclose(model(Pairs(source, said)).numpy(), want.detach().numpy(), **CLOSE)


def test_bad_sources_are_named():
    with pytest.raises(ValueError, match="rows of at least one token"):
        small().encode(np.array([[4, 0, 5]]))
    with pytest.raises(ValueError, match="num_layers=0"):
        Transformer(5, 5, num_layers=0)
