"""Known wrong answers to the exercises of the chapter on what to do next."""

import numpy as np

from companion.exercises import wrong


@wrong("three-projects", fails="test_projects_a_and_b")
def three_projects():
    """Names the largest gap."""
    return "variance", "mismatch", "dev set"


@wrong("three-projects", fails="test_projects_a_and_b")
def three_projects():
    """Forgets that people err as well."""
    return "bias", "bias", "dev set"


@wrong("three-projects", fails="test_project_c")
def three_projects():
    """Names the first gap that reaches the tolerance."""
    return "bias", "mismatch", "variance"


@wrong("four-hundred", fails="test_standard_error_and_visible_difference")
def four_hundred():
    """Forgets that both errors vary."""
    return 0.02, 0.04, 1600


@wrong("four-hundred", fails="test_standard_error_and_visible_difference")
def four_hundred():
    """Gives the variance."""
    return 0.0004, 0.057, 1600


@wrong("four-hundred", fails="test_standard_error_and_visible_difference")
def four_hundred():
    """Adds deviations in place of variances."""
    return 0.02, 0.08, 1600


@wrong("four-hundred", fails="test_examples_for_half_the_difference")
def four_hundred():
    """Takes the error for proportional to 1/n."""
    return 0.02, 0.057, 800


@wrong("thousand-coins", fails="test_the_best_of_a_thousand")
def best_coin():
    """Believes that the best coin is better."""
    return "0.35 and 0.35"


@wrong("thousand-coins", fails="test_the_best_of_a_thousand")
def best_coin():
    """Believes that choosing changes nothing."""
    return "0.50 and 0.50"


@wrong("thousand-coins", fails="test_the_best_of_a_thousand")
def best_coin():
    """Takes the standard error for the error."""
    return "0.05 and 0.50"


@wrong("put-aside", fails="test_drawn_at_random_by_the_seed")
def put_aside(X, y, n, seed):
    """Cuts without shuffling."""
    if not 1 <= n < len(X):
        raise ValueError(n)
    return X[:-n], y[:-n], X[-n:], y[-n:]


@wrong("put-aside", fails="test_each_example_once_with_its_label")
def put_aside(X, y, n, seed):
    """Shuffles inputs and labels apart."""
    if not 1 <= n < len(X):
        raise ValueError(n)
    rng = np.random.default_rng(seed)
    X, y = rng.permutation(X), rng.permutation(y)
    return X[n:], y[n:], X[:n], y[:n]


@wrong("put-aside", fails="test_each_example_once_with_its_label")
def put_aside(X, y, n, seed):
    """Draws the two sets independently."""
    if not 1 <= n < len(X):
        raise ValueError(n)
    rng = np.random.default_rng(seed)
    aside, rest = rng.permutation(len(X))[:n], rng.permutation(len(X))[n:]
    return X[rest], y[rest], X[aside], y[aside]


@wrong("put-aside", fails="test_each_example_once_with_its_label")
def put_aside(X, y, n, seed):
    """Leaves what is put aside in the training set."""
    if not 1 <= n < len(X):
        raise ValueError(n)
    aside = np.random.default_rng(seed).permutation(len(X))[:n]
    return X, y, X[aside], y[aside]


@wrong("put-aside", fails="test_drawn_at_random_by_the_seed")
def put_aside(X, y, n, seed):
    """Does without the seed."""
    if not 1 <= n < len(X):
        raise ValueError(n)
    order = np.random.default_rng().permutation(len(X))
    return X[order[n:]], y[order[n:]], X[order[:n]], y[order[:n]]


@wrong("put-aside", fails="test_no_set_is_empty")
def put_aside(X, y, n, seed):
    """Lets a set be empty."""
    order = np.random.default_rng(seed).permutation(len(X))
    return X[order[n:]], y[order[n:]], X[order[:n]], y[order[:n]]


@wrong("put-aside", fails="test_no_set_is_empty")
def put_aside(X, y, n, seed):
    """Lets a negative number count from the end."""
    if n == 0 or n >= len(X):
        raise ValueError("one of the sets would be empty")
    order = np.random.default_rng(seed).permutation(len(X))
    return X[order[n:]], y[order[n:]], X[order[:n]], y[order[:n]]


@wrong("put-aside", fails="test_drawn_at_random_by_the_seed")
def put_aside(X, y, n, seed):
    """Shuffles the caller's arrays."""
    if not 1 <= n < len(X):
        raise ValueError("one of the sets would be empty")
    order = np.random.default_rng(seed).permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return X[n:], y[n:], X[:n], y[:n]


@wrong("fastest-as-good", fails="test_the_fastest_within_two_standard_errors")
def fastest_as_good(errors, ms, n):
    """Takes one standard error."""
    low = min(errors)
    good = [k for k in range(len(ms)) if errors[k] <= low + np.sqrt(low * (1 - low) / n)]
    return min(good, key=lambda k: (ms[k], errors[k]))


@wrong("fastest-as-good", fails="test_the_fastest_within_two_standard_errors")
def fastest_as_good(errors, ms, n):
    """Forgets the root."""
    low = min(errors)
    good = [k for k in range(len(ms)) if errors[k] <= low + 2 * low * (1 - low) / n]
    return min(good, key=lambda k: (ms[k], errors[k]))


@wrong("fastest-as-good", fails="test_the_fastest_within_two_standard_errors")
def fastest_as_good(errors, ms, n):
    """Returns the place among the good ones."""
    low = min(errors)
    limit = low + 2 * np.sqrt(low * (1 - low) / n)
    good = [(t, e) for e, t in zip(errors, ms, strict=True) if e <= limit]
    return good.index(min(good))


@wrong("fastest-as-good", fails="test_the_fastest_within_two_standard_errors")
def fastest_as_good(errors, ms, n):
    """Takes the standard error of each model's own error."""
    e = np.asarray(errors)
    good = np.flatnonzero(e <= e.min() + 2 * np.sqrt(e * (1 - e) / n))
    return int(min(good, key=lambda k: (ms[k], errors[k])))


@wrong("fastest-as-good", fails="test_of_equally_fast_ones_the_better")
def fastest_as_good(errors, ms, n):
    """Takes the first of equally fast ones."""
    low = min(errors)
    limit = low + 2 * np.sqrt(low * (1 - low) / n)
    return min((k for k in range(len(ms)) if errors[k] <= limit), key=lambda k: ms[k])


@wrong("worst-class", fails="test_the_lowest_f1_of_the_classes")
def worst_class(counts):
    """Takes recall for F1."""
    recall = counts.diagonal() / np.maximum(counts.sum(axis=1), 1)
    return int(recall.argmin()), float(recall.min())


@wrong("worst-class", fails="test_the_lowest_f1_of_the_classes")
def worst_class(counts):
    """Takes the ordinary mean of precision and recall."""
    hits = counts.diagonal()
    row, column = np.maximum(counts.sum(axis=1), 1), np.maximum(counts.sum(axis=0), 1)
    mean = (hits / row + hits / column) / 2
    return int(mean.argmin()), float(mean.min())


@wrong("worst-class", fails="test_classes_without_hits_or_examples")
def worst_class(counts):
    """Gives a class that never occurs an F1 of 0."""
    met = np.maximum(counts.sum(axis=0) + counts.sum(axis=1), 1)
    f1 = 2 * counts.diagonal() / met
    return int(f1.argmin()), float(f1.min())


@wrong("worst-class", fails="test_classes_without_hits_or_examples")
def worst_class(counts):
    """Leaves classes without a hit out, as 0/0."""
    with np.errstate(all="ignore"):
        P = counts.diagonal() / counts.sum(axis=0)
        R = counts.diagonal() / counts.sum(axis=1)
        f1 = 2 * P * R / (P + R)
    return int(np.nanargmin(f1)), float(np.nanmin(f1))


@wrong("worst-class", fails="test_classes_without_hits_or_examples")
def worst_class(counts):
    """Leaves classes out that are never called, for want of a precision."""
    called = np.flatnonzero(counts.sum(axis=0))
    met = counts.sum(axis=0) + counts.sum(axis=1)
    f1 = 2 * counts.diagonal()[called] / met[called]
    return int(called[f1.argmin()]), float(f1.min())
