"""Checks of the project on names: the learner's own LSTM learns to write them."""

import numpy as np
from scipy.special import expit, log_softmax

from companion.data.first_names import split_names
from companion.exercises import assert_close, assert_unchanged, check
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

RANDOM = np.random.default_rng(16)
INPUTS = np.array([[1, 4, 5, 4], [1, 6, 0, 0]])
TARGETS = np.array([[4, 5, 4, 2], [6, 2, 0, 0]])


def drawn(tokens=7, dim=3, size=2, scale=1.0):
    """Six weights in float64, none of them symmetric."""
    shapes = [(tokens, dim), (4 * size, dim), (4 * size, size), (4 * size,)]
    shapes += [(tokens, size), (tokens,)]
    return [scale * RANDOM.normal(size=shape) for shape in shapes]


WEIGHTS = drawn()


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
    assert isinstance(said, list | tuple), "expected a list of six arrays"
    assert len(said) == 6, f"expected six arrays; got {len(said)}"
    return said


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
    "two names of four and two letters, single and double precision"
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
    single = [w.astype(np.float32) for w in drawn(5, 2, 3)]
    got = student.name_scores(single, np.array([[1, 4, 4]]))
    assert_close(got, scores(single, [[1, 4, 4]]).astype(np.float32), rtol=1e-4, atol=1e-5,
                 what="the scores with weights in float32")  # fmt: skip


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
    "six gradients of names of different lengths, with a letter that comes twice"
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
    other = drawn(6, 2, 3, scale=0.7)
    inputs, targets = np.array([[1, 5, 5, 5, 4]]), np.array([[5, 5, 5, 0, 2]])
    got = six(student.name_gradients(other, inputs, targets))
    for mine, theirs in zip(got, slopes(other, inputs, targets), strict=True):
        assert_close(mine, theirs, rtol=1e-5, atol=1e-8, what="a gradient of one long name")


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
    points=3,
    hints=(
        "Begin with token 1 and zero states; each drawn token is the next input.",
        "Scores of the allowed tokens alone, then tempered_probabilities, then np.cumsum.",
        "place = np.searchsorted(np.cumsum(p), chance, side='right'); token = allowed[place]",
    ),
)
def test_names_that_are_drawn(student):
    "several temperatures, chances that end early, a name that the end cuts off"
    for seed in range(6):
        rng = np.random.default_rng(seed)
        weights = drawn(8, 3, 4, scale=1.5)
        weights[5][[0, 1, 3]] += 3  # what must never come scores well
        temperature = (0.5, 1.0, 2.0)[seed % 3]
        chances = rng.random(seed + 1)
        right, nearest = written(weights, chances, temperature)
        if nearest < 1e-6:
            continue
        got = student.write_name(weights, chances, temperature)
        mistakes = {
            "the temperature divides the scores": np.array(
                written(weights, chances, 1 / temperature)[0], dtype=int
            ),
            "padding, start and unknown must never come": np.array(
                written(weights, chances, temperature, never=())[0], dtype=int
            ),
        }
        assert isinstance(got, list | tuple), "expected a list of whole numbers"
        got = np.asarray(got, dtype=int) if len(got) else np.array([], dtype=int)
        assert_close(got, np.array(right, dtype=int), atol=0, mistakes=mistakes, what="the tokens")
        assert_unchanged(student.write_name)
    ends = drawn(6, 2, 2)
    ends[5][2] = 50.0
    got = student.write_name(ends, np.array([0.5, 0.5]), 1.0)
    assert list(got) == [], f"the end comes at once: expected an empty list, got {list(got)}"
    goes_on = drawn(6, 2, 2)
    goes_on[5][2] = -80.0
    got = student.write_name(goes_on, np.array([0.2, 0.9, 0.4]), 1.0)
    assert len(got) == 3, f"three chances and no end give three tokens; got {len(got)}"


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
        g = [a / max(np.sqrt(sum((one**2).sum() for one in g)), 1) for a in g]
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        v = [0.999 * a + 0.001 * b**2 for a, b in zip(v, g, strict=True)]
        weights = [
            w - rate * (a / (1 - 0.9**t)) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8)
            for w, a, b in zip(weights, m, v, strict=True)
        ]
    return weights, (m, v, t)


def pair(said):
    assert isinstance(said, list | tuple), "expected the pair of weights and memory"
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
    "weights after two epochs of two batches, in double precision"
    weights = drawn(6, 2, 2, scale=1.5)
    batches = [(np.array([[1, 4, 5], [1, 5, 0]]), np.array([[4, 5, 2], [5, 2, 0]]))]
    batches += [(np.array([[1, 5, 5]]), np.array([[5, 5, 2]]))]
    middle, memory = pair(student.one_epoch(weights, None, batches, 0.05))
    assert_unchanged(student.one_epoch)
    right, kept = adam(weights, None, batches, 0.05)
    for got, expected in zip(middle, right, strict=True):
        assert_close(got, expected, rtol=1e-6, atol=1e-7, what="a weight after an epoch")
    last, _ = pair(student.one_epoch(middle, memory, batches[::-1], 0.02))
    again, _ = adam(right, kept, batches[::-1], 0.02)
    fresh, _ = adam(right, None, batches[::-1], 0.02)
    for got, expected, wrong in zip(last, again, fresh, strict=True):
        mistakes = {"averages and the number of updates go on from epoch to epoch": wrong}
        what = "a weight after a second epoch"
        assert_close(got, expected, rtol=1e-6, atol=1e-7, mistakes=mistakes, what=what)


@check(
    "own-generator",
    points=3,
    after="test_two_small_epochs",
    hints=(
        "Ten epochs with the rates of the page; nothing of your own is to be chosen.",
        "Compare name_gradients with measured slopes on two short names first.",
        "Each call gets the weights and the memory that the last one returned.",
    ),
)
def test_it_beats_counting(student):
    "a perplexity below 7.1 on 516 names that nobody has learned from"
    names = split_names()
    vocabulary = Vocabulary.of(names.train)
    weights, memory = first_weights(len(vocabulary)), None
    for epoch in range(EPOCHS):
        batches = epoch_batches(names.train, vocabulary, epoch)
        weights, memory = pair(student.one_epoch(weights, memory, batches, rate_of(epoch)))
        for given, first in zip(weights, first_weights(len(vocabulary)), strict=True):
            assert np.shape(given) == first.shape, (
                f"a weight of shape {first.shape} came back as {np.shape(given)}"
            )
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
