"""Known wrong answers to the exercises of the chapter on what vectors have learned of us."""

import numpy as np

from companion.exercises import wrong


@wrong("neutralize-by-hand", fails="test_the_neutral_vector")
def neutral_vector():
    """Takes the direction as if it had length 1."""
    return 3 - 5 * 1, 1 - 5 * 2


@wrong("neutralize-by-hand", fails="test_the_neutral_vector")
def neutral_vector():
    """Returns what is taken away."""
    return 1, 2


@wrong("neutralize-by-hand", fails="test_the_neutral_vector")
def neutral_vector():
    """Divides by the length once."""
    return 3 - 5**0.5, 1 - 2 * 5**0.5


@wrong("neutralize-by-hand", fails="test_the_neutral_vector")
def neutral_vector():
    """Gives texts for numbers."""
    return "2", "-1"


@wrong("neutralize-by-hand", fails="test_the_neutral_vector")
def neutral_vector():
    """Scales the result to length 1."""
    return 0.8944, -0.4472


@wrong("equalize-by-hand", fails="test_what_they_share")
def even_pair():
    """Each keeps its own first number."""
    return (1, 0.768), (0.28, -0.768)


@wrong("equalize-by-hand", fails="test_the_heights")
def even_pair():
    """Spreads by half of the difference."""
    return (0.64, 0.48), (0.64, -0.48)


@wrong("equalize-by-hand", fails="test_the_heights")
def even_pair():
    """Exchanges the sides."""
    height = (1 - 0.64**2) ** 0.5
    return (0.64, -height), (0.64, height)


@wrong("equalize-by-hand", fails="test_the_heights")
def even_pair():
    """Forgets the square under the root."""
    return (0.64, 0.36**0.5), (0.64, -(0.36**0.5))


@wrong("equalize-by-hand", fails="test_what_they_share")
def even_pair():
    """Gives texts for numbers."""
    return ("0.64", "0.768"), ("0.64", "-0.768")


@wrong("equalize-by-hand", fails="test_the_heights")
def even_pair():
    """Adds the height to the middle, not to ν."""
    return (0.64, -0.48 + 0.768), (0.64, -0.48 - 0.768)


@wrong("equalize-by-hand", fails="test_the_heights")
def even_pair():
    """Leaves what they had along g."""
    return (0.64, 0), (0.64, -0.96)


@wrong("who-is-nearer", fails="test_nearer_to_the_leaning_word")
def nearer_to():
    """Thinks that an equalized pair is equally near to every word."""
    return "both", "both"


@wrong("who-is-nearer", fails="test_nearer_to_the_leaning_word")
def nearer_to():
    """Mistakes the sign."""
    return "both", "mother"


@wrong("who-is-nearer", fails="test_nearer_to_the_neutral_word")
def nearer_to():
    """Thinks that neutral words stay where they were."""
    return "father", "father"


@wrong("who-is-nearer", fails="test_nearer_to_the_leaning_word")
def nearer_to():
    """Gives numbers for words."""
    return 2, 1


@wrong("direct-bias", fails="test_the_mean_of_cosines")
def direct_bias(words, direction, c=1.0):
    """Lets both sides cancel."""
    lengths = np.linalg.norm(words, axis=1) * np.linalg.norm(direction)
    return float(abs(np.mean(words @ direction / lengths)) ** c)


@wrong("direct-bias", fails="test_the_mean_of_cosines")
def direct_bias(words, direction, c=1.0):
    """Forgets the lengths of the words."""
    return float(np.mean(abs(words @ direction / np.linalg.norm(direction)) ** c))


@wrong("direct-bias", fails="test_strictness")
def direct_bias(words, direction, c=1.0):
    """Ignores c."""
    lengths = np.linalg.norm(words, axis=1) * np.linalg.norm(direction)
    return float(np.mean(abs(words @ direction / lengths)))


@wrong("direct-bias", fails="test_strictness")
def direct_bias(words, direction, c=1.0):
    """Raises the mean."""
    lengths = np.linalg.norm(words, axis=1) * np.linalg.norm(direction)
    return float(np.mean(abs(words @ direction / lengths)) ** c)


@wrong("direct-bias", fails="test_strictness")
def direct_bias(words, direction, c=1.0):
    """Adds so much to the lengths that short vectors seem not to lean."""
    lengths = 1e-6 + np.linalg.norm(words, axis=1) * np.linalg.norm(direction)
    return float(np.mean(abs(words @ direction / lengths) ** c))


@wrong("direct-bias", fails="test_strictness")
def direct_bias(words, direction, c=1.0):
    """Takes 0 for no c at all."""
    lengths = np.linalg.norm(words, axis=1) * np.linalg.norm(direction)
    return float(np.mean(abs(words @ direction / lengths) ** (c or 1)))


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Centres all rows at one mean."""
    rows = np.concatenate(sets)
    return np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[2][0]


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Does not centre."""
    return np.linalg.svd(np.concatenate(sets), full_matrices=False)[2][0]


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Takes the last direction."""
    rows = np.concatenate([s - s.mean(axis=0) for s in sets])
    return np.linalg.svd(rows, full_matrices=True)[2][-1]


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Looks at two words of each set."""
    rows = np.array([s[0] - s[1] for s in sets])
    return np.linalg.svd(rows, full_matrices=False)[2][0]


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Takes the mean of the sets' own directions."""
    rows = [np.linalg.svd(s - s.mean(axis=0), full_matrices=False)[2][0] for s in sets]
    return np.linalg.svd(np.array(rows), full_matrices=False)[2][0]


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Counts each set alike."""
    return np.linalg.eigh(sum(np.cov(s.T, bias=True) for s in sets))[1][:, -1]


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Takes the differences between all words of a set."""
    rows = np.concatenate([(s[:, None] - s).reshape(-1, s.shape[1]) for s in sets])
    return np.linalg.svd(rows, full_matrices=False)[2][0]


@wrong("sets-of-words", fails="test_three_sets")
def shared_direction(sets):
    """Takes the largest difference from a mean."""
    rows = np.concatenate([s - s.mean(axis=0) for s in sets])
    lengths = np.linalg.norm(rows, axis=1)
    return rows[lengths.argmax()] / lengths.max()


@wrong("sets-of-words", fails="test_one_pair_and_many_words")
def shared_direction(sets):
    """Wants three sets."""
    one, two, three = sets
    rows = np.concatenate([s - s.mean(axis=0) for s in (one, two, three)])
    return np.linalg.svd(rows, full_matrices=False)[2][0]
