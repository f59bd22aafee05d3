"""Known wrong answers to the exercises of the chapter on sparse weights."""

import numpy as np

from companion.exercises import wrong


@wrong("one-coordinate", fails="test_the_new_weight")
def one_coordinate():
    """Forgets the threshold."""
    return 0.5


@wrong("one-coordinate", fails="test_the_new_weight")
def one_coordinate():
    """Forgets the curvature."""
    return 1.0


@wrong("one-coordinate", fails="test_the_new_weight")
def one_coordinate():
    """Forgets the part of the present weight."""
    return -0.25


@wrong("group-step", fails="test_groups_that_stay_lose_the_threshold")
def group_step(w, groups, threshold):
    """Treats every weight by itself."""
    return np.sign(w) * np.maximum(np.abs(w) - threshold, 0)


@wrong("group-step", fails="test_groups_that_stay_lose_the_threshold")
def group_step(w, groups, threshold):
    """Squares the norm."""
    new = np.zeros(len(w))
    for g in np.unique(groups):
        own = groups == g
        size = np.sum(w[own] ** 2)
        if size > threshold:
            new[own] = w[own] * (1 - threshold / size)
    return new


@wrong("group-step", fails="test_small_groups_vanish")
def group_step(w, groups, threshold):
    """Scales small groups past 0."""
    new = np.zeros(len(w))
    for g in np.unique(groups):
        own = groups == g
        size = np.linalg.norm(w[own])
        if size > 0:
            new[own] = w[own] * (1 - threshold / size)
    return new


@wrong("group-step", fails="test_small_groups_vanish")
def group_step(w, groups, threshold):
    """Leaves small groups alone."""
    new = np.array(w, dtype=float)
    for g in np.unique(groups):
        own = groups == g
        size = np.linalg.norm(w[own])
        if size > threshold:
            new[own] = w[own] * (1 - threshold / size)
    return new


@wrong("group-step", fails="test_groups_of_one_and_the_input")
def group_step(w, groups, threshold):
    """Writes into w."""
    for g in np.unique(groups):
        own = groups == g
        size = np.linalg.norm(w[own])
        w[own] = w[own] * max(0, 1 - threshold / max(size, 1e-300))
    return w
