"""Checks of the exercises in the recipe for training."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check

RANDOM = np.random.default_rng(8)
SEEN = np.array([3, 7, 7, 3, 7, 40])
NEW = np.array([3, 3, 7, 40, 3, 7, 3, 3])


@check(
    "baseline",
    hints=(
        "The answer is chosen on one set and judged on the other.",
        "np.unique(y, return_counts=True) gives the classes and how often each occurs.",
        "classes[np.argmax(counts)]; then the mean of y_new == that class",
    ),
)
def test_chosen_on_one_set_judged_on_the_other(student):
    "7 is most frequent in training and right for 2 of 8 new examples"
    mistakes = {
        "the class is chosen on the new examples": 5 / 8,
        "the accuracy is that on the training set": 1 / 2,
    }
    assert_close(student.baseline_accuracy(SEEN, NEW), 2 / 8, mistakes=mistakes)


@check(
    "baseline",
    hidden=True,
    hints=(
        "In a tie the smallest class number wins.",
        "np.unique returns classes in rising order, np.argmax the first of equal counts.",
        "classes, counts = np.unique(y_train, return_counts=True)",
    ),
)
def test_a_tie_goes_to_the_smallest_class(student):
    "of two classes that are equally frequent, the smaller one; negative labels too"
    got = student.baseline_accuracy(np.array([9, 2, 9, 2]), np.array([2, 2, 9]))
    assert_close(got, 2 / 3)
    got = student.baseline_accuracy(np.array([1, -1, -1]), np.array([-1, 1, 1, 1]))
    assert_close(got, 1 / 4)


TRAIN = RANDOM.normal(size=(30, 3)) * [1, 20, 0] + [5, -3, 2]
OTHER = RANDOM.normal(size=(7, 3)) * [2, 10, 1] + [4, 0, 2]


@check(
    "scale-by-training",
    hints=(
        "The new examples must go through the same map as the training examples.",
        "Compute mean and deviation of each column once, on X_train.",
        "(X_new - X_train.mean(axis=0)) / X_train.std(axis=0)",
    ),
)
def test_both_sets_go_through_one_map(student):
    "two columns, scaled by the training set"
    train, new = TRAIN[:, :2], OTHER[:, :2]
    got_train, got_new = student.scale_by_training(train, new)
    scaled = [
        np.stack([(c - t.mean()) / np.sqrt(np.var(t)) for c, t in zip(a.T, train.T, strict=True)]).T
        for a in (train, new)
    ]
    assert_close(got_train, scaled[0], what="the training set")
    by_itself = (new - new.mean(axis=0)) / new.std(axis=0)
    assert_close(
        got_new,
        scaled[1],
        mistakes={"the new set is scaled by itself": by_itself},
        what="the new set",
    )
    assert_unchanged(student.scale_by_training)


@check(
    "scale-by-training",
    hints=(
        "The deviation of a constant column is 0.",
        "Where it is 0, divide by 1.",
        "np.where(deviation > 0, deviation, 1)",
    ),
)
def test_a_constant_column_is_only_centred(student):
    "the third column is 2 in the training set"
    got_train, got_new = student.scale_by_training(TRAIN, OTHER)
    assert_close(got_train[:, 2], np.zeros(30), what="the constant column")
    assert_close(got_new[:, 2], OTHER[:, 2] - 2, what="the same column of the new set")


@check(
    "epoch-to-keep",
    hints=(
        "Count the epochs since the lowest loss so far.",
        "Stop when the epoch minus the best epoch has reached the patience.",
        "if epoch - best >= patience: return best, epoch + 1",
    ),
)
def test_the_lowest_loss_before_the_stop(student):
    "patience 2 stops after two epochs without a new lowest loss"
    losses = [0.9, 0.6, 0.7, 0.65, 0.1, 0.05]
    got = tuple(int(v) for v in student.epoch_to_keep(losses, 2))
    assert got != (5, 6), "the run ended before the loss of 0.05 was seen"
    assert got == (1, 4), f"expected epoch 1 of 4 epochs run, got {got}"


@check(
    "epoch-to-keep",
    hints=(
        "A run may end by itself, before patience runs out.",
        "Then the number of epochs run is the length of the list.",
        "return best, len(losses)",
    ),
)
def test_a_run_that_goes_to_its_end(student):
    "patience 3, and a new lowest loss in time, again and again"
    losses = [0.9, 0.6, 0.7, 0.65, 0.5, 0.55]
    got = tuple(int(v) for v in student.epoch_to_keep(losses, 3))
    assert got == (4, 6), f"expected epoch 4 of 6 epochs run, got {got}"


@check(
    "epoch-to-keep",
    hidden=True,
    hints=(
        "An equal loss is no progress.",
        "Compare with <, not with <=.",
        "if loss < losses[best]: best = epoch",
    ),
)
def test_an_equal_loss_is_no_new_lowest(student):
    "patience 2 with a loss that stays the same"
    got = tuple(int(v) for v in student.epoch_to_keep([0.5, 0.5, 0.5, 0.4], 2))
    assert got == (0, 3), f"expected epoch 0 of 3 epochs run, got {got}"
