"""A space of architectures: for each gene a few choices, and a rule which combinations count."""

from itertools import product

TRIES = 10_000
"""Draws before `Space.draw` gives up to find an allowed architecture."""


class Space:
    """All ways to choose one value for each gene, as far as a rule allows them.

    An architecture is a tuple with one value for each gene.

    Parameters
    ----------
    choices : sequence of sequence
        The values of each gene, in order; no value twice.
    allowed : callable, optional
        Architecture → whether it belongs to the space, such as "needs at most 100,000
        multiply–adds"; by default all do.

    Raises
    ------
    ValueError
        If there is no gene, or a gene without values or with one value twice.

    Notes
    -----
    Derived in the chapter :ref:`architecture_search`.
    """

    def __init__(self, choices, allowed=None):
        self.choices = tuple(tuple(values) for values in choices)
        self.allowed = allowed or (lambda genes: True)
        if not self.choices:
            raise ValueError("Space: no gene; expected at least one sequence of values")
        for gene, values in enumerate(self.choices):
            if not values or len(set(values)) < len(values):
                raise ValueError(f"Space: gene {gene} has the values {values}; expected "
                                 "at least one, and none twice")  # fmt: skip

    def __iter__(self):
        """Go through all allowed architectures, the last gene changing fastest."""
        return (genes for genes in product(*self.choices) if self.allowed(genes))

    def __len__(self):
        """Count the allowed architectures, by going through them."""
        return sum(1 for _ in self)

    def __contains__(self, genes):
        """Whether `genes` has a value of each gene and is allowed."""
        return (
            len(genes) == len(self.choices)
            and all(value in values for value, values in zip(genes, self.choices, strict=True))
            and bool(self.allowed(tuple(genes)))
        )

    def draw(self, rng):
        """Draw an architecture, each allowed one with the same probability.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        tuple
            One value for each gene.

        Raises
        ------
        ValueError
            If `TRIES` draws in a row are not allowed.
        """
        for _ in range(TRIES):
            genes = tuple(values[rng.integers(len(values))] for values in self.choices)
            if self.allowed(genes):
                return genes
        raise ValueError(f"draw: {TRIES} architectures, none allowed; loosen the rule")

    def neighbours(self, genes):
        """List the allowed architectures that differ from this one in exactly one gene.

        Parameters
        ----------
        genes : tuple
            An architecture of the space.

        Returns
        -------
        list of tuple
            In order of the gene that differs, then of its values.

        Raises
        ------
        ValueError
            If `genes` is not in the space.
        """
        if genes not in self:
            raise ValueError(f"neighbours: {genes} is not in the space")
        changed = (
            (*genes[:k], value, *genes[k + 1 :])
            for k, values in enumerate(self.choices)
            for value in values
            if value != genes[k]
        )
        return [new for new in changed if self.allowed(new)]

    def mutate(self, genes, rng):
        """Change one gene: draw one of the `neighbours`, each with the same probability.

        Parameters
        ----------
        genes : tuple
            An architecture of the space.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        tuple
            The changed architecture.

        Raises
        ------
        ValueError
            If `genes` is not in the space or has no neighbour in it.
        """
        near = self.neighbours(genes)
        if not near:
            raise ValueError(f"mutate: {genes} has no allowed neighbour")
        return near[rng.integers(len(near))]
