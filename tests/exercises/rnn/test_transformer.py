"""Checks of the exercises on the Transformer."""

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.tensor import Tensor
from companion.rnn.transformer.blocks import TransformerEncoderLayer
from companion.rnn.transformer.gpt import GPT


@check(
    "block-by-hand",
    points=2,
    hints=(
        "A norm of two numbers is (1, -1) or (-1, 1), whichever of them is larger.",
        "Pre-norm: z = x + norm(x). Post-norm: z = norm(x + x). Then the hidden unit.",
        "The hidden unit says 3 in both; once W2 · 3 is added to (0, 6), once to (-1, 1).",
    ),
)
def test_both_blocks(student):
    "two pairs of numbers"
    got = student.blocks_by_hand()
    assert isinstance(got, list | tuple | np.ndarray), f"expected two lists; got {kind_of(got)}"
    assert len(got) == 2, f"expected two lists; got {len(got)}"
    pre = {"attention comes before the second norm": np.array([7.0, 2.0])}
    assert_close(np.array(got[0], float), np.array([6.0, 3.0]), rtol=1e-6, mistakes=pre,
                 what="the pre-norm block")  # fmt: skip
    post = {"the last norm stands behind the last sum": np.array([5.0, -2.0])}
    assert_close(np.array(got[1], float), np.array([1.0, -1.0]), rtol=1e-6, mistakes=post,
                 what="the post-norm block")  # fmt: skip


@check(
    "count-transformer",
    points=3,
    hints=(
        "Add up tables, blocks, the norm at the end, and the head if it is not tied.",
        "A block: four maps of attention, two linear layers, two norms, all with biases.",
        "4(E² + E) + 2EF + F + E + 4E for a block; 2E for the norm at the end.",
    ),
)
def test_counts(student):
    "several sizes, tied or not, one of them of the companion's own GPT"
    model = GPT(30, 20, 12, 3, 2)
    own = sum(p.data.size for p in model.parameters())
    got = student.count_parameters(30, 20, 12, 48, 2, True)
    assert isinstance(got, int | np.integer), f"expected a whole number; got {kind_of(got)}"
    assert_close(got, own, what="the number of parameters")
    for tokens, context, e, f, layers, tied in (
        (7, 3, 2, 5, 1, False), (50257, 1024, 768, 3072, 12, True), (5, 9, 4, 4, 3, False),
        (5, 9, 4, 6, 3, True), (1, 1, 1, 1, 1, False),
    ):  # fmt: skip
        block = 3 * e * e + 3 * e + e * e + e + e * f + f + f * e + e + 2 * e + 2 * e
        right = tokens * e + context * e + layers * block + e + e
        head = tokens * e + tokens
        right += 0 if tied else head
        mistakes = {
            "the head is tied or not, as the last argument says": right + (head if tied else -head),
            "there is one more norm at the end": right - 2 * e,
            "there is a table of places as well": right - context * e,
        }
        got = student.count_parameters(tokens, context, e, f, layers, tied)
        assert isinstance(got, int | np.integer), f"expected a whole number; got {kind_of(got)}"
        assert_close(got, right, mistakes=mistakes, what="the number of parameters")


def reference(x, look, norm1, norm2, w1, b1, w2, b2, eps=1e-5, second=True):
    """Place by place."""

    def normed(v, scale, shift):
        return (v - np.mean(v)) / (np.var(v) + eps) ** 0.5 * scale + shift

    z = x + look(np.array([normed(v, *norm1) for v in x]))
    rows = []
    for v, given in zip(z, z if second else x, strict=True):
        hidden = [max(0.0, w @ normed(given, *norm2) + b) for w, b in zip(w1, b1, strict=True)]
        rows.append(v + sum(h * w for h, w in zip(hidden, w2.T, strict=True)) + b2)
    return np.array(rows)


def as_rows(got):
    """Rows as lists will do."""
    return np.array(got, float) if isinstance(got, list | tuple) else got


def drawn(seed, steps, e, f):
    rng = np.random.default_rng(seed)
    pair = (rng.normal(size=e), rng.normal(size=e))
    other = (rng.normal(size=e), rng.normal(size=e))
    x = 2 + 3 * rng.normal(size=(steps, e))
    return x, pair, other, [rng.normal(size=s) for s in ((f, e), (f,), (e, f), (e,))]


@check(
    "pre-norm-block",
    points=4,
    hints=(
        "Two lines: z = x + attention(norm of x); y = z + feed-forward(norm of z).",
        "Each place has a mean and a variance of its own: axis 1, keepdims.",
        "hidden = np.maximum(0, normed(z, *norm2) @ w1.T + b1); return z + hidden @ w2.T + b2",
    ),
)
def test_blocks_of_several_sizes(student):
    "rows of 1 to 6 places, hidden layers of 1 to 7 units, small numbers, another eps"

    def look(x):
        e = x.shape[1]
        return np.cumsum(x, axis=0) @ np.linspace(-1, 1, e * e).reshape(e, e)

    for seed, (steps, e, f, eps) in enumerate(
        [(4, 3, 5, 1e-5), (1, 2, 1, 1e-5), (6, 4, 7, 0.5), (3, 3, 2, 1e-5)]
    ):
        x, norm1, norm2, rest = drawn(seed, steps, e, f)
        x = x * 1e-2 if seed == 3 else x
        right = reference(x, look, norm1, norm2, *rest, eps=eps)
        mistakes = {
            "the second norm is of z, not of x": reference(
                x, look, norm1, norm2, *rest, eps=eps, second=False
            ),
            "the two norms have scales of their own": reference(
                x, look, norm1, norm1, *rest, eps=eps
            ),
            "what came in is to be added": right - x,
        }
        source = Source("look", LOOK)
        got = student.pre_norm_block(x, source, norm1, norm2, *rest, eps)
        assert_close(as_rows(got), right, rtol=1e-5, atol=1e-5, mistakes=mistakes,
                     what="the block")  # fmt: skip
        assert_unchanged(student.pre_norm_block)


LOOK = """
import numpy as np
def look(x):
    e = np.shape(x)[1]
    return np.cumsum(x, axis=0) @ np.linspace(-1, 1, e * e).reshape(e, e)
"""


@check(
    "pre-norm-block",
    after="test_blocks_of_several_sizes",
    hints=(
        "The companion's own layer, with a single place, does the same.",
        "With one place attention passes on a linear map of it.",
        "Check the feed-forward part: ReLU, then w2 and b2.",
    ),
)
def test_it_is_the_layer_of_the_companion(student):
    "the layer TransformerEncoderLayer with norm_first, on one place"
    layer = TransformerEncoderLayer(4, 2, 6, 0.0, norm_first=True).double()
    rng = np.random.default_rng(8)
    for parameter in layer.parameters():
        parameter.data = rng.normal(size=parameter.shape)
    x = rng.normal(size=(1, 4))
    right = layer(Tensor(x[:, None])).numpy()[:, 0]
    state = layer.state_dict()
    value, bias = state["self_attn.in_proj_weight"][8:], state["self_attn.in_proj_bias"][8:]
    out, last = state["self_attn.out_proj.weight"], state["self_attn.out_proj.bias"]
    matrix, shift = (out @ value).T.tolist(), (out @ bias + last).tolist()
    code = f"lambda x: x @ np.array({matrix}) + np.array({shift})"
    got = student.pre_norm_block(
        x, Source(code, "import numpy as np"),
        *((state[f"norm{k}.weight"], state[f"norm{k}.bias"]) for k in (1, 2)),
        *(state[f"linear{k}.{part}"] for k in (1, 2) for part in ("weight", "bias")),
    )  # fmt: skip
    assert_close(as_rows(got), right, rtol=1e-5, atol=1e-5, what="the layer")
