"""Checks of the exercises on batches from several processes."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.experiments.regularization.loading import timetable


@check(
    "how-many-workers",
    hints=(
        "k workers together deliver a batch every m / k.",
        "The network does not wait when m / k is at most s.",
        "21 / k ≤ 6: the smallest whole number above 3.5",
    ),
)
def test_the_network_never_waits(student):
    "the smallest number of workers for which the network does not wait"
    got = student.how_many_workers()
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    ends = {k: timetable(21.0, 6.0, 400, k)[-1].end / 400 for k in range(1, 8)}
    enough = min(k for k, pace in ends.items() if pace < 6.2)
    mistakes = {
        "rounded down: then a batch comes every 7 ms": 3,
        "a fraction of a worker does not work": 3.5,
        "with this number the network does not wait, but a smaller one is enough": 5,
    }
    assert_close(got[0], enough, mistakes=mistakes, what="the number of workers")


@check(
    "how-many-workers",
    after="test_the_network_never_waits",
    hints=(
        "Compare the time a batch without workers with that of the pace afterwards.",
        "Without workers it is m + s; with enough of them it is s.",
        "(21 + 6) / 6",
    ),
)
def test_the_speed_up(student):
    "how many times as fast"
    mistakes = {
        "without workers a batch is made and learned: 21 + 6 ms": 21 / 6,
        "with four workers the network sets the pace, not the workers": 27 / 5.25,
        "the speed-up is not the number of workers": 4.0,
    }
    assert_close(student.how_many_workers()[1], 27 / 6, rtol=0.01, mistakes=mistakes)


X = np.arange(12.0).reshape(4, 3)


@check(
    "noise-of-a-batch",
    hints=(
        "A fresh generator for each call, seeded by all that the noise may depend on.",
        "No global generator: what was drawn before must not matter.",
        "np.random.default_rng([seed, epoch, k]).normal(size=X.shape)",
    ),
)
def test_the_noise_repeats(student):
    "the same three numbers give the same noise, whatever was drawn before"
    first = np.asarray(student.noisy_batch(X, 1.0, 3, 0, 1))
    student.noisy_batch(X, 1.0, 4, 4, 4)
    assert first.shape == X.shape, f"expected the shape of X, {X.shape}; got {first.shape}"
    assert_close(student.noisy_batch(X, 1.0, 3, 0, 1), first)
    assert_unchanged(student.noisy_batch)


@check(
    "noise-of-a-batch",
    hints=(
        "Run, epoch and batch are three numbers, not one.",
        "A sum or a product of them is the same for different triples.",
        "default_rng([seed, epoch, k])",
    ),
)
def test_other_numbers_give_other_noise(student):
    "the noise differs if seed, epoch or number of the batch differ"
    seen = {}
    triples = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (0, 0, 2), (2, 0, 0), (0, 2, 1), (0, 1, 2)]
    # An epoch may have ten batches or ten thousand: 10 · epoch + k is no number of its own.
    triples += [(0, 0, 10**n) for n in (1, 2, 3, 4, 6)] + [(0, 10**n, 0) for n in (1, 2, 3)]
    triples += [(3, 1, 11), (3, 11, 1), (31, 1, 1)]
    for triple in triples:
        noise = np.asarray(student.noisy_batch(X, 1.0, *triple)) - X
        for other, before in seen.items():
            assert not np.allclose(noise, before), (
                f"seed, epoch, k = {triple} and {other} give the same noise"
            )
        seen[triple] = noise


@check(
    "noise-of-a-batch",
    hints=(
        "Normal numbers have standard deviation 1; size scales them.",
        "The noise has a number of its own for each entry of X.",
        "X + size * rng.normal(size=X.shape)",
    ),
)
def test_the_size_of_the_noise(student):
    "the noise is normal with the given standard deviation"
    many = np.zeros((200, 50))
    noise = np.asarray(student.noisy_batch(many, 2.0, 1, 2, 3)) - many
    assert abs(noise.mean()) < 0.15, f"the noise has the mean {noise.mean():.2f}, not 0"
    got = noise.std()
    assert 1.9 < got < 2.1, f"for size = 2 the noise has the standard deviation {got:.2f}"
    assert len(np.unique(noise)) > 9000, "the noise repeats: draw a number for each entry"
    near = np.mean(np.abs(noise) < got)
    words = f"{near:.0%} of the numbers lie within one standard deviation; of normal ones 68 % do"
    assert 0.66 < near < 0.705, words
