"""Local response normalization: each channel divided by the activity of its neighbours."""

from companion.gradients.module import Module
from companion.gradients.shaping import pad


class LocalResponseNorm(Module):
    """Divide each value by a power of the squares in neighbouring channels at the same place.

    Parameters
    ----------
    size : int
        Number of channels that are summed over, the value's own in the middle.
    alpha, beta, k : float
        Factor of the mean of the squares, power, and what is added first.

    Raises
    ------
    ValueError
        If `size` is below 1.

    Notes
    -----
    y = x / (k + alpha · mean of x² over `size` channels)^beta, with zeros beyond the first and last
    channel, as in torch; in the paper alpha stands before the sum. A. Krizhevsky, I. Sutskever,
    G. Hinton, 2012, section 3.3. Told in the chapter :ref:`alexnet_and_vgg`; batch normalization
    has replaced it.
    """

    def __init__(self, size, alpha=1e-4, beta=0.75, k=1.0):
        if size < 1:
            raise ValueError(f"LocalResponseNorm: size is {size}; need at least 1 channel")
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, x):
        """Map x: ``(N, C, *size)`` to the same shape."""
        if x.ndim < 3:
            raise ValueError(
                f"LocalResponseNorm: got {tuple(x.shape)}; expected (N, C, …) with 3 axes or more"
            )
        channels = x.shape[1]
        # Widths from the last axis to the second: only the channels get a border.
        widths = [0, 0] * (x.ndim - 2) + [self.size // 2, (self.size - 1) // 2]
        squares = pad(x * x, pad=widths)
        total = sum(squares[:, k : k + channels] for k in range(self.size))
        return x / (self.k + self.alpha / self.size * total) ** self.beta

    def extra_repr(self):
        """Return the options."""
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
