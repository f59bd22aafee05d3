"""Checks of the exercises in the chapter on error rates and BLEU."""

import numpy as np
import sacrebleu

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def tuple_of(got, count, what):
    assert isinstance(got, tuple | list), f"expected a tuple, {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}, got {len(got)}"
    return got


BY_HAND = "the edits of both answers and the rate"


@check(
    "errors-by-hand",
    hints=(
        "Keep what agrees in the same order, and count the rest.",
        "K, N AH and L cannot all be kept with no edit between; try keeping K, N and L.",
        "first: exchange AA, delete L and AH, exchange EH; second: exchange TH, insert AH",
    ),
)
def test_edits(student):
    "both edit distances"
    first, second, _ = tuple_of(student.errors_by_hand(), 3, BY_HAND)
    mistakes = {
        "place by place more differ; an insertion or a deletion moves the rest": 5,
        "an exchange is one edit, not two": 6,
        "what is too long counts, too": 2,
    }
    assert_close(first, 4, mistakes=mistakes, what="edits of the first answer")
    dear = "an exchange is one edit, not two, and an insertion moves the rest"
    mistakes = {dear: 3, "TH and DH are two phonemes": 1}
    assert_close(second, 2, mistakes=mistakes, what="edits of the second answer")


@check(
    "errors-by-hand",
    hints=(
        "Add the edits, add the tokens, divide once.",
        "Divide by the right phonemes, not by those that were said.",
        "(4 + 2) / (5 + 5)",
    ),
)
def test_rate(student):
    "the rate of both"
    _, _, got = tuple_of(student.errors_by_hand(), 3, BY_HAND)
    mistakes = {
        "divide by the right phonemes, not by those said": 6 / 11,
        "a rate of both divides all edits by all right phonemes once": 6 / 5,
        "as a share, not in per cent": 60,
    }
    assert_close(got, 0.6, rtol=1e-3, mistakes=mistakes, what="the phoneme error rate")


def by_definition(said, right, cost):
    """Recursively, from the front."""
    known = {}

    def least(i, j):
        if i == len(said) or j == len(right):
            return len(said) - i + len(right) - j
        if (i, j) not in known:
            known[i, j] = min(
                cost[said[i], right[j]] + least(i + 1, j + 1),
                1 + least(i + 1, j),
                1 + least(i, j + 1),
            )
        return known[i, j]

    return float(least(0, 0))


def costs(rng, size, largest=1.5):
    cost = rng.uniform(0.1, largest, (size, size))
    np.fill_diagonal(cost, 0)
    return cost


def listening(seed):
    """Two lists of tokens and what exchanges cost."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(3, 9, 2)
    said, right = (rng.integers(5, size=n).tolist() for n in lengths)
    return said, right, costs(rng, 5)


@check(
    "weighted-edits",
    points=2,
    hints=(
        "It is the table of the page; only the slanted step costs something else.",
        "The slanted step costs cost[a, b]; it may be dearer than deleting and inserting.",
        "min(D[i-1, j-1] + cost[a, b], D[i-1, j] + 1, D[i, j-1] + 1) in an array of floats",
    ),
)
def test_least_cost(student):
    "random lists and costs, against the definition"
    for seed in range(8):
        said, right, cost = listening(seed)
        expected = by_definition(said, right, cost)
        flat = (cost > 0).astype(float)
        mistakes = {
            "row for what was said, column for what is right": by_definition(said, right, cost.T),
            "an exchange costs cost[a, b], not 1": by_definition(said, right, flat),
            "the table holds fractions; integers cut them off": float(int(expected)),
            "where an exchange is dear, delete and insert": by_greed(said, right, cost),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, expected)}
        got = student.weighted_edits(said, right, cost)
        assert_unchanged(student.weighted_edits)
        assert_close(got, expected, mistakes=mistakes, what=f"least cost for {said} → {right}")


def by_greed(said, right, cost):
    """Exchange place by place, then insert or delete the rest."""
    pairs = zip(said, right, strict=False)
    return float(sum(cost[a, b] for a, b in pairs) + abs(len(said) - len(right)))


@check(
    "weighted-edits",
    after="test_least_cost",
    hidden=True,
    hints=(
        "Empty lists, single tokens, equal lists; costs above 2 and whole numbers.",
        "From nothing to j tokens takes j insertions.",
        "Fill the first row with 0 … J and the first column with 0 … I.",
    ),
)
def test_edges(student):
    "empty lists, one token, dear exchanges"
    rng = np.random.default_rng(99)
    cost, dear = costs(rng, 4), costs(rng, 4) + 5 * (1 - np.eye(4))
    whole = (3 * (1 - np.eye(4))).astype(int)
    cases = [([], [], cost), ([], [1, 2, 3], cost), ([0, 3], [], cost), ([2], [1], cost)]
    cases += [([1, 2, 3], [1, 2, 3], cost), ([0, 1, 2], [3, 1, 0], dear), ([0, 1], [2, 1], whole)]
    cases += [([0, 1, 2], [3, 1, 0], 0.01 * cost), ([3, 1], [1, 0, 2], 0.01 * cost)]
    cases += [([0], [0], np.zeros((1, 1))), ([0, 0], [0], np.zeros((1, 1)))]
    for said, right, table in cases:
        expected = by_definition(said, right, table)
        got = student.weighted_edits(said, right, table)
        assert_close(got, expected, what=f"least cost for {said} → {right}")


def texts(seed, count=2):
    rng = np.random.default_rng(seed)
    say = [rng.choice(list("abc"), rng.integers(3, 10)).tolist() for _ in range(count + 1)]
    return say[0], say[1:]


def slow_counts(said, right, n, clip=max, unclipped=False):
    """Loops only: (matched, total)."""
    runs = [tuple(said[i : i + n]) for i in range(len(said) - n + 1)]

    def in_text(run, text):
        return sum(tuple(text[i : i + n]) == run for i in range(len(text) - n + 1))

    if unclipped:
        return sum(any(in_text(run, t) for t in right) for run in runs), len(runs)
    matched = sum(
        min(runs.count(run), clip(in_text(run, text) for text in right)) for run in set(runs)
    )
    return matched, len(runs)


@check(
    "clipped-precision",
    points=2,
    hints=(
        "Count each run of the answer and of each right translation.",
        "A run counts min(times in the answer, largest times in one right translation).",
        "allowed |= runs(text) for each right text; then sum((found & allowed).values())",
    ),
)
def test_matched_and_total(student):
    "random texts, against counting by loops"
    for seed in range(10):
        said, right = texts(seed, count=1 + seed % 3)
        for n in (1, 2, 3):
            expected = slow_counts(said, right, n)
            got = tuple_of(student.clipped_precision(said, right, n), 2, "matched and total")
            assert_unchanged(student.clipped_precision)
            mistakes = {
                "a run counts at most as often as in one right translation": slow_counts(
                    said, right, n, unclipped=True
                )[0],
                "the right translations are not added up: take the largest count": slow_counts(
                    said, right, n, clip=sum
                )[0],
                "look at all right translations, not only the first": slow_counts(
                    said, right[:1], n
                )[0],
                "of several right translations the largest count, not the least": slow_counts(
                    said, right, n, clip=min
                )[0],
                "count each run as often as it stands there, not once": len(
                    {tuple(said[i : i + n]) for i in range(len(said) - n + 1)}
                    & {tuple(t[i : i + n]) for t in right for i in range(len(t) - n + 1)}
                ),
            }
            mistakes = {t: v for t, v in mistakes.items() if v != expected[0]}
            what = f"of “{' '.join(said)}”, runs of {n}"
            assert_close(got[0], expected[0], mistakes=mistakes, what="matched " + what)
            mistakes = {"all runs of the answer, also those that do not match": expected[0]}
            mistakes = {t: v for t, v in mistakes.items() if v != expected[1]}
            mistakes["an answer of L words has L − n + 1 runs"] = len(said) + 2 - n
            assert_close(got[1], expected[1], mistakes=mistakes, what="total " + what)


@check(
    "clipped-precision",
    after="test_matched_and_total",
    hidden=True,
    hints=(
        "Short and empty answers have no runs; words may be long.",
        "range(len(text) - n + 1) is empty by itself where a text is too short.",
        "tuples of words are the keys, not joined strings",
    ),
)
def test_short_answers(student):
    "answers shorter than n, empty ones, words that run together"
    cases = [([], [["a"]], 1), (["a"], [["a"]], 1), (["a"], [["a", "b"]], 2), ([], [["a"]], 4)]
    cases += [(["ab", "c"], [["a", "bc"], ["a", "b", "c"]], 2)]
    cases += [(["a b", "c"], [["a", "b c"], ["c"]], 2)]
    long = list("abcabd")
    cases += [(long, [list("abcabc"), long[1:]], 4), (long, [long, ["a"]], 5), (long, [long], 6)]
    for said, right, n in cases:
        got = tuple_of(student.clipped_precision(said, right, n), 2, "matched and total")
        expected = slow_counts(said, right, n)
        assert_close(got[0], expected[0], what=f"matched runs of {n} of {said}")
        assert_close(got[1], expected[1], what=f"all runs of {n} of {said}")


def counted(seed, sentences=4, short=0):
    """Counts of sentences: matched and total (S, 4), words said and wanted (S,)."""
    rng = np.random.default_rng(seed)
    said = rng.integers(6, 20, sentences)
    wanted = np.maximum(said + rng.integers(-3, 4, sentences) + short, 1)
    total = said[:, None] - np.arange(4)
    matched = np.round(total * rng.uniform(0.3, 0.9, (sentences, 4))).astype(int)
    matched = np.sort(np.minimum(matched, total), axis=1)[:, ::-1].copy()
    return matched, total, said, wanted


def by_sacrebleu(matched, total, said, wanted):
    sums = [np.sum(part, axis=0).tolist() for part in (matched, total, said, wanted)]
    return sacrebleu.BLEU.compute_bleu(*sums, smooth_method="none").score


@check(
    "bleu-of-counts",
    points=2,
    hints=(
        "First add over the sentences, then divide.",
        "Geometric mean of four quotients, times exp(1 − r/c) if c < r, times 100.",
        "100 * bp * np.exp(np.log(matched.sum(0) / total.sum(0)).mean())",
    ),
)
def test_corpora(student):
    "random counts, against sacrebleu"
    for seed in range(8):
        given = counted(seed, sentences=1 + seed % 5, short=(-4, 0, 4, 60)[seed % 4])
        expected = by_sacrebleu(*given)
        each = [by_sacrebleu(*(part[k : k + 1] for part in given)) for k in range(len(given[0]))]
        sums = [part.sum(axis=0) for part in given]
        shares = sums[0] / sums[1]
        penalty = min(1.0, np.exp(1 - sums[3] / sums[2]))
        mistakes = {
            "the BLEU of the corpus is no mean of the sentences' scores": np.mean(each),
            "the brevity penalty is missing": 100 * np.exp(np.log(shares).mean()),
            "a geometric mean, not an arithmetic one": 100 * penalty * shares.mean(),
            "from 0 to 100": expected / 100,
            "the mean of the four logarithms: the product needs its fourth root": 100
            * penalty
            * shares.prod(),
            "an answer that is long enough has no penalty and no reward": 100
            * np.exp(1 - sums[3] / sums[2])
            * np.exp(np.log(shares).mean()),
            "take r/c, not c/r": 100
            * min(1.0, np.exp(1 - sums[2] / sums[3]))
            * np.exp(np.log(shares).mean()),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, expected)}
        got = student.bleu_of_counts(*given)
        assert_unchanged(student.bleu_of_counts)
        assert_close(got, expected, rtol=1e-6, mistakes=mistakes, what="BLEU of the corpus")


@check(
    "bleu-of-counts",
    points=2,
    after="test_corpora",
    hints=(
        "One length without a match in the whole corpus makes the product 0.",
        "A sentence without a match does no harm if another one has some.",
        "if matched.sum(axis=0).min() == 0: return 0.0",
    ),
)
def test_no_match(student):
    "lengths without a match, sentences without one, nothing said"
    given = counted(3)
    given[0][0, 1:] = 0  # one sentence alone
    assert_close(
        student.bleu_of_counts(*given), by_sacrebleu(*given), rtol=1e-6, what="BLEU of the corpus"
    )
    given[0][:, 3] = 0
    assert_close(student.bleu_of_counts(*given), 0, what="BLEU without a match of four words")
    given[0][:] = 0
    assert_close(student.bleu_of_counts(*given), 0, what="BLEU without any match")
    none = [np.zeros((2, 4), int), np.zeros((2, 4), int), np.zeros(2, int), np.array([3, 4])]
    assert_close(student.bleu_of_counts(*none), 0, what="BLEU of saying nothing")
