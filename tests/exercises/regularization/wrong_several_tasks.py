"""Known wrong answers to the exercise of the chapter on several tasks."""

import numpy as np

from companion.exercises import wrong


@wrong("masked-tasks", fails="test_only_known_labels_count")
def masked_loss(log_p, labels, weights):
    """Reads −1 as the last class."""
    total = 0.0
    for p, y, w in zip(log_p, labels, weights, strict=True):
        total -= w * p[np.arange(len(y)), y].mean()
    return total


@wrong("masked-tasks", fails="test_only_known_labels_count")
def masked_loss(log_p, labels, weights):
    """Divides by all examples."""
    total = 0.0
    for p, y, w in zip(log_p, labels, weights, strict=True):
        known = np.flatnonzero(y >= 0)
        total -= w * p[known, y[known]].sum() / len(y)
    return total


@wrong("masked-tasks", fails="test_only_known_labels_count")
def masked_loss(log_p, labels, weights):
    """Uses only examples that have both labels."""
    both = np.flatnonzero((labels[0] >= 0) & (labels[1] >= 0))
    total = 0.0
    for p, y, w in zip(log_p, labels, weights, strict=True):
        if len(both):
            total -= w * p[both, y[both]].mean()
    return total


@wrong("masked-tasks", fails="test_only_known_labels_count")
def masked_loss(log_p, labels, weights):
    """Writes a 0 over missing labels, for the caller, too."""
    total = 0.0
    for p, y, w in zip(log_p, labels, weights, strict=True):
        known = y >= 0
        y[~known] = 0
        if known.any():
            total -= w * p[np.arange(len(y)), y][known].mean()
    return total


@wrong("masked-tasks", fails="test_a_task_without_labels_adds_nothing")
def masked_loss(log_p, labels, weights):
    """Takes the mean of nothing."""
    total = 0.0
    for p, y, w in zip(log_p, labels, weights, strict=True):
        known = np.flatnonzero(y >= 0)
        total -= w * p[known, y[known]].sum() / np.float64(len(known))
    return total
