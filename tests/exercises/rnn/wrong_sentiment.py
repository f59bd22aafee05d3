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
