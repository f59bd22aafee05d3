"""Several heads: torch's values, weights, gradients and state dicts under every option."""

import inspect

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.gradients.tensor import Tensor
from companion.rnn.attention.multi_head import MultiheadAttention
from tests.parity.agreement import CLOSE

SIZE, HEADS, COUNT, STEPS, PLACES = 6, 3, 2, 4, 5
BUILDS = [{"bias": b, "batch_first": f} for b in (True, False) for f in (True, False)]
LOOKS = [
    {"need_weights": n, "average_attn_weights": a}
    for n, a in ((True, True), (True, False), (False, True))
]


def both(size=SIZE, heads=HEADS, seed=0, **options):
    """The same layer in both engines, in float64, with biases that are not 0."""
    ours = MultiheadAttention(size, heads, **options).double()
    theirs = torch.nn.MultiheadAttention(size, heads, **options).double()
    rng = np.random.default_rng(seed)
    state = {k: 0.5 * rng.normal(size=tuple(v.shape)) for k, v in theirs.state_dict().items()}
    assert list(ours.state_dict()) == list(state)
    ours.load_state_dict(state)
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def drawn(batch_first=False, count=COUNT, steps=STEPS, places=PLACES, size=SIZE, seed=1):
    """Queries, keys and values; without a batch if `count` is None."""
    rng = np.random.default_rng(seed)
    lengths = (steps, places, places)
    shapes = [(n, size) if count is None else (n, count, size) for n in lengths]
    arrays = [rng.normal(size=shape) for shape in shapes]
    if batch_first and count is not None:
        arrays = [a.swapaxes(0, 1).copy() for a in arrays]
    return arrays


def compare(pair, arrays, **options):
    """Outputs, weights, and the gradients of inputs and parameters."""
    sides = []
    for layer, make, told in (
        (pair[0], lambda a: Tensor(a, requires_grad=True), lambda m: m),
        (pair[1], lambda a: torch.tensor(a, requires_grad=True), torch.tensor),
    ):
        given = [make(a) for a in arrays]
        named = {k: told(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
        results = layer(*given, **named)
        sides.append((results, [*given, *layer.parameters()]))
    rng = np.random.default_rng(5)
    losses = [0, 0]
    assert (sides[0][0][1] is None) == (sides[1][0][1] is None)
    for mine, other in zip(*(side[0] for side in sides), strict=True):
        if mine is None:
            continue
        assert mine.shape == tuple(other.shape)
        np.testing.assert_allclose(mine.numpy(), other.detach().numpy(), **CLOSE)
        direction = rng.normal(size=mine.shape)
        losses[0] = losses[0] + (mine * direction).sum()
        losses[1] = losses[1] + (other * torch.tensor(direction)).sum()
    for loss in losses:
        loss.backward()
    for mine, other in zip(*(side[1] for side in sides), strict=True):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)


def forbidden(*shape, seed=2):
    """Booleans as torch's layer takes them: True forbids; each query may look somewhere."""
    mask = np.random.default_rng(seed).random(shape) < 0.5
    mask[..., 0] = False
    return mask


def padding(*shape):
    """True at the last place or two of each text but the first."""
    mask = np.zeros(shape, bool)
    mask[1:, -1] = mask[-1:, -2] = True
    return mask


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("build", BUILDS, ids=str)
def test_every_option(build, look):
    compare(both(**build), drawn(build["batch_first"]), **look)


MASKS = {
    "bool": {"attn_mask": forbidden(STEPS, PLACES)},
    "numbers": {"attn_mask": np.random.default_rng(3).normal(size=(STEPS, PLACES))},
    "bool of each head": {"attn_mask": forbidden(COUNT * HEADS, STEPS, PLACES)},
    "numbers of each head": {
        "attn_mask": np.random.default_rng(4).normal(size=(COUNT * HEADS, STEPS, PLACES))
    },
    "padding": {"key_padding_mask": padding(COUNT, PLACES)},
    "padding and bool": {
        "key_padding_mask": padding(COUNT, PLACES),
        "attn_mask": forbidden(STEPS, PLACES),
    },
    "padding and bool of each head": {
        "key_padding_mask": padding(COUNT, PLACES),
        "attn_mask": forbidden(COUNT * HEADS, STEPS, PLACES),
    },
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("build", BUILDS, ids=str)
def test_every_mask(build, mask):
    for look in LOOKS:
        compare(both(**build), drawn(build["batch_first"]), **look, **mask)


def test_padding_beside_numbers():
    """Torch warns that the two kinds differ and adds both all the same; we forbid the padding."""
    numbers = MASKS["numbers"]["attn_mask"]
    pad = padding(COUNT, PLACES)
    joined = np.where(pad[:, None, None], -np.inf, numbers)
    joined = np.broadcast_to(joined, (COUNT, HEADS, STEPS, PLACES))
    layer, theirs = both()
    arrays = drawn()
    got, weights = layer(*arrays, key_padding_mask=pad, attn_mask=numbers)
    expected, shares = theirs(
        *map(torch.tensor, arrays), attn_mask=torch.tensor(joined.reshape(-1, STEPS, PLACES))
    )
    np.testing.assert_allclose(got.numpy(), expected.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(weights.numpy(), shares.detach().numpy(), **CLOSE)


@pytest.mark.parametrize("build", BUILDS, ids=str)
@pytest.mark.parametrize(
    "mask",
    [
        {},
        {"attn_mask": forbidden(STEPS, PLACES)},
        {"attn_mask": forbidden(HEADS, STEPS, PLACES)},
        {"attn_mask": MASKS["numbers"]["attn_mask"]},
        {"key_padding_mask": np.arange(PLACES) > 2},
    ],
    ids=str,
)
def test_one_sequence_without_a_batch(build, mask):
    for look in LOOKS:
        compare(both(**build), drawn(count=None), **look, **mask)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_causal_with_its_mask(look):
    """Torch's layer takes `is_causal` for a hint about the mask that stands beside it."""
    mask = np.triu(np.ones((STEPS, STEPS), bool), 1)
    compare(both(), drawn(places=STEPS), attn_mask=mask, is_causal=True, **look)


def test_self_attention_adds_up_the_three_gradients():
    ours, theirs = both(batch_first=True)
    x = drawn(True)[0]
    mine, other = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    (ours(mine, mine, mine)[0] ** 2).sum().backward()
    (theirs(other, other, other)[0] ** 2).sum().backward()
    np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 4), min_size=5, max_size=5), st.booleans(), st.floats(-2, 1))
def test_random_sizes_and_scales(sizes, batch_first, scale):
    heads, each, count, steps, places = sizes
    pair = both(heads * each, heads, seed=sum(sizes), batch_first=batch_first)
    arrays = drawn(batch_first, count, steps, places, heads * each)
    compare(pair, [10**scale * a for a in arrays], average_attn_weights=False)


def test_heads_are_attentions_of_parts_of_the_features():
    """A loop over heads, each with its rows of the maps, and one map of all side by side."""
    layer, _ = both(batch_first=True)
    x = drawn(True, places=STEPS)[0][0]
    state, each = layer.state_dict(), SIZE // HEADS
    w, b = state["in_proj_weight"], state["in_proj_bias"]
    parts = []
    for head in range(HEADS):
        rows = [slice(k * SIZE + head * each, k * SIZE + (head + 1) * each) for k in range(3)]
        q, k, v = (x @ w[r].T + b[r] for r in rows)
        raw = np.exp(q @ k.T / np.sqrt(each))
        parts.append(raw / raw.sum(axis=1, keepdims=True) @ v)
    joined = np.concatenate(parts, axis=1)
    expected = joined @ state["out_proj.weight"].T + state["out_proj.bias"]
    np.testing.assert_allclose(layer(x, x, x)[0].numpy(), expected, **CLOSE)


def test_another_order_of_places_gives_another_order_of_answers():
    layer, _ = both(batch_first=True)
    x = drawn(True)[0]
    order = np.random.default_rng(6).permutation(STEPS)
    straight, _ = layer(x, x, x)
    mixed, _ = layer(x[:, order], x[:, order], x[:, order])
    np.testing.assert_allclose(mixed.numpy(), straight.numpy()[:, order], **CLOSE)


def test_dropout_is_of_the_weights_and_in_training_only():
    layer, theirs = both(dropout=1.0)
    arrays = drawn()
    silenced, weights = layer(*arrays)
    np.testing.assert_allclose(
        silenced.numpy(),
        np.broadcast_to(layer.out_proj.bias.numpy(), silenced.shape),
        atol=1e-12,
    )
    np.testing.assert_allclose(weights.numpy().sum(axis=-1), 1, rtol=1e-12)
    compare((layer.eval(), theirs.eval()), arrays)


def test_first_weights_are_drawn_as_torchs():
    ours, theirs = MultiheadAttention(32, 4), torch.nn.MultiheadAttention(32, 4)
    for name, value in ours.state_dict().items():
        other = theirs.state_dict()[name].numpy()
        assert value.dtype == other.dtype
        if name.endswith("bias"):
            assert not value.any()
            assert not other.any()
        else:
            bound = np.sqrt(6 / (4 * 32)) if name == "in_proj_weight" else 1 / np.sqrt(32)
            for one in (value, other):
                assert 0.9 * bound < abs(one).max() <= bound
                np.testing.assert_allclose(one.std(), bound / np.sqrt(3), rtol=0.1)


def test_names_defaults_and_order_are_torchs():
    for of in (lambda c: c.__init__, lambda c: c.forward):
        ours, theirs = (
            inspect.signature(of(c)).parameters
            for c in (MultiheadAttention, torch.nn.MultiheadAttention)
        )
        shared = [name for name in theirs if name in ours]
        assert list(ours) == shared
        for name in shared:
            assert ours[name].default == theirs[name].default


def test_single_precision_stays_single():
    layer = MultiheadAttention(4, 2)
    x = np.zeros((3, 1, 4), np.float32)
    mask = np.zeros((3, 3))
    for each in layer(x, x, x, attn_mask=mask):
        assert each.dtype == np.float32


@pytest.mark.parametrize(
    ("sizes", "options", "says"),
    [
        ((6, 4), {}, "6 features do not part into 4 heads"),
        ((6, 0), {}, "into 0 heads"),
        ((0, 1), {}, "0 features"),
        ((6, 2), {"dropout": 1.5}, "dropout=1.5"),
        ((6, 2.0), {}, "2.0 heads; expected whole numbers"),
    ],
)
def test_bad_sizes_are_refused(sizes, options, says):
    with pytest.raises(ValueError, match=says):
        MultiheadAttention(*sizes, **options)


def test_what_does_not_fit_is_named():
    layer, _ = both()
    q, k, v = drawn()
    ahead = np.triu(np.ones((STEPS, STEPS), bool), 1)
    cases = [
        ((q[0, 0], k, v), {}, r"queries \(6,\)"),
        ((q[:, 0], k, v), {}, r"queries \(4, 6\), keys \(5, 2, 6\)"),
        ((q[..., :3], k, v), {}, "expected 6 features"),
        ((q, k, v[:3]), {}, "do not fit each other"),
        ((q[:, :1], k, v), {}, "do not fit each other"),
        ((q, k, v), {"attn_mask": ahead}, r"attn_mask \(4, 4\); expected one of \(\(4, 5\)"),
        ((q, k, v), {"key_padding_mask": np.zeros((2, 4), bool)}, r"expected booleans \(2, 5\)"),
        ((q, k, v), {"key_padding_mask": np.zeros((2, 5))}, "key_padding_mask float64"),
        ((q, k, v), {"is_causal": True}, "is_causal is a hint; pass attn_mask"),
        ((q, k, v), {"attn_mask": np.ones((4, 5), bool)}, "forbids every look"),
        ((q, k, v), {"attn_mask": np.zeros((4, 5), int)}, "attn_mask of int"),
        ((q, k, v), {"attn_mask": np.full((4, 5), -np.inf)}, "forbids every look"),
        ((q, k[:0], v[:0]), {}, "at least one place"),
    ]
    for arrays, options, says in cases:
        with pytest.raises(ValueError, match=says):
            layer(*arrays, **options)


def test_names_are_understood_and_unknown_ones_refused():
    layer, _ = both()
    q, k, v = drawn()
    straight, _ = layer(q, k, v)
    named, _ = layer(value=v, query=q, key=k)
    np.testing.assert_array_equal(straight.numpy(), named.numpy())
    with pytest.raises(TypeError, match="mask"):
        layer(q, k, v, mask=None)


def test_the_sizes_are_told():
    assert MultiheadAttention(6, 3).extra_repr() == "6, num_heads=3"
