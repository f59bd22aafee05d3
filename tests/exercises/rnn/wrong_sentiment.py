"""Known wrong answers to the exercises of the chapter on the tone of texts."""

import numpy as np

from companion.exercises import wrong


@wrong("ridge-tone", fails="test_without_penalty")
def three_numbers():
    """Divides the wrong way round."""
    return 2 / 3, 0.0, 1.0


@wrong("ridge-tone", fails="test_without_penalty")
def three_numbers():
    """Forgets to divide by the mean of x²."""
    return 4.0, 0.0, 1.0


@wrong("ridge-tone", fails="test_with_penalty")
def three_numbers():
    """Adds the penalty to the sum of squares."""
    return 1.5, 0.0, 12 / (8 + 4 / 3)


@wrong("ridge-tone", fails="test_with_penalty")
def three_numbers():
    """The penalty changes nothing."""
    return 1.5, 0.0, 1.5


@wrong("ridge-tone", fails="test_without_penalty")
def three_numbers():
    """Gives w, w with the penalty, b."""
    return 1.5, 1.0, 0.0


@wrong("average-of-words", fails="test_padding_of_zeros")
def averages(x, lengths):
    """Divides by the width."""
    return x.mean(axis=1)


@wrong("average-of-words", fails="test_padding_of_zeros")
def averages(x, lengths):
    """Sums only."""
    return x.sum(axis=1)


@wrong("average-of-words", fails="test_padding_of_anything")
def averages(x, lengths):
    """Sums the padding along."""
    return x.sum(axis=1) / lengths[:, None]


@wrong("average-of-words", fails="test_padding_of_anything")
def averages(x, lengths):
    """A mask does not stop NaN."""
    mask = np.arange(x.shape[1]) < lengths[:, None]
    return (x * mask[:, :, None]).sum(axis=1) / lengths[:, None]


@wrong("average-of-words", fails="test_padding_of_anything")
def averages(x, lengths):
    """Takes zero vectors and NaN for padding."""
    there = (np.nan_to_num(x) != 0).any(axis=2, keepdims=True)
    return np.where(there, x, 0).sum(axis=1) / there.sum(axis=1)


@wrong("average-of-words", fails="test_padding_of_anything")
def averages(x, lengths):
    """Takes what is like the last vector for padding."""
    out = []
    for row, n in zip(x, lengths, strict=True):
        behind = np.isnan(row).any(axis=1) | (row == row[-1]).all(axis=1)
        out.append(row[~behind | (n == len(row))].mean(axis=0))
    return np.array(out)


@wrong("average-of-words", fails="test_padding_of_anything")
def averages(x, lengths):
    """Puts zeros for NaN only; 0 times infinity is NaN."""
    mask = np.arange(x.shape[1]) < lengths[:, None]
    return (np.where(np.isnan(x), 0, x) * mask[:, :, None]).sum(axis=1) / lengths[:, None]


@wrong("average-of-words", fails="test_padding_of_anything")
def averages(x, lengths):
    """Clears the padding of the caller."""
    x[np.arange(x.shape[1]) >= lengths[:, None]] = 0
    return x.sum(axis=1) / lengths[:, None]


@wrong("one-and-the-rest", fails="test_ten_people")
def agreement(given):
    """Leaves the person in the mean."""
    return np.array([np.corrcoef(a, given.mean(axis=1))[0, 1] for a in given.T])


@wrong("one-and-the-rest", fails="test_ten_people")
def agreement(given):
    """Correlates words instead of people."""
    return np.array([np.corrcoef(a, given.mean(axis=0))[0, 1] for a in given])


@wrong("one-and-the-rest", fails="test_ten_people")
def agreement(given):
    """Mean of the correlations with each other person."""
    c = np.corrcoef(given.T)
    return (c.sum(axis=1) - 1) / (len(c) - 1)


@wrong("one-and-the-rest", fails="test_other_sizes")
def agreement(given):
    """Ten people only."""
    rest = [np.delete(given, k, 1).mean(axis=1) for k in range(10)]
    return np.array([np.corrcoef(given[:, k], rest[k])[0, 1] for k in range(10)])


def with_rest(given):
    rest = [np.delete(given, k, 1).mean(axis=1) for k in range(given.shape[1])]
    return np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(given.T, rest, strict=True)])


@wrong("one-and-the-rest", fails="test_other_sizes")
def agreement(given):
    """Takes the size of a correlation only."""
    return np.abs(with_rest(given))


@wrong("one-and-the-rest", fails="test_other_sizes")
def agreement(given):
    """Cuts whoever disagrees off at zero."""
    return np.maximum(with_rest(given), 0)


@wrong("one-and-the-rest", fails="test_other_sizes")
def agreement(given):
    """Makes whole numbers of the ratings."""
    return with_rest(given.astype(int))


@wrong("one-and-the-rest", fails="test_other_sizes")
def agreement(given):
    """Takes the means from the caller's array when it is of floats."""
    given = np.asarray(given, float)
    given -= given.mean(axis=0)
    return with_rest(given)


@wrong("same-average", fails="test_orders")
def same_average(one, other):
    """Compares the order."""
    return one == other


@wrong("same-average", fails="test_orders")
def same_average(one, other):
    """Forgets how often a word occurs."""
    return set(one) == set(other)


@wrong("same-average", fails="test_repeated")
def same_average(one, other):
    """Wants equal lengths."""
    return sorted(one) == sorted(other)


@wrong("same-average", fails="test_repeated")
def same_average(one, other):
    """Thinks that the longer one must repeat the shorter a whole number of times."""
    short, long = sorted((one, other), key=len)
    times, rest = divmod(len(long), len(short))
    return rest == 0 and sorted(short * times) == sorted(long)


def shares(tokens, digits=12):
    return {word: round(tokens.count(word) / len(tokens), digits) for word in tokens}


@wrong("same-average", fails="test_repeated")
def same_average(one, other):
    """Compares shares in percent."""
    return shares(one, 2) == shares(other, 2)


@wrong("same-average", fails="test_repeated")
def same_average(one, other):
    """Compares shares to three digits."""
    return shares(one, 3) == shares(other, 3)


@wrong("same-average", fails="test_repeated")
def same_average(one, other):
    """Divides counts by the smallest, and drops the remainder."""

    def parts(tokens):
        fewest = min(map(tokens.count, tokens))
        return {word: tokens.count(word) // fewest for word in tokens}

    return parts(one) == parts(other)


@wrong("same-average", fails="test_repeated")
def same_average(one, other):
    """Divides the length by counts, and drops the remainder."""

    def parts(tokens):
        return {word: len(tokens) // tokens.count(word) for word in tokens}

    return parts(one) == parts(other)


@wrong("same-average", fails="test_orders")
def same_average(one, other):
    """Counts letters instead of words."""
    a, b = "".join(one), "".join(other)
    return all(a.count(k) * len(other) == b.count(k) * len(one) for k in {*a, *b})


@wrong("same-average", fails="test_orders")
def same_average(one, other):
    """Tries one vector for each word."""
    means = [sum(ord(word[0]) for word in tokens) / len(tokens) for tokens in (one, other)]
    return means[0] == means[1]


@wrong("same-average", fails="test_orders")
def same_average(one, other):
    """Sorts the lists of the caller."""
    one.sort()
    other.sort()
    return shares(one) == shares(other)


@wrong("denied-tone", fails="test_sentences")
def tone_of(tokens, rating, denials):
    """Turns around all that follows."""
    total, factor = 0.0, 1.0
    for word in tokens:
        if word in denials:
            factor *= -0.74
        elif word in rating:
            total += factor * rating[word]
    return total


@wrong("denied-tone", fails="test_sentences")
def tone_of(tokens, rating, denials):
    """Reaches the next word only."""
    total, factor = 0.0, 1.0
    for word in tokens:
        if word in denials:
            factor *= -0.74
            continue
        total += factor * rating.get(word, 0.0)
        factor = 1.0
    return total


@wrong("denied-tone", fails="test_sentences")
def tone_of(tokens, rating, denials):
    """Turns the whole sum around."""
    total = sum(rating.get(word, 0.0) for word in tokens if word not in denials)
    return total * (-0.74) ** sum(word in denials for word in tokens)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Two denials count once."""
    total, factor = 0.0, 1.0
    for word in tokens:
        if word in denials:
            factor = -0.74
        elif word in rating:
            total += factor * rating[word]
            factor = 1.0
    return total


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """A rated denial counts as rated word."""
    total, factor = 0.0, 1.0
    for word in tokens:
        if word in rating:
            total += factor * rating[word]
            factor = 1.0
        elif word in denials:
            factor *= -0.74
    return total


def turned(tokens, rating, is_denial, is_rated, most=99, reach=99):
    total, before = 0.0, []
    for place, word in enumerate(tokens):
        if is_denial(word):
            before.append(place)
        elif is_rated(word):
            count = sum(place - k <= reach for k in before)
            total += rating[word] * (-0.74) ** min(count, most)
            before = []
    return total


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Has denials of its own."""
    return turned(tokens, rating, {"not", "never", "no"}.__contains__, rating.__contains__)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Has ratings of its own."""
    own = {"good": 1.9, "bad": -2.5, "kind": 2.4, "cruel": -2.8, "okay": 0.0, "fine": 3.0}
    return turned(tokens, own, denials.__contains__, own.__contains__)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Knows another kind of denial."""

    def is_denial(word):
        return word in denials or word.endswith("n't")

    return turned(tokens, rating, is_denial, rating.__contains__)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Takes a rating of 0 for none."""
    return turned(tokens, rating, denials.__contains__, rating.get)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Finds denials in other words."""

    def is_denial(word):
        return any(denial in word for denial in denials)

    return turned(tokens, rating, is_denial, rating.__contains__)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Counts two denials at most."""
    return turned(tokens, rating, denials.__contains__, rating.__contains__, most=2)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Lets a denial reach three words, as VADER does."""
    return turned(tokens, rating, denials.__contains__, rating.__contains__, reach=3)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Begins anew at a rated denial."""
    total, factor = 0.0, 1.0
    for word in tokens:
        if word in denials:
            factor = -0.74 * (1.0 if word in rating else factor)
        elif word in rating:
            total += factor * rating[word]
            factor = 1.0
    return total


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Adds the rating of a denial at the end."""
    total = turned(tokens, rating, denials.__contains__, rating.__contains__)
    return total + (rating.get(tokens[-1], 0.0) if tokens and tokens[-1] in denials else 0.0)


@wrong("denied-tone", fails="test_odd_sentences")
def tone_of(tokens, rating, denials):
    """Counts a denial that is repeated once."""
    total, before = 0.0, set()
    for word in tokens:
        if word in denials:
            before.add(word)
        elif word in rating:
            total += rating[word] * (-0.74) ** len(before)
            before = set()
    return total


@wrong("denied-tone", fails="test_sentences")
def tone_of(tokens, rating, denials):
    """Looks for the place of a word, which is that of the first one like it."""
    total, last = 0.0, -1
    for word in tokens:
        if word in rating and word not in denials:
            place = tokens.index(word)
            count = sum(other in denials for other in tokens[last + 1 : place])
            total += rating[word] * (-0.74) ** count
            last = max(place, last)
    return total


@wrong("denied-tone", fails="test_sentences")
def tone_of(tokens, rating, denials):
    """Ends the reach of a denial at "but"."""
    total, factor = 0.0, 1.0
    for word in tokens:
        if word in denials:
            factor *= -0.74
        elif word == "but":
            factor = 1.0
        elif word in rating:
            total += factor * rating[word]
            factor = 1.0
    return total


@wrong("denied-tone", fails="test_sentences")
def tone_of(tokens, rating, denials):
    """Takes "but" out of the caller's list."""
    while "but" in tokens:
        tokens.remove("but")
    return turned(tokens, rating, denials.__contains__, rating.__contains__)


@wrong("denied-tone", fails="test_sentences")
def tone_of(tokens, rating, denials):
    """Takes denials out of the caller's ratings."""
    for denial in denials:
        rating.pop(denial, None)
    return turned(tokens, rating, denials.__contains__, rating.__contains__)
