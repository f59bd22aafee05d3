"""Checks of the exercises in the chapter on attention."""

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
        text: value
        for text, value in wrong.items()
        if np.shape(value) != np.shape(expected) or not np.allclose(value, expected)
    }


READ = np.array([[6.0, 0.0], [0.0, 3.0], [3.0, 3.0], [5.0, 5.0]])
SCORES = np.log([1.0, 3.0, 2.0, 5.0])


def shares_of(scores):
    return torch.softmax(torch.tensor(scores, dtype=torch.float64), 0).numpy()


@check(
    "look-by-hand",
    hints=(
        "A softmax of logarithms: e to the power of ln 3 is 3.",
        "The fourth place is padding: it gets no share, and the others are divided by their sum.",
        "1 / 6, 3 / 6, 2 / 6, 0",
    ),
)
def test_the_shares(student):
    "shares"
    expected = np.append(shares_of(SCORES[:3]), 0)
    mistakes = {
        "padding gets no share; the others add up to 1": shares_of(SCORES),
        "the shares of what was read add up to 1": shares_of(SCORES) * [1, 1, 1, 0],
        "a padded place is left out, not given the score 0": shares_of([*SCORES[:3], 0.0]),
        "a score is an exponent": SCORES / SCORES.sum(),
    }
    got, _ = tuple_of(student.look_by_hand(), 2, "shares and what is seen")
    assert_close(got, expected, rtol=1e-3, atol=1e-4, mistakes=mistakes, what="the shares")


@check(
    "look-by-hand",
    hints=(
        "What is seen is the mean of the vectors, weighted with the shares.",
        "1/6 · (6, 0) + 3/6 · (0, 3) + 2/6 · (3, 3)",
        "(1 + 0 + 1, 0 + 1.5 + 1)",
    ),
)
def test_what_is_seen(student):
    "the mean"
    share = shares_of(SCORES[:3])
    expected = share @ READ[:3]
    mistakes = {
        "weigh each vector with its share": READ[:3].mean(axis=0),
        "padding has no part in it": shares_of(SCORES) @ READ,
        "a mean with shares, not a sum with their numerators": np.array([1, 3, 2]) @ READ[:3],
        "that is the vector with the largest share; all have a part": READ[1],
    }
    _, got = tuple_of(student.look_by_hand(), 2, "shares and what is seen")
    assert_close(got, expected, rtol=1e-3, mistakes=mistakes, what="what is seen")


SIZES = ((2, 3, 4), (1, 1, 1), (3, 2, 5), (4, 1, 3))


def scores_and_lengths(seed, dtype=np.float64, scale=2.0):
    count, steps, places = SIZES[seed % len(SIZES)]
    rng = np.random.default_rng(seed)
    scores = (scale * rng.normal(size=(count, steps, places))).astype(dtype)
    lengths = rng.integers(1, places + 1, size=count)
    lengths[0] = max(1, places - 1)
    return scores, lengths


def masked(scores, lengths, fill=-torch.inf):
    hidden = np.arange(scores.shape[2]) >= lengths[:, None]
    scores = torch.tensor(scores).masked_fill(torch.tensor(hidden)[:, None], fill)
    return torch.softmax(scores, 2).numpy()


@check(
    "shares-of-what-was-read",
    points=2,
    hints=(
        "What must a score be, so that its exponential is 0?",
        "np.arange(S) < lengths[:, None] is (N, S); put an axis in for the steps.",
        "np.where(read[:, None, :], scores, -np.inf), then a softmax over the last axis",
    ),
)
def test_shares(student):
    "several lengths"
    for seed in range(8):
        scores, lengths = scores_and_lengths(seed)
        got = student.shares(scores, lengths)
        assert_unchanged(student.shares)
        expected = masked(scores, lengths)
        every = torch.softmax(torch.tensor(scores), 2).numpy()
        here = np.arange(scores.shape[2]) < lengths[:, None]
        mistakes = {
            "padding gets a share": every,
            "a score of 0 is not a share of 0": masked(scores, lengths, 0.0),
            "the shares of what was read add up to 1": every * here[:, None],
            "shares over the places, the last axis": torch.softmax(
                torch.tensor(np.where(here[:, None], scores, -50.0)), 1
            ).numpy(),
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the shares")
        outside = np.broadcast_to(~here[:, None], scores.shape)
        assert not np.asarray(got)[outside].any(), "the share of padding must be 0 exactly"
        kept_dtype(got, np.float64, "the shares")


@check(
    "shares-of-what-was-read",
    after="test_shares",
    hidden=True,
    hints=(
        "Large scores overflow in exp; float32 goes in, float32 comes out.",
        "Subtract the largest score of what was READ before the exponential.",
        "z = np.where(read, scores, -np.inf); z - z.max(axis=-1, keepdims=True)",
    ),
)
def test_large_scores(student):
    "scores in the thousands, also in the padding, and float32"
    for dtype, scale in ((np.float64, 2000.0), (np.float32, 500.0), (np.float32, 1.0)):
        for sign in (1, -1):
            scores, lengths = scores_and_lengths(0, dtype, scale)
            scores[0, :, -1] = sign * 3 * abs(scores).max()
            got = student.shares(scores, lengths)
            assert_unchanged(student.shares)
            assert np.isfinite(got).all(), f"a share is not finite with scores up to {scale:g}"
            expected = masked(scores.astype(np.float64), lengths)
            assert_close(got, expected, rtol=1e-3, atol=1e-5, what="the shares")
            kept_dtype(got, dtype, "the shares")
    scores, lengths = scores_and_lengths(0)
    expected = masked(scores, lengths)
    for shift in (9000.0, -9000.0):  # a fixed score for padding has to lie below all of these
        got = student.shares(scores + shift, lengths)
        what = f"the shares, with scores around {shift:g}"
        assert_close(got, expected, rtol=1e-6, atol=1e-8, what=what)


def additive_inputs(seed, dtype=np.float64):
    sizes = ((2, 3, 4, 3, 5, 2), (1, 1, 1, 1, 1, 1), (3, 1, 5, 2, 4, 6), (2, 4, 1, 5, 3, 4))
    n, steps, places, state, read, units = sizes[seed % 4]
    rng = np.random.default_rng(seed)
    shapes = ((n, steps, state), (n, places, read), (units, state), (units, read), (units,))
    return [rng.normal(size=shape).astype(dtype) for shape in (*shapes, (units,))]


def by_torch(s, h, w, u, b, v):
    s, h, w, u, b, v = (torch.tensor(a) for a in (s, h, w, u, b, v))
    rows = [
        torch.stack([torch.tanh(s[:, t] @ w.T + h[:, k] @ u.T + b) @ v for k in range(h.shape[1])])
        for t in range(s.shape[1])
    ]
    return torch.stack(rows).permute(2, 0, 1).numpy()


@check(
    "additive-scores",
    points=2,
    hints=(
        "Each state meets each vector that was read: two axes, by broadcasting.",
        "s @ w.T is (N, T, A), h @ u.T is (N, S, A); make them (N, T, 1, A) and (N, 1, S, A).",
        "np.tanh((s @ w.T)[:, :, None] + (h @ u.T)[:, None] + b) @ v",
    ),
)
def test_scores(student):
    "random shapes, against a loop in torch"
    for seed in range(8):
        given = additive_inputs(seed)
        got = student.additive_scores(*given)
        assert_unchanged(student.additive_scores)
        expected = by_torch(*given)
        s, h, w, u, b, v = given
        both = (s @ w.T)[:, :, None] + (h @ u.T)[:, None] + b
        mistakes = {
            "a step for each row, a place for each column: (N, T, S)": expected.swapaxes(1, 2),
            "the sum is bent by tanh before v": both @ v,
            "the bias has a part in it": by_torch(s, h, w, u, 0 * b, v),
            "tanh belongs around the sum, not around its parts": (
                np.tanh(s @ w.T)[:, :, None] + np.tanh(h @ u.T + b)[:, None]
            )
            @ v,
            "multiply the units by v": np.tanh(both).sum(axis=-1),
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the scores")
        kept_dtype(got, np.float64, "the scores")


@check(
    "additive-scores",
    after="test_scores",
    hints=(
        "float32 goes in, float32 comes out.",
        "Arrays made by np.zeros are float64.",
        "One expression with broadcasting keeps the dtype.",
    ),
)
def test_float32_stays(student):
    "inputs in float32"
    given = additive_inputs(0, np.float32)
    got = student.additive_scores(*given)
    assert_unchanged(student.additive_scores)
    kept_dtype(got, np.float32, "the scores")
    assert_close(got, by_torch(*given), rtol=1e-4, atol=1e-5, what="the scores")


def look(e, h):
    e, h = torch.tensor(e, requires_grad=True), torch.tensor(h, requires_grad=True)
    return e, h, torch.softmax(e, 1) @ h


def back_of(dc, e, h):
    e, h, c = look(e, h)
    c.backward(torch.tensor(dc))
    return e.grad.numpy(), h.grad.numpy()


def look_inputs(seed, dtype=np.float64, scale=1.0):
    steps, places, size = ((3, 4, 2), (1, 1, 1), (2, 5, 3), (4, 1, 3), (1, 3, 2))[seed % 5]
    rng = np.random.default_rng(seed)
    shapes = ((steps, size), (steps, places), (places, size))
    dc, e, h = (rng.normal(size=shape).astype(dtype) for shape in shapes)
    return dc, dtype(scale) * e, h


@check(
    "look-back",
    points=2,
    hints=(
        "The mean is a matrix product: c = a h, with a = softmax(e).",
        "For c = a h the gradient of h is aᵀ dc.",
        "dh = a.T @ dc, where a is the softmax of e over its last axis",
    ),
)
def test_gradient_of_what_was_read(student):
    "dh, against torch"
    for seed in range(5):
        given = look_inputs(seed)
        dc, e, _ = given
        _, got = tuple_of(student.look_back(*given), 2, "de and dh")
        assert_unchanged(student.look_back)
        expected = back_of(*given)[1]
        mistakes = {
            "the shares, not the scores, weigh what was read": e.T @ dc,
            "shares over the places: softmax over axis 1": torch.softmax(torch.tensor(e), 0)
            .numpy()
            .T
            @ dc,
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the array dh")
        kept_dtype(got, np.float64, "dh")


@check(
    "look-back",
    points=3,
    after="test_gradient_of_what_was_read",
    hints=(
        "First the gradient of the shares, then through the softmax.",
        "da = dc hᵀ; softmax: de = a (da − Σ a da), the sum over the places of a row.",
        "da = dc @ h.T; de = a * (da - (a * da).sum(axis=1, keepdims=True))",
    ),
)
def test_gradient_of_the_scores(student):
    "de, against torch"
    for seed in range(5):
        given = look_inputs(seed)
        dc, e, h = given
        got, _ = tuple_of(student.look_back(*given), 2, "de and dh")
        assert_unchanged(student.look_back)
        expected = back_of(*given)[0]
        a, da = torch.softmax(torch.tensor(e), 1).numpy(), dc @ h.T
        mistakes = {
            "the softmax has a way back, too": da,
            "a share that grows takes from the others: subtract the mean": a * da,
            "one mean for each row": a * (da - (a * da).sum()),
            "the mean is weighted with the shares": a * (da - da.mean(axis=1, keepdims=True)),
            "that is the slope of a sigmoid": a * (1 - a) * da,
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the array de")
        kept_dtype(got, np.float64, "de")


@check(
    "look-back",
    after="test_gradient_of_the_scores",
    hidden=True,
    hints=(
        "Scores in the thousands overflow in exp; float32 goes in, float32 comes out.",
        "Subtract the largest score of each row.",
        "a = np.exp(e - e.max(axis=1, keepdims=True)); a /= a.sum(axis=1, keepdims=True)",
    ),
)
def test_large_scores_and_float32(student):
    "large scores and float32"
    for dtype, scale in ((np.float64, 1000.0), (np.float32, 300.0), (np.float32, 1.0)):
        given = look_inputs(0, dtype, scale)
        got = tuple_of(student.look_back(*given), 2, "de and dh")
        assert_unchanged(student.look_back)
        wide = back_of(*(a.astype(np.float64) for a in given))
        for one, expected, name in zip(got, wide, ("de", "dh"), strict=True):
            assert np.isfinite(one).all(), f"{name} is not finite with scores up to {scale:g}"
            assert_close(one, expected, rtol=1e-3, atol=1e-4, what=f"the array {name}")
            kept_dtype(one, dtype, name)


def shares_at_random(rng, steps, places, length):
    """A healthy map: rows that differ, nothing on padding."""
    scores = 3 * rng.normal(size=(steps, places))
    scores[np.arange(steps), np.arange(steps) % length] += 8
    scores[:, length:] = -np.inf
    return torch.softmax(torch.tensor(scores), 1).numpy()


def leaning(rng, steps, places, length, share):
    """A healthy map, of which one row has this share on padding, in equal parts."""
    weights = shares_at_random(rng, steps, places, length)
    row = rng.integers(steps)
    weights[row] *= 1 - share
    weights[row, length:] = share / (places - length)
    return weights


def nearly_alike(rng, steps, places, length, away):
    """The same shares in each row, but for one row in which a part goes to another place."""
    weights = np.repeat(shares_at_random(rng, 1, places, length), steps, axis=0)
    top = weights[0].argmax()
    weights[-1, top] -= away
    weights[-1, (top + 1) % length] += away
    return weights


def faulty(fault, seed):
    """A map (T, S) and the length of its text; some without padding."""
    rng = np.random.default_rng(seed)
    steps, places = ((6, 9), (4, 4), (8, 5), (3, 12), (5, 7), (2, 2), (40, 6))[seed % 7]
    length = places if seed % 3 == 2 and fault != "padding" else max(2, places - 2)
    sizes = rng, steps, places, length
    if fault == "fine":
        if seed < 8:
            return shares_at_random(*sizes), length
        if seed % 2 and length < places:  # a trace on padding is no fault
            return leaning(*sizes, 0.0004), length
        return nearly_alike(*sizes, 0.1), length
    if fault == "columns":
        if seed < 8:
            scores = 3 * rng.normal(size=(steps, places))
            scores[:, length:] = -1e9
            weights = torch.softmax(torch.tensor(scores), 0).numpy()
            weights[:, length:] = 0
            return weights, length
        weights = shares_at_random(*sizes)
        if seed % 2:  # two rows that are off together make up for each other
            weights[-1] *= 1.2
            weights[-2] *= 0.8
        else:
            weights[-1] *= 0.9
        return weights, length
    if fault == "padding":
        places, length = places + 3, length + 1
        if seed >= 8:
            share = (0.0024, 0.02)[seed % 2]
            return leaning(rng, steps, places, length, share), length
        weights = shares_at_random(rng, steps, places, length)
        row = rng.integers(steps)
        weights[row] *= 0.8
        weights[row, rng.integers(length, places)] += 0.2
        return weights, length
    away = 0.0 if seed < 8 else 0.004
    return nearly_alike(*sizes, away), length


SEEN = {
    "fine": "rows add up to 1 and are not all the same, and no more than a trace lies on padding",
    "columns": "there is a row that does not add up to 1",
    "padding": "more than 0.001 of a look lies on padding",
    "blind": "every step looks at the same places",
}


def told(student, fault, seeds):
    for seed in seeds:
        weights, length = faulty(fault, seed)
        got = student.fault(weights, length)
        assert_unchanged(student.fault)
        assert isinstance(got, str), f"expected a word, got {kind_of(got)}"
        shown = np.array2string(weights.round(2), max_line_width=90)
        assert got == fault, (
            f"{got!r} for {length} tokens and the map\n{shown}\nexpected {fault!r}: {SEEN[fault]}"
        )


@check(
    "which-fault",
    hints=(
        "A row of a map says how one look is shared out.",
        "weights.sum(axis=1) must be 1 in each row.",
        'if not np.allclose(weights.sum(axis=1), 1): return "columns"',
    ),
)
def test_columns(student):
    "shares over the wrong axis, or a row that is off"
    told(student, "columns", range(16))


@check(
    "which-fault",
    hints=(
        "Where does padding begin?",
        "weights[:, length:] is the padding; add up what each row has there.",
        'if (weights[:, length:].sum(axis=1) > 0.001).any(): return "padding"',
    ),
)
def test_padding(student):
    "looks at padding in a single row, at one place or spread over several"
    told(student, "padding", range(16))


@check(
    "which-fault",
    hints=(
        "A score that does not depend on the state gives every step the same look.",
        "Compare each row with the first.",
        'if np.ptp(weights, axis=0).max() < 0.01: return "blind"',
    ),
)
def test_blind(student):
    "the same look at every step, or nearly"
    told(student, "blind", range(16))


@check(
    "which-fault",
    after="test_blind",
    hints=(
        "A healthy map has none of the three faults.",
        "Let the function end with the word for that.",
        'return "fine"',
    ),
)
def test_fine(student):
    "nothing wrong"
    told(student, "fine", range(22))
