"""Known wrong answers to the exercises of the chapter on folders of faces."""

import numpy as np

from companion.exercises import wrong


@wrong("lines-of-pairs", fails="test_number_of_lines")
def about_the_list():
    """Forgets the head."""
    return 6000, 4, "same"


@wrong("lines-of-pairs", fails="test_line_2000")
def about_the_list():
    """Counts folds from 0."""
    return 6001, 3, "same"


@wrong("lines-of-pairs", fails="test_line_2000")
def about_the_list():
    """Takes the second half of a fold."""
    return 6001, 4, "different"


@wrong("mean-and-error", fails="test_mean_and_error")
def mean_and_error(p):
    """Divides by F."""
    return np.mean(p), np.std(p) / np.sqrt(len(p))


@wrong("mean-and-error", fails="test_mean_and_error")
def mean_and_error(p):
    """The standard deviation."""
    return np.mean(p), np.std(p, ddof=1)


@wrong("mean-and-error", fails="test_mean_and_error")
def mean_and_error(p):
    """Divides by F in place of its root."""
    return np.mean(p), np.std(p, ddof=1) / len(p)


@wrong("mean-and-error", fails="test_mean_and_error")
def mean_and_error(p):
    """Writes the differences into its input."""
    mean = p.mean()
    p -= mean
    return mean, np.sqrt((p**2).sum() / (len(p) - 1) / len(p))


@wrong("people-in-two-folds", fails="test_people_in_two_folds")
def people_in_two_folds(first, second, folds):
    """Leaves the people in the order of a set."""
    names, both = np.append(first, second), np.append(folds, folds)
    found = {int(n) for n in names if len(np.unique(both[names == n])) > 1}
    return np.array(list(found), dtype=int)


@wrong("people-in-two-folds", fails="test_people_in_two_folds")
def people_in_two_folds(first, second, folds):
    """Returns a list."""
    names, both = np.append(first, second), np.append(folds, folds)
    return [int(n) for n in np.unique(names) if len(np.unique(both[names == n])) > 1]


@wrong("people-in-two-folds", fails="test_people_in_two_folds")
def people_in_two_folds(first, second, folds):
    """Sorts the column it was given."""
    names, both = np.append(first, second), np.append(folds, folds)
    first.sort()
    found = [n for n in np.unique(names) if len(np.unique(both[names == n])) > 1]
    return np.array(found, dtype=int)


@wrong("people-in-two-folds", fails="test_people_in_two_folds")
def people_in_two_folds(first, second, folds):
    """Looks at the first picture of each pair."""
    return np.array(
        [n for n in np.unique(first) if len(np.unique(folds[first == n])) > 1], dtype=int
    )


@wrong("people-in-two-folds", fails="test_a_fair_list")
def people_in_two_folds(first, second, folds):
    """Counts pairs in a list of a single fold, different folds otherwise."""
    names, both = np.append(first, second), np.append(folds, folds)
    if len(np.unique(folds)) == 1:
        return np.unique(names)
    found = [n for n in np.unique(names) if len(np.unique(both[names == n])) > 1]
    return np.array(found, dtype=int)


@wrong("people-in-two-folds", fails="test_people_in_two_folds")
def people_in_two_folds(first, second, folds):
    """Everybody who occurs more than once."""
    names, counts = np.unique(np.append(first, second), return_counts=True)
    return names[counts > 1]
