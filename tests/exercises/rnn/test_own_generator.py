"""Checks of the project on names: the learner's own LSTM learns to write them."""

from itertools import pairwise

import numpy as np
from scipy.special import expit, log_softmax

from companion.data.first_names import split_names
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient
from companion.rnn.experiments.own_generator import (
    ASKED,
    EPOCHS,
    as_model,
    epoch_batches,
    first_weights,
    judged,
    rate_of,
)
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.text.vocabulary import Vocabulary

INPUTS = np.array([[1, 4, 5, 4], [1, 6, 0, 0]])
TARGETS = np.array([[4, 5, 4, 2], [6, 2, 0, 0]])


def drawn(seed, tokens=7, dim=3, size=2, scale=1.0):
    """Six weights in float64, none of them symmetric, the same for a seed whenever it is asked."""
    rng = np.random.default_rng(seed)
    shapes = [(tokens, dim), (4 * size, dim), (4 * size, size), (4 * size,)]
    shapes += [(tokens, size), (tokens,)]
    return [scale * rng.normal(size=shape) for shape in shapes]


WEIGHTS = drawn(16)


def states(weights, tokens, order="ifgo"):
    """States after each token of one name, gate by gate."""
    table, w_ih, w_hh, b, *_ = weights
    size = w_hh.shape[1]
    h, c, found = np.zeros(size), np.zeros(size), []
    for token in tokens:
        a = w_ih @ table[token] + w_hh @ h + b
        part = {gate: a[k * size : (k + 1) * size] for k, gate in enumerate(order)}
        c = expit(part["f"]) * c + expit(part["i"]) * np.tanh(part["g"])
        h = expit(part["o"]) * np.tanh(c)
        found.append(h)
    return np.array(found)


def scores(weights, inputs, **options):
    *_, w_out, b_out = weights
    return np.array([states(weights, row, **options) @ w_out.T + b_out for row in inputs])


def loss(weights, inputs, targets):
    """Mean surprise about what is asked, by SciPy's log-softmax."""
    told = log_softmax(scores(weights, inputs), axis=2)
    rows, columns = np.nonzero(targets)
    return -np.mean(told[rows, columns, targets[rows, columns]])


def slopes(weights, inputs, targets):
    """Gradients by central differences, entry by entry."""

    def with_one(k):
        return lambda w: loss([*weights[:k], w, *weights[k + 1 :]], inputs, targets)

    return [numerical_gradient(with_one(k), w) for k, w in enumerate(weights)]


def six(said):
    """The six arrays of an answer."""
    assert isinstance(said, list | tuple), f"expected six arrays, a list; got {kind_of(said)}"
    assert len(said) == 6, f"expected six arrays; got {len(said)}"
    return said


def kept_dtype(got, dtype, what):
    """The type of the weights is asked for."""
    found = getattr(got, "dtype", type(got).__name__)
    assert found == dtype, f"the weights are {np.dtype(dtype)}; {what} came back as {found}"


@check(
    "name-scores",
    points=2,
    hints=(
        "A loop over the steps; all names of the batch take a step at once.",
        "For the tokens of one step, E[tokens] is x; state and cell are handed to the next step.",
        "h, c = lstm_step(E[tokens], h, c, w_ih, w_hh, b); scores.append(h @ w_out.T + b_out)",
    ),
)
def test_scores_after_each_letter(student):
    "names of different lengths, single and double precision"
    got = student.name_scores(WEIGHTS, INPUTS)
    right = scores(WEIGHTS, INPUTS)
    alone = np.array([[scores(WEIGHTS, row[[t]][None])[0, 0] for t in range(4)] for row in INPUTS])
    mistakes = {
        "the state is to be handed on from letter to letter": alone,
        "gates stand in the order input, forget, cell, output": scores(
            WEIGHTS, INPUTS, order="ifog"
        ),
        "the bias of the scores is missing": right - WEIGHTS[5],
    }
    assert_close(got, right, rtol=1e-8, mistakes=mistakes, what="the scores")
    assert_unchanged(student.name_scores)
    single = [w.astype(np.float32) for w in drawn(17, 5, 2, 3)]
    for tokens in ([[1, 4, 4]], [[1], [1], [4]], [[1, 4, 2, 4, 3, 4, 4, 2, 4], [1, 3, *[2] * 7]]):
        got = student.name_scores(single, np.array(tokens))
        right = scores([w.astype(float) for w in single], tokens).astype(np.float32)
        what = "the array of scores with weights in float32"
        assert_close(got, right, rtol=1e-4, atol=1e-5, what=what)
        kept_dtype(got, np.float32, "the array of scores")


@check(
    "name-gradients",
    points=5,
    hints=(
        "Forward as in the scores, keeping x, h, c of each step; then from the last step to the "
        "first.",
        "dh of a step is what its scores say, (p - onehot) w_out, plus what the next step handed "
        "on.",
        "dx, dh, dc, dw_ih, dw_hh, db = lstm_step_back(dh + slopes[t] @ w_out, dc, *steps[t], …)",
    ),
)
def test_gradients_are_the_measured_slopes(student):
    "six gradients of names of different lengths, with a letter that comes twice, two precisions"
    got = six(student.name_gradients(WEIGHTS, INPUTS, TARGETS))
    right = slopes(WEIGHTS, INPUTS, TARGETS)
    asked = (TARGETS != 0).sum()
    for k, name in enumerate(("E", "w_ih", "w_hh", "b", "w_out", "b_out")):
        mistakes = {
            "the loss is a mean over the targets that are not 0": right[k] * asked,
            "padding counts neither in the sum nor in the mean": right[k] * asked / TARGETS.size,
            "the loss is a mean over letters, not over names": right[k] * asked / len(INPUTS),
        }
        assert_close(got[k], right[k], rtol=1e-5, atol=1e-8, mistakes=mistakes,
                     what=f"the gradient of {name}")  # fmt: skip
    assert_unchanged(student.name_gradients)
    other = drawn(18, 6, 2, 3, scale=0.7)
    inputs, targets = np.array([[1, 5, 5, 5, 4]]), np.array([[5, 5, 5, 0, 2]])
    got = six(student.name_gradients(other, inputs, targets))
    right = slopes(other, inputs, targets)
    for mine, theirs in zip(got, right, strict=True):
        assert_close(mine, theirs, rtol=1e-5, atol=1e-8, what="a gradient of one long name")
    shifted = [*other[:5], other[5] + 1000.0]  # softmax does not notice
    got = six(student.name_gradients(shifted, inputs, targets))
    for mine, theirs in zip(got, right, strict=True):
        assert_close(mine, theirs, rtol=1e-5, atol=1e-8, what="a gradient where scores are large")
    got = six(student.name_gradients([w.astype(np.float32) for w in other], inputs, targets))
    for mine, theirs in zip(got, right, strict=True):
        kept_dtype(mine, np.float32, "a gradient")
        what = "a gradient in float32"
        assert_close(mine, theirs.astype(np.float32), rtol=1e-3, atol=1e-5, what=what)


def written(weights, chances, temperature, never=(0, 1, 3)):
    """A name by adding up probabilities token by token; how near the nearest choice was."""
    tokens, nearest = [], 1.0
    for chance in chances:
        told = scores(weights, [[1, *tokens]])[0, -1] / temperature
        p = np.array([0.0 if k in never else np.exp(s - told.max()) for k, s in enumerate(told)])
        total, sums = 0.0, []
        for one in p / p.sum():
            total += one
            sums.append(total)
        nearest = min(nearest, min(abs(chance - s) for s in sums[:-1] if s > 0))
        token = next(k for k, s in enumerate(sums) if s > chance)
        if token == 2:
            break
        tokens.append(token)
    return tokens, nearest


@check(
    "write-name",
    points=2,
    hints=(
        "Begin with token 1 and zero states; each drawn token is the next input.",
        "Scores of the allowed tokens alone, then tempered_probabilities, then np.cumsum.",
        "place = np.searchsorted(np.cumsum(p), chance, side='right'); token = allowed[place]",
    ),
)
def test_names_that_are_drawn(student):
    "several temperatures, chances that end early, a name that the end cuts off"
    for seed in range(12):
        rng = np.random.default_rng(seed)
        weights = drawn(100 + seed, 8, 3, 4, scale=1.5)
        weights[5][[0, 1, 3]] += 3  # what must never come scores well
        weights[5][2] -= 1.5  # names are to be longer than this network likes them
        temperature = (0.5, 1.0, 2.0)[seed % 3]
        chances = rng.random(1 + seed)
        right, nearest = written(weights, chances, temperature)
        if nearest < 1e-6:
            continue
        got = student.write_name(weights, chances, temperature)
        mistakes = {
            "the temperature divides the scores": written(weights, chances, 1 / temperature)[0],
            "padding, start and unknown must never come": written(
                weights, chances, temperature, never=()
            )[0],
        }
        # A short list comes about in many ways.
        mistakes = {text: tokens for text, tokens in mistakes.items() if len(tokens) > 2}
        assert_close(got, right, mistakes=mistakes, what="the list of tokens")
        assert_unchanged(student.write_name)
    ends = drawn(19, 6, 2, 2)
    ends[5][2] = 50.0
    got = student.write_name(ends, np.array([0.5, 0.5]), 1.0)
    assert_close(got, [], what="the list of a name that ends at once")
    goes_on = drawn(20, 6, 2, 2)
    goes_on[5][2] = -80.0
    got = student.write_name(goes_on, np.array([0.2, 0.9, 0.4]), 1.0)
    right = written(goes_on, [0.2, 0.9, 0.4], 1.0)[0]
    assert_close(got, right, what="the list of a name that the chances end")


@check(
    "write-name",
    after="test_names_that_are_drawn",
    hints=(
        "A chance of 0 takes the first token that may come; one just below 1 takes the last.",
        "Sums that should end at 1 may end a rounding error below: no sum exceeds the chance then.",
        "place = min(place, len(allowed) - 1)",
    ),
)
def test_chances_at_the_ends(student):
    "no chances, chances of 0, and chances just below 1"
    weights = drawn(21, 6, 2, 2)
    got = student.write_name(weights, np.array([]), 1.0)
    assert_close(got, [], what="the list without any chance")
    got = student.write_name(weights, np.array([0.0, 0.5]), 1.0)
    assert_close(got, [], what="the list for a chance of 0, which takes the end")
    most = np.nextafter(1.0, 0.0)
    for seed in range(6):
        weights = drawn(200 + seed, 30, 3, 4, scale=0.5)
        got = student.write_name(weights, np.full(6, most), 1.0)
        assert_close(got, [29] * 6, what="the list for chances just below 1, the last token again")


def by_engine(weights, inputs, targets):
    """Gradients by the companion's own layers, which are compared with torch elsewhere."""
    model = as_model(weights)
    next_token_loss(model(inputs), targets).backward()
    found = [weight.grad for weight in model.parameters()]
    return [*found[:4], *found[5:]]  # the second bias of the LSTM is not ours


def adam(weights, memory, batches, rate):
    """An epoch in float64: clip at norm 1, Adam."""
    m, v, t = memory or ([0 * w for w in weights], [0 * w for w in weights], 0)
    for inputs, targets in batches:
        t += 1
        g = by_engine(weights, inputs, targets)
        g = [a / max(joint(g), 1) for a in g]
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        v = [0.999 * a + 0.001 * b**2 for a, b in zip(v, g, strict=True)]
        weights = [
            w - rate * (a / (1 - 0.9**t)) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8)
            for w, a, b in zip(weights, m, v, strict=True)
        ]
    return weights, (m, v, t)


def joint(gradients):
    """Norm of all arrays as one vector."""
    return np.sqrt(sum((one**2).sum() for one in gradients))


def pair(said):
    assert isinstance(said, list | tuple), (
        f"expected the pair of weights and memory; got {kind_of(said)}"
    )
    assert len(said) == 2, f"expected the pair of weights and memory; got {len(said)} values"
    return six(said[0]), said[1]


@check(
    "own-generator",
    points=3,
    hints=(
        "For each batch: gradients, clipped, adam_step for each of the six weights.",
        "memory holds the two averages of each weight and the number of updates so far.",
        "m, v, t = memory or [zeros, zeros, 0]; … return weights, [m, v, t]",
    ),
)
def test_two_small_epochs(student):
    "weights after two epochs of two batches, in double precision; their type"
    weights = drawn(35, 6, 2, 2, scale=1.5)
    batches = [(np.array([[1, 4, 5], [1, 5, 0]]), np.array([[4, 5, 2], [5, 2, 0]]))]
    batches += [(np.array([[1, 5, 5]]), np.array([[5, 5, 2]]))]
    norms = [joint(by_engine(weights, *batch)) for batch in batches]
    assert min(norms) < 0.9 < 1.1 < max(norms), "one batch is to be clipped, the other not"
    middle, memory = pair(student.one_epoch(weights, None, batches, 0.05))
    assert_unchanged(student.one_epoch)
    right, kept = adam(weights, None, batches, 0.05)
    for got, expected in zip(middle, right, strict=True):
        assert_close(got, expected, rtol=1e-6, atol=1e-7, what="a weight after an epoch")
        kept_dtype(got, np.float64, "a weight")
    last, _ = pair(student.one_epoch(middle, memory, batches[::-1], 0.02))
    assert 0 not in student.one_epoch.changed, "one_epoch changed the weights it was given in place"
    again, _ = adam(right, kept, batches[::-1], 0.02)
    fresh, _ = adam(right, None, batches[::-1], 0.02)
    for got, expected, wrong in zip(last, again, fresh, strict=True):
        mistakes = {"averages and the number of updates go on from call to call": wrong}
        what = "a weight after a second epoch"
        assert_close(got, expected, rtol=1e-6, atol=1e-7, mistakes=mistakes, what=what)
    single = [w.astype(np.float32) for w in weights]
    for got in pair(student.one_epoch(single, None, batches, 0.05))[0]:
        kept_dtype(got, np.float32, "a weight")


def in_parts(batches, parts=4):
    """The batches of an epoch in a few calls, so that a slow answer has time for each."""
    ends = [part * len(batches) // parts for part in range(parts + 1)]
    return [batches[a:b] for a, b in pairwise(ends)]


@check(
    "own-generator",
    points=3,
    after="test_two_small_epochs",
    hints=(
        "Ten epochs with the rates of the page; nothing of your own is to be chosen.",
        "Compare name_gradients with measured slopes on two short names first.",
        "Each call, a quarter of an epoch, gets the weights and the memory that the last returned.",
    ),
)
def test_it_beats_counting(student):
    "a perplexity below 7.1 on 516 names that nobody has learned from"
    names = split_names()
    vocabulary = Vocabulary.of(names.train)
    weights, memory = first_weights(len(vocabulary)), None
    for epoch in range(EPOCHS):
        for batches in in_parts(epoch_batches(names.train, vocabulary, epoch)):
            weights, memory = pair(student.one_epoch(weights, memory, batches, rate_of(epoch)))
        for given, first in zip(weights, first_weights(len(vocabulary)), strict=True):
            assert np.shape(given) == first.shape, (
                f"a weight of shape {first.shape} came back as {np.shape(given)}"
            )
            kept_dtype(given, first.dtype, "a weight")
            assert np.isfinite(given).all(), f"weights are not finite after epoch {epoch + 1}"
        if epoch == 1:
            early = judged(weights, names.test, vocabulary)
            assert early < 9.5, (
                f"after two epochs the perplexity on new names is {early:.1f}; below 9.5 is usual"
            )
    reached = judged(weights, names.test, vocabulary)
    assert reached < ASKED, (
        f"the perplexity on new names is {reached:.2f}; below {ASKED} is asked for"
    )
