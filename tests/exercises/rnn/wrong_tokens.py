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


@wrong("bits-per-character", fails="test_bits")
def bits_per_character(perplexity, tokens, characters):
    """Believes that a text has at least as many characters as tokens."""
    return min(1, tokens / characters) * np.log2(perplexity)


@wrong("bits-per-character", fails="test_bits")
def bits_per_character(perplexity, tokens, characters):
    """Rounds the perplexity to a whole number of choices."""
    return tokens * np.log2(np.ceil(perplexity)) / characters


def counted(counts, key=tuple):
    found = {}
    for tokens, times in counts.items():
        for pair in zip(tokens, tokens[1:], strict=False):
            found[key(pair)] = found.get(key(pair), 0) + times
    return found


@wrong("pair-to-join", fails="test_frequent_words")
def pair_to_join(counts):
    """Takes the tokens apart into letters."""
    letters = {}
    for tokens, times in counts.items():
        word = tuple("".join(tokens))
        letters[word] = letters.get(word, 0) + times
    found = counted(letters)
    return min(found, key=lambda pair: (-found[pair], pair))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Compares joined texts."""
    found = counted(counts)
    return min(found, key=lambda pair: (-found[pair], "".join(pair)))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Takes no notice of capitals."""
    found = counted(counts)
    return min(found, key=lambda pair: (-found[pair], [token.lower() for token in pair], pair))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Compares the first tokens only."""
    found = counted(counts)
    return min(found, key=lambda pair: (-found[pair], pair[0]))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Adds up pairs that look alike when joined."""
    found, sums = counted(counts), counted(counts, key="".join)
    return min(found, key=lambda pair: (-sums["".join(pair)], pair))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Writes words with spaces between tokens and cuts them there again."""
    lines = {" ".join(tokens): times for tokens, times in counts.items()}
    found = counted({tuple(line.split()): times for line, times in lines.items()})
    return min(found, key=lambda pair: (-found[pair], pair))


@wrong("pair-to-join", fails="test_frequent_words")
def pair_to_join(counts):
    """Returns the count along with the pair."""
    found = counted(counts)
    return min(found.items(), key=lambda item: (-item[1], item[0]))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Does not look beyond six tokens of a word."""
    short = {}
    for tokens, times in counts.items():
        short[tokens[:6]] = short.get(tokens[:6], 0) + times
    found = counted(short)
    return min(found, key=lambda pair: (-found[pair], pair))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Prefers short pairs."""
    found = counted(counts)
    return min(found, key=lambda pair: (-found[pair], len("".join(pair)), pair))


@wrong("pair-to-join", fails="test_ties_and_repeats")
def pair_to_join(counts):
    """Compares pairs as they are printed."""
    found = counted(counts)
    return min(found, key=lambda pair: (-found[pair], str(pair)))
