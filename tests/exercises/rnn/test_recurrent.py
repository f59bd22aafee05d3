"""Checks of the exercises in the chapter on the recurrent network."""

from collections import Counter

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

KINDS = ("one to many", "many to one", "aligned", "encoder-decoder")
RIGHT = ("one to many", "many to one", "encoder-decoder", "aligned")
WHY = (
    "it begins with one note and answers at every step",
    "it reads every measurement and answers once",
    "the two sentences have lengths of their own, so it cannot answer step by step",
    "there is an answer for each second that is read",
)


def values_of(got, count, what):
    several = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim == 1)
    assert several, f"expected a tuple of {count}, {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}, got {len(got)}"
    return got


def kind_at(student, place):
    got = values_of(student.kinds(), 4, "one for each task")[place]
    assert isinstance(got, str), f"task {place + 1}: expected one of {KINDS}, got {kind_of(got)}"
    assert got in KINDS, f"task {place + 1}: expected one of {KINDS}, got {got!r}"
    assert got == RIGHT[place], f"task {place + 1} is not {got}: {WHY[place]}"


@check(
    "rnn-kinds",
    hints=(
        "Ask of each task at which steps it reads, and at which it answers.",
        "The melody reads one note; the heartbeat gets one answer in the end.",
        "(1) one to many, (2) many to one",
    ),
)
def test_one_side_is_single(student):
    "melody and heartbeat"
    kind_at(student, 0)
    kind_at(student, 1)


@check(
    "rnn-kinds",
    hints=(
        "Both read much and answer much. Is there an answer for each input?",
        "A written sentence has another length than its sound; a film has as many answers as "
        "seconds.",
        "(3) encoder-decoder, (4) aligned",
    ),
)
def test_both_sides_are_many(student):
    "speech and film"
    kind_at(student, 2)
    kind_at(student, 3)


def forward_mode(w, u, x):
    """State and its two derivatives, carried along forward."""
    h = dw = du = 0.0
    for value in x:
        h, dw, du = w * value + u * h, value + u * dw, h + u * du
    return h, dw, du


@check(
    "rnn-through-time",
    hints=(
        "Work out the three states first.",
        "Each state is the input plus twice the state before it.",
        "h = 1, then 2 · 1 + 0, then 2 · 2 + 3",
    ),
)
def test_the_last_state(student):
    "h₃"
    mistakes = {
        "that is the sum of the inputs: multiply the state before by u": 4.0,
        "the second step doubles the state although its input is 0": 5.0,
    }
    got = values_of(student.three_steps(), 3, "h3, dL/dw, dL/du")[0]
    assert_close(got, forward_mode(1, 2, (1, 0, 3))[0], mistakes=mistakes, what="the state h₃")


@check(
    "rnn-through-time",
    after="test_the_last_state",
    hints=(
        "w is used at each step: its gradient is a sum of three parts.",
        "What reaches step 2 is u times what reaches step 3, and so on: 1, 2, 4.",
        "1 · x₃ + 2 · x₂ + 4 · x₁",
    ),
)
def test_the_gradient_of_w(student):
    "∂L/∂w"
    mistakes = {
        "that is the last step alone; w is used at each step": 3.0,
        "multiply by u on the way from each step to the one before": 4.0,
        "the step furthest back has the largest factor: 1 for the last, 4 for the first": 13.0,
    }
    _, got, after = values_of(student.three_steps(), 3, "h3, dL/dw, dL/du")
    exchanged = np.ndim(got) == np.ndim(after) == 0 and (got, after) == (4, 7)
    assert not exchanged, "the right numbers in another order: first ∂L/∂w, then ∂L/∂u"
    assert_close(got, forward_mode(1, 2, (1, 0, 3))[1], mistakes=mistakes, what="∂L/∂w")


@check(
    "rnn-through-time",
    after="test_the_last_state",
    hints=(
        "At each step u is multiplied by the state *before* it.",
        "At step 3 that is h₂ = 2, at step 2 it is h₁ = 1, at step 1 it is 0.",
        "1 · h₂ + 2 · h₁ + 4 · h₀",
    ),
)
def test_the_gradient_of_u(student):
    "∂L/∂u"
    mistakes = {
        "that is the last step alone; h₂ depends on u as well": 2.0,
        "multiply by u on the way back": 3.0,
        "take the state before each step, not the one after it": 15.0,
    }
    got = values_of(student.three_steps(), 3, "h3, dL/dw, dL/du")[2]
    assert_close(got, forward_mode(1, 2, (1, 0, 3))[2], mistakes=mistakes, what="∂L/∂u")


def counts(inputs, hidden, steps):
    """Sizes of the arrays, and of all products with them."""
    W, U, b = np.empty((hidden, inputs)), np.empty((hidden, hidden)), np.empty(hidden)
    return W.size + U.size + b.size, steps * (W.size + U.size)


CASES = ((27, 32, 10), (3, 4, 1), (1, 1, 500), (5, 2, 7))


@check(
    "rnn-what-grows",
    hints=(
        "Which arrays does the step use, and do later steps use others?",
        "W is (hidden, inputs), U is (hidden, hidden), b is (hidden,).",
        "hidden * inputs + hidden * hidden + hidden",
    ),
)
def test_parameters(student):
    "the parameters, for several sizes"
    for inputs, hidden, steps in CASES:
        weights, products = counts(inputs, hidden, steps)
        mistakes = {
            "the weights are shared: the length does not count": steps * weights,
            "b is missing": weights - hidden,
            "there is one bias, not two as in torch": weights + hidden,
            "U leads from all of the state to all of the state": hidden * inputs + 2 * hidden,
            "first the parameters, then the multiplications": products,
        }
        mistakes = {text: n for text, n in mistakes.items() if n != weights}
        got = values_of(
            student.parameters_and_products(inputs, hidden, steps), 2, "parameters and products"
        )
        what = f"parameters for {inputs} inputs, {hidden} units and {steps} steps"
        assert_close(got[0], weights, mistakes=mistakes, what=what)


@check(
    "rnn-what-grows",
    hints=(
        "A product of a matrix with a vector multiplies once for each entry of the matrix.",
        "Each step makes both products; b is only added.",
        "steps * (hidden * inputs + hidden * hidden)",
    ),
)
def test_products(student):
    "the multiplications, for several sizes"
    for inputs, hidden, steps in CASES:
        weights, products = counts(inputs, hidden, steps)
        mistakes = {
            "those of one step only": products // steps,
            "b is added, not multiplied": products + steps * hidden,
            "those with h₀ are to be counted, too": products - hidden * hidden,
            "first the parameters, then the multiplications": weights,
        }
        mistakes = {text: n for text, n in mistakes.items() if n != products}
        got = values_of(
            student.parameters_and_products(inputs, hidden, steps), 2, "parameters and products"
        )
        what = f"multiplications for {inputs} inputs, {hidden} units and {steps} steps"
        assert_close(got[1], products, mistakes=mistakes, what=what)


def drawn(seed, n, steps, inputs, hidden, dtype=np.float64):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, steps, inputs)).astype(dtype)
    lengths = rng.integers(1, steps + 1, n)
    weights = [rng.normal(size=s).astype(dtype) for s in ((hidden, inputs), (hidden, hidden))]
    return x, lengths, *weights, rng.normal(size=hidden).astype(dtype)


def one_by_one(x, lengths, W, U, b, over=0):
    """Each sequence by itself, without its padding; with `over`, too many steps."""
    rows = []
    for sequence, length in zip(x, lengths, strict=True):
        h = np.zeros(len(b))
        for step in sequence[: min(length + over, len(sequence))]:
            h = np.tanh(W @ step + U @ h + b)
        rows.append(h)
    return np.array(rows)


def as_array(got):
    """Return nested lists of numbers as an array, and anything else as it is."""
    try:
        array = np.asarray(got) if isinstance(got, list | tuple) else got
    except ValueError:  # rows of different length
        return got
    return array if getattr(array, "dtype", None) is not None and array.dtype.kind in "iuf" else got


def close_to_states(got, given, what, mistakes=None):
    """Compare with the states one by one; float32 and lists of rows are welcome."""
    got = as_array(got)
    assert_close(got, one_by_one(*given), rtol=1e-4, atol=1e-5, mistakes=mistakes, what=what)


def likely(given):
    x, lengths, W, U, b = given
    longest = np.full(len(x), x.shape[1])
    right = one_by_one(*given)
    found = {
        "that is the state at the end of the padding": one_by_one(x, longest, W, U, b),
        "one step too far: the last letter has the number length − 1": one_by_one(*given, over=1),
        "one step too few": one_by_one(*given, over=-1),
        "the transpose of U: h is a row here, so it is h @ U.T": one_by_one(x, lengths, W, U.T, b),
        "b is missing": one_by_one(x, lengths, W, U, 0 * b),
    }
    return {text: z for text, z in found.items() if not np.allclose(z, right)}


@check(
    "rnn-last-state",
    hints=(
        "Go through the steps for all sequences at once, and stop each at its length.",
        "A sequence that has ended keeps the state that it had.",
        "h = np.where(t < lengths[:, None], new, h)",
    ),
)
def test_all_of_one_length(student):
    "sequences without padding"
    for seed, sizes in enumerate(((3, 5, 2, 4), (2, 4, 3, 3))):
        x, _, W, U, b = drawn(seed, *sizes)
        given = x, np.full(len(x), x.shape[1]), W, U, b
        got = student.last_states(*given)
        assert_unchanged(student.last_states)
        close_to_states(got, given, "the last states", likely(given))


@check(
    "rnn-last-state",
    after="test_all_of_one_length",
    hints=(
        "What stands after the end of a sequence must not change its state.",
        "Padding may have any value: do not look for zeros, look at the lengths.",
        "keep all states and take states[n, lengths[n] - 1]",
    ),
)
def test_several_lengths(student):
    "sequences of several lengths, with padding of any value, also NaN"
    for seed, sizes in enumerate(((6, 7, 3, 4), (5, 3, 2, 2))):
        given = drawn(seed + 10, *sizes)
        got = student.last_states(*given)
        assert_unchanged(student.last_states)
        close_to_states(got, given, "the last states", likely(given))
    x, lengths, *weights = given
    for sequence, length in zip(x, lengths, strict=True):
        sequence[length:] = np.nan
    got = as_array(student.last_states(x, lengths, *weights))
    assert not (isinstance(got, np.ndarray) and got.dtype.kind == "f" and np.isnan(got).any()), (
        "with NaN as padding, the last states hold NaN: 0 times NaN is NaN, so choose the states "
        "that count, do not multiply by 0 and 1"
    )
    close_to_states(got, (x, lengths, *weights), "the last states with NaN as padding")


@check(
    "rnn-last-state",
    after="test_several_lengths",
    hidden=True,
    hints=(
        "Sizes of one are allowed, and so are inputs of zeros, large inputs, and many steps.",
        "A step whose input is 0 is a step: the bias and the state before count.",
        "decide by the lengths alone",
    ),
)
def test_small_sizes_and_zeros(student):
    "one sequence, one step, one unit; inputs that are 0 or large; many steps; float32"
    for seed, sizes in enumerate(((1, 1, 1, 1), (1, 4, 2, 3), (4, 1, 1, 2), (3, 5, 1, 1))):
        given = drawn(seed + 20, *sizes)
        close_to_states(student.last_states(*given), given, "the last states")
    x, _, W, U, b = drawn(30, 4, 6, 2, 3)
    x[:, 1:4] = 0
    given = x, np.array([2, 4, 3, 6]), W, U, b
    close_to_states(student.last_states(*given), given, "the last states with inputs of 0")
    given = 1000 * x, np.array([2, 4, 3, 6]), W, U, b
    close_to_states(student.last_states(*given), given, "the last states with large inputs")
    x, lengths, W, U, b = drawn(32, 3, 40, 2, 3)
    given = x, lengths, W, 0.3 * U, b
    close_to_states(student.last_states(*given), given, "the last states of 40 steps")
    given = drawn(31, 3, 4, 2, 3, np.float32)
    got = student.last_states(*given)
    close_to_states(got, given, "the last states of float32")


def by_marking(n, t, exchanged):
    """Change one input after the other, and see whether the state at (n, t) changes."""
    sequences, steps = n + 2, t + 2

    def state(x):
        x = x if exchanged else x.T  # the first axis is taken for time
        h = np.zeros(x.shape[1], dtype=np.uint64)
        kept = []
        for row in x:
            h = h | row
            kept.append(h)
        kept = np.array(kept) if exchanged else np.array(kept).T
        return int(kept[n, t])

    found = set()
    for place in np.ndindex(sequences, steps):
        x = np.zeros((sequences, steps), dtype=np.uint64)
        x[place] = 1
        if state(x):
            found.add(place)
    return found


def places_of(got):
    listed = isinstance(got, list | tuple | np.ndarray)
    assert listed, f"expected a list of (sequence, step), got {kind_of(got)}"
    got = got.tolist() if isinstance(got, np.ndarray) else got
    for place in got:
        pair = isinstance(place, tuple | list | np.ndarray) and len(place) == 2
        assert pair, f"expected places (sequence, step), got {place!r}"
        whole = all(isinstance(i, int | np.integer) and not isinstance(i, bool) for i in place)
        assert whole, f"expected places of two whole numbers, got {place!r}"
    places = Counter((int(n), int(t)) for n, t in got)
    for place, times in places.items():
        assert times == 1, f"{place} is listed {times} times; list each place once"
    return set(places)


def compare(student, exchanged):
    for n, t in ((0, 0), (2, 3), (4, 1), (0, 4), (5, 0), (6, 5), (20, 3), (2, 30)):
        got = places_of(student.seen(n, t, exchanged))
        expected = by_marking(n, t, exchanged)
        other = by_marking(n, t, not exchanged)
        assert got == expected or got != other, (
            f"state at {(n, t)}: that is what it has seen "
            f"{'as meant' if exchanged else 'with exchanged axes'}"
        )
        missing, extra = sorted(expected - got), sorted(got - expected)
        assert not missing, f"state at {(n, t)}: {missing[0]} is missing"
        assert not extra, f"state at {(n, t)}: it has not seen {extra[0]}"


@check(
    "rnn-seen",
    hints=(
        "A state depends on its own input and on what the state before it has seen.",
        "As meant, the state before (n, t) is that of the same sequence at t − 1.",
        "[(n, k) for k in range(t + 1)]",
    ),
)
def test_as_meant(student):
    "with the axes as meant"
    compare(student, False)


@check(
    "rnn-seen",
    hints=(
        "Which axis does the layer walk along when it takes the first for time?",
        "The state before (n, t) is then that of sequence n − 1 at the same step.",
        "[(k, t) for k in range(n + 1)]",
    ),
)
def test_exchanged(student):
    "with exchanged axes"
    compare(student, True)
