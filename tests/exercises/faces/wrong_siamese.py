"""Known wrong answers to the exercises of the chapter on Siamese networks."""

import numpy as np

from companion.exercises import wrong


@wrong("pull-and-push", fails="test_the_pair_of_one_person")
def three_losses():
    """Forgets the square."""
    return 0.5, 2.25, 0.0


@wrong("pull-and-push", fails="test_the_pairs_of_two_people")
def three_losses():
    """Squares before the maximum."""
    return 0.25, 2.25, 1.0


@wrong("pull-and-push", fails="test_the_pairs_of_two_people")
def three_losses():
    """Takes a margin of 1."""
    return 0.25, 0.25, 0.0


@wrong("pull-and-push", fails="test_the_pair_of_one_person")
def three_losses():
    """Mixes up the kinds."""
    return 2.25, 0.25, 9.0


@wrong("both-branches", fails="test_each_branch")
def through_both():
    """Forgets the pictures."""
    return -4.0, 4.0, 0.0


@wrong("both-branches", fails="test_each_branch")
def through_both():
    """Gives both branches one sign."""
    return -16.0, -8.0, -24.0


@wrong("both-branches", fails="test_each_branch")
def through_both():
    """Takes the pair for one person."""
    return 8.0, -4.0, 4.0


@wrong("both-branches", fails="test_both_together")
def through_both():
    """Averages the branches."""
    return -16.0, 8.0, -4.0


@wrong("nobody-to-push", fails="test_the_cosine")
def cosine_of_two_people():
    """Thinks that strangers stay at right angles."""
    return 0


@wrong("nobody-to-push", fails="test_the_cosine")
def cosine_of_two_people():
    """Thinks that strangers are pushed to the other side."""
    return -1


@wrong("nobody-to-push", fails="test_the_cosine")
def cosine_of_two_people():
    """Answers with a word."""
    return "1"


@wrong("nobody-to-push", fails="test_the_cosine")
def cosine_of_two_people():
    """Answers whether it is 1."""
    return True


@wrong("margin-from-angle", fails="test_known_angles")
def margin_for(degrees):
    """Forgets to halve the angle."""
    return 2 * np.sin(np.radians(degrees))


@wrong("margin-from-angle", fails="test_known_angles")
def margin_for(degrees):
    """Forgets the root."""
    return 2 - 2 * np.cos(np.radians(degrees))


@wrong("margin-from-angle", fails="test_known_angles")
def margin_for(degrees):
    """Forgets radians."""
    return np.sqrt(2 - 2 * np.cos(degrees))


@wrong("margin-from-angle", fails="test_known_angles")
def margin_for(degrees):
    """Takes the arc."""
    return np.radians(degrees)


@wrong("force-on-encodings", fails="test_the_gradient")
def force_on_first(first, second, same, margin):
    """Forgets the mean."""
    difference = first - second
    d = np.linalg.norm(difference, axis=1, keepdims=True)
    push = -2 * np.maximum(margin - d, 0) / np.where(d > 0, d, 1) * difference
    return np.where(same[:, None], 2 * difference, push)


@wrong("force-on-encodings", fails="test_the_gradient")
def force_on_first(first, second, same, margin):
    """Pulls pairs of two people that are beyond the margin."""
    difference = first - second
    d = np.linalg.norm(difference, axis=1, keepdims=True)
    push = -2 * (margin - d) / np.where(d > 0, d, 1) * difference
    return np.where(same[:, None], 2 * difference, push) / len(first)


@wrong("force-on-encodings", fails="test_the_gradient")
def force_on_first(first, second, same, margin):
    """Forgets to divide by the distance."""
    difference = first - second
    d = np.linalg.norm(difference, axis=1, keepdims=True)
    push = -2 * np.maximum(margin - d, 0) * difference
    return np.where(same[:, None], 2 * difference, push) / len(first)


@wrong("force-on-encodings", fails="test_the_gradient")
def force_on_first(first, second, same, margin):
    """Takes a mean over each kind of pairs."""
    difference = first - second
    d = np.linalg.norm(difference, axis=1, keepdims=True)
    push = -2 * np.maximum(margin - d, 0) / np.where(d > 0, d, 1) * difference
    return np.where(same[:, None], 2 * difference / same.sum(), push / (~same).sum())


@wrong("force-on-encodings", fails="test_equal_encodings")
def force_on_first(first, second, same, margin):
    """Divides by 0."""
    difference = first - second
    d = np.linalg.norm(difference, axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        push = -2 * np.maximum(margin - d, 0) / d * difference
    return np.where(same[:, None], 2 * difference, push) / len(first)
