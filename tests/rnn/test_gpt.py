"""The small GPT: torch's values and gradients, no look ahead, and the same text with a cache."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from companion.rnn.language.sampling import sample
from companion.rnn.text.vocabulary import END, Vocabulary
from companion.rnn.transformer.cache import Cached, cache_size
from companion.rnn.transformer.gpt import GPT, Block, CausalAttention, first_in_sight
from companion.training import manual_seed

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def gpt(tokens=11, context=8, embed_dim=12, num_heads=3, num_layers=2, **options):
    """A small one whose weights are large enough for every part to matter."""
    manual_seed(1)
    model = GPT(tokens, context, embed_dim, num_heads, num_layers, **options).double()
    rng = np.random.default_rng(2)
    for parameter in model.parameters():
        parameter.data = parameter.data + 0.3 * rng.normal(size=parameter.shape)
    return model


def in_torch(state, tokens, heads, layers):
    """The model written with torch's operations, head by head."""
    x = state["table.weight"][tokens] + state["places.weight"][: tokens.shape[1]]
    steps, width = x.shape[1:]
    part = width // heads
    ahead = torch.ones(steps, steps, dtype=torch.bool).triu(1)
    for k in range(layers):
        at = f"blocks.{k}."

        def weights(name, at=at):
            return state[at + name + ".weight"], state[at + name + ".bias"]

        z = F.linear(F.layer_norm(x, (width,), *weights("norm1")), *weights("attention.qkv"))
        q, key, v = z.split(width, dim=2)
        mixed = []
        for h in range(heads):
            own = slice(h * part, (h + 1) * part)
            scores = q[..., own] @ key[..., own].transpose(1, 2) / part**0.5
            mixed.append(scores.masked_fill(ahead, -torch.inf).softmax(2) @ v[..., own])
        x = x + F.linear(torch.cat(mixed, 2), *weights("attention.out"))
        z = F.linear(F.layer_norm(x, (width,), *weights("norm2")), *weights("wide"))
        x = x + F.linear(F.relu(z), *weights("narrow"))
    return F.layer_norm(x, (width,), state["norm.weight"], state["norm.bias"]) @ (
        state["table.weight"].T
    )


@pytest.mark.parametrize(("heads", "layers", "steps"), [(3, 2, 8), (1, 1, 1), (12, 3, 5)])
def test_scores_and_gradients_are_torchs(heads, layers, steps):
    model = gpt(num_heads=heads, num_layers=layers)
    tokens = np.random.default_rng(0).integers(0, 11, (2, steps))
    state = {k: torch.tensor(v, requires_grad=True) for k, v in model.state_dict().items()}
    want = in_torch(state, torch.tensor(tokens), heads, layers)
    scores = model(tokens)
    np.testing.assert_allclose(scores.numpy(), want.detach().numpy(), **CLOSE)
    dy = np.random.default_rng(1).normal(size=scores.shape)
    (scores * dy).sum().backward()
    (want * torch.tensor(dy)).sum().backward()
    for name, parameter in model.named_parameters():
        np.testing.assert_allclose(parameter.grad, state[name].grad.numpy(), err_msg=name, **CLOSE)


def test_a_later_token_changes_nothing_before_it():
    model, rng = gpt(), np.random.default_rng(3)
    tokens = rng.integers(0, 11, (4, 8))
    scores = model(tokens).numpy()
    for t in range(1, 8):
        other = tokens.copy()
        other[:, t] = (other[:, t] + 1 + rng.integers(10, size=4)) % 11
        changed = model(other).numpy()
        np.testing.assert_array_equal(changed[:, :t], scores[:, :t])
        assert (abs(changed[:, t:] - scores[:, t:]).max(axis=2) > 1e-9).all()


@pytest.mark.parametrize("length", [1, 7, 8, 9, 12, 13, 30])
def test_with_a_cache_scores_are_the_same(length):
    model, rng = gpt().eval(), np.random.default_rng(length)
    first = rng.integers(0, 11, (2, length))
    a, old = model.advance(first)
    b, new = Cached(model).advance(first)
    for _ in range(12):
        np.testing.assert_allclose(b.numpy(), a.numpy(), **CLOSE)
        given = rng.integers(0, 11, (2, int(rng.integers(1, 4))))
        a, old = model.advance(given, old)
        b, new = Cached(model).advance(given, new)
    np.testing.assert_array_equal(old, new.tokens)


@pytest.mark.parametrize("seed", range(4))
def test_with_a_cache_the_same_text_is_drawn(seed):
    letters = Vocabulary("abcdefg")
    model = gpt(len(letters)).eval()

    def endless(p):
        p[letters.number(END)] = 0
        return p / p.sum()

    for prompt in ("", "abc"):
        options = {"prompt": prompt, "longest": 40, "shaped": endless}
        plain = sample(model, letters, seed, **options)
        assert len(plain) == len(prompt) + 40 > model.context
        assert plain == sample(Cached(model), letters, seed, **options)


def test_a_cache_reads_each_token_once(monkeypatch):
    model, read = gpt(context=16).eval(), []
    real = Block.forward
    monkeypatch.setattr(Block, "forward", lambda self, x, past=None: (
        read.append(x.shape[1]), real(self, x, past))[1])  # fmt: skip
    for reader in (model, Cached(model)):
        read.clear()
        state = None
        for token in range(11):
            _, state = reader.advance(np.array([[token]]), state)
        lengths = range(1, 12) if reader is model else [1] * 11
        assert read == [n for n in lengths for _ in range(2)]


def test_a_full_cache_is_as_large_as_said():
    model = gpt().eval()
    _, state = Cached(model).advance(np.zeros((3, 8), int))
    assert sum(part.data.size for pair in state.past for part in pair) == cache_size(model, 3)


def test_reading_begins_at_half_contexts():
    for context in (1, 2, 7, 8):
        half = (context + 1) // 2
        for length in range(40):
            right = next(f for f in range(0, 99, half) if length - f <= context)
            assert first_in_sight(length, context) == right


def test_bad_sizes_and_tokens_are_named():
    for wrong in ({"context": 0}, {"num_layers": 0}):
        with pytest.raises(ValueError, match="at least 1"):
            GPT(5, **wrong)
    with pytest.raises(ValueError, match="8 features do not part into 3 heads"):
        CausalAttention(8, 3)
    model = gpt()
    for wrong in (np.zeros((1, 9), int), np.zeros((1, 0), int), np.zeros(3, int)):
        with pytest.raises(ValueError, match="at most 8"):
            model(wrong)
    with pytest.raises(ValueError, match="token 11"):
        model(np.array([[11]]))
