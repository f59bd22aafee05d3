"""Known wrong answers to the exercises on the page about tokens."""

import numpy as np

from companion.exercises import wrong


@wrong("three-merges", fails="test_the_first")
def three_merges():
    """Begins with the first pair of the first word."""
    return "lo", "low", "er"


@wrong("three-merges", fails="test_the_others")
def three_merges():
    """Goes on with the pairs of the first count."""
    return "er", "we", "lo"


@wrong("three-merges", fails="test_the_others")
def three_merges():
    """Does not see that the w of lower is gone."""
    return "er", "wer", "ow"


@wrong("bits-per-character", fails="test_bits")
def bits_per_character(perplexity, tokens, characters):
    """Nats."""
    return tokens * np.log(perplexity) / characters


@wrong("bits-per-character", fails="test_bits")
def bits_per_character(perplexity, tokens, characters):
    """Per token."""
    return np.log2(perplexity)


@wrong("bits-per-character", fails="test_bits")
def bits_per_character(perplexity, tokens, characters):
    """Upside down."""
    return characters * np.log2(perplexity) / tokens


@wrong("pair-to-join", fails="test_frequent_words")
def pair_to_join(counts):
    """Each word once."""
    found = {}
    for tokens in counts:
        for pair in zip(tokens, tokens[1:], strict=False):
            found[pair] = found.get(pair, 0) + 1
    return min(found, key=lambda pair: (-found[pair], pair))


@wrong("pair-to-join", fails="test_frequent_words")
def pair_to_join(counts):
    """Only the first pair of a word."""
    found = {}
    for tokens, times in counts.items():
        pair = tuple(tokens[:2])
        found[pair] = found.get(pair, 0) + times
    return min(found, key=lambda pair: (-found[pair], pair))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Of equally frequent pairs the first that was met."""
    found = {}
    for tokens, times in counts.items():
        for pair in zip(tokens, tokens[1:], strict=False):
            found[pair] = found.get(pair, 0) + times
    return max(found, key=found.get)


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """A pair once in each word."""
    found = {}
    for tokens, times in counts.items():
        for pair in set(zip(tokens, tokens[1:], strict=False)):
            found[pair] = found.get(pair, 0) + times
    return min(found, key=lambda pair: (-found[pair], pair))
