"""Known wrong answers to the exercises on batches from several processes."""

import numpy as np

from companion.exercises import wrong


@wrong("how-many-workers", fails="test_the_network_never_waits")
def how_many_workers():
    """Rounds down."""
    return 3, 27 / 7


@wrong("how-many-workers", fails="test_the_speed_up")
def how_many_workers():
    """Forgets that learning takes time without workers, too."""
    return 4, 21 / 6


@wrong("how-many-workers", fails="test_the_speed_up")
def how_many_workers():
    """Believes that four workers are four times as fast."""
    return 4, 4


RNG = np.random.default_rng(0)


@wrong("noise-of-a-batch", fails="test_the_noise_repeats")
def noisy_batch(X, size, seed, epoch, k):
    """Draws from one generator for all."""
    return X + size * RNG.normal(size=X.shape)


@wrong("noise-of-a-batch", fails="test_other_numbers_give_other_noise")
def noisy_batch(X, size, seed, epoch, k):
    """Adds the three numbers."""
    return X + size * np.random.default_rng(seed + epoch + k).normal(size=X.shape)


@wrong("noise-of-a-batch", fails="test_the_noise_repeats")
def noisy_batch(X, size, seed, epoch, k):
    """Changes the batch itself."""
    X += size * np.random.default_rng([seed, epoch, k]).normal(size=X.shape)
    return X


@wrong("noise-of-a-batch", fails="test_the_size_of_the_noise")
def noisy_batch(X, size, seed, epoch, k):
    """Takes the size for a variance."""
    return X + size**0.5 * np.random.default_rng([seed, epoch, k]).normal(size=X.shape)


@wrong("noise-of-a-batch", fails="test_the_size_of_the_noise")
def noisy_batch(X, size, seed, epoch, k):
    """Gives all rows the same noise."""
    return X + size * np.random.default_rng([seed, epoch, k]).normal(size=X.shape[1])


@wrong("noise-of-a-batch", fails="test_other_numbers_give_other_noise")
def noisy_batch(X, size, seed, epoch, k):
    """Counts on fewer than a hundred batches and epochs."""
    one = 10_000 * seed + 100 * epoch + k
    return X + size * np.random.default_rng(one).normal(size=X.shape)


@wrong("noise-of-a-batch", fails="test_other_numbers_give_other_noise")
def noisy_batch(X, size, seed, epoch, k):
    """Writes the digits of the three numbers one behind the other."""
    one = int(f"{seed}{epoch}{k}")
    return X + size * np.random.default_rng(one).normal(size=X.shape)


@wrong("noise-of-a-batch", fails="test_the_size_of_the_noise")
def noisy_batch(X, size, seed, epoch, k):
    """Draws evenly from an interval."""
    noise = np.random.default_rng([seed, epoch, k]).uniform(-1, 1, size=X.shape)
    return X + size * 3**0.5 * noise
