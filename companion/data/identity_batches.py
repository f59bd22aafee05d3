"""Batches for learning who is who: a few people, several pictures of each."""

import numpy as np


class IdentityBatches:
    """Batches of P people with K pictures each, drawn anew each epoch.

    Parameters
    ----------
    images, names : array_like
        Pictures (N, …) and who is on each (N,).
    people : int
        P, people in a batch, at least 2.
    each : int
        K, pictures of each, at least 2; drawn without repetition.
    steps : int
        Batches an epoch.
    seed : int
        The draws of an epoch depend on it and on the epoch's number alone.
    transform : callable, optional
        ``transform(images, names, rng)`` returns the batch that is learned from.

    Raises
    ------
    ValueError
        If lengths differ, there are fewer people than a batch needs, or somebody has too few
        pictures.

    Notes
    -----
    Hermans et al. (2017) call it a PK batch. Chapter :ref:`triplet`.
    """

    def __init__(self, images, names, *, people=8, each=4, steps=20, seed=0, transform=None):
        self.images, self.names = np.asarray(images), np.asarray(names)
        if len(self.images) != len(self.names):
            raise ValueError(
                f"IdentityBatches: {len(self.images)} pictures, {len(self.names)} names"
            )
        if people < 2 or each < 2:
            raise ValueError(
                f"IdentityBatches: {people} people with {each} pictures each; "
                "expected at least 2 and 2, or nothing is alike and nothing differs"
            )
        self.own = {name: np.flatnonzero(self.names == name) for name in np.unique(self.names)}
        if len(self.own) < people:
            raise ValueError(
                f"IdentityBatches: {len(self.own)} people, a batch needs {people}; lower `people`"
            )
        name, fewest = min(((n, len(own)) for n, own in self.own.items()), key=lambda one: one[1])
        if fewest < each:
            raise ValueError(
                f"IdentityBatches: person {name} has {fewest} pictures, a batch needs {each}; "
                "lower `each`, or leave that person out"
            )
        self.people, self.each, self.steps, self.seed = people, each, steps, seed
        self.transform, self._epochs = transform, 0

    def __len__(self):
        return self.steps

    def epoch(self, number):
        """Yield the batches of one epoch: pictures (P·K, …) and names (P·K,)."""
        rng = np.random.default_rng([self.seed, number])
        names = list(self.own)
        for _ in range(self.steps):
            chosen = rng.choice(len(names), self.people, replace=False)
            rows = [rng.choice(self.own[names[c]], self.each, replace=False) for c in chosen]
            rows = np.concatenate(rows)
            batch = self.images[rows], self.names[rows]
            yield self.transform(*batch, rng) if self.transform else batch

    def __iter__(self):
        """Yield the batches of the next epoch."""
        number, self._epochs = self._epochs, self._epochs + 1
        return self.epoch(number)
