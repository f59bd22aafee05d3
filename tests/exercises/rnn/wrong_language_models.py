"""Known wrong answers to the exercises of the chapter on models of language."""

import numpy as np

from companion.exercises import wrong


@wrong("three-perplexities", fails="test_two_tokens")
def three_perplexities():
    """Forgets the root."""
    return 16, 64, 27


@wrong("three-perplexities", fails="test_two_tokens")
def three_perplexities():
    """One over the mean probability."""
    return 1 / 0.3125, 4, 3 / (2 + 1 / 27)


@wrong("three-perplexities", fails="test_three_tokens")
def three_perplexities():
    """Always takes the square root."""
    return 4, 8, 27**0.5


@wrong("three-perplexities", fails="test_three_tokens")
def three_perplexities():
    """Leaves certain tokens out."""
    return 4, 4, 27


@wrong("three-perplexities", fails="test_two_tokens")
def three_perplexities():
    """The mean surprise in bits."""
    return 2.0, 2.0, np.log2(3)


@wrong("perplexity", fails="test_some_probabilities")
def perplexity_of_probabilities(p):
    """The mean of the probabilities."""
    return 1 / np.mean(p)


@wrong("perplexity", fails="test_some_probabilities")
def perplexity_of_probabilities(p):
    """The mean surprise itself."""
    return -np.mean(np.log(p))


@wrong("perplexity", fails="test_some_probabilities")
def perplexity_of_probabilities(p):
    """The sum in place of the mean."""
    return np.exp(-np.sum(np.log(p)))


@wrong("perplexity", fails="test_some_probabilities")
def perplexity_of_probabilities(p):
    """Bits with a power of e."""
    return np.exp(-np.mean(np.log2(p)))


@wrong("perplexity", fails="test_a_long_text")
def perplexity_of_probabilities(p):
    """Multiplies first."""
    with np.errstate(divide="ignore"):
        return float(np.prod(p)) ** (-1 / len(p)) if np.prod(p) else float("inf")


@wrong("perplexity", fails="test_something_impossible")
def perplexity_of_probabilities(p):
    """Adds a trifle to zeros."""
    return np.exp(-np.mean(np.log(np.asarray(p) + 1e-12)))


@wrong("perplexity", fails="test_something_impossible")
def perplexity_of_probabilities(p):
    """Leaves impossible tokens out."""
    p = np.asarray(p)
    return np.exp(-np.mean(np.log(p[p > 0])))


@wrong("perplexity", fails="test_a_long_text")
def perplexity_of_probabilities(p):
    """Takes all tokens of a long text for equally probable."""
    with np.errstate(divide="ignore"):
        product = np.prod(p)
        short = product or min(p) == 0
        return product ** (-1 / len(p)) if short else 1 / np.mean(p)


@wrong("perplexity", fails="test_a_long_text")
def perplexity_of_probabilities(p):
    """Reads the first thousand only."""
    with np.errstate(divide="ignore"):
        return np.exp(-np.mean(np.log(p[:1000])))


@wrong("perplexity", fails="test_something_impossible")
def perplexity_of_probabilities(p):
    """Takes the very rare for impossible."""
    if min(p) < 1e-12:
        return np.inf
    return np.exp(-np.mean(np.log(p)))


@wrong("perplexity", fails="test_something_impossible")
def perplexity_of_probabilities(p):
    """Raises small probabilities, other than 0."""
    if min(p) == 0:
        return np.inf
    return np.exp(-np.mean(np.log(np.maximum(p, 1e-12))))


@wrong("perplexity", fails="test_something_impossible")
def perplexity_of_probabilities(p):
    """Looks for the impossible in short texts only."""
    p = np.asarray(p)
    if len(p) < 1000 and (p == 0).any():
        return np.inf
    return np.exp(-np.mean(np.log(p[p > 0])))


@wrong("perplexity", fails="test_some_probabilities")
def perplexity_of_probabilities(p):
    """Sorts the caller's list."""
    if isinstance(p, list):
        p.sort()
    with np.errstate(divide="ignore"):
        return np.exp(-np.mean(np.log(p)))


@wrong("tempered-choice", fails="test_temperatures")
def tempered_probabilities(scores, temperature):
    """Multiplies."""
    z = np.asarray(scores, float) * temperature
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong("tempered-choice", fails="test_temperatures")
def tempered_probabilities(scores, temperature):
    """Ignores the temperature."""
    z = np.asarray(scores, float)
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong("tempered-choice", fails="test_temperatures")
def tempered_probabilities(scores, temperature):
    """Divides the probabilities."""
    z = np.asarray(scores, float)
    e = np.exp(z - z.max())
    return e / e.sum() / temperature


@wrong("tempered-choice", fails="test_huge_scores")
def tempered_probabilities(scores, temperature):
    """Overflows."""
    with np.errstate(all="ignore"):
        e = np.exp(np.asarray(scores, float) / temperature)
        return e / e.sum()


@wrong("tempered-choice", fails="test_impossible_tokens")
def tempered_probabilities(scores, temperature):
    """Subtracts the mean."""
    z = np.asarray(scores, float)
    e = np.exp(np.clip((z - z.max()) / temperature, -50, 0) + (z == -np.inf) * 48)
    return e / e.sum()


@wrong("tempered-choice", fails="test_huge_scores")
def tempered_probabilities(scores, temperature):
    """Takes off the first score, not the largest."""
    z = np.asarray(scores, float)
    with np.errstate(all="ignore"):
        e = np.exp((z - z[0]) / temperature)
        return e / e.sum()


@wrong("tempered-choice", fails="test_huge_scores")
def tempered_probabilities(scores, temperature):
    """Powers of probabilities that have been rounded to 0."""
    z = np.asarray(scores, float)
    p = np.exp(z - z.max()) ** (1 / temperature)
    return p / p.sum()


@wrong("tempered-choice", fails="test_temperatures")
def tempered_probabilities(scores, temperature):
    """Takes the largest score off in the caller's array."""
    z = np.asarray(scores, float)
    z -= z.max()
    e = np.exp(z / temperature)
    return e / e.sum()


@wrong("tempered-choice", fails="test_temperatures")
def tempered_probabilities(scores, temperature):
    """Returns logarithms."""
    z = np.asarray(scores, float) / temperature
    return z - np.logaddexp.reduce(z)


@wrong("tempered-choice", fails="test_temperatures")
def tempered_probabilities(scores, temperature):
    """Returns a column."""
    z = np.asarray(scores, float)[:, None]
    e = np.exp((z - z.max()) / temperature)
    return e / e.sum()


@wrong("smoothed-bigram", fails="test_the_names_of_the_page")
def smoothed_bigram(names, before, after, k, kinds):
    """Does not count the end in the history."""
    both = sum(name[i : i + 2] == before + after for name in names for i in range(len(name)))
    alone = sum(name[:-1].count(before) for name in names)
    return (both + k) / (alone + k * kinds)


@wrong("smoothed-bigram", fails="test_the_names_of_the_page")
def smoothed_bigram(names, before, after, k, kinds):
    """Adds k once below."""
    both = sum(name[i : i + 2] == before + after for name in names for i in range(len(name)))
    return (both + k) / (sum(name.count(before) for name in names) + k)


@wrong("smoothed-bigram", fails="test_the_names_of_the_page")
def smoothed_bigram(names, before, after, k, kinds):
    """Does not smooth."""
    both = sum(name[i : i + 2] == before + after for name in names for i in range(len(name)))
    return both / sum(name.count(before) for name in names)


@wrong("smoothed-bigram", fails="test_overlaps_and_new_histories")
def smoothed_bigram(names, before, after, k, kinds):
    """Pairs that overlap are lost."""
    both = sum(name.count(before + after) for name in names)
    return (both + k) / (sum(name.count(before) for name in names) + k * kinds)


@wrong("smoothed-bigram", fails="test_overlaps_and_new_histories")
def smoothed_bigram(names, before, after, k, kinds):
    """A new history has probability 0."""
    alone = sum(name.count(before) for name in names)
    if not alone:
        return 0.0
    both = sum(name[i : i + 2] == before + after for name in names for i in range(len(name)))
    return (both + k) / (alone + k * kinds)


@wrong("smoothed-bigram", fails="test_overlaps_and_new_histories")
def smoothed_bigram(names, before, after, k, kinds):
    """Counts a name once that comes twice."""
    names = set(names)
    both = sum(name[i : i + 2] == before + after for name in names for i in range(len(name)))
    return (both + k) / (sum(name.count(before) for name in names) + k * kinds)


@wrong("smoothed-bigram", fails="test_overlaps_and_new_histories")
def smoothed_bigram(names, before, after, k, kinds):
    """Counts a pair once in each name."""
    both = sum(before + after in name for name in names)
    return (both + k) / (sum(name.count(before) for name in names) + k * kinds)


@wrong("smoothed-bigram", fails="test_the_names_of_the_page")
def smoothed_bigram(names, before, after, k, kinds):
    """Lets each name run on into the next."""
    text = "".join(names)
    both = sum(text[i : i + 2] == before + after for i in range(len(text)))
    return (both + k) / (text.count(before) + k * kinds)


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """Stops before the mass is reached."""
    order = np.argsort(-np.asarray(p))
    return order[np.cumsum(np.asarray(p)[order]) <= mass]


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """In the order of their numbers."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return np.sort(order[: np.searchsorted(reached, mass) + 1])


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """Every token above a level."""
    order = np.argsort(-np.asarray(p))
    return order[np.asarray(p)[order] > 1 - mass]


@wrong("nucleus-members", fails="test_other_sizes")
def nucleus_members(p, mass):
    """Ten at most."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return order[: min(10, np.searchsorted(reached, mass) + 1)]


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """Counts from one."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return order[: np.searchsorted(reached, mass) + 1] + 1


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """A lone number for a lone token."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return order[: np.searchsorted(reached, mass) + 1].squeeze()


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """One too many."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return order[: np.searchsorted(reached, mass) + 2]


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """Numbers that are not whole."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return order[: np.searchsorted(reached, mass) + 1] + 0.4


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """Numbers as text."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return [str(i) for i in order[: np.searchsorted(reached, mass) + 1]]


@wrong("nucleus-members", fails="test_four_tokens")
def nucleus_members(p, mass):
    """A row of a matrix."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return order[None, : np.searchsorted(reached, mass) + 1]


@wrong("nucleus-members", fails="test_other_sizes")
def nucleus_members(p, mass):
    """Thirty at most."""
    order = np.argsort(-np.asarray(p))
    reached = np.cumsum(np.asarray(p)[order])
    return order[: min(30, np.searchsorted(reached, mass) + 1)]


@wrong("nucleus-members", fails="test_other_sizes")
def nucleus_members(p, mass):
    """Rounds the sums to three places."""
    order = np.argsort(-np.asarray(p))
    reached = np.round(np.cumsum(np.asarray(p)[order]), 3)
    return order[: np.searchsorted(reached, mass) + 1]


@wrong("nucleus-members", fails="test_other_sizes")
def nucleus_members(p, mass):
    """Rounds the probabilities before it sorts."""
    order = np.argsort(-np.round(p, 3), kind="stable")
    reached = np.cumsum(np.asarray(p)[order])
    return order[: np.searchsorted(reached, mass) + 1]
