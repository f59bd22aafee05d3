"""Mini-batches: a seeded shuffle that is the same on every machine and after every resume."""

import numpy as np

from companion.data.workers import in_order


class Batches:
    """Arrays cut into mini-batches, shuffled anew each epoch, and changed on the way if asked.

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
    transform : callable, optional
        ``transform(*batch, rng)`` returns the batch that is learned from, such as images moved at
        random. Its `rng` depends on seed, epoch and number of the batch alone.
    workers : int
        Processes that make batches while training computes; worth it where a transform takes
        longer than training does. The batches are the same for any number. See
        `companion.data.workers.in_order`.

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, the batch size is below 1, the number of
        workers is negative, or there is no full batch although the last one is to be left out.

    Notes
    -----
    Used first in the chapter :ref:`networks`; workers in :ref:`loading_in_parallel`.
    """

    def __init__(
        self,
        *arrays,
        batch_size=64,
        shuffle=True,
        seed=0,
        drop_last=False,
        transform=None,
        workers=0,
    ):
        self.arrays = [np.asarray(a) for a in arrays]
        lengths = [len(a) for a in self.arrays]
        if not lengths or len(set(lengths)) > 1 or lengths[0] == 0:
            raise ValueError(f"Batches: arrays have lengths {lengths}; expected equal, at least 1")
        if batch_size < 1:
            raise ValueError(f"Batches: batch_size is {batch_size}; expected at least 1")
        if workers < 0:
            raise ValueError(f"Batches: workers is {workers}; expected 0 or more")
        if drop_last and lengths[0] < batch_size:
            raise ValueError(
                f"Batches: {lengths[0]} examples make no full batch of {batch_size}, and drop_last "
                "leaves out the rest; take a smaller batch_size"
            )
        self.batch_size, self.shuffle, self.seed = batch_size, shuffle, seed
        self.drop_last, self.transform, self.workers = drop_last, transform, workers
        self._epochs = 0

    def __len__(self):
        full, rest = divmod(len(self.arrays[0]), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def epoch(self, number):
        """Return the batches of one epoch, an `Epoch`: a tuple of arrays each."""
        return Epoch(self, number)

    def __iter__(self):
        """Yield the batches of the next epoch."""
        number, self._epochs = self._epochs, self._epochs + 1
        return iter(self.epoch(number))


class Epoch:
    """The batches of one epoch in their order; a data set for ``torch.utils.data.DataLoader``.

    Parameters
    ----------
    batches : Batches
        Whose.
    number : int
        Which epoch, from 0.

    Notes
    -----
    ``DataLoader(batches.epoch(3), batch_size=None, num_workers=2)`` yields the same batches as
    tensors.
    """

    def __init__(self, batches, number):
        self.batches, self.number = batches, number
        n = len(batches.arrays[0])
        self.order = np.arange(n)
        if batches.shuffle:
            self.order = np.random.default_rng([batches.seed, number]).permutation(n)

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, k):
        """Make batch number `k`, a tuple of arrays."""
        if not 0 <= k < len(self):
            raise IndexError(f"batch {k} of an epoch of {len(self)}")
        of, size = self.batches, self.batches.batch_size
        chosen = self.order[k * size : (k + 1) * size]
        batch = tuple(a[chosen] for a in of.arrays)
        if of.transform is None:
            return batch
        return tuple(of.transform(*batch, np.random.default_rng([of.seed, self.number, k])))

    def __iter__(self):
        """Yield the batches, made by the workers if there are any."""
        return in_order(self.__getitem__, range(len(self)), self.batches.workers)
