"""Checks of the exercises in the chapter on depth and both directions."""

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def four(student):
    got = student.inputs_known()
    assert isinstance(got, tuple | list | np.ndarray), f"expected four numbers, got {kind_of(got)}"
    got = list(got.ravel()) if isinstance(got, np.ndarray) else got
    assert len(got) == 4, f"expected four numbers, got {len(got)}"
    return got


@check(
    "who-can-know",
    hints=(
        "Follow the arrows backwards from the state to the inputs.",
        "In one direction arrows lead to the right and up. A further layer adds arrows up.",
        "x₁, x₂ and x₃ in both cases",
    ),
)
def test_one_direction(student):
    "the state at step 3 in one direction, one layer and two"
    first, second, *_ = four(student)
    mistakes = {"the step's own input counts, too": 2, "the future does not reach it": 7}
    assert_close(first, 3, mistakes=mistakes, what="the first number")
    mistakes |= {"depth adds no step of the past and none of the future": 6}
    mistakes |= {"no arrow leads to the left, in either layer": 4}
    assert_close(second, 3, mistakes=mistakes, what="the second number")


@check(
    "who-can-know",
    hints=(
        "The way back begins at step 7. What has it read when it comes to step 3?",
        "Above a bidirectional layer, each input is already past and future.",
        "x₃ … x₇ are five; in the second layer all seven",
    ),
)
def test_both_directions(student):
    "the backward half, and a second bidirectional layer"
    *_, third, fourth = four(student)
    mistakes = {
        "it begins at the last step": 3,
        "its own step counts, too": 4,
        "it has not come to steps 1 and 2 yet": 7,
    }
    assert_close(third, 5, mistakes=mistakes, what="the third number")
    mistakes = {"its inputs are states of both directions": 3, "all steps reach it": 5}
    assert_close(fourth, 7, mistakes=mistakes, what="the fourth number")


KINDS = {1: torch.nn.RNN, 3: torch.nn.GRU, 4: torch.nn.LSTM}


def counted(d, h, gates, layers, both):
    net = KINDS[gates](d, h, layers, bidirectional=both)
    return sum(p.numel() for p in net.parameters())


@check(
    "count-recurrent",
    hints=(
        "A block of H rows has weights to the input, weights to the state, and two biases.",
        "Each of the gates has such a block: H · (D + H + 2).",
        "gates * h * (d + h + 2)",
    ),
)
def test_one_layer(student):
    "one layer in one direction, against torch"
    for d, h, gates in ((3, 5, 1), (4, 2, 3), (1, 1, 4), (12, 64, 3)):
        mistakes = {
            "torch has two biases for each block": gates * h * (d + h + 1),
            "each gate has a block of its own": h * (d + h + 2),
        }
        right = counted(d, h, gates, 1, False)
        mistakes = {text: value for text, value in mistakes.items() if value != right}
        what = f"the number for D = {d}, H = {h}, gates = {gates}"
        got = student.parameters(d, h, gates, 1, False)
        assert_close(got, right, mistakes=mistakes, what=what)


@check(
    "count-recurrent",
    after="test_one_layer",
    hints=(
        "What is the input of the second layer?",
        "It is as wide as the states below: H, or 2H with both directions.",
        "before = (2 if both else 1) * h if layer else d",
    ),
)
def test_deep_and_both(student):
    "several layers and both directions, against torch"
    for d, h, gates, layers, both in (
        (3, 5, 1, 2, False),
        (3, 5, 3, 1, True),
        (4, 2, 4, 3, True),
        (7, 1, 1, 2, True),
        (2, 6, 3, 4, False),
        (80, 70, 4, 2, True),
    ):
        right = counted(d, h, gates, layers, both)
        ways = 2 if both else 1
        block = gates * h
        narrow = ways * block * ((d + h + 2) + (layers - 1) * (2 * h + 2))
        wide = ways * block * ((d + h + 2) + (layers - 1) * (3 * h + 2))
        same = ways * block * layers * (d + h + 2)
        mistakes = {
            "a layer above both directions reads 2H numbers": narrow,
            "in one direction a layer above reads H numbers": wide,
            "only the first layer reads D numbers": same,
        }
        if both:
            mistakes["both directions have weights of their own"] = right / 2
        mistakes = {text: value for text, value in mistakes.items() if value != right}
        what = f"the number for D = {d}, H = {h}, gates = {gates}, layers = {layers}, both = {both}"
        got = student.parameters(d, h, gates, layers, both)
        assert_close(got, right, mistakes=mistakes, what=what)


def drawn(seed, steps, d, h):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(steps, d)), *(
        tuple(0.7 * rng.normal(size=shape) for shape in ((h, d), (h, h), (h,))) for _ in range(2)
    )


def by_torch(x, ahead, back, first=None):
    net = torch.nn.RNN(x.shape[1], len(ahead[2]), bidirectional=True).double()
    state = {}
    for (w_in, w, b), end in ((ahead, "l0"), (back, "l0_reverse")):
        state |= {f"weight_ih_{end}": w_in, f"weight_hh_{end}": w, f"bias_ih_{end}": b}
        state[f"bias_hh_{end}"] = 0 * b
    net.load_state_dict({name: torch.tensor(value) for name, value in state.items()})
    first = None if first is None else torch.tensor(first)
    with torch.no_grad():
        return net(torch.tensor(x).double(), first)[0].numpy()


@check(
    "both-scans",
    points=2,
    hints=(
        "Write a scan for one direction; call it twice.",
        "For the way back: reverse the input, scan, reverse the states.",
        "np.hstack([run(x, *ahead), run(x[::-1], *back)[::-1]])",
    ),
)
def test_against_torch(student):
    "random sequences, against torch.nn.RNN"
    for seed, steps, d, h in ((0, 5, 3, 2), (1, 7, 2, 4)):
        x, ahead, back = drawn(seed, steps, d, h)
        right = by_torch(x, ahead, back)
        late = np.hstack([right[:, :h], right[::-1, h:]])
        there = np.hstack([right[:, :h], by_torch(x, back, back)[::-1, :h]])
        turned = [(w_in, w.T, b) for w_in, w, b in (ahead, back)]
        going_on = np.array([np.zeros(h), right[-1, :h]])
        mistakes = {
            "the way back begins with a state of zeros": by_torch(x, ahead, back, going_on),
            "rows of w belong to new states: w @ h, not h @ w": by_torch(x, *turned),
            "the way back reads the input from its end": there,
            "ahead holds the weights of the forward half": by_torch(x, back, ahead),
            "turn the states of the way back around again, into the order of time": late,
            "the forward half stands first": np.roll(right, h, axis=1),
            "each direction has weights of its own": by_torch(x, ahead, ahead),
        }
        got = student.both_directions(x, ahead, back)
        assert_unchanged(student.both_directions)
        assert_close(got, right, mistakes=mistakes, what="the array of states")


@check(
    "both-scans",
    hidden=True,
    after="test_against_torch",
    points=2,
    hints=(
        "One step, one input, one unit: the shapes are (1, 2). States are never whole numbers.",
        "The first states are zero, whatever the input; np.tanh takes numbers of any size.",
        "h = np.zeros(len(b))",
    ),
)
def test_small_ones(student):
    "one step, one input, one unit; whole numbers, large numbers"
    for seed, (steps, d, h) in enumerate(((1, 3, 2), (4, 1, 1), (1, 1, 1), (2, 5, 3))):
        given = drawn(10 + seed, steps, d, h)
        got = student.both_directions(*given)
        what = f"the array of states for T = {steps}, D = {d}, H = {h}"
        assert_close(got, by_torch(*given), what=what)
    x, *weights = drawn(20, 6, 4, 3)
    for other, kind in ((np.eye(4, dtype=int)[[1, 0, 3, 3, 2, 1]], "one-hot"), (1e4 * x, "large")):
        got = student.both_directions(other, *weights)
        what = f"the array of states for {kind} inputs"
        assert_close(got, by_torch(other, *weights), what=what)


def kept_dtype(got, dtype):
    assert got.dtype == dtype, f"a batch of {dtype} goes in, one of {got.dtype} comes out"


def within(x, lengths):
    right = x.copy()
    for n, size in enumerate(lengths):
        for t in range(size):
            right[n, t] = x[n, size - 1 - t]
    return right


@check(
    "reverse-within",
    hints=(
        "Reverse x[n, :lengths[n]], row by row.",
        "Work on a copy; what stands behind the end stays.",
        "row[:n] = row[:n][::-1].copy()",
    ),
)
def test_rows_of_letters(student):
    "a batch of numbers (N, T)"
    x = np.array([[1, 2, 3, 4, 5], [6, 7, 0, 0, 0], [8, 0, 0, 0, 0]])
    lengths = np.array([5, 2, 1])
    got = student.reversed_within(x, lengths)
    mistakes = {
        "padding went to the front: reverse each row within its length": x[:, ::-1],
        "nothing is reversed": x,
    }
    assert_close(got, within(x, lengths), mistakes=mistakes, what="the batch")
    kept_dtype(got, x.dtype)
    assert_unchanged(student.reversed_within)


@check(
    "reverse-within",
    after="test_rows_of_letters",
    hidden=True,
    points=2,
    hints=(
        "There may be further axes behind time, and padding need not be zero.",
        "Go by the lengths, not by what stands there; reverse the axis of time only.",
        "turned = x.copy(); turned[n, :size] = x[n, :size][::-1]",
    ),
)
def test_rows_of_vectors(student):
    "vectors, single precision, zeros within a sequence, padding that is no zero, or NaN"
    rng = np.random.default_rng(0)
    for seed, shape in enumerate(((4, 6, 3), (1, 1, 1), (3, 5, 2, 2), (2, 7), (5, 4, 2))):
        x = (rng.integers(0, 2, shape) * rng.normal(size=shape)).astype(np.float32)
        lengths = rng.integers(1, shape[1] + 1, shape[0])
        lengths[-1] = max(1, shape[1] - 2)
        behind = np.arange(shape[1]) >= lengths[:, None]
        x[behind] = np.where(x[behind] == 0, np.nan if seed > 2 else 1, x[behind])
        got = student.reversed_within(x, lengths)
        assert_close(got, within(x, lengths), what=f"the batch {shape} with lengths {lengths}")
        kept_dtype(got, x.dtype)
        assert_unchanged(student.reversed_within)


@check(
    "who-else",
    points=2,
    hints=(
        "Put a much longer sequence beside it: which numbers change?",
        "More padding: does the state go through it, or is a number divided by it?",
        "a and d stop at the sequence's own end; what of the other three?",
    ),
)
def test_the_letters(student):
    "the ways that depend on others"
    got = student.dependent()
    assert isinstance(got, str | list | tuple | np.ndarray), f"expected letters, got {kind_of(got)}"
    letters = set("".join(map(str, np.ravel(got))).lower()) - set(", ")
    unknown = sorted(letters - set("abcde"))
    assert not unknown, f"the letters are a to e; there is no {', '.join(unknown)}"
    assert letters, "expected letters, got none"
    for letter, remark in (
        ("a", "in a, the state at T_n has not met the padding yet"),
        ("d", "in d, padding stays behind the end, and the state is read at T_n"),
    ):
        assert letter not in letters, remark
    for letter, remark in (
        ("b", "one way lets the state run on to the last column"),
        ("c", "one way begins with the padding"),
        ("e", "one way divides by the width of the array"),
    ):
        assert letter in letters, f"one is missing: {remark}"
