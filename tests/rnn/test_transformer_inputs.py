"""What the Transformer, the GPT and its cache say when they are given what does not fit."""

import numpy as np
import pytest

from companion.gradients.tensor import Tensor
from companion.rnn.experiments.own_gpt import asked_of, dated, lessons
from companion.rnn.transformer.blocks import TransformerDecoderLayer, TransformerEncoderLayer
from companion.rnn.transformer.cache import Cached, cache_size
from companion.rnn.transformer.encoder_decoder import Transformer
from companion.rnn.transformer.gpt import GPT, CausalAttention, first_in_sight
from companion.rnn.translation.pairs import Pairs

NONE = np.zeros((1, 0), int)
X = np.ones((2, 5, 8), np.float32)


def gpt(layers=2):
    return GPT(11, 8, 12, 3, layers)


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    ("tokens", "said"), [(NONE, r"\(1, 0\)"), ([1], r"\(1,\)"), ([[1], [2]], r"\(2, 1\)")]
)
def test_going_on_with_no_token_or_another_text(plain, tokens, said):
    model = gpt() if plain else Cached(gpt())
    state = model.advance([[1, 2]])[1]
    with pytest.raises(ValueError, match=said):
        model.advance(tokens, state)


def test_states_of_others():
    model, cached = gpt(), Cached(gpt())
    with pytest.raises(ValueError, match=r"Cache ; pass"):
        model.advance([[1]], cached.advance([[1, 2]])[1])
    with pytest.raises(ValueError, match="ndarray; expected the Cache"):
        cached.advance([[1]], model.advance([[1, 2]])[1])
    with pytest.raises(ValueError, match="past of 1 blocks, but the model has 2"):
        model.scores([[1]], gpt(1).scores([[1]])[1])
    with pytest.raises(ValueError, match="past of 0 blocks"):
        model.scores([[1]], [])


@pytest.mark.parametrize("given", [(-1, 8), (5, 0), (5, -3), (9.5, 8), ("9", 8)])
def test_lengths_and_contexts_that_are_none(given):
    with pytest.raises(ValueError, match=r"first_in_sight: length=.*expected whole"):
        first_in_sight(*given)


@pytest.mark.parametrize("texts", [0, -1, 1.5, "2"])
def test_a_cache_of_no_texts(texts):
    with pytest.raises(ValueError, match=r"cache_size: texts=.*at least 1"):
        cache_size(gpt(), texts)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: GPT(5, 2.5), "context=2.5"),
        (lambda: GPT(5, 4, 4, 2, "2"), "num_layers='2'"),
        (lambda: GPT(5, 4, 4, 2.0), "2.0 heads"),
        (lambda: CausalAttention("4", 2), "whole numbers"),
        (lambda: CausalAttention(4, 2)(Tensor(np.ones((2, 4)))), r"x \(2, 4\)"),
        (lambda: CausalAttention(4, 2)(Tensor(np.ones((1, 0, 4)))), r"x \(1, 0, 4\)"),
        (lambda: TransformerEncoderLayer(8, 2, 0), "dim_feedforward=0"),
        (lambda: TransformerEncoderLayer(8, 2, 4, activation=["relu"]), "or a function"),
        (lambda: TransformerEncoderLayer(8, 2, 4)(X[:0]), r"\(0, 5, 8\)"),
        (lambda: TransformerDecoderLayer(8, 2, 4)(X, X[:, :0]), r"\(2, 0, 8\)"),
        (lambda: Transformer(9, 9, 7, 1), "embed_dim=7"),
        (lambda: Transformer(9, 9, 8, 2)(Pairs([3], [[1]])), r"source \(1,\)"),
        (lambda: Transformer(9, 9, 8, 2)(Pairs([[3]], NONE)), r"said \(1, 0\)"),
        (lambda: Transformer(9, 9, 8, 2)(Pairs([[3]], [[1], [2]])), r"said \(2, 1\) to 1"),
        (lambda: dated(0), "count=0"),
        (lambda: dated(40000), "count=40000"),
        (lambda: asked_of([]), "at least one text"),
        (lambda: asked_of("a=b"), "a list"),
        (lambda: asked_of(["abc"]), "abc"),
        (lambda: lessons(0), "updates=0"),
    ],
)
def test_what_does_not_fit_is_named(make, said):
    with pytest.raises(ValueError, match=said):
        make()
