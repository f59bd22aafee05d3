"""Known wrong answers to the exercises of the chapter on calibration."""

import numpy as np

from companion.exercises import wrong


@wrong("smoothed-by-hand", fails="test_the_target")
def smoothed_by_hand():
    """Spreads over the other three classes."""
    return [0.8, 0.2 / 3, 0.2 / 3, 0.2 / 3], 0.8 + 0.2 / 3 * 8


@wrong("smoothed-by-hand", fails="test_the_target")
def smoothed_by_hand():
    """Forgets that the right class gets its share as well."""
    return [0.8, 0.05, 0.05, 0.05], 1.2


@wrong("smoothed-by-hand", fails="test_the_loss")
def smoothed_by_hand():
    """Counts the right class alone."""
    return [0.85, 0.05, 0.05, 0.05], 0.85


@wrong("smoothed-by-hand", fails="test_the_loss")
def smoothed_by_hand():
    """Gives the loss in units of 1."""
    return [0.85, 0.05, 0.05, 0.05], 1.25 * np.log(2)


@wrong("cooler-scores", fails="test_where_the_temperature_lies")
def cooler_scores():
    """Thinks of temperature as of confidence."""
    return "above 1"


@wrong("cooler-scores", fails="test_where_the_temperature_lies")
def cooler_scores():
    """Takes the smoothed network for calibrated."""
    return "about 1"


@wrong("cooler-scores", fails="test_where_the_temperature_lies")
def cooler_scores():
    """Answers with a number."""
    return 0.6


@wrong("equal-counts", fails="test_the_error_over_equal_parts")
def equal_count_error(confidence, right, bins):
    """Does not sort."""
    parts = np.array_split(np.arange(len(confidence)), bins)
    gaps = [abs(confidence[k].mean() - right[k].mean()) * len(k) for k in parts]
    return sum(gaps) / len(confidence)


@wrong("equal-counts", fails="test_the_error_over_equal_parts")
def equal_count_error(confidence, right, bins):
    """Sorts the confidences but not the answers."""
    parts = np.array_split(np.arange(len(confidence)), bins)
    confidence = np.sort(confidence)
    gaps = [abs(confidence[k].mean() - right[k].mean()) * len(k) for k in parts]
    return sum(gaps) / len(confidence)


@wrong("equal-counts", fails="test_the_error_over_equal_parts")
def equal_count_error(confidence, right, bins):
    """Lets gaps of opposite sign cancel."""
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    gaps = [(confidence[k].mean() - right[k].mean()) * len(k) for k in parts]
    return abs(sum(gaps)) / len(confidence)


@wrong("equal-counts", fails="test_parts_of_unequal_size")
def equal_count_error(confidence, right, bins):
    """Weights all parts alike."""
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return np.mean([abs(confidence[k].mean() - right[k].mean()) for k in parts])


@wrong("equal-counts", fails="test_equal_confidences_stay_in_order")
def equal_count_error(confidence, right, bins):
    """Sorts answers of equal confidence as well."""
    parts = np.array_split(np.lexsort((right, confidence)), bins)
    gaps = [abs(confidence[k].mean() - right[k].mean()) * len(k) for k in parts]
    return sum(gaps) / len(confidence)


@wrong("equal-counts", fails="test_equal_confidences_stay_in_order")
def equal_count_error(confidence, right, bins):
    """Sorts the caller's array."""
    right = right[np.argsort(confidence, kind="stable")]
    confidence.sort()
    parts = np.array_split(np.arange(len(confidence)), bins)
    gaps = [abs(confidence[k].mean() - right[k].mean()) * len(k) for k in parts]
    return sum(gaps) / len(confidence)


@wrong("which-temperature", fails="test_the_best_of_the_list")
def best_temperature(logits, labels, temperatures):
    """Multiplies by the temperature."""
    losses = []
    for T in temperatures:
        z = logits * T - (logits * T).max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(z).sum(axis=1))
        losses.append(np.mean(log_sum - z[np.arange(len(z)), labels]))
    return float(temperatures[int(np.argmin(losses))])


@wrong("which-temperature", fails="test_the_best_of_the_list")
def best_temperature(logits, labels, temperatures):
    """Returns the index."""
    losses = []
    for T in temperatures:
        z = logits / T - (logits / T).max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(z).sum(axis=1))
        losses.append(np.mean(log_sum - z[np.arange(len(z)), labels]))
    return int(np.argmin(losses))


@wrong("which-temperature", fails="test_the_best_of_the_list")
def best_temperature(logits, labels, temperatures):
    """Counts mistakes, which no temperature changes."""
    wrongs = [np.mean((logits / T).argmax(axis=1) != labels) for T in temperatures]
    return float(temperatures[int(np.argmin(wrongs))])


@wrong("which-temperature", fails="test_huge_scores")
def best_temperature(logits, labels, temperatures):
    """Takes exponentials of the scores as they are."""
    losses = []
    for T in temperatures:
        p = np.exp(logits / T)
        p = p / p.sum(axis=1, keepdims=True)
        losses.append(-np.mean(np.log(p[np.arange(len(p)), labels])))
    return float(temperatures[int(np.argmin(losses))])


@wrong("which-temperature", fails="test_the_best_of_the_list")
def best_temperature(logits, labels, temperatures):
    """Takes the smallest of equally good ones."""
    losses = []
    for T in temperatures:
        z = logits / T - (logits / T).max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(z).sum(axis=1))
        losses.append((np.mean(log_sum - z[np.arange(len(z)), labels]), T))
    return float(min(losses)[1])


@wrong("which-temperature", fails="test_huge_scores")
def best_temperature(logits, labels, temperatures):
    """Adds a little to each probability before the logarithm."""
    losses = []
    for T in temperatures:
        p = np.exp(logits / T - (logits / T).max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        losses.append(-np.mean(np.log(p[np.arange(len(p)), labels] + 1e-12)))
    return float(temperatures[int(np.argmin(losses))])
