"""Checks of the exercises in the chapter on beam search."""

from itertools import product

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def tuple_of(got, count, what):
    assert isinstance(got, tuple | list), f"expected a tuple, {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}, got {len(got)}"
    return got


AFTER = {(): (0.5, 0.4, 0.1), (0,): (0.4, 0.3, 0.3), (1,): (0.1, 0.1, 0.8)}


def sentences_by_hand():
    """Every sentence of the exercise and its probability; 0 is A, 1 is B, 2 the end."""
    found = {}
    for length in range(4):
        for said in product((0, 1), repeat=length):
            p = 1.0
            for k, token in enumerate((*said, 2)):
                p *= AFTER.get(said[:k], (0.2, 0.1, 0.7) if k == 2 else (0, 0, 1.0))[token]
            found[said] = p
    return found


@check(
    "beam-by-hand",
    hints=(
        "Greedy takes the most probable token each time, until the end.",
        "A (0.5), then A again (0.4), then the end.",
        "0.5 * 0.4 * 0.7",
    ),
)
def test_the_greedy_sentence(student):
    "the greedy sentence"
    every = sentences_by_hand()
    got, _, _ = tuple_of(student.beam_by_hand(), 3, "two probabilities and a number")
    mistakes = {
        "the end has a probability, too": 0.5 * 0.4,
        "greedy begins with A": every[1,],
        "after A the most probable token is A": every[0,],
    }
    assert_close(got, every[0, 0], rtol=1e-4, mistakes=mistakes, what="the greedy sentence")


@check(
    "beam-by-hand",
    hints=(
        "Step 1 keeps A and B. Extend both.",
        "Of the six extensions, the best two are B . (0.32) and A A (0.20).",
        "0.4 * 0.8",
    ),
)
def test_the_best_of_the_beam(student):
    "the beam's best"
    every = sentences_by_hand()
    best = max(every.values())
    _, got, _ = tuple_of(student.beam_by_hand(), 3, "two probabilities and a number")
    mistakes = {
        "that is the greedy one; B . is more probable": every[0, 0],
        "the end has a probability, too": 0.4,
        "a product of probabilities, not a sum": 0.4 + 0.8,
    }
    assert_close(got, best, rtol=1e-4, mistakes=mistakes, what="the best sentence of the beam")


@check(
    "beam-by-hand",
    hints=(
        "Which of the kept hypotheses end with the end token after two steps?",
        "The kept ones are B . and A A.",
        "Only B . has ended.",
    ),
)
def test_how_many_have_ended(student):
    "how many have ended"
    _, _, got = tuple_of(student.beam_by_hand(), 3, "two probabilities and a number")
    mistakes = {
        "A A goes on": 2,
        "B . is among the two kept": 0,
    }
    assert_close(got, 1, mistakes=mistakes, what="the number that have ended")


def pruned(log_p, more, width):
    """By a loop: sorted pairs of all finite extensions."""
    every = [
        (-(log_p[b] + more[b, v]), b, v)
        for b in range(len(log_p))
        for v in range(more.shape[1])
        if np.isfinite(more[b, v]) and np.isfinite(log_p[b])
    ]
    best = sorted(every)[:width]
    return [np.array([one[k] for one in best]) for k in (1, 2)] + [np.array([-x[0] for x in best])]


def random_step(rng, beams, size):
    more = np.log(rng.dirichlet(np.ones(size), size=beams))
    return -rng.exponential(3, size=beams), more


@check(
    "extend-and-prune",
    points=2,
    hints=(
        "Add the log-probability of each hypothesis to its row, then find the best of all B·V.",
        "Sort the flattened sums; position // V is the row, position % V the token.",
        "order = np.argsort(-total.ravel(), kind='stable')[:width]",
    ),
)
def test_one_step(student):
    "random hypotheses"
    rng = np.random.default_rng(0)
    for beams, size, width in ((3, 5, 3), (1, 4, 2), (4, 3, 12), (2, 6, 1), (5, 1, 5)):
        log_p, more = random_step(rng, beams, size)
        rows, tokens, new = pruned(log_p, more, width)
        got = tuple_of(student.extend_and_prune(log_p, more, width), 3, "rows, tokens, new")
        assert_unchanged(student.extend_and_prune)
        alone = pruned(0 * log_p, more, width)[2]
        assert np.shape(got[2]) == np.shape(new), (
            f"{beams} hypotheses, {size} tokens and width {width}: expected {len(new)} "
            f"extensions, got shape {np.shape(got[2])}"
        )
        wrong = {
            "the log-probability of the hypothesis so far is missing": alone,
            "probabilities; their logarithms are asked for": np.exp(new),
            "best first": new[::-1],
        }
        wrong = {t: v for t, v in wrong.items() if not np.allclose(v, new)}
        assert_close(got[2], new, mistakes=wrong, what="the array new")
        assert_close(got[0], rows, what="the array rows")
        assert_close(got[1], tokens, what="the array tokens")
    log_p, more = random_step(rng, 3, 4)
    expected = pruned(log_p - 2000, more, 5)
    got = tuple_of(student.extend_and_prune(log_p - 2000, more, 5), 3, "rows, tokens, new")
    what = (
        "for log-probabilities of about −2000, whose probabilities are 0 in a computer: the array "
    )
    for one, want, name in zip(got, expected, ("rows", "tokens", "new"), strict=True):
        assert np.shape(one) == want.shape, what + f"{name} has shape {np.shape(one)}"
        assert_close(one, want, what=what + name)


@check(
    "extend-and-prune",
    after="test_one_step",
    hints=(
        "Which extensions are impossible?",
        "Those with −∞ have to go, even if fewer than width are left.",
        "order = order[np.isfinite(total[order])]",
    ),
)
def test_impossible_ones(student):
    "extensions with −∞"
    rng = np.random.default_rng(1)
    for beams, size, width in ((2, 4, 8), (3, 3, 2), (1, 2, 5), (4, 5, 20), (3, 6, 9)):
        log_p, more = random_step(rng, beams, size)
        if beams > 2:
            more[np.arange(beams), rng.integers(size, size=beams)] = -np.inf
        else:
            more[:, 0] = -np.inf
        expected = pruned(log_p, more, width)
        got = tuple_of(student.extend_and_prune(log_p, more, width), 3, "rows, tokens, new")
        for one, want, name in zip(got, expected, ("rows", "tokens", "new"), strict=True):
            assert np.shape(one) == want.shape, (
                f"{np.isfinite(more).sum()} extensions are possible with width {width}; "
                f"expected {len(want)} in {name}, got shape {np.shape(one)}"
            )
            assert_close(one, want, what=f"the array {name}")


@check(
    "extend-and-prune",
    after="test_one_step",
    hidden=True,
    hints=(
        "Several extensions may be equally good.",
        "np.argsort may put equal ones in any order, unless it is asked to keep theirs.",
        "np.argsort(-total, kind='stable')",
    ),
)
def test_equal_ones(student):
    "many equal extensions"
    for beams, size, width in ((2, 40, 7), (3, 64, 100), (1, 3, 3)):
        log_p, more = np.zeros(beams), np.full((beams, size), -2.0)
        more[:, size // 2] = -1.0
        expected = pruned(log_p, more, width)
        got = tuple_of(student.extend_and_prune(log_p, more, width), 3, "rows, tokens, new")
        for one, want, name in zip(got, expected, ("rows", "tokens", "new"), strict=True):
            assert np.shape(one) == want.shape, f"expected {len(want)} extensions in {name}"
            assert_close(one, want, what=f"the array {name} (smaller row, then smaller token)")
    log_p, more = np.array([-2.0, -1.0]), np.array([[-1.0, -4.0, -3.0], [-2.0, -4.0, -2.0]])
    expected = pruned(log_p, more, 4)
    got = tuple_of(student.extend_and_prune(log_p, more, 4), 3, "rows, tokens, new")
    for one, want, name in zip(got, expected, ("rows", "tokens", "new"), strict=True):
        assert np.shape(one) == want.shape, f"expected {len(want)} extensions in {name}"
        assert_close(one, want, what=f"the array {name} (smaller row, then smaller token)")


def followed(said, states, rows, tokens):
    """By a loop, one kept extension after the other."""
    return (
        np.array([[*said[r].tolist(), t] for r, t in zip(rows, tokens, strict=True)]),
        np.array([states[r] for r in rows]),
    )


def drawn(rng, beams, steps, hidden, kept):
    return (
        rng.integers(4, 40, size=(beams, steps)),
        rng.normal(size=(beams, hidden)),
        rng.integers(beams, size=kept),
        rng.integers(4, 40, size=kept),
    )


@check(
    "follow-hypotheses",
    hints=(
        "Each kept extension begins like the hypothesis that it extends.",
        "said[rows] takes those rows, some twice; a new column holds the tokens.",
        "np.column_stack([said[rows], tokens])",
    ),
)
def test_what_was_said(student):
    "tokens"
    rng = np.random.default_rng(0)
    for sizes in ((4, 3, 2, 4), (3, 1, 5, 6), (5, 4, 3, 2), (1, 2, 1, 3)):
        given = drawn(rng, *sizes)
        expected, _ = followed(*given)
        got, _ = tuple_of(student.follow(*given), 2, "tokens and states")
        got = np.asarray(got)
        assert_unchanged(student.follow)
        said, _, rows, tokens = given
        mistakes = {"the new tokens stand behind": np.column_stack([tokens, said[rows]])}
        if len(tokens) == len(said):
            mistakes["rows says whom each extends"] = np.column_stack([said, tokens])
        assert_close(got, expected, mistakes=mistakes, what="the array said")


@check(
    "follow-hypotheses",
    points=2,
    after="test_what_was_said",
    hints=(
        "The states have to move with their hypotheses.",
        "The state of the k-th kept extension is that of hypothesis rows[k].",
        "states[rows]",
    ),
)
def test_the_states(student):
    "states"
    rng = np.random.default_rng(1)
    for sizes in ((4, 3, 2, 4), (3, 1, 5, 6), (5, 4, 3, 2), (1, 2, 1, 3)):
        given = drawn(rng, *sizes)
        _, expected = followed(*given)
        _, got = tuple_of(student.follow(*given), 2, "tokens and states")
        got = np.asarray(got)
        assert_unchanged(student.follow)
        mistakes = {}
        if len(given[2]) == len(given[1]):
            mistakes["these are the states in their old places"] = given[1]
            mistakes["in the order of rows"] = given[1][np.sort(given[2])]
        mistakes = {t: v for t, v in mistakes.items() if not np.allclose(v, expected)}
        assert_close(got, expected, mistakes=mistakes, what="the array states")


@check(
    "best-for-its-length",
    points=2,
    hints=(
        "Each log-probability is divided by a power of its own length.",
        "Log-probabilities are negative: dividing by more makes them larger.",
        "np.argmax(log_p / lengths ** alpha)",
    ),
)
def test_the_index(student):
    "several exponents"
    rng = np.random.default_rng(0)
    for alpha in (0, 0.5, 1, 1.5, 0.7, 1):
        for count in (6, 1, 15):
            lengths = rng.integers(1, 12, size=count)
            log_p = -lengths * rng.uniform(0.5, 1.5, size=count) - 1
            scores = [p / float(t) ** alpha for p, t in zip(log_p, lengths, strict=True)]
            expected = max(range(count), key=scores.__getitem__)
            got = student.best_for_its_length(log_p, lengths, alpha)
            assert_unchanged(student.best_for_its_length)
            assert isinstance(got, int | np.integer), f"expected an index, got {kind_of(got)}"
            mistakes = {
                "that is the most probable one, whatever its length": int(np.argmax(log_p)),
                "that is the worst; log-probabilities are negative": int(np.argmin(scores)),
                "divide, do not multiply": int(np.argmax(log_p * lengths**alpha)),
                "alpha is an exponent of the length": int(np.argmax(log_p / lengths)),
            }
            mistakes = {t: v for t, v in mistakes.items() if v != expected}
            assert_close(got, expected, mistakes=mistakes, what=f"the index for α = {alpha}")


@check(
    "best-for-its-length",
    after="test_the_index",
    hidden=True,
    hints=(
        "Lists have no power.",
        "np.asarray makes an array of a list.",
        "np.asarray(lengths, float) ** alpha",
    ),
)
def test_lists(student):
    "lists of numbers"
    assert_close(
        student.best_for_its_length([-3.0, -4.0, -9.0], [2, 4, 5], 1), 1, what="the index for lists"
    )
    assert_close(
        student.best_for_its_length([-3.0, -4.0, -9.0], [2, 4, 5], 0), 0, what="the index for lists"
    )


def random_tables(rng, size, steps, sharp=0.5):
    return [rng.dirichlet(sharp * np.ones(size), size=(size,) * t) for t in range(steps)]


def every_sentence(tables):
    size = len(tables[0])
    found = []
    for said in product(range(size), repeat=len(tables)):
        p = 1.0
        for t, token in enumerate(said):
            p *= tables[t][said[:t]][token]
        found.append((said, p))
    return sorted(found, key=lambda pair: -pair[1])


def loop_beam(tables, width):
    live = [((), 1.0)]
    for table in tables:
        every = [((*s, k), p * table[s][k]) for s, p in live for k in range(table.shape[-1])]
        live = sorted(every, key=lambda pair: -pair[1])[:width]
    return live


def pairs_of(got, count):
    assert isinstance(got, list | tuple), f"expected a list of pairs, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} sentences, got {len(got)}"
    for pair in got:
        assert isinstance(pair, tuple | list), f"expected pairs (tokens, p), got {kind_of(pair)}"
        assert len(pair) == 2, f"expected pairs (tokens, p), got {len(pair)} values"
        tokens, p = pair
        assert np.ndim(tokens) == 1, f"tokens should be a tuple of ints, got {kind_of(tokens)}"
        assert np.ndim(p) == 0, f"a probability should be a number, got {kind_of(p)}"
    return [(tuple(map(int, tokens)), p) for tokens, p in got]


def compare(got, expected, what):
    got = pairs_of(got, len(expected))
    for (said, p), (want, q) in zip(got, expected, strict=True):
        assert said == want, f"{what}: expected {want} with {q:.4f}, got {said} with {p:.4f}"
        assert_close(p, q, what=f"{what}: the probability of {want}")


@check(
    "beam-over-tables",
    points=2,
    hints=(
        "Keep a list of pairs (tokens, p), and begin with one: nothing said, probability 1.",
        "tables[t][said] with a tuple said gives the probabilities after it.",
        "longer = [((*said, k), p * q) for said, p in kept for k, q in enumerate(table[said])]",
    ),
)
def test_everything(student):
    "a beam as wide as everything"
    rng = np.random.default_rng(0)
    for size, steps in ((2, 3), (3, 2), (4, 1), (3, 3)):
        tables = random_tables(rng, size, steps)
        got = student.beam_over_tables(tables, size**steps)
        assert_unchanged(student.beam_over_tables)
        compare(got, every_sentence(tables), f"{size} tokens, {steps} steps, all kept")


@check(
    "beam-over-tables",
    points=3,
    after="test_everything",
    hints=(
        "Prune after each step, not only at the end.",
        "Sort all extensions of all kept hypotheses, and keep width of them.",
        "kept = sorted(longer, key=lambda pair: -pair[1])[:width]",
    ),
)
def test_narrow_beams(student):
    "widths of one, two, three"
    rng = np.random.default_rng(1)
    for size, steps in ((3, 4), (4, 3), (2, 5), (5, 2)):
        for width in (1, 2, 3):
            tables = random_tables(rng, size, steps)
            got = student.beam_over_tables(tables, width)
            compare(
                got, loop_beam(tables, width), f"{size} tokens, {steps} steps, a beam of {width}"
            )
    half, end = [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]
    tables = [np.array([0.9, 0.06, 0.04]), np.array([[0.6, 0.3, 0.1], half, half])]
    compare(
        student.beam_over_tables(tables, 2),
        loop_beam(tables, 2),
        "one beginning that has both places",
    )
    third, sure = [0.35, 0.33, 0.32], [1.0, 0.0, 0.0]
    tables = [np.array([0.4, 0.35, 0.25]), np.array([third, third, sure])]
    what = "a beam of two that loses the most probable sentence at its first step"
    compare(student.beam_over_tables(tables, 2), loop_beam(tables, 2), what)
    tables = [np.array([0.6, 0.399, 0.001]), np.array([third, end, end])]
    compare(student.beam_over_tables(tables, 2), loop_beam(tables, 2), "the second one overtakes")
    tables = [np.array([0.5, 0.3, 0.2], np.float32), np.array([third, end, half], np.float32)]
    got = pairs_of(student.beam_over_tables(tables, 3), 3)
    for (said, p), (want, q) in zip(got, loop_beam(tables, 3), strict=True):
        assert said == want, f"float32: expected {want}, got {said}"
        assert_close(p, q, rtol=1e-4, what=f"the probability of {want}")
