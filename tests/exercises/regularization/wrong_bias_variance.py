"""Known wrong answers to the exercises of the chapter on bias and variance."""

import numpy as np

from companion.exercises import wrong


@wrong("three-models", fails="test_bias_and_variance_of_three_models")
def three_models():
    """Gives the bias, not its square."""
    return 2, 6, 12


@wrong("three-models", fails="test_bias_and_variance_of_three_models")
def three_models():
    """Takes the three sets for a sample and divides by two."""
    return 4, 9, 15


@wrong("three-models", fails="test_bias_and_variance_of_three_models")
def three_models():
    """Measures the spread from the truth."""
    return 4, 10, 16


@wrong("three-models", fails="test_the_expected_error_of_three_models")
def three_models():
    """Forgets the noise."""
    return 4, 6, 10


@wrong("three-models", fails="test_the_expected_error_of_three_models")
def three_models():
    """Squares the variance of the noise."""
    return 4, 6, 14


@wrong("more-for-a-line", fails="test_what_shrinks_for_a_line")
def what_shrinks():
    """Hopes that data cure everything."""
    return "both"


@wrong("more-for-a-line", fails="test_what_shrinks_for_a_line")
def what_shrinks():
    """Hopes that data bend a line."""
    return "bias"


@wrong("more-for-a-line", fails="test_what_shrinks_for_a_line")
def what_shrinks():
    """Takes both for properties of the model."""
    return "neither"


@wrong("diagnosis", fails="test_four_patients")
def diagnose(train, dev, goal, most):
    """Looks at the smallest size."""
    bias, variance = np.median(train[0]) > goal, np.median(dev[0] - train[0]) > most
    words = {(True, True): "both", (True, False): "bias", (False, True): "variance"}
    return words.get((bool(bias), bool(variance)), "neither")


@wrong("diagnosis", fails="test_four_patients")
def diagnose(train, dev, goal, most):
    """Judges the development error, not the gap."""
    bias, variance = np.median(train[-1]) > goal, np.median(dev[-1]) > most
    words = {(True, True): "both", (True, False): "bias", (False, True): "variance"}
    return words.get((bool(bias), bool(variance)), "neither")


@wrong("diagnosis", fails="test_four_patients")
def diagnose(train, dev, goal, most):
    """Never says both."""
    if np.median(train[-1]) > goal:
        return "bias"
    return "variance" if np.median(dev[-1] - train[-1]) > most else "neither"


@wrong("diagnosis", fails="test_gaps_belong_to_runs")
def diagnose(train, dev, goal, most):
    """Takes the difference of the medians."""
    bias = np.median(train[-1]) > goal
    variance = np.median(dev[-1]) - np.median(train[-1]) > most
    words = {(True, True): "both", (True, False): "bias", (False, True): "variance"}
    return words.get((bool(bias), bool(variance)), "neither")


@wrong("diagnosis", fails="test_gaps_belong_to_runs")
def diagnose(train, dev, goal, most):
    """Takes means, which one run decides."""
    bias, variance = np.mean(train[-1]) > goal, np.median(dev[-1] - train[-1]) > most
    words = {(True, True): "both", (True, False): "bias", (False, True): "variance"}
    return words.get((bool(bias), bool(variance)), "neither")


@wrong("diagnosis", fails="test_gaps_belong_to_runs")
def diagnose(train, dev, goal, most):
    """Takes the mean of the gaps."""
    bias, variance = np.median(train[-1]) > goal, np.mean(dev[-1] - train[-1]) > most
    words = {(True, True): "both", (True, False): "bias", (False, True): "variance"}
    return words.get((bool(bias), bool(variance)), "neither")


@wrong("diagnosis", fails="test_gaps_belong_to_runs")
def diagnose(train, dev, goal, most):
    """Looks at the first run only."""
    bias, variance = train[-1][0] > goal, dev[-1][0] - train[-1][0] > most
    words = {(True, True): "both", (True, False): "bias", (False, True): "variance"}
    return words.get((bool(bias), bool(variance)), "neither")


@wrong("diagnosis", fails="test_at_the_limit_is_not_above")
def diagnose(train, dev, goal, most):
    """Counts the limit itself as too high."""
    bias, variance = np.median(train[-1]) >= goal, np.median(dev[-1] - train[-1]) >= most
    words = {(True, True): "both", (True, False): "bias", (False, True): "variance"}
    return words.get((bool(bias), bool(variance)), "neither")


@wrong("choose-degree", fails="test_the_degree_is_chosen_by_the_development_set")
def choose_degree(train, dev, degrees):
    """Chooses by the training set."""
    found = []
    for degree in sorted(degrees):
        weights = np.polyfit(*train, degree)
        found.append((np.mean((np.polyval(weights, train[0]) - train[1]) ** 2), degree))
    return min(found)[::-1]


@wrong("choose-degree", fails="test_the_degree_is_chosen_by_the_development_set")
def choose_degree(train, dev, degrees):
    """Fits on both sets."""
    x, y = np.concatenate([train[0], dev[0]]), np.concatenate([train[1], dev[1]])
    found = []
    for degree in sorted(degrees):
        weights = np.polyfit(x, y, degree)
        found.append((np.mean((np.polyval(weights, dev[0]) - dev[1]) ** 2), degree))
    return min(found)[::-1]


@wrong("choose-degree", fails="test_the_error_is_that_of_the_development_set")
def choose_degree(train, dev, degrees):
    """Returns the error on the training set."""
    found = []
    for degree in sorted(degrees):
        weights = np.polyfit(*train, degree)
        error = np.mean((np.polyval(weights, dev[0]) - dev[1]) ** 2)
        found.append((error, degree, np.mean((np.polyval(weights, train[0]) - train[1]) ** 2)))
    _, degree, error = min(found)
    return degree, error


@wrong("choose-degree", fails="test_the_error_is_that_of_the_development_set")
def choose_degree(train, dev, degrees):
    """Sums the squares."""
    found = []
    for degree in sorted(degrees):
        weights = np.polyfit(*train, degree)
        found.append((np.sum((np.polyval(weights, dev[0]) - dev[1]) ** 2), degree))
    return min(found)[::-1]


@wrong("choose-degree", fails="test_degrees_in_any_order")
def choose_degree(train, dev, degrees):
    """Returns the place in the list."""
    found = []
    for degree in degrees:
        weights = np.polyfit(*train, degree)
        found.append(np.mean((np.polyval(weights, dev[0]) - dev[1]) ** 2))
    return int(np.argmin(found)), min(found)


@wrong("averaging", fails="test_single_models_and_their_average")
def averaging(predictions, y):
    """Returns the gain in place of the second error."""
    single = np.mean((predictions - y) ** 2)
    return single, single - np.mean((predictions.mean(axis=0) - y) ** 2)


@wrong("averaging", fails="test_single_models_and_their_average")
def averaging(predictions, y):
    """Averages over the places as well."""
    return np.mean((predictions - y) ** 2), np.mean((predictions.mean() - y) ** 2)


@wrong("averaging", fails="test_single_models_and_their_average")
def averaging(predictions, y):
    """Averages the errors twice, never the models."""
    errors = np.mean((predictions - y) ** 2, axis=1)
    return errors.mean(), errors.mean()


@wrong("averaging", fails="test_single_models_and_their_average")
def averaging(predictions, y):
    """Sums over the places."""
    middle = predictions.mean(axis=0)
    squares = (predictions - y) ** 2
    return squares.sum(axis=1).mean(), np.sum((middle - y) ** 2)
