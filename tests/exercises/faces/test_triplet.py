"""Checks of the exercises in the chapter on the triplet loss."""

import numpy as np
from scipy.spatial.distance import cdist

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

WORDS = ("collapsed", "finished", "no positives")


def answer_of(got):
    assert isinstance(got, tuple | list), f"expected a loss and a gradient, got {kind_of(got)}"
    assert len(got) == 2, f"expected a loss and a gradient, got {len(got)} values"
    return got


def by_numbers(step=1e-6):
    """The pencil example: the loss, and its slope in the positive by differences."""
    A, N = np.array([1.0, 0]), np.array([0.0, 2])

    def loss(P):
        return max(np.sum((A - P) ** 2) - np.sum((A - N) ** 2) + 2, 0)

    P = np.array([1.0, 2])
    return loss(P), [(loss(P + e) - loss(P - e)) / 2 / step for e in step * np.eye(2)]


@check(
    "one-triplet",
    hints=(
        "Two squared distances, their difference, and the margin on top.",
        "From A to P it is 0² + 2² = 4, from A to N 1² + 2² = 5.",
        "max(4 − 5 + 2, 0)",
    ),
)
def test_the_loss_by_hand(student):
    "the loss"
    got, _ = answer_of(student.one_triplet())
    mistakes = {
        "distances are squared: no root": 2 - 5**0.5 + 2,
        "the margin is missing, or has the wrong sign": 0,
        "positive and negative are exchanged": 3,
        "the negative is missing": 6,
        "the margin is added, and a loss is never below 0": -3,
        "the margin is missing, and a loss is never below 0": -1,
    }
    assert_close(got, by_numbers()[0], mistakes=mistakes, what="the loss")


@check(
    "one-triplet",
    hints=(
        "P stands in one of the two squares only.",
        "The derivative of ‖A − P‖² with respect to P is 2 (P − A).",
        "(2 · (1 − 1), 2 · (2 − 0))",
    ),
)
def test_the_gradient_by_hand(student):
    "the gradient of the positive"
    got = np.array(answer_of(student.one_triplet())[1], float)
    mistakes = {
        "that is the direction of descent; the gradient points the other way": [0, -4],
        "the factor 2 of the square is missing": [0, 2],
        "that is the gradient of the anchor": [-2, 0],
        "that is the gradient of the negative": [2, -4],
        "P is pulled towards the anchor, not away from the negative": [2, 0],
        "the loss is above 0, so this triplet has a gradient": [0, 0],
    }
    mistakes = {name: np.array(value, float) for name, value in mistakes.items()}
    assert_close(got, np.array(by_numbers()[1]), atol=1e-4, mistakes=mistakes, what="the gradient")


@check(
    "stuck-loss",
    hints=(
        "What is the loss of one triplet in each of the three cases?",
        "The number that is printed is the margin.",
        "0 − 0 + 0.2",
    ),
)
def test_what_has_happened(student):
    "what a loss that stays at the margin says"
    got = student.what_has_happened()
    assert isinstance(got, str), f"expected one of {WORDS}, got {kind_of(got)}"
    assert got in WORDS, f"expected one of {WORDS}, got {got!r}"
    z = np.ones((1, 3))
    sticks = one_by_one(z, z, z, 0.2).mean() == 0.2
    right = "collapsed" if sticks else "finished"
    assert got == right, "if no triplet is chosen, or there is none, the loss is 0 and not 0.2"


def triplets(seed, count=7, size=4, scale=1.0):
    rng = np.random.default_rng(seed)
    return [scale * rng.normal(size=(count, size)) for _ in range(3)]


def one_by_one(A, P, N, margin):
    """The loss of each triplet."""
    rows = zip(A, P, N, strict=True)
    return np.array([max(np.sum((a - p) ** 2) - np.sum((a - n) ** 2) + margin, 0)
                     for a, p, n in rows])  # fmt: skip


@check(
    "own-triplet-loss",
    hints=(
        "For each triplet two squared distances: sums of squares along the last axis.",
        "near = ((anchors - positives) ** 2).sum(1), and far with the negatives.",
        "(near - far + margin).clip(min=0).mean()",
    ),
)
def test_the_mean_of_the_losses(student):
    "triplets of which some are easy (tensors are replaced by arrays, which have all of it)"
    A, P, N = triplets(0)
    right = one_by_one(A, P, N, 0.5)
    assert 0 < np.sum(right > 0) < len(right)
    near, far = ((A - P) ** 2).sum(1), ((A - N) ** 2).sum(1)
    mistakes = {
        "the clip must stand inside of the mean": max(np.mean(near - far + 0.5), 0),
        "the negatives are missing": np.mean(near + 0.5),
        "the second distance is taken from 0, not from the negative": np.mean(
            np.maximum(near - (A**2).sum(1) + 0.5, 0)
        ),
        "distances are squared: no root": np.mean(np.maximum(near**0.5 - far**0.5 + 0.5, 0)),
        "positives and negatives are exchanged": np.mean(np.maximum(far - near + 0.5, 0)),
        "the margin has the wrong sign": np.mean(np.maximum(near - far - 0.5, 0)),
        "the mean is asked for, not the sum": right.sum(),
        "the mean goes over all triplets, easy ones too": right[right > 0].mean(),
        "without the clip": np.mean(near - far + 0.5),
        "numbers of an encoding are added up, not averaged": np.mean(
            np.maximum(near / 4 - far / 4 + 0.5, 0)
        ),
    }
    got = student.triplet_loss(A, P, N, 0.5)
    assert_unchanged(student.triplet_loss)
    assert_close(got, right.mean(), mistakes=mistakes, what="the loss")


@check(
    "own-triplet-loss",
    after="test_the_mean_of_the_losses",
    hints=(
        "Try one triplet, equal encodings, and a margin of 0.",
        "Equal encodings cost exactly the margin; easy triplets nothing.",
        "(near - far + margin).clip(min=0).mean()",
    ),
)
def test_ends(student):
    "one triplet, equal encodings, only easy ones, margin 0"
    same = np.ones((3, 2))
    assert_close(student.triplet_loss(same, same, same, 0.2), 0.2, what="the loss at one point")
    assert_close(student.triplet_loss(same, same, same, 0.0), 0.0, atol=1e-12, what="with margin 0")
    assert_close(student.triplet_loss(same, same, same + 9, 1.0), 0.0, atol=1e-12, what="if easy")
    one = triplets(3, count=1, size=1)
    right = one_by_one(*one, 5.0).mean()
    assert_close(student.triplet_loss(*one, 5.0), right, what="one triplet of one number each")


SETUP = """
class Tensor:
    def __init__(self, values): self.values = values
    def _of(self, other): return getattr(other, "values", other)
    def __sub__(self, other): return Tensor(self.values - self._of(other))
    def __add__(self, other): return Tensor(self.values + self._of(other))
    def __mul__(self, other): return Tensor(self.values * self._of(other))
    def __rsub__(self, other): return Tensor(other - self.values)
    def __pow__(self, power): return Tensor(self.values ** power)
    def __neg__(self): return Tensor(-self.values)
    __radd__, __rmul__, __array_ufunc__ = __add__, __mul__, None
    def __array__(self, *given, **named):
        raise TypeError("a tensor was turned into an array: no gradient flows through that")
    def __float__(self):
        raise TypeError("a tensor was turned into a number: no gradient flows through that")
    def __getattr__(self, name):
        raise AttributeError(f"only -, **, .sum(1), .clip(min=0) and .mean(), not .{name}")
    def sum(self, axis): return Tensor(self.values.sum(axis))
    def clip(self, min): return Tensor(self.values.clip(min=min))
    def mean(self): return OneNumber([float(self.values.mean())])

class OneNumber(tuple):  # a tensor with one number; as a tuple it can be sent
    __array__, __float__ = Tensor.__array__, Tensor.__float__
    def __getattr__(self, name): raise AttributeError(f"the loss is .mean(), not .mean().{name}")
"""


@check(
    "own-triplet-loss",
    after="test_the_mean_of_the_losses",
    hidden=True,
    hints=(
        "NumPy's functions and float() give no tensors, and the gradient is lost.",
        "Use only -, **, .sum(1), .clip(min=0) and .mean().",
        "((anchors - positives) ** 2).sum(1)",
    ),
)
def test_only_what_tensors_of_both_engines_have(student):
    "only the operators that the tensors of both engines have"
    A, P, N = triplets(5, count=4, size=2)
    given = [Source(f"Tensor(np.array({x.tolist()}))", SETUP) for x in (A, P, N)]
    got = student.triplet_loss(*given, 1.0)
    assert isinstance(got, tuple), (
        f"the last step is .mean() of a tensor; of {kind_of(got)} no gradient flows back"
    )
    assert_close(got[0], one_by_one(A, P, N, 1.0).mean(), what="the loss")


def batch(seed, persons=3, each=3, size=2):
    """Distances and names in mixed order."""
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.repeat(np.arange(persons) * 5 + 2, each))
    z = rng.normal(size=(len(names), size))
    return cdist(z, z, "sqeuclidean"), names


def every(names):
    count = range(len(names))
    return [(a, p, n) for a in count for p in count for n in count
            if a != p and names[a] == names[p] != names[n]]  # fmt: skip


def share(distances, names, margin):
    found = [distances[a, p] - distances[a, n] + margin > 0 for a, p, n in every(names)]
    return sum(found) / len(found) if found else 0.0


def share_by_anchor(distances, names, margin):
    """The mean of the anchors' own shares, which weighs triplets differently."""
    of = {a: [] for a, _, _ in every(names)}
    for a, p, n in every(names):
        of[a].append(distances[a, p] - distances[a, n] + margin > 0)
    return np.mean([np.mean(found) for found in of.values()])


@check(
    "share-that-teaches",
    hints=(
        "Three loops over the batch find all triplets; a mask of (B, B, B) finds them at once.",
        "Positive: the same name, another picture. Negative: another name.",
        "distances[:, :, None] - distances[:, None, :] + margin > 0, where the mask is True",
    ),
)
def test_share_of_a_batch(student):
    "three people in mixed order, three pictures of each, then unequally many"
    first = batch(0)
    for d, names in (first, (first[0][3:, 3:], first[1][3:])):
        right = share(d, names, 0.5)
        same = names[:, None] == names[None]
        with_self = same[:, :, None] & ~same[:, None, :]
        loss = d[:, :, None] - d[:, None, :]
        mistakes = {
            "the anchor is no positive of its own": np.mean((loss + 0.5 > 0)[with_self]),
            "the margin is missing": share(d, names, 0.0),
            "the margin is added to the difference, not subtracted": share(d, names, -0.5),
            "this counts triplets; their share is asked for": sum(
                d[a, p] - d[a, n] + 0.5 > 0 for a, p, n in every(names)
            ),
            "divide by the number of triplets, not by B³": np.mean(
                (loss + 0.5 > 0) & with_self & ~np.eye(len(d), dtype=bool)[:, :, None]
            ),
            "positive and negative are exchanged": share(-d, names, 0.5),
            "every triplet counts once: no mean over anchors": share_by_anchor(d, names, 0.5),
        }
        mistakes = {text: value for text, value in mistakes.items() if value != right}
        got = student.share_that_teaches(d, names, 0.5)
        assert_unchanged(student.share_that_teaches)
        assert_close(got, right, mistakes=mistakes, what="the share")


@check(
    "share-that-teaches",
    after="test_share_of_a_batch",
    hidden=True,
    hints=(
        "A batch in which everybody has one picture holds no triplet.",
        "The mean of nothing is NaN: look first whether the mask has a True. a != p, not d > 0.",
        "same & ~np.eye(B, dtype=bool) for the pairs, and ... if is_one.any() else 0.0",
    ),
)
def test_share_at_the_ends(student):
    "no triplet, all of them, a loss of exactly 0, equal pictures, other sizes"
    d = np.ones((3, 3)) - np.eye(3)
    for names in (np.arange(3), np.zeros(3, int)):
        got = student.share_that_teaches(d, names, 0.5)
        assert_close(got, 0.0, atol=1e-12, what="where there is no triplet, the share")
    names = np.array([4, 4, 1])
    assert_close(student.share_that_teaches(d, names, 0.5), 1.0, what="where all teach, the share")
    got = student.share_that_teaches(d, names, 0.0)
    assert_close(got, 0.0, atol=1e-12, what="where every loss is exactly 0, the share")
    d = np.array([[0, 0, 2, 1], [0, 0, 2, 1], [2, 2, 0, 3], [1, 1, 3, 0]], float)
    names = np.array([4, 4, 4, 1])
    mistakes = {"two pictures may be at distance 0: know the anchor by its number": 1 / 2}
    got = student.share_that_teaches(d, names, 0.5)
    assert_close(got, share(d, names, 0.5), mistakes=mistakes, what="with equal pictures the share")
    d, names = batch(4, persons=4, each=2)
    assert_close(student.share_that_teaches(d, names, 0.1), share(d, names, 0.1), what="the share")


def semi_hard(d, names, margin, lowest=lambda d, a, p: d[a, p], best=min):
    """Triplets by the definition; other definitions by other arguments."""
    found = []
    for a, p in sorted({t[:2] for t in every(names)}):
        low = lowest(d, a, p)
        fits = [n for n in range(len(names))
                if names[n] != names[a] and low < d[a, n] < d[a, p] + margin]  # fmt: skip
        if fits:
            found.append((a, p, best(fits, key=lambda n: d[a, n])))
    return np.array(found, dtype=int).reshape(-1, 3)


def chosen_by(student, d, names, margin):
    got = student.mine(d, names, margin)
    assert isinstance(got, np.ndarray), f"expected an array (T, 3), got {kind_of(got)}"
    assert got.ndim == 2, f"expected an array (T, 3), got one of shape {got.shape}"
    assert got.shape[1] == 3, f"expected an array (T, 3), got one of shape {got.shape}"
    assert got.dtype.kind in "iu", f"expected whole numbers, got {got.dtype}"
    return got


@check(
    "own-mining",
    points=2,
    hints=(
        "Go through all pairs of an anchor and another picture of the same person.",
        "In the row of the anchor: another name, farther than the positive, by less than margin.",
        "np.where(fits, distances[a], np.inf).argmin(), if fits.any()",
    ),
)
def test_semi_hard_triplets(student):
    "which triplets are chosen from batches of three people"
    for seed, margin in ((0, 0.8), (1, 2.0)):
        d, names = batch(seed)
        right = semi_hard(d, names, margin)
        assert 0 < len(right) < 18
        mistakes = {
            "the hard ones are not asked for: the negative lies behind the positive": semi_hard(
                d, names, margin, lowest=lambda d, a, p: -1
            ),
            "the nearest negative of these is asked for, not the farthest": semi_hard(
                d, names, margin, best=max
            ),
            "the margin bounds how far the negative may be": semi_hard(d, names, 1e9),
            "the order is anchor, positive, negative": right[:, [0, 2, 1]],
        }
        mistakes = {k: v for k, v in mistakes.items() if not np.array_equal(v, right)}
        got = chosen_by(student, d, names, margin)
        assert_unchanged(student.mine)
        assert_close(got, right, atol=0, mistakes=mistakes, what="the triplets")


@check(
    "own-mining",
    after="test_semi_hard_triplets",
    hints=(
        "An empty list makes an array of shape (0,).",
        "Give the result its shape at the end.",
        "np.array(chosen, dtype=int).reshape(-1, 3)",
    ),
)
def test_nothing_to_choose(student):
    "nobody twice, one person alone, all at one point, all far apart"
    far = 9.0 * (np.ones((4, 4)) - np.eye(4))
    apart = np.array([[0, 1, 9, 9], [1, 0, 9, 9], [9, 9, 0, 1], [9, 9, 1, 0]], float)
    for d, names in ((far, [0, 1, 2, 3]), (far, [1, 1, 1, 1]), (0 * far, [0, 0, 1, 1]),
                     (apart, [0, 0, 1, 1])):  # fmt: skip
        got = chosen_by(student, d, np.array(names), 0.5)
        assert got.shape == (0, 3), f"expected no triplet, got {len(got)}"


@check(
    "own-mining",
    after="test_semi_hard_triplets",
    hidden=True,
    hints=(
        "What if a negative is exactly as far as the positive, or by exactly the margin farther?",
        "Farther and less: both are strict. argmin takes the first of equal ones.",
        "(row > near) & (row < near + margin), a != p, and np.inf for those that do not fit",
    ),
)
def test_on_the_edges(student):
    "distances that are equal, 0, and exactly at the margin"
    row = np.array([0, 1, 1, 1.25, 1.25, 1.5, 2])
    d = np.full((7, 7), 4.0)
    d[0], d[:, 0] = row, row
    np.fill_diagonal(d, 0)
    names = np.array([3, 3, 5, 6, 7, 8, 9])
    assert_close(chosen_by(student, d, names, 0.5), semi_hard(d, names, 0.5), atol=0,
                 what="the triplets")  # fmt: skip
    d[0, [3, 4]] = 3
    assert_close(chosen_by(student, d, names, 0.5), semi_hard(d, names, 0.5), atol=0,
                 what="the triplets where only the edges are left")  # fmt: skip
    d = 2.0**30 * np.array([[0, 8, 2, 9], [8, 0, 4, 4], [2, 4, 0, 1], [9, 4, 1, 0]])
    mistakes = {"those that do not fit count as infinitely far": np.array([[0, 1, 0]])}
    assert_close(
        chosen_by(student, d, names[:4], 2.0**31),
        semi_hard(d, names[:4], 2.0**31),
        atol=0,
        mistakes=mistakes,
        what="the triplets of a wide batch",
    )
    d = np.array([[0, 0, 0.25], [0, 0, 0.25], [0.25, 0.25, 0]])
    got = chosen_by(student, d, names[:3], 0.5)
    right = semi_hard(d, names[:3], 0.5)
    assert len(got) == len(right), (
        f"expected {len(right)} triplets, got {len(got)}: another picture of the same person is a "
        "positive at distance 0, too"
    )
    assert_close(got, right, atol=0, what="the triplets of a positive at distance 0")
