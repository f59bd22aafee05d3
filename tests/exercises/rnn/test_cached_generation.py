"""Checks of the exercises on generating with a cache."""

import numpy as np
from scipy.special import softmax

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "places-read",
    points=3,
    hints=(
        "Write down which places are read for each token, for a prompt of 2 and 3 tokens written.",
        "Without a cache: 2, then 3, then 4. With one: 2, then 1, then 1.",
        "sum(range(prompt, prompt + written)), prompt + written - 1",
    ),
)
def test_pairs(student):
    "several prompts and lengths, also of one token"
    for prompt, written in ((1, 1), (2, 3), (7, 1), (1, 9), (40, 60)):
        got = student.places_read(prompt, written)
        pair = isinstance(got, list | tuple | np.ndarray)
        assert pair, f"expected a pair; got {kind_of(got)}"
        assert len(got) == 2, f"expected a pair; got {len(got)} values"
        for number in got:
            whole = isinstance(number, int | np.integer)
            assert whole, f"expected whole numbers; got {kind_of(number)}"
        without, kept, length = 0, 0, prompt
        for step in range(written):
            without += length
            kept += prompt if step == 0 else 1
            length += 1
        mistakes = {"the last token that is written is not read": without + length}
        assert_close(got[0], without, mistakes=mistakes, what="the number without a cache")
        mistakes = {"the last token that is written is not read": kept + 1,
                    "the prompt is read as well": written - 1}  # fmt: skip
        mistakes = {k: m for k, m in mistakes.items() if m != kept}
        assert_close(got[1], kept, mistakes=mistakes, what="the number with a cache")


def stepped(student, *given):
    """Take one step; rows as lists will do."""
    got = student.cached_step(*given)
    assert isinstance(got, list | tuple), f"expected three arrays; got {kind_of(got)}"
    assert len(got) == 3, f"expected three arrays; got {len(got)}"
    assert_unchanged(student.cached_step)
    return [np.array(g, float) if isinstance(g, list | tuple) else g for g in got]


@check(
    "cached-step",
    points=4,
    hints=(
        "First the key and value of the new token, put behind the old ones.",
        "Then one query against all keys: S + 1 scores, a softmax, a mean of the values.",
        "keys = np.vstack([keys, w_k @ x]); scores = keys @ (w_q @ x) / np.sqrt(len(x))",
    ),
)
def test_steps_are_rows_of_attention(student):
    "rows of 1 to 6 tokens, step by step, against attention over the whole row; other texts"
    for seed, (steps, e, size) in enumerate([(5, 3, 1.0), (1, 2, 1.0), (6, 4, 40.0), (3, 1, 2.0)]):
        rng = np.random.default_rng(seed)
        rows = size * rng.normal(size=(steps, e))
        w_q, w_k, w_v = rng.normal(size=(3, e, e))
        q, k, v = (rows @ w.T for w in (w_q, w_k, w_v))
        scores = np.where(np.tri(steps, dtype=bool), q @ k.T / np.sqrt(e), -np.inf)
        whole = softmax(scores, axis=1) @ v
        keys, values = np.zeros((0, e)), np.zeros((0, e))
        for t in range(steps):
            got = stepped(student, rows[t], keys, values, w_q, w_k, w_v)
            mistakes = {}
            if t:
                alone = softmax(k[:t] @ q[t] / np.sqrt(e)) @ v[:t]
                mistakes = {"the token looks at itself as well": alone}
            assert_close(got[0], whole[t], rtol=1e-5, atol=1e-5, mistakes=mistakes,
                         what="what the token gets")  # fmt: skip
            assert_close(got[1], k[: t + 1], rtol=1e-5, atol=1e-5, what="the array of keys")
            assert_close(got[2], v[: t + 1], rtol=1e-5, atol=1e-5, what="the array of values")
            keys, values = k[: t + 1], v[: t + 1]
    rng = np.random.default_rng(9)
    for before in (4, 0, 2, 7):  # each a text of its own, with what was kept of it
        keys, values = rng.normal(size=(2, before, 3))
        x, (w_q, w_k, w_v) = rng.normal(size=3), rng.normal(size=(3, 3, 3))
        k, v = np.vstack([keys, w_k @ x]), np.vstack([values, w_v @ x])
        got = stepped(student, x, keys, values, w_q, w_k, w_v)
        what = f"of another text, with {before} tokens before,"
        right = softmax(k @ (w_q @ x) / np.sqrt(3)) @ v
        assert_close(got[0], right, rtol=1e-5, atol=1e-5, what=f"{what} what the token gets")
        assert_close(got[1], k, rtol=1e-5, atol=1e-5, what=f"{what} the array of keys")
        assert_close(got[2], v, rtol=1e-5, atol=1e-5, what=f"{what} the array of values")
