"""Checks of the exercises in the chapter on wrong labels."""

import numpy as np
from sklearn import metrics

from companion.data.digits import pooled, train_dev_test
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.regularization.wrong_labels import wrong_at_random


def highest_share(others):
    """Largest share on a fine grid at which the true label is ahead of each of so many others."""
    share = np.arange(0, 1, 1e-5)
    return share[1 - share > share / others].max()


def two_of(student):
    """The learner's two shares."""
    got = student.tolerable_shares()
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "outvoted",
    hints=(
        "The true label must be given more often than each single other one.",
        "It is given with 1 - s, each of three others with s/3.",
        "1 - s = s/3",
    ),
)
def test_three_others(student):
    "the share when a wrong label is any of three others"
    mistakes = {
        "the true label needs more than each other one, not more than all together": 0.5,
        "this is the share of right labels": 0.25,
    }
    got = two_of(student)[0]
    assert_close(got, highest_share(3), rtol=1e-3, mistakes=mistakes, what="the first share")


@check(
    "outvoted",
    hints=(
        "Now the wrong votes fall on two labels only.",
        "Each of the two is given with s/2.",
        "1 - s = s/2",
    ),
)
def test_two_others(student):
    "the share when a wrong label is one of two others"
    mistakes = {
        "the true label needs more than each other one, not more than all together": 0.5,
        "the wrong labels are spread over two others here, not three": 0.75,
        "this is the share of right labels": 1 / 3,
    }
    got = two_of(student)[1]
    assert_close(got, highest_share(2), rtol=1e-3, mistakes=mistakes, what="the second share")


Y = np.random.default_rng(3).integers(4, size=200)
TABLE = np.array([[0, 5, 0, 2], [7, 0, 1, 0], [0, 0, 9, 0], [3, 3, 3, 0]])


def counted(given):
    """How often class i is labelled j, without the diagonal."""
    counts = metrics.confusion_matrix(Y, given, labels=range(4))
    np.fill_diagonal(counts, 0)
    return counts


def labels_of(student, seed):
    """The learner's labels, checked for their shape."""
    given = np.asarray(student.spoil_by_table(Y.copy(), TABLE, seed))
    assert given.shape == Y.shape, f"expected {Y.shape} labels, got the shape {given.shape}"
    return given


@check(
    "spoil-by-table",
    points=2,
    hints=(
        "Each example may be drawn once only, and by its class in y.",
        "Mix the examples of a class once and let each wrong label take its number from the front.",
        "free = rng.permutation(np.flatnonzero(y == i))",
    ),
)
def test_the_numbers_of_the_table(student):
    "as many labels as the table says, of each class and to each class"
    expected = TABLE * (1 - np.eye(4, dtype=int))
    for seed in (0, 1, 2):
        mistakes = {"rows are true classes, columns the wrong labels": expected.T}
        got = counted(labels_of(student, seed))
        assert_close(got, expected, mistakes=mistakes, what="the count of wrong labels")


@check(
    "spoil-by-table",
    hints=(
        "Which examples are taken should be chance, and the seed decide it.",
        "Draw with np.random.default_rng(seed), and change a copy of y.",
        "rng, given = np.random.default_rng(seed), y.copy()",
    ),
)
def test_chance_decides_which(student):
    "the same seed gives the same labels, other seeds others; y is not changed"
    first, again, other = (labels_of(student, seed) for seed in (4, 4, 5))
    assert_unchanged(student.spoil_by_table)
    assert_close(again, first, what="a second call with the same seed")
    assert (first != other).any(), "seeds 4 and 5 gave the same labels"
    often = np.mean([labels_of(student, seed) != Y for seed in range(40)], axis=0)
    rows = np.flatnonzero(Y == 3)
    assert often[rows[:9]].mean() < 0.6, "it always takes the first examples of a class"


def planted(seed, share=0.2, size=600):
    """Pooled digits, labels of which a share is wrong, and which are."""
    data = train_dev_test()
    rows = np.random.default_rng(seed).permutation(3000)[:size]
    return pooled(data.X_train[rows], 4), wrong_at_random(data.y_train[rows], share, seed=seed)


def precision_of(student, seed, share=0.2):
    """Share of wrong labels among the learner's suspects, checked for number and repeats."""
    X, (given, wrong) = planted(seed, share)
    k = int(wrong.sum())
    got = np.asarray(student.suspects(X, given, k))
    assert got.shape == (k,), f"expected {k} indices, got the shape {got.shape}"
    assert np.issubdtype(got.dtype, np.integer), f"expected indices, got {got.dtype}"
    assert got.min() >= 0, "an index is below 0"
    assert got.max() < len(X), f"an index is not below {len(X)}"
    assert len(np.unique(got)) == k, "some index is named more than once"
    return wrong[got].mean()


@check(
    "find-planted",
    points=3,
    hints=(
        "A label is suspect if examples that look alike have another one.",
        "Fit on part of the set and ask what supports each label of the rest; or ask neighbours.",
        "order by (support of the own label - largest support), smallest first",
    ),
)
def test_suspects_are_wrong(student):
    "of the suspects at least 70 % are wrong, where 20 % of all labels are"
    for seed in (50, 51):
        found = precision_of(student, seed)
        says = f"{found:.0%} of the suspects are wrong; looking in no order gives 20 %"
        assert found >= 0.7, says


@check(
    "find-planted",
    hidden=True,
    hints=(
        "Fewer labels are wrong here, and fewer suspects asked for.",
        "Rank all labels, then take the first k.",
        "np.argsort(support)[:k]",
    ),
)
def test_fewer_wrong_labels(student):
    "with a tenth of the labels wrong, at least 60 % of the suspects are"
    found = precision_of(student, 52, share=0.1)
    assert found >= 0.6, f"{found:.0%} of the suspects are wrong; looking in no order gives 10 %"
