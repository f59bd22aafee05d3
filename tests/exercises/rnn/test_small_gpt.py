"""Checks of the exercises on the small GPT."""

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "gpt-units",
    points=2,
    hints=(
        "One bit is ln 2 nats: a choice between two equally likely tokens.",
        "ln 8 = 3 ln 2; perplexity is e to the nats.",
        "3 bits a letter, perplexity 8; a thousand letters cost a thousand times as many bits.",
    ),
)
def test_three_numbers(student):
    "bits, perplexity, bits of a thousand letters"
    got = student.loss_in_units()
    assert isinstance(got, list | tuple | np.ndarray), f"expected three numbers; got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers; got {len(got)}"
    right = np.array([3.0, 8.0, 3000.0])
    mistakes = {"perplexity is e to the nats": np.array([3.0, np.exp(3), 3000.0])}
    assert_close(np.array(got, float), right, rtol=1e-6, mistakes=mistakes, what="the numbers")


def slow_pieces(tokens, context, stride):
    """Piece by piece."""
    x, y, first = [], [], 0
    while first + context <= len(tokens) - 1:
        x.append([tokens[first + k] for k in range(context)])
        y.append([tokens[first + k + 1] for k in range(context)])
        first += stride
    return np.array(x), np.array(y)


@check(
    "gpt-windows",
    points=3,
    hints=(
        "A piece that begins at `first` needs the tokens first … first + context.",
        "The first places are 0, stride, 2 stride, … below len(tokens) - context.",
        "places = np.arange(0, len(tokens) - context, stride)[:, None] + np.arange(context)",
    ),
)
def test_pieces_of_several_rows(student):
    "pieces that overlap, that do not, that leave a rest; one piece alone"
    rng = np.random.default_rng(0)
    for length, context, stride in (
        (10, 3, 3), (10, 3, 1), (9, 4, 4), (5, 4, 2), (20, 5, 7), (2, 1, 1), (12, 4, 9), (13, 6, 6),
        (60, 2, 17), (40, 9, 30),
    ):  # fmt: skip
        tokens = rng.integers(0, 50257, length)
        got = student.pieces(tokens, context, stride)
        pair = isinstance(got, list | tuple | np.ndarray)
        assert pair, f"expected a pair of arrays; got {kind_of(got)}"
        assert len(got) == 2, f"expected a pair of arrays; got {len(got)} values"
        x, y = slow_pieces(tokens.tolist(), context, stride)
        got = [np.array(g) if isinstance(g, list | tuple) else g for g in got]
        assert_close(got[0], x, what="the array of inputs")
        mistakes = {"targets are the inputs, one later": x} if (x != y).any() else {}
        assert_close(got[1], y, mistakes=mistakes, what="the array of targets")
        assert_unchanged(student.pieces)


MODEL = """
import numpy as np
def log_p(tokens):
    tokens = np.asarray(tokens)
    if not 1 <= len(tokens) <= MOST:
        raise ValueError(f"the model was given {len(tokens)} tokens; its context holds MOST")
    rows = []
    for t in range(len(tokens)):
        scores = np.cos(np.arange(KINDS) * (1 + 0.37 * np.sum(tokens[:t + 1])) + t + 1)
        rows.append(scores - np.log(np.exp(scores).sum()))
    return np.array(rows)
"""  # fmt: skip


def model_of(context, kinds):
    """A model whose probabilities depend on all tokens it is shown, and on their number."""
    code = MODEL.replace("MOST", str(context)).replace("KINDS", str(kinds))
    scope = {}
    exec(code, scope)
    return scope["log_p"], Source("log_p", code)


def surprises(log_p, tokens, context, first_half=False):
    """Token by token: which piece it is scored in, and from which place of it."""
    half, told = context // 2, []
    for t in range(1, len(tokens)):
        piece = 0
        while not (piece * half < t <= piece * half + context):
            piece += 1
        if first_half:
            piece = max(0, (t - 1) // half)
        begin = piece * half
        told.append(-log_p(tokens[begin:t])[-1][tokens[t]])
    return float(np.mean(told))


@check(
    "gpt-fair-loss",
    points=5,
    hints=(
        "Inputs are tokens[:-1], targets tokens[1:]. Count how many targets are scored already.",
        "Piece k begins at k · half; the first is scored from place 0, all others from half on.",
        "for place in range(scored - begin, len(told)): told[place, targets[begin + place]]",
    ),
)
def test_texts_of_many_lengths(student):
    "texts shorter and longer than the context, and of exactly one and two pieces"
    rng = np.random.default_rng(1)
    for context, length in (
        (4, 2), (4, 4), (4, 5), (4, 6), (4, 7), (4, 8), (4, 23), (2, 9), (8, 30), (10, 7),
    ):  # fmt: skip
        tokens = rng.integers(0, 7, length)
        log_p, source = model_of(context, 7)
        right = surprises(log_p, tokens, context)
        other = surprises(log_p, tokens, context, first_half=True)
        mistakes = {}
        if abs(other - right) > 1e-6:
            mistakes["of each piece but the first, only its second half is scored"] = other
        got = student.fair_loss(source, tokens, context)
        assert_close(got, right, rtol=1e-7, mistakes=mistakes, what="the mean surprise")
        assert_unchanged(student.fair_loss)
