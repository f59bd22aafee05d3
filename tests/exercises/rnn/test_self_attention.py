"""Checks of the exercises in the chapter on self-attention."""

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def tuple_of(got, count, what):
    assert isinstance(got, tuple | list), f"expected a tuple, {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}, got {len(got)}"
    return got


def kept_dtype(got, dtype, what):
    """The dtype of the inputs is asked for."""
    found = getattr(got, "dtype", type(got).__name__)
    assert found == dtype, f"{np.dtype(dtype)} goes in, {found} comes out as {what}"


def apart(wrong, expected):
    """Leave out wrong answers that are right here by chance."""
    return {
        t: v
        for t, v in wrong.items()
        if np.shape(v) != np.shape(expected) or not np.allclose(v, expected)
    }


@check(
    "self-attention-by-hand",
    hints=(
        "Scores, exponentials, shares.",
        "The scores are 0, 0, 0 and ln 3, so the exponentials are 1, 1, 1 and 3.",
        "3 divided by the sum of the four exponentials",
    ),
)
def test_the_share(student):
    "of the last place"
    mistakes = {
        "that is a place with score 0; the last one has ln 3": 1 / 6,
        "e to the power of ln 3 is 3; the softmax takes exponentials": 1.0,
        "all shares are not equal": 1 / 4,
        "divide by the sum of all four, its own included": 3 / 3,
    }
    got, _ = tuple_of(student.look_by_hand(), 2, "share and result")
    raw = torch.softmax(torch.log(torch.tensor([1.0, 1.0, 1.0, 3.0], dtype=torch.float64)), 0)
    assert_close(got, raw[3].item(), rtol=1e-3, mistakes=mistakes, what="the share")


@check(
    "self-attention-by-hand",
    hints=(
        "The result is the mean of the values, weighted by the shares.",
        "Shares 1/6, 1/6, 1/6, 3/6 for the values 8, 0, 4, 16.",
        "(8 + 0 + 4 + 3 * 16) / 6",
    ),
)
def test_the_mean(student):
    "of the values"
    mistakes = {
        "that is the plain mean": 7.0,
        "only the place looked at most was taken": 16.0,
        "divide by the sum of the exponentials": 60.0,
    }
    _, got = tuple_of(student.look_by_hand(), 2, "share and result")
    assert_close(got, 10.0, rtol=1e-3, mistakes=mistakes, what="the result")


@check(
    "own-causal-mask",
    points=2,
    hints=(
        "Compare the number of each column with the number of each row.",
        "A column of row numbers against a row of column numbers: place[:, None] and place.",
        "place <= place[:, None] with place = np.arange(steps)",
    ),
)
def test_who_may_look(student):
    "sequences of 1 to 30 places"
    for steps in (3, 1, 2, 7, 30):
        got = student.may_look(steps)
        expected = torch.ones(steps, steps, dtype=torch.bool).tril().numpy()
        found = np.asarray(got).dtype
        assert found.kind == "b", f"expected an array of booleans, got {kind_of(got)} of {found}"
        mistakes = {
            "row t looks and column s is looked at; this is the other way round": expected.T,
            "True allows; here it forbids": ~expected,
            "a place may look at itself, too": np.tri(steps, k=-1, dtype=bool),
            "one place ahead is allowed": np.tri(steps, k=1, dtype=bool),
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the mask")


SIZES = (  # in front, T, D, E
    ((), 3, 4, 2),
    ((), 1, 1, 1),
    ((2,), 5, 3, 4),
    ((2, 3), 4, 2, 2),
    ((1,), 4, 16, 1),
)


def drawn(seed, dtype=np.float64, scale=1.0):
    """Queries, keys, values and a mask, causal or not."""
    front, steps, size, values = SIZES[seed % len(SIZES)]
    rng = np.random.default_rng(seed)
    shapes = (steps, size), (steps, size), (steps, values)
    q, k, v = ((rng.normal(size=(*front, *shape))).astype(dtype) for shape in shapes)
    mask = np.tri(steps, dtype=bool)
    if seed >= len(SIZES):
        mask = rng.random((steps, steps)) < 0.6
        mask[np.arange(steps), rng.integers(steps, size=steps)] = True
    return [q * dtype(scale), k * dtype(scale), v, mask]


def by_torch(given):
    """Tensors that ask for gradients, and torch's attention."""
    tensors = [torch.tensor(a, requires_grad=True) for a in given[:3]]
    mask = torch.tensor(given[3])
    return tensors, torch.nn.functional.scaled_dot_product_attention(*tensors, mask)


def variant(given, scale=None, mask=None, axis=-1):
    """What attention gives with another scale, mask or axis of the softmax."""
    q, k, v, allowed = (torch.tensor(a) for a in given)
    scores = q @ k.transpose(-2, -1) / (q.shape[-1] ** 0.5 if scale is None else scale)
    if mask != "none":
        scores = scores.masked_fill(allowed if mask == "inverted" else ~allowed, -torch.inf)
    return (torch.nan_to_num(torch.softmax(scores, axis)) @ v).numpy()


@check(
    "attention-forward",
    points=2,
    hints=(
        "Scores, mask, softmax, mean: four lines.",
        "q @ k.swapaxes(-2, -1) / √D; np.where(mask, scores, -np.inf); softmax over axis -1.",
        "a = np.exp(s - s.max(-1, keepdims=True)); a / a.sum(-1, keepdims=True) @ v",
    ),
)
def test_the_means(student):
    "causal and other masks, with and without axes in front, against torch"
    for seed in range(2 * len(SIZES)):
        given = drawn(seed)
        _, expected = by_torch(given)
        expected = expected.detach().numpy()
        size = given[0].shape[-1]
        got = student.attend(*given)
        assert_unchanged(student.attend)
        mistakes = {
            "scores are divided by the root of D": variant(given, scale=1.0),
            "scores are divided by the root of D, not by D": variant(given, scale=size),
            "the mask is ignored": variant(given, mask="none"),
            "True in the mask allows a look": variant(given, mask="inverted"),
            "the softmax goes over the last axis": variant(given, axis=-2),
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the result")
        kept_dtype(got, np.float64, "the result")


@check(
    "attention-forward",
    after="test_the_means",
    hints=(
        "float32 goes in, float32 comes out.",
        "np.where with Python numbers and √ as np.sqrt of an integer may give float64.",
        "divide by q.shape[-1] ** 0.5, and end with .astype(q.dtype)",
    ),
)
def test_float32_stays(student):
    "inputs in float32"
    for seed in (2, 8):
        given = drawn(seed, np.float32)
        _, expected = by_torch(given)
        got = student.attend(*given)
        assert_unchanged(student.attend)
        kept_dtype(got, np.float32, "the result")
        assert_close(got, expected.detach().numpy(), rtol=1e-4, atol=1e-5, what="the result")


@check(
    "attention-forward",
    after="test_the_means",
    hidden=True,
    hints=(
        "Exponentials of large numbers overflow, those of very negative ones are all 0.",
        "Subtract the largest score of each row that may be looked at before the exponentials.",
        "scores - scores.max(axis=-1, keepdims=True), after the mask",
    ),
)
def test_large_scores(student):
    "scores in the thousands, also where the mask forbids the largest"
    for seed in (0, 2, 5, 7, 8):
        for factor in (60.0, -60.0):
            given = drawn(seed, scale=60.0)
            given[0] = given[0] * np.sign(factor)
            steps = len(given[3])
            if steps > 1:  # what is forbidden towers above all that is allowed
                given[3][0] = np.arange(steps) == 0
                given[1][..., 1, :] = 100 * given[0][..., 0, :]
            _, expected = by_torch(given)
            got = student.attend(*given)
            assert np.isfinite(got).all(), "the result is not finite where scores are large"
            assert_close(got, expected.detach().numpy(), what="the result, with large scores")


def arriving(given, seed):
    rng = np.random.default_rng(100 + seed)
    shape = (*given[0].shape[:-1], given[2].shape[-1])
    return rng.normal(size=shape).astype(given[0].dtype)


def gradients(given, dy):
    tensors, y = by_torch(given)
    y.backward(torch.tensor(dy))
    return [t.grad.numpy() for t in tensors]


def shares(given):
    """The weights, by attention to the unit vectors."""
    q, k, _, mask = given
    eye = np.broadcast_to(np.eye(q.shape[-2]), (*q.shape[:-1], q.shape[-2])).astype(q.dtype)
    return by_torch([q, k, eye, mask])[1].detach().numpy()


NAMES = ("dq", "dk", "dv")


@check(
    "attention-back",
    points=1,
    hints=(
        "The result is a product of shares and values.",
        "Each value gets the gradients of all who looked at it, by their shares.",
        "dv = a.swapaxes(-2, -1) @ dy",
    ),
)
def test_the_values(student):
    "dv, against torch"
    for seed in range(2 * len(SIZES)):
        given = drawn(seed)
        dy = arriving(given, seed)
        expected = gradients(given, dy)[2]
        got = tuple_of(student.attend_back(dy, *given), 3, "dq, dk, dv")[2]
        assert_unchanged(student.attend_back)
        mistakes = {
            "the shares are to be transposed": shares(given) @ dy,
            "the mask is ignored": gradients([*given[:3], np.ones_like(given[3])], dy)[2],
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the array dv")
        kept_dtype(got, np.float64, "dv")


@check(
    "attention-back",
    points=3,
    after="test_the_values",
    hints=(
        "From the shares through the softmax of each row, then through the product.",
        "da = dy @ vᵀ; ds = a * (da - (a * da).sum(-1, keepdims=True)); do not forget √D.",
        "dq = ds @ k / √D; dk = ds.swapaxes(-2, -1) @ q / √D",
    ),
)
def test_queries_and_keys(student):
    "dq and dk, against torch"
    for seed in range(2 * len(SIZES)):
        given = drawn(seed)
        dy = arriving(given, seed)
        q, k, v, _ = given
        expected, a = gradients(given, dy), shares(given)
        da = dy @ v.swapaxes(-2, -1)
        root = q.shape[-1] ** 0.5
        pulled = a * (da - (a * da).sum(axis=-1, keepdims=True)) / root
        got = tuple_of(student.attend_back(dy, *given), 3, "dq, dk, dv")
        for place, plain, turned in (
            (0, a * da / root @ k, pulled.swapaxes(-2, -1) @ k),
            (1, (a * da / root).swapaxes(-2, -1) @ q, pulled @ q),
        ):
            want = expected[place]
            mistakes = {
                "the mean of the row is to be subtracted before the shares multiply": plain,
                "the root of D is missing": want * root,
                "divided by the root of D twice": want / root,
                "the gradient of the scores is transposed for dk, and for dk only": turned,
                "the sign is turned": -want,
            }
            name = f"the array {NAMES[place]}"
            assert_close(got[place], want, mistakes=apart(mistakes, want), what=name)
            kept_dtype(got[place], np.float64, NAMES[place])


@check(
    "attention-back",
    after="test_queries_and_keys",
    hidden=True,
    hints=(
        "float32 goes in, float32 comes out; large scores saturate the softmax.",
        "Subtract the largest allowed score of each row before the exponentials.",
        "scores - scores.max(axis=-1, keepdims=True), after np.where(mask, scores, -np.inf)",
    ),
)
def test_float32_and_large_scores(student):
    "inputs in float32, scores in the thousands"
    for seed in (2, 8):
        given = drawn(seed, np.float32)
        dy = arriving(given, seed)
        got = tuple_of(student.attend_back(dy, *given), 3, "dq, dk, dv")
        assert_unchanged(student.attend_back)
        for one, want, name in zip(got, gradients(given, dy), NAMES, strict=True):
            kept_dtype(one, np.float32, name)
            assert_close(one, want, rtol=1e-3, atol=1e-4, what=f"the array {name}")
    low = drawn(2)  # scores in the thousands below 0, so that a fixed one for "forbidden" is higher
    for place, value in ((0, 128.0), (1, -128.0)):
        low[place] = np.append(low[place], np.full_like(low[place][..., :1], value), axis=-1)
    for seed, given in (*((s, drawn(s, scale=60.0)) for s in (0, 2, 7)), (2, low)):
        dy = arriving(given, seed)
        got = tuple_of(student.attend_back(dy, *given), 3, "dq, dk, dv")
        for one, want, name in zip(got, gradients(given, dy), NAMES, strict=True):
            assert np.isfinite(one).all(), f"{name} is not finite where scores are large"
            assert_close(one, want, rtol=1e-4, atol=1e-6, what=f"the array {name}")


LENGTHS = (([3, 1, 4], 4), ([2], 5), ([1], 1), ([5, 5], 5), ([2, 3], 6))


def masks_of(lengths, steps):
    """Both masks, by loops."""
    allowed = np.zeros((len(lengths), 1, steps, steps), bool)
    padding = np.zeros((len(lengths), steps), bool)
    for n, length in enumerate(lengths):
        for s in range(steps):
            padding[n, s] = s >= length
            for t in range(steps):
                allowed[n, 0, t, s] = s <= t and s < length
    return allowed, padding


def booleans(got, name):
    found = np.asarray(got).dtype
    assert found.kind == "b", (
        f"{name}: expected an array of booleans, got {kind_of(got)} of {found}"
    )
    return got


@check(
    "two-mask-conventions",
    points=2,
    hints=(
        "For the function True allows: not ahead, and not padding.",
        "Join the causal mask (T, T) with who is there (N, T) along the keys, the last axis.",
        "(there[:, None, :] & (place <= place[:, None]))[:, None]",
    ),
)
def test_the_mask_of_the_function(student):
    "True may be looked at"
    for lengths, steps in LENGTHS:
        expected = masks_of(lengths, steps)[0]
        got = tuple_of(student.both_masks(np.array(lengths), steps), 2, "two masks")[0]
        assert_unchanged(student.both_masks)
        there = ~masks_of(lengths, steps)[1]
        causal = np.tri(steps, dtype=bool)
        mistakes = {
            "for the function True allows": ~expected,
            "padding is not to be looked at: it stands along the last axis": there[:, None, :, None]
            & causal,
            "nobody may look ahead": np.broadcast_to(there[:, None, None], expected.shape),
            "nobody may look at padding": np.broadcast_to(causal, expected.shape),
            "rows look, columns are looked at": expected.swapaxes(-2, -1),
        }
        assert_close(
            booleans(got, "the first mask"),
            expected,
            mistakes=apart(mistakes, expected),
            what="the mask of the function",
        )


@check(
    "two-mask-conventions",
    hints=(
        "For the layer True forbids.",
        "True where a place lies behind the end of its sequence.",
        "~(place < lengths[:, None])",
    ),
)
def test_the_mask_of_the_layer(student):
    "True must not be looked at"
    for lengths, steps in LENGTHS:
        expected = masks_of(lengths, steps)[1]
        got = tuple_of(student.both_masks(np.array(lengths), steps), 2, "two masks")[1]
        place = np.arange(steps)
        mistakes = {
            "for the layer True forbids": ~expected,
            "a sequence of length n has the places 0 … n − 1": place > np.array(lengths)[:, None],
        }
        assert_close(
            booleans(got, "the second mask"),
            expected,
            mistakes=apart(mistakes, expected),
            what="the key_padding_mask",
        )
