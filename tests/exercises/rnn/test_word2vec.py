"""Checks of the exercises in the chapter on word2vec."""

import numpy as np
import torch
from torch.nn import functional as F

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.numeric import array_of
from companion.exercises.wording import kind_of


def several(got, count, what):
    assert isinstance(got, tuple | list | np.ndarray), f"expected {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {what}, got {len(got)} values"
    return got


@check(
    "noise-by-hand",
    points=2,
    hints=(
        "Each word's chance is proportional to its count to the power 3/4.",
        "The fourth root of 81 is 3, and 3³ is 27. Divide by the sum of all three.",
        "27 + 8 + 1 = 36",
    ),
)
def test_the_three_chances(student):
    "chances of words that occur 81, 16 and 1 times"
    counts = np.array([81.0, 16, 1])
    mistakes = {
        "the counts are taken to the power 3/4 first": counts / counts.sum(),
        "divide by their sum: chances add up to 1": counts**0.75,
        "that is the fourth root; take its third power": counts**0.25 / (counts**0.25).sum(),
        "that is the root; the power is 3/4": counts**0.5 / (counts**0.5).sum(),
        "in the order of the text: 81 first": (counts**0.75 / (counts**0.75).sum())[::-1],
    }
    got = array_of(several(student.noise_by_hand(), 3, "three chances"), "three chances")
    assert got.max(initial=0) < 30 or abs(got.sum() - 100) > 1, "chances add up to 1: not per cent"
    assert_close(got, counts**0.75 / (counts**0.75).sum(), mistakes=mistakes, rtol=0, atol=3e-3,
                 what="the chances")  # fmt: skip


CLOSE = {"rtol": 1e-5, "atol": 1e-6}
"""Near enough for a step in float32."""


def counted_weights(window):
    """Count in how many of the windows 1 … window each distance lies inside."""
    inside = [
        [distance <= own for own in range(1, window + 1)] for distance in range(1, window + 1)
    ]
    return np.mean(inside, axis=1)


@check(
    "window-weights",
    hints=(
        "For which drawn windows is the neighbour k away inside?",
        "Windows k, k + 1, …, window: that is window − k + 1 of them.",
        "np.arange(window, 0, -1) / window",
    ),
)
def test_five_places(student):
    "a window of 5"
    expected = counted_weights(5)
    mistakes = {
        "the nearest neighbour comes first": expected[::-1],
        "the neighbour 1 away is always inside": np.arange(4, -1, -1) / 5,
        "chances of being inside, not shares of all pairs": expected / expected.sum(),
        "that is GloVe's weight 1/k; here the window is drawn": 1 / np.arange(1, 6),
    }
    got = array_of(student.window_weights(5), "an array of chances")
    assert_close(got, expected, mistakes=mistakes, what="the chances")


@check(
    "window-weights",
    after="test_five_places",
    hidden=True,
    hints=(
        "The window may have any size.",
        "A window of 1 has one neighbour to each side, always inside.",
        "use the argument window, not 5",
    ),
)
def test_other_windows(student):
    "windows of 1, 2, 7, 10 and 49"
    for window in (1, 2, 7, 10, 49):
        got = array_of(student.window_weights(window), "an array of chances")
        assert_close(got, counted_weights(window), what=f"the chances for a window of {window}")


def torch_step(given, asked, centre, neighbour, noise, lr):
    """The step by torch's automatic differentiation, in the type of the tables."""
    v, u = (torch.tensor(np.asarray(t, float), requires_grad=True) for t in (given, asked))
    loss = -F.logsigmoid(v[centre] @ u[neighbour])
    for k in noise:
        loss = loss - F.logsigmoid(-(v[centre] @ u[int(k)]))
    loss.backward()
    return [(t - lr * t.grad).detach().numpy() for t in (v, u)]


def one_after_the_other(given, asked, centre, neighbour, noise, lr):
    """A mistake: the second table moves by the new vector of the centre."""
    new = torch_step(given, asked, centre, neighbour, noise, lr)[0]
    moved = torch_step(new, asked, centre, neighbour, noise, lr)[1]
    return moved


def asked_first(given, asked, centre, neighbour, noise, lr):
    """A mistake: the centre moves by the new vectors of the words asked for."""
    new = torch_step(given, asked, centre, neighbour, noise, lr)[1]
    v, rows = given[centre], [neighbour, *noise]
    errors = 1 / (1 + np.exp(-asked[rows] @ v)) - (np.arange(len(rows)) == 0)
    moved = given.copy()
    moved[centre] -= lr * errors @ new[rows]
    return moved


def tables(seed, rows=6, size=3, scale=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(0, scale, (rows, size)), rng.normal(0, scale, (rows, size))


def stepped(student, *arguments):
    got = several(student.skip_gram_step(*arguments), 2, "two tables")
    assert_unchanged(student.skip_gram_step)
    return [array_of(table, "two tables") for table in got]


@check(
    "skip-gram-step",
    hints=(
        "The error is σ(score) − 1 for the neighbour and σ(score) for a noise word.",
        "The centre's gradient is the sum of error times u over neighbour and noise words.",
        "given[centre] -= lr * errors @ asked[rows], with the old asked",
    ),
)
def test_the_centre_moves(student):
    "the table of the given words"
    for seed, lr in ((0, 0.1), (1, 0.5)):
        arguments = (*tables(seed), 2, 0, np.array([3, 4]), lr)
        given = arguments[0]
        expected = torch_step(*arguments)[0]
        alone = torch_step(*arguments[:4], [], lr)[0]
        mistakes = {
            "go against the gradient, not along it": 2 * given - expected,
            "the noise words push, too": alone,
            "nothing has moved": given,
            "use the old vectors of the words asked for": asked_first(*arguments),
        }
        assert_close(stepped(student, *arguments)[0], expected, mistakes=mistakes, **CLOSE,
                     what="the table of given words")  # fmt: skip


@check(
    "skip-gram-step",
    after="test_the_centre_moves",
    hints=(
        "The neighbour gets e · v, each noise word eₖ · v.",
        "Keep a copy of the old vector of the centre: both gradients use old vectors.",
        "v = given[centre].copy() before anything moves",
    ),
)
def test_the_words_asked_for_move(student):
    "the table of the words asked for"
    for seed, lr in ((2, 0.1), (3, 1.0)):
        arguments = (*tables(seed), 1, 5, np.array([0, 3, 4]), lr)
        mistakes = {
            "use the old vector of the centre": one_after_the_other(*arguments),
            "nothing has moved": arguments[1],
        }
        assert_close(stepped(student, *arguments)[1], torch_step(*arguments)[1], mistakes=mistakes,
                     **CLOSE, what="the table of words asked for")  # fmt: skip


@check(
    "skip-gram-step",
    after="test_the_words_asked_for_move",
    hidden=True,
    hints=(
        "A noise word may be drawn twice, or be the neighbour itself.",
        "asked[rows] -= … with a row twice keeps only the last change.",
        "np.subtract.at(asked, rows, lr * np.outer(errors, v))",
    ),
)
def test_rows_that_come_twice(student):
    "noise that comes twice, or is the neighbour, one word or nine of it; large scores"
    for seed, noise, rows, scale in (
        (4, [3, 3, 3], 6, 1),
        (5, [0, 4, 0], 6, 1),
        (6, [5], 6, 1),
        (7, [2, 2, 1, 0], 6, 1),
        (8, [1, 2, 3, 4, 5, 6, 7, 8, 8], 9, 1),
        (9, [1, 3, 4, 3], 5, 3),
        (10, [1, 3, 4], 5, 4),
    ):
        arguments = (*tables(seed, rows, 2, scale), 2, 0, np.array(noise), 0.3)
        got = stepped(student, *arguments)
        for table, expected, name in zip(
            got, torch_step(*arguments), ("given", "asked"), strict=True
        ):
            assert_close(table, expected, **CLOSE, what=f"the table `{name}` with noise {noise}")


CAUSES = ("both tables start at zero", "no noise words", "no sub-sampling")


def cause(student, run):
    got = several(student.causes(), 3, "a tuple of three causes")[run]
    assert got in CAUSES, f"expected one of {CAUSES}, got {got!r}"
    return got


@check(
    "word2vec-runs",
    hints=(
        "With what does a loss become tiny although nothing was learned?",
        "If every question has the answer yes, all vectors may point the same way.",
        "nothing pushes vectors apart: no noise words",
    ),
)
def test_the_run_with_a_tiny_loss(student):
    "run 1: a loss near 0, all cosines large"
    assert cause(student, 0) == CAUSES[1], "what pushes vectors apart in the loss?"


@check(
    "word2vec-runs",
    hints=(
        "Look at the gradients: each is an error times a vector.",
        "6 log 2 with K = 5 means that all scores are 0.",
        "an error times a vector of zeros is zero",
    ),
)
def test_the_run_that_stands_still(student):
    "run 2: a loss of 6 log 2, nothing moves"
    assert cause(student, 1) == CAUSES[0], "for which vectors are all gradients zero?"


@check(
    "word2vec-runs",
    hints=(
        "Who stands near nearly every word?",
        "The most frequent words make most of the pairs.",
        "they should have been thinned out",
    ),
)
def test_the_run_full_of_small_words(student):
    "run 3: everybody's neighbours are the, and, of"
    assert cause(student, 2) == CAUSES[2], "which step makes frequent words rarer?"


def topics(seed, size=30, count=12000, *, in_order=False):
    """Pairs of words of four topics, numbered at random or in order; some pairs cross over."""
    rng = np.random.default_rng(seed)
    topic = np.sort(np.arange(size) % 4) if in_order else rng.permutation(np.arange(size) % 4)
    often = np.where(rng.random(size) < 0.3, 10.0, 1.0)
    chances = [np.where(topic == k, often, 0) / often[topic == k].sum() for k in range(4)]
    about = rng.integers(0, 4, count)
    other = np.where(rng.random(count) < 0.2, rng.integers(0, 4, count), about)
    sides = []
    for k_of in (about, other):
        words = np.empty(count, np.int64)
        for k in range(4):
            words[k_of == k] = rng.choice(size, (k_of == k).sum(), p=chances[k])
        sides.append(words)
    return *sides, topic


def mean_cosines(vectors, size, topic):
    """Mean cosine of two words of a topic, and of two words of different topics."""
    vectors = array_of(vectors, f"an array ({size}, 8)")
    assert vectors.shape == (size, 8), f"expected an array ({size}, 8), got {vectors.shape}"
    assert np.isfinite(vectors).all(), "some numbers are not finite: take a smaller rate"
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (lengths > 0).all(), "some vectors are zero"
    unit = vectors / lengths
    i, j = np.triu_indices(size, 1)
    cosines, same = (unit @ unit.T)[i, j], topic[i] == topic[j]
    return cosines[same].mean(), cosines[~same].mean()


def assert_apart(vectors, size, topic):
    same, other = mean_cosines(vectors, size, topic)
    assert same - other >= 0.45, (
        f"mean cosine {same:.2f} within a topic and {other:.2f} between topics; wanted is a "
        "difference of 0.45"
    )


@check(
    "own-word-vectors",
    points=2,
    hints=(
        "Draw batches of pairs and noise words, and make the step of the exercise before.",
        "One table starts with small random numbers, the other at zero; rate 0.02 a pair.",
        "1500 times: k = rng.integers(0, len(centres), 200); …; np.subtract.at(v, centres[k], dv)",
    ),
)
def test_topics_are_found(student):
    "thirty words of four topics: cosines within a topic larger by 0.45"
    centres, neighbours, topic = topics(0)
    vectors = student.trained_vectors(centres, neighbours, 30)
    assert_unchanged(student.trained_vectors)
    assert_apart(vectors, 30, topic)


@check(
    "own-word-vectors",
    points=2,
    after="test_topics_are_found",
    hidden=True,
    hints=(
        "The same should work for other texts and sizes.",
        "Use `size` and the pairs you get; do not rely on the order of the words.",
        "v = rng.normal(0, 0.1, (size, 8))",
    ),
)
def test_other_topics(student):
    "twenty-four words, and thirty-six that are numbered topic by topic"
    for seed, size in ((1, 24), (2, 36)):
        centres, neighbours, topic = topics(seed, size, in_order=size == 36)
        assert_apart(student.trained_vectors(centres, neighbours, size, seed=seed), size, topic)
