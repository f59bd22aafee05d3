"""The Siamese network: two pictures, one encoder, one distance."""

from functools import cache

from companion.faces.distances import EPS


def siamese(nn, encoder, other=None):
    """Make a network of two branches that share an encoder.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    encoder : Module
        Maps pictures (N, …) to encodings (N, D).
    other : Module, optional
        An encoder of its own for the second branch. Then nothing is shared, the distance is not
        symmetric, and the network is no Siamese one: for comparison.

    Returns
    -------
    Module
        ``network(first, second)``: two batches (N, …) to the distances (N,) of their encodings.
        With a shared encoder its parameters are there once, under the names ``encoder.…``. In
        training, batch norm takes the two batches one after the other, each with its own mean.

    Raises
    ------
    ValueError
        By the network, if the batches differ in length.

    Notes
    -----
    Bromley et al. (1993); Hadsell, Chopra and LeCun (2006). Chapter :ref:`siamese`.
    """
    return _siamese(nn)(encoder, other)


@cache
def _siamese(nn):
    class Siamese(nn.Module):
        """Distances of the encodings of two batches."""

        def __init__(self, encoder, other):
            super().__init__()
            self.encoder = encoder
            if other is not None:
                self.other = other
            self.shared = other is None

        def forward(self, first, second):
            """Map (N, …) and (N, …) to (N,)."""
            if len(first) != len(second):
                raise ValueError(
                    f"siamese: {len(first)} first pictures, {len(second)} second ones; "
                    "expected pairs"
                )
            a = self.encoder(first)
            b = self.encoder(second) if self.shared else self.other(second)
            return (((a - b) ** 2).sum(1) + EPS) ** 0.5

    return Siamese
