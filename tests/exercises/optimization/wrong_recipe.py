"""Known wrong answers to the exercises of the recipe for training."""

import numpy as np

from companion.exercises import wrong


@wrong("baseline", fails="test_chosen_on_one_set_judged_on_the_other")
def baseline_accuracy(y_train, y_new):
    """Chooses the class on the new examples."""
    classes, counts = np.unique(y_new, return_counts=True)
    return counts.max() / len(y_new)


@wrong("baseline", fails="test_chosen_on_one_set_judged_on_the_other")
def baseline_accuracy(y_train, y_new):
    """Reports the accuracy on the training set."""
    _, counts = np.unique(y_train, return_counts=True)
    return counts.max() / len(y_train)


@wrong("baseline", fails="test_a_tie_goes_to_the_smallest_class")
def baseline_accuracy(y_train, y_new):
    """Takes the class that comes first in the data."""
    labels = list(y_train)
    return np.mean(y_new == max(labels, key=labels.count))


@wrong("scale-by-training", fails="test_both_sets_go_through_one_map")
def scale_by_training(X_train, X_new):
    """Scales each set by itself."""

    def scaled(X):
        deviation = X.std(axis=0)
        return (X - X.mean(axis=0)) / np.where(deviation > 0, deviation, 1)

    return scaled(X_train), scaled(X_new)


@wrong("scale-by-training", fails="test_both_sets_go_through_one_map")
def scale_by_training(X_train, X_new):
    """One mean and one deviation for all columns."""
    mean, deviation = X_train.mean(), X_train.std()
    return (X_train - mean) / deviation, (X_new - mean) / deviation


@wrong("scale-by-training", fails="test_a_constant_column_is_only_centred")
def scale_by_training(X_train, X_new):
    """Divides by 0 where a column is constant."""
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    with np.errstate(all="ignore"):
        return (X_train - mean) / deviation, (X_new - mean) / deviation


@wrong("scale-by-training", fails="test_both_sets_go_through_one_map")
def scale_by_training(X_train, X_new):
    """Changes the caller's arrays."""
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    for X in (X_train, X_new):
        X -= mean
        X /= deviation
    return X_train, X_new


@wrong("epoch-to-keep", fails="test_the_lowest_loss_before_the_stop")
def epoch_to_keep(losses, patience):
    """Looks at the whole list, beyond the stop."""
    return int(np.argmin(losses)), len(losses)


@wrong("epoch-to-keep", fails="test_the_lowest_loss_before_the_stop")
def epoch_to_keep(losses, patience):
    """Stops one epoch late."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best > patience:
            return best, epoch + 1
    return best, len(losses)


@wrong("epoch-to-keep", fails="test_an_equal_loss_is_no_new_lowest")
def epoch_to_keep(losses, patience):
    """Takes an equal loss for progress."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch + 1
    return best, len(losses)


@wrong("epoch-to-keep", fails="test_a_run_that_goes_to_its_end")
def epoch_to_keep(losses, patience):
    """Keeps the last epoch that ran when the run goes to its end."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch + 1
    return len(losses) - 1, len(losses)
