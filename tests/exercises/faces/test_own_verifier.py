"""Checks of the project on faces: an encoder trained by the learner's own parts, and a door."""

import numpy as np

from companion.data.people import halved, parted, people
from companion.exercises import assert_close, assert_unchanged, check


def semi_hard_loss(z, names, margin):
    """Triplet by triplet: for each pair of a person the nearest stranger behind the second."""
    apart = [[float(((a - b) ** 2).sum()) for b in z] for a in z]
    terms = []
    for a, p in np.ndindex(len(z), len(z)):
        if a == p or names[a] != names[p]:
            continue
        between = [
            apart[a][n]
            for n in range(len(z))
            if names[n] != names[a] and apart[a][p] < apart[a][n] < apart[a][p] + margin
        ]
        if between:
            terms.append(apart[a][p] - min(between) + margin)
    return np.mean(terms) if terms else 0.0


def numeric(z, names, margin, step=1e-6):
    """Slopes of that loss by finite differences."""
    slopes = np.empty(z.shape)
    for place in np.ndindex(z.shape):
        up, down = z.copy(), z.copy()
        up[place] += step
        down[place] -= step
        rise = semi_hard_loss(up, names, margin) - semi_hard_loss(down, names, margin)
        slopes[place] = rise / 2 / step
    return slopes


def both(said):
    """The two parts of an answer."""
    assert isinstance(said, tuple | list), "expected the pair of a loss and its slopes"
    assert len(said) == 2, f"expected the pair of a loss and its slopes; got {len(said)} values"
    return said


def drawn(seed, count=12, size=4, persons=3):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.4, (count, size)), np.arange(count) % persons


@check(
    "batch-loss",
    points=3,
    hints=(
        "Three steps: distances of all pairs as numbers, mine, triplet_loss of what was chosen.",
        "((z[:, None] - z[None]) ** 2).sum(axis=2) are the distances; index the tensor itself.",
        "a, p, n = mine(distances, names, margin).T; triplet_loss(z[a], z[p], z[n], margin)",
    ),
)
def test_the_loss_of_a_batch(student):
    "values and slopes of batches of three people, and of one in which nothing is chosen"
    for seed, margin in ((0, 0.3), (1, 1.0)):
        z, names = drawn(seed)
        right = semi_hard_loss(z, names, margin)
        got, slopes = both(student.batch_loss(z, names, margin))
        plain = np.sqrt(((z[:, None] - z[None]) ** 2).sum(axis=2))
        mistakes = {"distances are to be squared before mining": _loss_of(plain, z, names, margin)}
        assert_close(got, right, rtol=1e-6, mistakes=mistakes, what="the loss")
        assert_close(slopes, numeric(z, names, margin), rtol=1e-3, atol=1e-6, what="the slopes")
        assert_unchanged(student.batch_loss)
    apart = np.array([[0.0, 0], [0.1, 0], [9, 0], [9.1, 0]])
    got, slopes = both(student.batch_loss(apart, np.array([0, 0, 1, 1]), 0.3))
    assert_close(got, 0.0, atol=1e-12, what="the loss where no triplet is chosen")
    assert_close(slopes, np.zeros((4, 2)), atol=1e-12, what="its slopes")
    assert_unchanged(student.batch_loss)


def _loss_of(distances, z, names, margin):
    """The loss of triplets that are chosen by other distances than the loss is made of."""
    terms = []
    for a, p in np.ndindex(len(z), len(z)):
        if a == p or names[a] != names[p]:
            continue
        near = [(distances[a, n], n) for n in range(len(z)) if names[n] != names[a]
                and distances[a, p] < distances[a, n] < distances[a, p] + margin]  # fmt: skip
        if near:
            n = min(near)[1]
            gap = ((z[a] - z[p]) ** 2).sum() - ((z[a] - z[n]) ** 2).sum()
            terms.append(max(gap + margin, 0))
    return np.mean(terms) if terms else 0.0


@check(
    "visitors",
    points=2,
    hints=(
        "One call of identify for each visitor.",
        "Collect what it says in a list, and make an array of whole numbers of it.",
        "np.array([identify(p, enrolled, names, threshold) for p in probes], int)",
    ),
)
def test_visitors(student):
    "known people, strangers, nobody"
    enrolled = np.array([[0.0, 0], [4, 0], [0, 3]])
    names = np.array([7, 2, 5])
    probes = np.array(
        [[0.5, 0], [4, 1.5], [0, 2.2], [9, 9], [2.4, 0], [0.7, 0.7], [1, 0], [1.4, 0]]
    )
    got = student.visitors(enrolled, names, probes, 1.0)
    expected = np.array([7, -1, 5, -1, -1, 7, 7, -1])
    mistakes = {
        "strangers are to be told by -1": np.array([7, 2, 5, 2, 2, 7, 7, 7]),
        "names are asked for, not places in the gallery": np.array([0, -1, 2, -1, -1, 0, 0, -1]),
        "a distance equal to the threshold is accepted": np.array([7, -1, 5, -1, -1, 7, -1, -1]),
        "visitors are not enrolled: they are compared with the gallery": np.array(
            [7, -1, 5, -1, -1, 7, 7, 7]
        ),
        "the distance is the Euclidean one": np.array([7, -1, 5, -1, -1, -1, 7, -1]),
    }
    assert_close(got, expected, atol=0, mistakes=mistakes, what="the names")
    got = student.visitors(enrolled, names, probes, 1.7)
    expected = np.array([7, 2, 5, -1, 2, 7, 7, 7])
    mistakes = {
        "the distance, not its square, is compared, and with the threshold that is given": np.array(
            [7, -1, 5, -1, -1, 7, 7, -1]
        )
    }
    assert_close(got, expected, atol=0, mistakes=mistakes, what="the names at a threshold of 1.7")
    assert_unchanged(student.visitors)
    none = student.visitors(enrolled, names, np.empty((0, 2)), 1.0)
    assert_close(none, np.array([], dtype=int), what="the array without visitors")


@check(
    "own-verifier",
    points=6,
    hints=(
        "The plan of the page; print the mean loss of each epoch: it must fall.",
        "for X, who in batches.epoch(epoch): zero_grad, batch_loss(model(Tensor(X)), who, 0.3)…",
        "i, j = np.triu_indices(len(z), 1); equal_error(their distances, people[i] == people[j])",
    ),
)
def test_it_verifies_people_it_has_never_seen(student):
    "an equal error rate of at most 12 % on all pairs of twelve new people"
    known, new = parted(halved(people()), unseen=12, seed=0)
    said = student.own_verifier(known.images, known.names, new.images, new.names)
    assert isinstance(said, tuple | list), "expected encodings, and a pair of threshold and rate"
    assert len(said) == 2, f"expected encodings and a pair; got {len(said)} values"
    z, (threshold, rate) = np.asarray(said[0], dtype=float), said[1]
    assert z.shape == (120, 32), f"encodings of 120 pictures are (120, 32); got {z.shape}"
    assert np.isfinite(z).all(), "some encodings are not finite numbers"
    i, j = np.triu_indices(120, 1)
    distances, same = np.sqrt(((z[i] - z[j]) ** 2).sum(axis=1)), new.names[i] == new.names[j]
    false_accepts, false_rejects = (
        np.mean(distances[~same] <= threshold),
        np.mean(distances[same] > threshold),
    )
    assert abs(false_accepts - false_rejects) < 0.02, (
        f"at the threshold {threshold:.2f} {100 * false_accepts:.0f} % are wrongly accepted and "
        f"{100 * false_rejects:.0f} % wrongly refused: not equally many"
    )
    assert_close(rate, (false_accepts + false_rejects) / 2, rtol=1e-3, atol=2e-3, what="the rate")
    assert rate <= 0.12, (
        f"the equal error rate on twelve new people is {100 * rate:.0f} %; 12 % is asked for"
    )
    assert_names_stay_outside(student, known, new)


def assert_names_stay_outside(student, known, new):
    """Fail if names that are dealt to the asked pictures at random are told apart."""
    few = np.flatnonzero(np.isin(new.names, np.unique(new.names)[:4]))
    mixed = np.random.default_rng(0).permutation(new.names[few])
    z, (_, rate) = student.own_verifier(known.images, known.names, new.images[few], mixed, epochs=1)
    assert np.shape(z) == (40, 32), f"encodings of 40 pictures are (40, 32); got {np.shape(z)}"
    assert rate > 0.3, (
        "with names dealt at random among 40 pictures about every second pair is judged wrongly; "
        f"the rate is {100 * rate:.0f} %: are encodings made from the names of the asked?"
    )
