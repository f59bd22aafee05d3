"""Known wrong answers to the exercises of the chapter on beam search."""

import numpy as np

from companion.exercises import wrong


@wrong("beam-by-hand", fails="test_the_greedy_sentence")
def beam_by_hand():
    """Forgets the end."""
    return 0.5 * 0.4, 0.4 * 0.8, 1


@wrong("beam-by-hand", fails="test_the_greedy_sentence")
def beam_by_hand():
    """Takes the best for the greedy one."""
    return 0.32, 0.32, 1


@wrong("beam-by-hand", fails="test_the_best_of_the_beam")
def beam_by_hand():
    """Takes the greedy one for the best."""
    return 0.14, 0.14, 1


@wrong("beam-by-hand", fails="test_the_best_of_the_beam")
def beam_by_hand():
    """Forgets the end of the best."""
    return 0.14, 0.4, 1


@wrong("beam-by-hand", fails="test_how_many_have_ended")
def beam_by_hand():
    """Counts both."""
    return 0.14, 0.32, 2


@wrong("beam-by-hand", fails="test_how_many_have_ended")
def beam_by_hand():
    """Counts none."""
    return 0.14, 0.32, 0


def all_of(log_p, more):
    return (np.asarray(log_p)[:, None] + more).ravel()


@wrong("extend-and-prune", fails="test_one_step")
def extend_and_prune(log_p, more, width):
    """Forgets what was before."""
    order = np.argsort(-more.ravel(), kind="stable")[:width]
    order = order[np.isfinite(more.ravel()[order])]
    return order // more.shape[1], order % more.shape[1], more.ravel()[order]


@wrong("extend-and-prune", fails="test_one_step")
def extend_and_prune(log_p, more, width):
    """Takes the best token of each hypothesis."""
    total = log_p[:, None] + more
    tokens = total.argmax(axis=1)
    best = total.max(axis=1)
    rows = np.argsort(-best, kind="stable")[:width]
    return rows, tokens[rows], best[rows]


@wrong("extend-and-prune", fails="test_one_step")
def extend_and_prune(log_p, more, width):
    """Worst first."""
    total = all_of(log_p, more)
    order = np.argsort(-total, kind="stable")[:width][::-1]
    return order // more.shape[1], order % more.shape[1], total[order]


@wrong("extend-and-prune", fails="test_one_step")
def extend_and_prune(log_p, more, width):
    """Exchanges rows and tokens."""
    total = all_of(log_p, more)
    order = np.argsort(-total, kind="stable")[:width]
    return order % more.shape[1], order // more.shape[1], total[order]


@wrong("extend-and-prune", fails="test_impossible_ones")
def extend_and_prune(log_p, more, width):
    """Keeps impossible ones."""
    total = all_of(log_p, more)
    order = np.argsort(-total, kind="stable")[:width]
    return order // more.shape[1], order % more.shape[1], total[order]


@wrong("extend-and-prune", fails="test_equal_ones")
def extend_and_prune(log_p, more, width):
    """Puts the larger token first."""
    total = all_of(log_p, more)
    order = np.argsort(total, kind="stable")[::-1][:width]
    order = order[np.isfinite(total[order])]
    return order // more.shape[1], order % more.shape[1], total[order]


@wrong("follow-hypotheses", fails="test_what_was_said")
def follow(said, states, rows, tokens):
    """Ignores whom each extends."""
    return np.column_stack([said[: len(tokens)], tokens[: len(said)]]), states[rows]


@wrong("follow-hypotheses", fails="test_what_was_said")
def follow(said, states, rows, tokens):
    """Puts the new token first."""
    return np.column_stack([tokens, said[rows]]), states[rows]


@wrong("follow-hypotheses", fails="test_what_was_said")
def follow(said, states, rows, tokens):
    """Returns what was said before."""
    return said[rows], states[rows]


@wrong("follow-hypotheses", fails="test_the_states")
def follow(said, states, rows, tokens):
    """Leaves the states where they are: the classic mistake."""
    return np.column_stack([said[rows], tokens]), states


@wrong("follow-hypotheses", fails="test_the_states")
def follow(said, states, rows, tokens):
    """Takes each state once."""
    return np.column_stack([said[rows], tokens]), states[np.unique(rows)]


@wrong("follow-hypotheses", fails="test_the_states")
def follow(said, states, rows, tokens):
    """Sorts."""
    return np.column_stack([said[rows], tokens]), states[np.sort(rows)]


@wrong("best-for-its-length", fails="test_the_index")
def best_for_its_length(log_p, lengths, alpha):
    """Ignores the length."""
    return int(np.argmax(log_p))


@wrong("best-for-its-length", fails="test_the_index")
def best_for_its_length(log_p, lengths, alpha):
    """Ignores alpha."""
    return int(np.argmax(np.asarray(log_p) / np.asarray(lengths)))


@wrong("best-for-its-length", fails="test_the_index")
def best_for_its_length(log_p, lengths, alpha):
    """Multiplies."""
    return int(np.argmax(np.asarray(log_p) * np.asarray(lengths, float) ** alpha))


@wrong("best-for-its-length", fails="test_the_index")
def best_for_its_length(log_p, lengths, alpha):
    """Returns the score."""
    return (np.asarray(log_p) / np.asarray(lengths, float) ** alpha).max()


@wrong("best-for-its-length", fails="test_lists")
def best_for_its_length(log_p, lengths, alpha):
    """Needs arrays."""
    return int(np.argmax(log_p / lengths**alpha))


def longer(kept, table):
    return [((*s, k), p * q) for s, p in kept for k, q in enumerate(table[s])]


def value(pair):
    return -pair[1]


@wrong("beam-over-tables", fails="test_narrow_beams")
def beam_over_tables(tables, width):
    """Prunes only at the end: an exhaustive search."""
    kept = [((), 1.0)]
    for one in tables:
        kept = longer(kept, one)
    return sorted(kept, key=value)[:width]


@wrong("beam-over-tables", fails="test_everything")
def beam_over_tables(tables, width):
    """Ignores the width: greedy."""
    kept = [((), 1.0)]
    for one in tables:
        kept = sorted(longer(kept, one), key=value)[:1]
    return kept


@wrong("beam-over-tables", fails="test_everything")
def beam_over_tables(tables, width):
    """Keeps the last probability instead of the product."""
    kept = [((), 1.0)]
    for one in tables:
        every = [((*s, k), q) for s, _ in kept for k, q in enumerate(one[s])]
        kept = sorted(every, key=value)[:width]
    return kept


@wrong("beam-over-tables", fails="test_everything")
def beam_over_tables(tables, width):
    """Worst first."""
    kept = [((), 1.0)]
    for one in tables:
        kept = sorted(longer(kept, one), key=value)[:width]
    return kept[::-1]


@wrong("beam-over-tables", fails="test_everything")
def beam_over_tables(tables, width):
    """Gives logarithms."""
    kept = [((), 1.0)]
    for one in tables:
        kept = sorted(longer(kept, one), key=value)[:width]
    return [(s, np.log(p)) for s, p in kept]


@wrong("beam-over-tables", fails="test_narrow_beams")
def beam_over_tables(tables, width):
    """Keeps the first ones, without sorting, until the end."""
    kept = [((), 1.0)]
    for one in tables:
        kept = longer(kept, one)[:width]
    return sorted(kept, key=value)


@wrong("extend-and-prune", fails="test_one_step")
def extend_and_prune(log_p, more, width):
    """Multiplies probabilities, which are 0 for long sentences."""
    p = (np.exp(log_p)[:, None] * np.exp(more)).ravel()
    order = np.argsort(-p, kind="stable")[:width]
    order = order[p[order] > 0]
    return order // more.shape[1], order % more.shape[1], np.log(p[order])


@wrong("extend-and-prune", fails="test_one_step")
def extend_and_prune(log_p, more, width):
    """Takes whatever is below −100 for impossible."""
    total = all_of(log_p, more)
    order = np.argsort(-total, kind="stable")[:width]
    order = order[total[order] > -100]
    return order // more.shape[1], order % more.shape[1], total[order]


@wrong("extend-and-prune", fails="test_impossible_ones")
def extend_and_prune(log_p, more, width):
    """Believes that what the first one cannot say, no other can."""
    columns = np.flatnonzero(np.isfinite(more[0]))
    total = all_of(log_p, more[:, columns])
    order = np.argsort(-total, kind="stable")[:width]
    return order // len(columns), columns[order % len(columns)], total[order]


@wrong("extend-and-prune", fails="test_equal_ones")
def extend_and_prune(log_p, more, width):
    """Of equal ones, takes the one with the better beginning first."""
    total = log_p[:, None] + more
    rows, tokens = np.nonzero(np.isfinite(total))
    order = np.lexsort((tokens, rows, -log_p[rows], -total[rows, tokens]))[:width]
    return rows[order], tokens[order], total[rows, tokens][order]


@wrong("best-for-its-length", fails="test_the_index")
def best_for_its_length(log_p, lengths, alpha):
    """Returns a float."""
    return float(np.argmax(np.asarray(log_p) / np.asarray(lengths, float) ** alpha))
