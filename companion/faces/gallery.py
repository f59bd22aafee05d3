"""A gallery of stored encodings: enrol people, and ask who somebody is."""

import numpy as np

from companion.faces.distances import squared_distances

WAYS = ("nearest", "mean")


class Gallery:
    """Encodings of people who are known by name.

    Parameters
    ----------
    by : str
        What stands for a person who is enrolled with several pictures: ``"nearest"``, each of
        them, and the nearest counts; or ``"mean"``, one encoding: their mean, as long as they are
        on average.

    Raises
    ------
    ValueError
        If `by` is neither; by the methods, if a name, an encoding or a threshold does not fit.

    Notes
    -----
    Encodings are personal data: see :ref:`faces_and_people`. Chapter :ref:`identification`.
    """

    def __init__(self, by="nearest"):
        if by not in WAYS:
            raise ValueError(f"Gallery: by is {by!r}; expected one of {', '.join(WAYS)}")
        self.by, self._stored = by, {}

    def __len__(self):
        return len(self._stored)

    def __contains__(self, name):
        return name in self._stored

    @property
    def names(self):
        """Names in the order in which they were enrolled."""
        return list(self._stored)

    def enrol(self, name, encodings):
        """Store a person.

        Parameters
        ----------
        name : str or int
            Not yet in the gallery.
        encodings : array_like
            (D,) of one picture or (K, D) of several.
        """
        if name in self._stored:
            raise ValueError(
                f"Gallery: {name!r} is enrolled already; use another name, or remove {name!r} first"
            )
        rows = self._rows(encodings)
        if not len(rows):
            raise ValueError(f"Gallery: no picture of {name!r}; one is enough, none is too few")
        self._stored[name] = rows.copy() if self.by == "nearest" else _mean(name, rows)

    def remove(self, name):
        """Forget a person: nothing of the stored encodings is kept."""
        self._known(name)
        del self._stored[name]

    def distances(self, probes):
        """Measure how far probes are from everybody.

        Parameters
        ----------
        probes : array_like
            (P, D) encodings, or one (D,).

        Returns
        -------
        numpy.ndarray
            (P, people) Euclidean distances, columns in the order of `names`.
        """
        if not self._stored:
            raise ValueError("Gallery: nobody is enrolled; call enrol(name, encodings) first")
        probes = self._rows(probes)
        nearest = [squared_distances(probes, own).min(axis=1) for own in self._stored.values()]
        return np.sqrt(np.stack(nearest, axis=1))

    def identify(self, probes, threshold=np.inf):
        """Name the nearest person, if near enough.

        Parameters
        ----------
        probes : array_like
            (P, D) encodings, or one (D,).
        threshold : float
            The greatest distance that is accepted; without one, everybody gets a name.

        Returns
        -------
        list
            P names; None is nobody. Of equal distances the one enrolled first counts.
        """
        distances, names = self.distances(probes), self.names
        _no_nan(threshold)
        nearest = distances.argmin(axis=1)
        accepted = distances.min(axis=1) <= threshold
        return [names[k] if yes else None for k, yes in zip(nearest, accepted, strict=True)]

    def ranked(self, probes, k):
        """List the k nearest people.

        Parameters
        ----------
        probes : array_like
            (P, D) encodings, or one (D,).
        k : int
            From 1 to the number of people.

        Returns
        -------
        list of list
            P lists of k names, nearest first.
        """
        distances, names = self.distances(probes), self.names
        if not 1 <= k <= len(names):
            raise ValueError(f"Gallery: rank {k}; expected 1 to {len(names)}, the number of people")
        order = distances.argsort(axis=1, kind="stable")[:, :k]
        return [[names[j] for j in row] for row in order]

    def verify(self, name, probes, threshold):
        """Decide for each probe whether it is the person it claims to be.

        Parameters
        ----------
        name : str or int
            Who is claimed.
        probes : array_like
            (P, D) encodings, or one (D,).
        threshold : float
            The greatest distance that is accepted.

        Returns
        -------
        numpy.ndarray
            (P,) bool.
        """
        self._known(name)
        _no_nan(threshold)
        distances = squared_distances(self._rows(probes), self._stored[name]).min(axis=1)
        return np.sqrt(distances) <= threshold

    def save(self, path):
        """Write names and encodings to an ``.npz`` file; the names must be all str or all int."""
        kinds = {type(name) for name in self._stored}
        if len(kinds) != 1 or not kinds <= {str, int}:
            raise ValueError(
                f"Gallery: names of {len(kinds)} kinds ({', '.join(k.__name__ for k in kinds)}); "
                "a file keeps those of a gallery that are all str or all int"
            )
        counts = [len(own) for own in self._stored.values()]
        with open(path, "wb") as file:
            np.savez(
                file,
                by=self.by,
                names=np.array(self.names),
                counts=counts,
                encodings=np.concatenate(list(self._stored.values())),
            )

    @classmethod
    def load(cls, path):
        """Read what `save` has written."""
        with np.load(path, allow_pickle=False) as kept:
            gallery = cls(str(kept["by"]))
            own = np.split(kept["encodings"], np.cumsum(kept["counts"])[:-1])
            gallery._stored = dict(zip(kept["names"].tolist(), own, strict=True))
        return gallery

    def _rows(self, encodings):
        """Make encodings (K, D) float64 that fit those in the gallery."""
        rows = np.asarray(encodings, dtype=float)
        rows = rows[None] if rows.ndim == 1 else rows
        if rows.ndim != 2:
            raise ValueError(f"Gallery: encodings {rows.shape}; expected (D,) or (K, D)")
        size = next((own.shape[1] for own in self._stored.values()), rows.shape[1])
        if rows.shape[1] != size:
            raise ValueError(
                f"Gallery: encodings of {rows.shape[1]} numbers, stored are {size}; "
                "encode all pictures with the same encoder"
            )
        bad = ~np.isfinite(rows).all(axis=1)
        if bad.any():
            k = np.flatnonzero(bad)[0]
            raise ValueError(f"Gallery: encoding {k} is not finite; look at its picture")
        return rows

    def _known(self, name):
        if name not in self._stored:
            raise ValueError(f"Gallery: {name!r} is not enrolled; enrolled are {self.names}")


def _mean(name, rows):
    """One encoding (1, D): the mean, as long as the encodings are on average."""
    mean = rows.mean(axis=0, keepdims=True)
    length, own = np.linalg.norm(rows, axis=1).mean(), np.linalg.norm(mean)
    if own < 1e-6 * length:
        raise ValueError(
            f"Gallery: the encodings of {name!r} cancel out, so they have no mean direction; "
            'enrol fewer pictures, or use by="nearest"'
        )
    return mean * (length / own) if own else mean


def _no_nan(threshold):
    if np.isnan(threshold):
        raise ValueError("Gallery: the threshold is NaN; give a distance")
