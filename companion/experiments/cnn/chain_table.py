"""The table of all networks of a tiny space, so that a search can look up a training.

``searched_chains`` made it.
"""

import json
from typing import NamedTuple

import numpy as np

from companion.experiments.cnn.searched_chains import FILE, SEEN, UPDATES, read


class Table(NamedTuple):
    """What became of the G networks of the space, in shares of 1,000 images.

    Attributes
    ----------
    genes : list of tuple of str
        The architectures.
    dev, test : numpy.ndarray
        Errors on development and test digits after each training, (G, 8): seeds `SEEN`, then
        `JUDGES`.
    short : numpy.ndarray
        Errors on development digits after one epoch, (G, 3): seeds `SEEN`.
    shared : numpy.ndarray
        Errors on development digits with shared weights, (networks, lengths, G): seeds `SHARED`,
        updates `UPDATES`.
    """

    genes: list
    dev: np.ndarray
    test: np.ndarray
    short: np.ndarray
    shared: np.ndarray

    def truth(self):
        """Architecture → mean test error over the trainings that no search sees."""
        means = self.test[:, len(SEEN) :].mean(axis=1)
        return dict(zip(self.genes, means.tolist(), strict=True))

    def trainer(self, rng):
        """Make a function that "trains" networks: it looks up one of their trainings, at random.

        Parameters
        ----------
        rng : numpy.random.Generator
            Draws which of the trainings `SEEN` is looked up, anew at each call.

        Returns
        -------
        callable
            Architecture → error on the development digits after one training. The genes of several
            networks in a row, four each, give the mean of their errors.
        """
        rows = {genes: row[: len(SEEN)] for genes, row in zip(self.genes, self.dev, strict=True)}

        def train(genes):
            seen = [float(rows[part][rng.integers(len(SEEN))]) for part in parts(genes)]
            return sum(seen) / len(seen)

        return train


def parts(genes, slots=4):
    """Cut the genes of several networks in a row into those of each network.

    Parameters
    ----------
    genes : sequence
        Of any number of networks.
    slots : int
        Genes of one network.

    Returns
    -------
    list of tuple
        One for each network.

    Raises
    ------
    ValueError
        If a rest remains.
    """
    if len(genes) % slots or not len(genes):
        raise ValueError(f"parts: {len(genes)} genes; expected a multiple of {slots}")
    return [tuple(genes[k : k + slots]) for k in range(0, len(genes), slots)]


def stored():
    """Read what the script found.

    Returns
    -------
    Table
        All of it.
    """
    found = json.loads(FILE.read_text(encoding="utf-8"))
    letters = list(found["dev"])
    arrays = {
        part: np.array([found[part][name] for name in letters]) / 1000
        for part in ("dev", "test", "short")
    }
    shared = np.array([[run[str(n)] for n in UPDATES] for run in found["shared"]]) / 1000
    return Table([read(name) for name in letters], **arrays, shared=shared)


def repeated(search, table, repeats, budget):
    """Search many times, each time with dice of its own.

    Parameters
    ----------
    search : callable
        ``search(evaluate, budget, rng)`` returns a list of trials.
    table : Table
        Where trainings are looked up.
    repeats : int
        Number of searches.
    budget : int
        Trials of each.

    Returns
    -------
    list
        What each search returned.
    """
    found = []
    for k in range(repeats):
        search_dice, training_dice = (np.random.default_rng([k, part]) for part in (0, 1))
        found.append(search(table.trainer(training_dice), budget, search_dice))
    return found
