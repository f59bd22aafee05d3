"""Mini-batches: a seeded shuffle that is the same on every machine and after every resume."""

import numpy as np


class Batches:
    """Arrays cut into mini-batches, shuffled anew each epoch.

    Parameters
    ----------
    *arrays : array_like
        Arrays of equal length, usually X and y.
    batch_size : int
        Examples per batch; the last batch of an epoch may be smaller.
    shuffle : bool
        Whether to mix the order each epoch; otherwise batches follow the arrays.
    drop_last : bool
        Leave out the last batch of an epoch if it is smaller than the others.
    seed : int
        Seed of the shuffles. The order of an epoch depends on it and on the epoch's number alone,
        so that training resumed at epoch 7 sees what it would have seen.

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, the batch size is below 1, or there is no
        full batch although the last one is to be left out.
    """

    def __init__(self, *arrays, batch_size=64, shuffle=True, seed=0, drop_last=False):
        self.arrays = [np.asarray(a) for a in arrays]
        lengths = [len(a) for a in self.arrays]
        if not lengths or len(set(lengths)) > 1 or lengths[0] == 0:
            raise ValueError(f"Batches: arrays have lengths {lengths}; expected equal, at least 1")
        if batch_size < 1:
            raise ValueError(f"Batches: batch_size is {batch_size}; expected at least 1")
        if drop_last and lengths[0] < batch_size:
            raise ValueError(
                f"Batches: {lengths[0]} examples make no full batch of {batch_size}, and drop_last "
                "leaves out the rest; take a smaller batch_size"
            )
        self.batch_size, self.shuffle, self.seed = batch_size, shuffle, seed
        self.drop_last = drop_last
        self._epochs = 0

    def __len__(self):
        full, rest = divmod(len(self.arrays[0]), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def epoch(self, number):
        """Yield the batches of one epoch: a tuple of arrays each."""
        n = len(self.arrays[0])
        order = np.arange(n)
        if self.shuffle:
            order = np.random.default_rng([self.seed, number]).permutation(n)
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield tuple(a[chosen] for a in self.arrays)

    def __iter__(self):
        """Yield the batches of the next epoch."""
        number, self._epochs = self._epochs, self._epochs + 1
        return self.epoch(number)
