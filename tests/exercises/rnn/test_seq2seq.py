"""Checks of the exercises in the chapter on encoder and decoder."""

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def tuple_of(got, count, what):
    assert isinstance(got, tuple | list), f"expected a tuple, {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}, got {len(got)}"
    return got


def said_by_hand(text, which):
    assert isinstance(text, str), f"{which} should be a text such as 'AB', got {kind_of(text)}"
    return text.replace("<end>", "").replace(" ", "").upper()


BY_HAND = "greedy's answer and probability, the best answer and its probability"


@check(
    "greedy-by-hand",
    hints=(
        "Greedy takes the most probable token, then the most probable after that, until <end>.",
        "First A. After A the most probable of A, B and <end> is <end>.",
        '"A" with 0.5 · 0.4',
    ),
)
def test_greedy(student):
    "what greedy says"
    text, p, _, _ = tuple_of(student.greedy_by_hand(), 4, BY_HAND)
    text = said_by_hand(text, "greedy's answer")
    assert text == "A", (
        f"greedy says {text!r}? It takes A first, for 0.5 is the largest, and what is most "
        "probable after A?"
    )
    mistakes = {
        "the end is a token, too, and has a factor": 0.5,
        "that is the factor of the end alone": 0.4,
        "a product, not a sum": 0.9,
    }
    assert_close(p, 0.2, rtol=1e-3, mistakes=mistakes, what="the probability of greedy's answer")


@check(
    "greedy-by-hand",
    hints=(
        "Go through the short answers; a longer one has one more factor below 1.",
        "The empty answer has 0.1. What have A, B, AB and BB?",
        '"B" with 0.4 · 0.8',
    ),
)
def test_best(student):
    "the most probable answer"
    _, _, text, p = tuple_of(student.greedy_by_hand(), 4, BY_HAND)
    text = said_by_hand(text, "the best answer")
    assert text == "B", (
        f"{text!r} is not the most probable answer; have you tried what begins with B?"
    )
    mistakes = {
        "the end is a token, too, and has a factor": 0.4,
        "that is the factor of the end alone": 0.8,
        "that is greedy's answer": 0.2,
    }
    assert_close(p, 0.32, rtol=1e-3, mistakes=mistakes, what="the probability of the best answer")


SHAPES = ((3, 4, 5), (1, 1, 2), (2, 6, 7), (4, 3, 3))


def lesson(seed, scale=2.0, dtype=np.float64):
    """Scores (N, T, V) and right tokens (N, T), padded with 0."""
    count, steps, tokens = SHAPES[seed % len(SHAPES)]
    rng = np.random.default_rng(seed)
    scores = (scale * rng.normal(size=(count, steps, tokens))).astype(dtype)
    following = rng.integers(1, tokens, (count, steps))
    lengths = rng.integers(1, steps + 1, count)
    lengths[0] = steps
    following[np.arange(steps) >= lengths[:, None]] = 0
    return scores, following


def by_torch(scores, following, ignore=0):
    scores, following = torch.tensor(scores).double(), torch.tensor(following)
    loss = torch.nn.functional.cross_entropy(
        scores.transpose(1, 2), following, reduction="none", ignore_index=ignore
    )
    return -loss.sum(dim=1).numpy()


@check(
    "answer-probability",
    points=2,
    hints=(
        "Logarithm of the softmax, then the entry of the right token, then the sum of a row.",
        "np.take_along_axis(log_p, following[..., None], axis=2)[..., 0] picks the right tokens.",
        "(right * (following != 0)).sum(axis=1)",
    ),
)
def test_whole_answers(student):
    "random scores with padding, against torch"
    for seed in range(6):
        scores, following = lesson(seed)
        expected = by_torch(scores, following)
        lengths = (following != 0).sum(axis=1)
        raw = np.take_along_axis(scores, following[..., None], axis=2)[..., 0]
        mistakes = {
            "padding must not count": by_torch(scores, following, ignore=-1),
            "a sum, not a mean: the probability of the whole answer": expected / lengths,
            "the logarithm of the probability, not its negative": -expected,
            "its logarithm is asked for": np.exp(expected),
            "scores are no probabilities yet: take the softmax": (raw * (following != 0)).sum(
                axis=1
            ),
            "one number for each answer": np.full(len(scores), expected.sum()),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.allclose(v, expected)}
        got = np.asarray(student.answer_log_probability(scores, following))
        assert_unchanged(student.answer_log_probability)
        assert_close(got, expected, mistakes=mistakes, what="log-probability of each answer")


@check(
    "answer-probability",
    after="test_whole_answers",
    hidden=True,
    hints=(
        "exp of a large number overflows; the product of many probabilities is 0.",
        "Subtract the largest score first, and add logarithms.",
        "scores - scores.max(axis=2, keepdims=True)",
    ),
)
def test_large_scores_and_long_answers(student):
    "scores in the thousands, answers of 2,000 tokens, float32"
    for scale, dtype in ((3000.0, np.float64), (2.0, np.float32)):
        scores, following = lesson(2, scale, dtype)
        got = np.asarray(student.answer_log_probability(scores, following))
        expected = by_torch(scores, following)
        assert np.isfinite(got).all(), "not finite where scores are large"
        assert_close(got, expected, rtol=1e-4, what="log-probability of each answer")
    rng = np.random.default_rng(8)
    scores, following = rng.normal(size=(2, 2000, 4)), rng.integers(1, 4, (2, 2000))
    got = np.asarray(student.answer_log_probability(scores, following))
    assert np.isfinite(got).all(), "not finite for long answers: add logarithms"
    assert_close(
        got, by_torch(scores, following), rtol=1e-6, what="log-probability of long answers"
    )


def heard(seed):
    """Right and guessed tokens, whom to trust, and the start."""
    count, steps = ((3, 5), (1, 4), (2, 2), (4, 1))[seed % 4]
    rng = np.random.default_rng(seed)
    following = rng.integers(4, 20, (count, steps))
    guessed = rng.integers(*((20, 40), (1, 23))[seed // 4 % 2], (count, steps))
    return following, guessed, rng.random((count, steps)) < 0.5, int(rng.integers(1, 4))


def shifted(passed, start):
    first = np.full((len(passed), 1), start)
    return np.concatenate([first, passed[:, :-1]], axis=1)


@check(
    "scheduled-inputs",
    points=2,
    hints=(
        "What is passed on at a step is the input of the NEXT step.",
        "First choose at each step, then shift by one and put start in front.",
        "passed = np.where(trust, following, guessed); inputs[:, 1:] = passed[:, :-1]",
    ),
)
def test_mixed_inputs(student):
    "random tokens"
    for seed in range(8):
        following, guessed, trust, start = heard(seed)
        expected = shifted(np.where(trust, following, guessed), start)
        late = np.concatenate([trust[:, 1:], trust[:, -1:]], axis=1)
        mistakes = {
            "shift by one: at step t the decoder must not get the token it should say": np.where(
                trust, following, guessed
            ),
            "trust True means the right token": shifted(np.where(trust, guessed, following), start),
            "trust belongs to the step whose token is passed on": shifted(
                np.where(late, following, guessed), start
            ),
            "that is pure teacher forcing; where trust is False the guess is passed on": shifted(
                following, start
            ),
            "what is passed on goes to the next step, not around to the first": np.roll(
                np.where(trust, following, guessed), 1, axis=1
            ),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.array_equal(v, expected)}
        got = student.scheduled_inputs(following, guessed, trust, start)
        assert_unchanged(student.scheduled_inputs)
        assert_close(np.asarray(got), expected, mistakes=mistakes, what="the inputs")


@check(
    "scheduled-inputs",
    after="test_mixed_inputs",
    hidden=True,
    hints=(
        "All True, all False, one step only; integers stay integers.",
        "np.zeros makes floats; np.full_like keeps the kind.",
        "np.full_like(following, start)",
    ),
)
def test_always_never_and_one_step(student):
    "pure teacher forcing, only guesses, one step, kind of numbers"
    following, guessed, _, start = heard(0)
    for trust, passed in ((np.ones_like(following), following), (0 * following, guessed)):
        got = np.asarray(student.scheduled_inputs(following, guessed, trust.astype(bool), start))
        assert got.dtype.kind in "iu", f"tokens are numbers of a vocabulary; got {got.dtype}"
        assert_close(got, shifted(passed, start), what="the inputs")
    one = [part[:, :1] for part in heard(1)[:3]]
    got = np.asarray(student.scheduled_inputs(*one, 7))
    assert_close(got, np.full((1, 1), 7), what="the input of a single step")


SICK = {
    "deaf": ([[5, 6, 7]] * 4, [[3, 3]] * 3, [[]] * 3, [[1, 2, 3, 4, 5, 6]] * 2),
    "endless": (
        [[5, 6, 7, 8, 5, 6], [4, 4, 5, 5, 6, 6], [9, 8, 7, 9, 8, 7]],
        [[5, 5, 5, 5, 5, 5], [6, 6, 6, 6, 6, 6]],
    ),
    "copying": ([[5, 5], [6, 6, 6], [7, 7]], [[4, 4, 4, 4], [8, 8]], [[5] * 6, [7, 7]]),
    "fine": (
        [[5, 6], [7, 8, 9], [4]],
        [[5, 5], [6, 7, 6], [8, 8]],
        [[5], [6], [7]],
        [[5, 6, 7, 8, 9, 4], [5]],
        [[5, 6], [5, 6], [6, 5]],
        [[], [5, 5]],
        [[6, 6], [5]],
        [[5, 6], [7, 8], [5, 6]],
        [[5, 6, 7, 8, 9, 4], [5], [4, 4, 5, 5, 6, 6]],
        [[5], [4, 4, 5, 5, 6, 6]],
        [[5, 5, 6], [7, 7]],
        [[5, 6, 5], [7, 7]],
    ),
}


@check(
    "diagnose-translator",
    points=2,
    hints=(
        "Ask in the order of the statement: all equal? all of the longest length? one token each?",
        "len(set(answer)) == 1 says that an answer repeats one token; it needs at least two.",
        'if all(list(a) == list(answers[0]) for a in answers): return "deaf"',
    ),
)
def test_clear_cases(student):
    "one clear case of each"
    for name, cases in SICK.items():
        told(student, cases[0], name)


def told(student, answers, name):
    got = student.diagnose_translator(answers, 6)
    assert_unchanged(student.diagnose_translator)
    assert got == name, f"answers {answers} with longest = 6: expected {name!r}, got {got!r}"


@check(
    "diagnose-translator",
    after="test_clear_cases",
    hints=(
        "Every answer must show the sign; and the order of the questions matters.",
        "Equal answers are deaf even if they are as long as possible; one short answer is no copy.",
        "all(...) around each question; len(answer) > 1 for copies",
    ),
)
def test_other_cases(student):
    "mixed and doubtful cases"
    for name, cases in SICK.items():
        for answers in cases[1:]:
            told(student, answers, name)
    got = student.diagnose_translator([[5], [6]], 1)
    assert got == "endless", f"answers [[5], [6]] with longest = 1: expected 'endless', got {got!r}"
    for longest, name in ((3, "endless"), (4, "copying")):
        got = student.diagnose_translator([[5, 5, 5], [6, 6, 6]], longest)
        assert got == name, f"with longest = {longest}: expected {name!r}, got {got!r}"
