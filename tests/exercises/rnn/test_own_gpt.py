"""Checks of the project on a GPT: the learner's own attention learns to read dates."""

import ast

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.rnn.experiments.own_gpt import (
    ASKED,
    RUNS,
    asked_of,
    dated,
    first_state,
    judged,
    kept,
    lessons,
    new_dates,
    own_attention,
    resumed,
)
from companion.rnn.language.next_token import next_token_loss

TABLES = """
import numpy as np
rng = np.random.default_rng(3)
table = rng.normal(size=(12, 4))
place = rng.normal(size=(50, 4))
back = lambda x: np.cumsum(x, axis=0)
ahead = lambda x: np.cumsum(x[::-1], axis=0)[::-1]
one_later = lambda x: np.concatenate([x[1:], x[:1]]) * (np.arange(len(x)) < len(x) - 1)[:, None]
only_eight = lambda t: (np.asarray(t) == 8).astype(float)[:, None]
only_last = lambda t: (np.asarray(t) == 11).astype(float)[:, None]
"""
READERS = {
    "itself": ("lambda t: table[t]", lambda t, s: t == s),
    "all before": ("lambda t: back(table[t])", lambda t, s: s <= t),
    "all after": ("lambda t: ahead(table[t])", lambda t, s: s >= t),
    "the next alone": ("lambda t: one_later(table[t])", lambda t, s: s == t + 1),
    "nothing": ("lambda t: place[:len(t)]", lambda t, s: False),
    "one token, from behind": ("lambda t: ahead(only_eight(t)) + 0 * table[t]",
                               lambda t, s: s >= t),
    "one token, whose scores fall": ("lambda t: table[t] * 0 - back(only_eight(t)) + [0, 0, 0, 5]",
                                     lambda t, s: s <= t),
    "whispers": ("lambda t: table[t] + 1e-4 * ahead(table[t])", lambda t, s: s >= t),
    "rounding from behind": ("lambda t: back(table[t]) + 1e-9 * ahead(table[t])",
                             lambda t, s: s <= t),
    "one column of scores": ("lambda t: table[t] * 0 + back(table[t]) * [0, 0, 1, 0]",
                             lambda t, s: s <= t),
}  # fmt: skip


@check(
    "gpt-influence",
    points=3,
    hints=(
        "Replace one token, ask for the scores again, and compare place by place.",
        "Loop over places s and tokens; a place hears s if any of its scores moved.",
        "heard[:, s] |= (np.abs(scores_of(other) - plain) > 1e-6).any(axis=1)",
    ),
)
def test_readers_of_all_kinds(student):
    "readers that look back, ahead, at one place, at one token, or nowhere"
    for what, (code, rule) in READERS.items():
        for tokens in ([4, 1, 1, 7, 0], [2], [8, 3, 8], [0, 5, 2, 2]):
            got = student.influence(Source(code, TABLES), np.array(tokens), 9)
            places = range(len(tokens))
            right = np.array([[rule(t, s) for s in places] for t in places])
            mistakes = {"row t hears column s, not the other way round": right.T}
            mistakes = {k: m for k, m in mistakes.items() if (m != right).any()}
            assert_close(got, right, mistakes=mistakes, what=f"the map of a reader of {what}")
            assert_unchanged(student.influence)
    for kinds, code, right in (
        (6, "lambda t: ahead(only_eight(t)) + 0 * table[t]", np.zeros((3, 3), bool)),
        (12, "lambda t: ahead(only_last(t)) + 0 * table[t]", np.triu(np.ones((3, 3), bool))),
    ):
        got = student.influence(Source(code, TABLES), np.array([4, 0, 5]), kinds)
        assert_close(got, right, what=f"the map of a reader of one token, of {kinds} kinds,")


@check(
    "gpt-diagnosis",
    points=2,
    hints=(
        "Compare each curve with its crosses.",
        "Who looks ahead copies: perfect in training, lost without it.",
        "Who sees its own letter alone is the worst in training; who never moves its looks comes "
        "next.",
    ),
)
def test_four_words(student):
    "the words of A, B, C and D"
    got = student.diagnosed()
    assert isinstance(got, list | tuple), f"expected four words; got {kind_of(got)}"
    words = ["alone", "sound", "ahead", "frozen"]
    assert sorted(map(str, got)) == sorted(words), f"expected each of {sorted(words)} once"
    assert list(got)[1:3] == words[1:3], (
        "a sound run is about as good on new dates as in training; one that looks ahead is not"
    )
    assert list(got) == words, (
        "a place that sees itself alone knows nothing of the date; looks that never move still "
        "bring some of it along"
    )


def states(student, seed=0, updates=None):
    """States after each quarter of the lessons."""
    state, all_lessons = first_state(seed), lessons()
    quarter = len(all_lessons) // 4
    for part in range(4):
        given = all_lessons[part * quarter : (part + 1) * quarter]
        new = student.taught(state, given)
        if part < 2:
            assert_unchanged(student.taught)
        check_state(new, state, (part + 1) * quarter)
        state = new
        yield state


def check_state(got, before, updates):
    """A state of the same names, shapes and types, finite, that counts its updates."""
    assert isinstance(got, dict), (
        f"expected what kept(model, optimizer) returns; got {kind_of(got)}"
    )
    assert set(got) == {"weights", "memory"}, (
        f"expected what kept(model, optimizer) returns; got the entries {sorted(got)}"
    )
    assert list(got["weights"]) == list(before["weights"]), "the names of the weights changed"
    for name, old in before["weights"].items():
        new = got["weights"][name]
        assert np.shape(new) == old.shape, f"{name} is {np.shape(new)}; expected {old.shape}"
        assert np.isfinite(new).all(), f"{name} is not finite after {updates} updates"
    counted = {int(row[0]) for row in got["memory"]}
    assert counted == {updates}, (
        f"after {updates} lessons Adam has counted {sorted(counted)} updates: one a lesson, and "
        "its memory goes on from call to call"
    )


PARTS = ("own_attention", "attend", "attend_back", "may_look")
NOT_YOURS = (
    "scaled_dot_product_attention", "attention_weights", "causal_mask", "RUNS", "a_run", "contest",
    "stored", "mixed", "slopes",
)  # fmt: skip


def check_parts(function):
    """It is the three functions that are named, and no attention that is there already."""
    trees = [ast.parse(piece.text).body[k] for piece in function._session.program.pieces
             for k in piece.kept]  # fmt: skip
    read = [node for tree in trees for node in ast.walk(tree) if not isinstance(tree, IMPORTS)]
    names = {getattr(node, "id", getattr(node, "attr", None)) for node in read}
    names |= {alias.name for node in read if isinstance(node, IMPORTS) for alias in node.names}
    for name in PARTS:
        assert name in names, (
            f"{name} does not occur: the attention is to be "
            "own_attention(attend, attend_back, may_look)"
        )
    for name in NOT_YOURS:
        assert name not in names, f"{name} is the companion's: use attend, attend_back, may_look"


IMPORTS = ast.Import | ast.ImportFrom


def check_one_lesson(student, weights):
    """What Adam remembers of one lesson, of another size, is a tenth of its gradients."""
    state = {"weights": weights, "memory": []}
    batch = asked_of(dated(5, 7))
    batch = [part[:, : np.flatnonzero(batch[1].any(axis=0))[-1] + 1] for part in batch]
    got = student.taught(state, [(*batch, 1e-3)])
    check_state(got, state, 1)
    model, optimizer = resumed(state, own_attention(*RUNS["sound"]))
    optimizer.param_groups[0]["lr"] = 1e-3
    next_token_loss(model(batch[0]), batch[1]).backward()
    optimizer.step()
    right = kept(model, optimizer)
    largest = max(np.abs(row[1]).max() for row in right["memory"])
    for name, mine, row in zip(weights, got["memory"], right["memory"], strict=True):
        parts = 3 if "qkv" in name else 1
        for k, want in enumerate(np.split(row[1], parts)):
            given = np.split(np.asarray(mine[1]), parts)[k]
            of = f" for the {('queries', 'keys', 'values')[k]}" if parts == 3 else ""
            far = np.linalg.norm(given - want)
            assert far <= 0.01 * np.linalg.norm(want) + 1e-4 * largest, (
                f"the loss is fine, but after one lesson with 5 dates the gradient of {name}{of} "
                "is not that of attention which looks back only: compare attend and attend_back "
                "with finite differences"
            )


@check(
    "own-gpt",
    points=2,
    hints=(
        "One update for each lesson, with the rate of that lesson.",
        "resumed(state, attention) at the start, kept(model, optimizer) at the end.",
        "for inputs, targets, rate in lessons: optimizer.param_groups[0]['lr'] = rate; …",
    ),
)
def test_the_first_lessons(student):
    "your three functions at work, and the state after sixty lessons, which it counts"
    state, first = next(states(student)), first_state()
    still = [k for k, w in first["weights"].items() if np.array_equal(w, state["weights"][k])]
    assert not still, f"{still[0]} has not moved in sixty lessons"
    check_parts(student.taught)


@check(
    "own-gpt",
    points=4,
    after="test_the_first_lessons",
    hints=(
        "Everything is given but the three functions; test them by their own exercises first.",
        "A loss above 2 means that training saw more than it may: look at the mask.",
        "A loss of about 0.6 means that queries and keys do not learn: look at the way back.",
    ),
)
def test_it_reads_new_dates(student):
    "a loss below 0.1 on 300 dates that nobody has learned from, and the gradients of one lesson"
    *_, state = states(student)
    reached = judged(state["weights"], new_dates())
    told = f"in a GPT that looks back only, the loss on new dates is {reached:.2f}"
    assert reached < 2.0, f"{told}: was there more to see in training? Test the mask"
    assert reached < ASKED, f"{told}; below {ASKED} is asked for"
    check_one_lesson(student, state["weights"])
