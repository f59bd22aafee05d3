"""LeNet-5, the network of 1998 that read digits: the form in use today, and that of the paper."""

from functools import cache

from companion.cnn.networks.combining import joined

SEEN_BY_C3 = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5)),
)
"""Which of the 6 maps of S2 each of the 16 maps of C3 looks at: table I of LeCun et al. (1998)."""


def lenet5(nn, activation=None, pool=None, classes=10):
    """Make LeNet-5 as it is built today, for grey images of 28 × 28 pixels.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    activation : callable, optional
        Makes the layer after each layer with weights but the last: ``nn.ReLU``, the default, or
        ``nn.Tanh``.
    pool : callable, optional
        Makes a pooling layer from the size of its window: ``nn.MaxPool2d``, the default, or
        ``nn.AvgPool2d``.
    classes : int
        Scores that come out, at least 1.

    Returns
    -------
    Sequential
        Maps (N, 1, 28, 28) to scores (N, classes); 61,706 parameters for ten classes.

    Raises
    ------
    ValueError
        If `classes` is below 1.

    Notes
    -----
    Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document
    recognition*, 1998, section II.B, simplified. Derived in the chapter :ref:`lenet`.
    """
    if classes < 1:
        raise ValueError(f"lenet5: {classes} classes; expected at least 1, such as 10")
    activation, pool = activation or nn.ReLU, pool or nn.MaxPool2d
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        activation(),
        pool(2),
        nn.Conv2d(6, 16, 5),
        activation(),
        pool(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        activation(),
        nn.Linear(120, 84),
        activation(),
        nn.Linear(84, classes),
    )


def lenet5_of_1998(nn):
    """Make LeNet-5 as the paper has it, up to the layer F6, for images of 32 × 32 pixels.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.

    Returns
    -------
    Sequential
        Maps (N, 1, 32, 32) to the 84 values of F6, (N, 84); 60,000 parameters. Pooling has a
        coefficient and a bias for each map, C3 sees chosen maps only (`SEEN_BY_C3`), and the
        activation is 1.7159 tanh(2a/3).

    Notes
    -----
    The paper *sums* four pixels before it multiplies; here they are averaged, so that a coefficient
    is four times the paper's. The output layer, ten fixed codes of 84 numbers, is
    `distances_to_codes`. Source: as for `lenet5`. Told in the chapter :ref:`lenet_in_torch`.
    """
    Chosen, ScaledTanh = _paper_layers(nn)
    return nn.Sequential(
        nn.Conv2d(1, 6, 5),  # C1
        ScaledTanh(),
        *_subsampling(nn, 6),  # S2
        ScaledTanh(),
        joined(nn, *[
            nn.Sequential(Chosen(maps), nn.Conv2d(len(maps), 1, 5)) for maps in SEEN_BY_C3
        ]),  # C3
        ScaledTanh(),
        *_subsampling(nn, 16),  # S4
        ScaledTanh(),
        nn.Conv2d(16, 120, 5),  # C5
        ScaledTanh(),
        nn.Flatten(),
        nn.Linear(120, 84),  # F6
        ScaledTanh(),
    )  # fmt: skip


def distances_to_codes(x, codes):
    """Compute the output of LeNet-5 in 1998: the squared distance to a fixed code of each class.

    Parameters
    ----------
    x : Tensor or torch.Tensor
        What F6 puts out, (N, 84).
    codes : Tensor or torch.Tensor
        One code of −1 and 1 for each class, (K, 84): in the paper, a small picture of the digit,
        7 × 12 pixels.

    Returns
    -------
    Tensor or torch.Tensor
        (N, K); the smallest one says the class.
    """
    apart = x.reshape(len(x), 1, -1) - codes
    return (apart * apart).sum(-1)


def _subsampling(nn, maps):
    """Average 2 × 2 pixels, then one coefficient and one bias for each map."""
    return nn.AvgPool2d(2), nn.Conv2d(maps, maps, 1, groups=maps)


@cache
def _paper_layers(nn):
    class Chosen(nn.Module):
        """Passes on some of the channels."""

        def __init__(self, maps):
            super().__init__()
            self.maps = list(maps)

        def forward(self, x):
            """Map x (N, C, H, W) to (N, len(maps), H, W)."""
            return x[:, self.maps]

    class ScaledTanh(nn.Module):
        """1.7159 tanh(2a/3): ±1 goes to ±1, where the curve bends most."""

        def __init__(self):
            super().__init__()
            self.tanh = nn.Tanh()

        def forward(self, x):
            """Apply it to each entry."""
            return self.tanh(x * (2 / 3)) * 1.7159

    return Chosen, ScaledTanh
