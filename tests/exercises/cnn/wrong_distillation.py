"""Known wrong answers to the exercises of the chapter on distillation."""

import numpy as np

from companion.exercises import wrong


@wrong("soften-by-hand", fails="test_the_soft_targets")
def softened():
    """Forgets the temperature."""
    q = (36 / 46, 9 / 46, 1 / 46)
    return q, (-8 / 15, 1 / 15, 7 / 15)


@wrong("soften-by-hand", fails="test_the_soft_targets")
def softened():
    """Does not divide by the sum."""
    return (6, 3, 1), (-8 / 15, 1 / 15, 7 / 15)


@wrong("soften-by-hand", fails="test_the_gradient_of_the_loss")
def softened():
    """Turns the sign around."""
    return (0.6, 0.3, 0.1), (8 / 15, -1 / 15, -7 / 15)


@wrong("soften-by-hand", fails="test_the_gradient_of_the_loss")
def softened():
    """Leaves T² out."""
    return (0.6, 0.3, 0.1), (-2 / 15, 1 / 60, 7 / 60)


@wrong("soften-by-hand", fails="test_the_gradient_of_the_loss")
def softened():
    """Takes the label for the target."""
    return (0.6, 0.3, 0.1), (-2 / 3, 1 / 3, 1 / 3)


@wrong("without-t-squared", fails="test_how_much_smaller")
def gradient_without_the_factor():
    """Sees only the factor of the chain rule."""
    return "a quarter"


@wrong("without-t-squared", fails="test_how_much_smaller")
def gradient_without_the_factor():
    """Thinks of the loss with T²."""
    return "the same"


@wrong("without-t-squared", fails="test_how_much_smaller")
def gradient_without_the_factor():
    """Answers with a number."""
    return 1 / 16


@wrong("several-teachers", fails="test_the_mean_of_the_teachers")
def committee_targets(scores, T):
    """Averages the scores."""
    p = np.exp(scores.mean(axis=0) / T)
    return p / p.sum(axis=1, keepdims=True)


@wrong("several-teachers", fails="test_the_mean_of_the_teachers")
def committee_targets(scores, T):
    """Softens the probabilities in place of the scores."""
    p = np.exp(scores)
    p = np.exp((p / p.sum(axis=2, keepdims=True)).mean(axis=0) / T)
    return p / p.sum(axis=1, keepdims=True)


@wrong("several-teachers", fails="test_the_mean_of_the_teachers")
def committee_targets(scores, T):
    """Forgets the temperature."""
    p = np.exp(scores - scores.max(axis=2, keepdims=True))
    return (p / p.sum(axis=2, keepdims=True)).mean(axis=0)


@wrong("several-teachers", fails="test_large_scores")
def committee_targets(scores, T):
    """Overflows."""
    p = np.exp(scores / T)
    return (p / p.sum(axis=2, keepdims=True)).mean(axis=0)


@wrong("half-labelled", fails="test_nobody_has_a_label")
def half_labelled_gradient(z, v, labels, T, share):
    """Leaves T² out of the loss."""
    def softmax(z):
        p = np.exp(z - z.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)

    dz = (softmax(z / T) - softmax(v / T)) / T
    known = labels >= 0
    hard = softmax(z[known]) - np.eye(z.shape[1])[labels[known]]
    dz[known] = (1 - share) * dz[known] + share * hard
    return dz / len(z)


@wrong("half-labelled", fails="test_some_have_labels")
def half_labelled_gradient(z, v, labels, T, share):
    """Takes the label −1 for the last class."""
    def softmax(z):
        p = np.exp(z - z.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)

    dz = T * (softmax(z / T) - softmax(v / T))
    if (labels >= 0).any():
        hard = softmax(z) - np.eye(z.shape[1])[labels]
        dz = (1 - share) * dz + share * hard
    return dz / len(z)


@wrong("half-labelled", fails="test_some_have_labels")
def half_labelled_gradient(z, v, labels, T, share):
    """Softens the pupil for the labels as well."""
    def softmax(z):
        p = np.exp(z - z.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)

    p = softmax(z / T)
    dz = T * (p - softmax(v / T))
    known = labels >= 0
    hard = p[known] - np.eye(z.shape[1])[labels[known]]
    dz[known] = (1 - share) * dz[known] + share * hard
    return dz / len(z)


@wrong("half-labelled", fails="test_nobody_has_a_label")
def half_labelled_gradient(z, v, labels, T, share):
    """Shrinks the teacher's part where there is no label."""
    def softmax(z):
        p = np.exp(z - z.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)

    dz = (1 - share) * T * (softmax(z / T) - softmax(v / T))
    known = labels >= 0
    dz[known] += share * (softmax(z[known]) - np.eye(z.shape[1])[labels[known]])
    return dz / len(z)


@wrong("half-labelled", fails="test_other_batches")
def half_labelled_gradient(z, v, labels, T, share):
    """Overflows."""
    def softmax(z):
        p = np.exp(z)
        return p / p.sum(axis=1, keepdims=True)

    dz = T * (softmax(z / T) - softmax(v / T))
    known = labels >= 0
    hard = softmax(z[known]) - np.eye(z.shape[1])[labels[known]]
    dz[known] = (1 - share) * dz[known] + share * hard
    return dz / len(z)
