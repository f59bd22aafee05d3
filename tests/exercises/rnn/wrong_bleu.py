"""Known wrong answers to the exercises of the chapter on error rates and BLEU."""

from collections import Counter

import numpy as np

from companion.exercises import wrong


@wrong("errors-by-hand", fails="test_edits")
def errors_by_hand():
    """Compares place by place."""
    return 5, 3, 8 / 10


@wrong("errors-by-hand", fails="test_edits")
def errors_by_hand():
    """Takes an exchange for a deletion and an insertion."""
    return 6, 3, 0.9


@wrong("errors-by-hand", fails="test_edits")
def errors_by_hand():
    """Takes TH for DH."""
    return 4, 1, 0.5


@wrong("errors-by-hand", fails="test_rate")
def errors_by_hand():
    """Divides by what was said."""
    return 4, 2, 6 / 11


@wrong("errors-by-hand", fails="test_rate")
def errors_by_hand():
    """Adds the two rates."""
    return 4, 2, 4 / 5 + 2 / 5


@wrong("errors-by-hand", fails="test_rate")
def errors_by_hand():
    """In per cent."""
    return 4, 2, 60


def fill(said, right, slanted, down=1, across=1, dtype=float):
    table = np.zeros((len(said) + 1, len(right) + 1), dtype)
    table[:, 0] = down * np.arange(len(said) + 1)
    table[0] = across * np.arange(len(right) + 1)
    for i, a in enumerate(said, 1):
        for j, b in enumerate(right, 1):
            table[i, j] = min(
                table[i - 1, j - 1] + slanted(a, b),
                table[i - 1, j] + down,
                table[i, j - 1] + across,
            )
    return float(table[-1, -1])


@wrong("weighted-edits", fails="test_least_cost")
def weighted_edits(said, right, cost):
    """Any exchange costs 1."""
    return fill(said, right, lambda a, b: a != b)


@wrong("weighted-edits", fails="test_least_cost")
def weighted_edits(said, right, cost):
    """Takes the columns for what was said."""
    return fill(said, right, lambda a, b: cost[b, a])


@wrong("weighted-edits", fails="test_least_cost")
def weighted_edits(said, right, cost):
    """A table of integers."""
    return fill(said, right, lambda a, b: cost[a, b], dtype=int)


@wrong("weighted-edits", fails="test_least_cost")
def weighted_edits(said, right, cost):
    """Goes place by place."""
    return float(
        sum(cost[a, b] for a, b in zip(said, right, strict=False)) + abs(len(said) - len(right))
    )


@wrong("weighted-edits", fails="test_least_cost")
def weighted_edits(said, right, cost):
    """Moves on for free: the table starts with zeros."""
    return fill(said, right, lambda a, b: cost[a, b], down=0)


@wrong("weighted-edits", fails="test_edges")
def weighted_edits(said, right, cost):
    """Takes lists that are empty for equal."""
    if not said or not right:
        return 0.0
    return fill(said, right, lambda a, b: cost[a, b])


@wrong("weighted-edits", fails="test_edges")
def weighted_edits(said, right, cost):
    """Believes that an exchange never costs more than 1.5."""
    return fill(said, right, lambda a, b: min(cost[a, b], 1.5))


def runs(text, n):
    return Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1))


@wrong("clipped-precision", fails="test_matched_and_total")
def clipped_precision(said, right, n):
    """Does not clip."""
    found = runs(said, n)
    allowed = set().union(*(runs(text, n) for text in right))
    return sum(c for run, c in found.items() if run in allowed), sum(found.values())


@wrong("clipped-precision", fails="test_matched_and_total")
def clipped_precision(said, right, n):
    """Adds the counts of the right translations."""
    found = runs(said, n)
    allowed = sum((runs(text, n) for text in right), Counter())
    return sum((found & allowed).values()), sum(found.values())


@wrong("clipped-precision", fails="test_matched_and_total")
def clipped_precision(said, right, n):
    """Looks at the first right translation only."""
    found = runs(said, n)
    return sum((found & runs(right[0], n)).values()), sum(found.values())


@wrong("clipped-precision", fails="test_matched_and_total")
def clipped_precision(said, right, n):
    """Counts each run once."""
    found = set(runs(said, n))
    allowed = set().union(*(runs(text, n) for text in right))
    return len(found & allowed), len(found)


@wrong("clipped-precision", fails="test_matched_and_total")
def clipped_precision(said, right, n):
    """Divides by the words."""
    allowed = Counter()
    for text in right:
        allowed |= runs(text, n)
    return sum((runs(said, n) & allowed).values()), len(said)


@wrong("clipped-precision", fails="test_matched_and_total")
def clipped_precision(said, right, n):
    """Single words only."""
    allowed = Counter()
    for text in right:
        allowed |= runs(text, 1)
    return sum((runs(said, 1) & allowed).values()), len(said)


@wrong("clipped-precision", fails="test_short_answers")
def clipped_precision(said, right, n):
    """Counts runs before the beginning of a short answer."""
    allowed = Counter()
    for text in right:
        allowed |= runs(text, n)
    return sum((runs(said, n) & allowed).values()), len(said) - n + 1


@wrong("clipped-precision", fails="test_short_answers")
def clipped_precision(said, right, n):
    """Joins words without a gap."""
    glued = [Counter("".join(run) for run in runs(t, n).elements()) for t in (said, *right)]
    allowed = Counter()
    for text in glued[1:]:
        allowed |= text
    return sum((glued[0] & allowed).values()), sum(glued[0].values())


def of_sums(matched, total, c, r):
    if np.min(matched) == 0:
        return 0.0
    penalty = 1.0 if c >= r else np.exp(1 - r / c)
    return float(100 * penalty * np.exp(np.log(matched / total).mean()))


@wrong("bleu-of-counts", fails="test_corpora")
def bleu_of_counts(matched, total, said, wanted):
    """The mean of the sentences."""
    return float(np.mean([of_sums(*one) for one in zip(matched, total, said, wanted, strict=True)]))


@wrong("bleu-of-counts", fails="test_corpora")
def bleu_of_counts(matched, total, said, wanted):
    """No penalty."""
    return of_sums(matched.sum(axis=0), total.sum(axis=0), 1, 1)


@wrong("bleu-of-counts", fails="test_corpora")
def bleu_of_counts(matched, total, said, wanted):
    """An arithmetic mean."""
    shares = matched.sum(axis=0) / np.maximum(total.sum(axis=0), 1)
    return 100 * shares.mean() * min(1, np.exp(1 - wanted.sum() / max(said.sum(), 1)))


@wrong("bleu-of-counts", fails="test_corpora")
def bleu_of_counts(matched, total, said, wanted):
    """Rewards what is too long."""
    m, t = matched.sum(axis=0), total.sum(axis=0)
    if m.min() == 0:
        return 0.0
    return float(100 * np.exp(1 - wanted.sum() / said.sum()) * np.exp(np.log(m / t).mean()))


@wrong("bleu-of-counts", fails="test_corpora")
def bleu_of_counts(matched, total, said, wanted):
    """From 0 to 1."""
    return of_sums(matched.sum(axis=0), total.sum(axis=0), said.sum(), wanted.sum()) / 100


@wrong("bleu-of-counts", fails="test_corpora")
def bleu_of_counts(matched, total, said, wanted):
    """Penalizes each short sentence by itself."""
    each = [min(1.0, np.exp(1 - r / c)) for c, r in zip(said, wanted, strict=True)]
    return np.mean(each) * of_sums(matched.sum(axis=0), total.sum(axis=0), 1, 1)


@wrong("bleu-of-counts", fails="test_no_match")
def bleu_of_counts(matched, total, said, wanted):
    """Puts a tenth in the place of nothing."""
    m = np.maximum(matched.sum(axis=0), 0.1)
    t = np.maximum(total.sum(axis=0), 1)
    return of_sums(m, t, max(said.sum(), 1), wanted.sum())


@wrong("bleu-of-counts", fails="test_no_match")
def bleu_of_counts(matched, total, said, wanted):
    """Leaves out the lengths without a match."""
    m, t = matched.sum(axis=0), total.sum(axis=0)
    if not m.any():
        return 0.0
    return of_sums(m[m > 0], t[m > 0], said.sum(), wanted.sum())


@wrong("bleu-of-counts", fails="test_no_match")
def bleu_of_counts(matched, total, said, wanted):
    """One sentence without a match spoils all."""
    if np.min(matched) == 0:
        return 0.0
    return of_sums(matched.sum(axis=0), total.sum(axis=0), said.sum(), wanted.sum())


@wrong("weighted-edits", fails="test_edges")
def weighted_edits(said, right, cost):
    """Believes that an exchange never costs less than 0.1."""
    return fill(said, right, lambda a, b: max(cost[a, b], 0.1 * (a != b)))


@wrong("clipped-precision", fails="test_short_answers")
def clipped_precision(said, right, n):
    """Knows no runs above three words."""
    n = min(n, 3) if said else n
    allowed = Counter()
    for text in right:
        allowed |= runs(text, n)
    return sum((runs(said, n) & allowed).values()), sum(runs(said, n).values())


@wrong("bleu-of-counts", fails="test_corpora")
def bleu_of_counts(matched, total, said, wanted):
    """Lets the penalty stop at 0.3."""
    whole = of_sums(matched.sum(axis=0), total.sum(axis=0), 1, 1)
    return whole * max(0.3, min(1.0, np.exp(1 - wanted.sum() / max(said.sum(), 1))))
