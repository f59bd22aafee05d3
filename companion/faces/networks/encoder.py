"""A small network that turns a face into a few numbers."""

from functools import cache

from companion.detection.networks.grid_detector import body
from companion.faces.distances import unit_length


def encoder(nn, size=32, height=56, width=46, widths=(16, 32, 64)):
    """Make an encoder: convolutions, a dense layer, and encodings of length 1.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    size : int
        How many numbers an encoding has.
    height, width : int
        Of the images.
    widths : tuple of int
        Channels of the stages; each halves the sides.

    Returns
    -------
    Sequential
        (N, 1, height, width) to (N, size), each row of length 1.

    Notes
    -----
    FaceNet (Schroff et al., 2015) puts encodings onto a sphere in the same way. Chapter
    :ref:`one_shot`.
    """
    rows, columns = -(-height // 2), -(-width // 2)
    for _ in widths[1:]:
        rows, columns = rows // 2, columns // 2
    dense = nn.Linear(widths[-1] * rows * columns, size)
    return nn.Sequential(*body(nn, 1, widths), nn.Flatten(), dense, _on_sphere(nn)())


@cache
def _on_sphere(nn):
    class OnSphere(nn.Module):
        """Scales encodings to length 1."""

        def forward(self, z):
            """Map (N, D) to (N, D)."""
            return unit_length(z)

    return OnSphere
