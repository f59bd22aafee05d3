"""Are two encodings of one person? A classifier of pairs with one weight for each number."""

from functools import cache

import numpy as np

from companion.experiments.stored_weights import with_weights
from companion.faces.pairs import all_pairs
from companion.training.engines import to_numpy

FORMS = {
    "absolute": lambda a, b: abs(a - b),
    "squared": lambda a, b: (a - b) ** 2,
    "chi2": lambda a, b: (a - b) ** 2 / (a + b + 1e-12),
}
"""How two numbers are compared; "chi2" is for encodings without negative numbers."""


def compared(a, b, form="absolute"):
    """Compare encodings number by number.

    Parameters
    ----------
    a, b : Tensor or numpy.ndarray
        Encodings (…, D) of one engine, or arrays; their shapes broadcast.
    form : str
        Of `FORMS`: "absolute" is ``|aₖ − bₖ|``, "squared" its square, "chi2" the square over the
        sum of both.

    Returns
    -------
    Tensor or numpy.ndarray
        (…, D), the same when `a` and `b` change places.

    Raises
    ------
    ValueError
        If there is no such form, the encodings differ in size, or "chi2" meets a negative number.

    Notes
    -----
    Taigman et al. (2014) try "absolute" and "chi2". Chapter :ref:`comparing_head`.
    """
    if form not in FORMS:
        raise ValueError(f"compared: form {form!r}; expected one of {', '.join(FORMS)}")
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(f"compared: encodings of {a.shape[-1]} and {b.shape[-1]} numbers")
    if form == "chi2" and min(float(a.min()), float(b.min())) < 0:
        raise ValueError(
            "compared: a number below 0; 'chi2' divides by sums, so take encodings behind a ReLU"
        )
    return FORMS[form](a, b)


def comparing_head(nn, size=32, form="absolute", slope=-2.0):
    """Make a head that says whether two encodings are of one person.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    size : int
        D, numbers of an encoding.
    form : str
        As for `compared`.
    slope : float
        All weights before training; below 0, or far apart would mean alike. The bias starts at 0.

    Returns
    -------
    Module
        ``head(a, b)`` maps (N, D) and (M, D) to logits (N, M) of all pairs, ``head(a)`` to those of
        a batch with itself; above 0 says "same". Its layer `weigh` is linear with one unit.

    Raises
    ------
    ValueError
        By the head, if shapes do not fit.

    Notes
    -----
    Taigman et al. (2014), DeepFace. Chapter :ref:`comparing_head`.
    """
    start = np.full((1, size), slope, np.float32), np.zeros(1, np.float32)
    names = "weigh.weight", "weigh.bias"
    return with_weights(_head(nn)(size, form), dict(zip(names, start, strict=True))).train()


@cache
def _head(nn):
    class ComparingHead(nn.Module):
        """One weight for each number of the comparison, and a bias."""

        def __init__(self, size, form):
            super().__init__()
            self.form = form
            self.weigh = nn.Linear(size, 1)

        def forward(self, a, b=None):
            """Map encodings (N, D) and (M, D) to logits (N, M)."""
            b = a if b is None else b
            if len(a.shape) != 2 or len(b.shape) != 2:
                raise ValueError(
                    f"comparing_head: encodings {tuple(a.shape)} and {tuple(b.shape)}; "
                    "expected (N, D) and (M, D)"
                )
            pairs = compared(a[:, None], b[None], self.form)
            return self.weigh(pairs).reshape(len(a), len(b))

    return ComparingHead


def comparing_loss(nn):
    """Make the loss of the logits of all pairs of a batch; same and different count half each.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.

    Returns
    -------
    callable
        ``loss(logits, names)`` for (B, B) and (B,): the mean binary cross-entropy of the pairs that
        are the same plus that of those that differ, halved. Each pair counts once.

    Raises
    ------
    ValueError
        By the loss, if shapes do not fit or one of the two kinds is missing.

    Notes
    -----
    Chapter :ref:`comparing_head`.
    """
    softplus = nn.Softplus()

    def loss(logits, names):
        names = to_numpy(names)
        if tuple(logits.shape) != (len(names), len(names)):
            raise ValueError(
                f"comparing_loss: logits {tuple(logits.shape)} for {len(names)} names; "
                "expected those of a batch with itself"
            )
        i, j, same = all_pairs(names)
        if same.all() or not same.any():
            raise ValueError(
                f"comparing_loss: {same.sum()} pairs of one person and {(~same).sum()} of two; "
                "expected some of each"
            )
        alike, apart = logits[i[same], j[same]], logits[i[~same], j[~same]]
        return (softplus(-alike).mean() + softplus(apart).mean()) / 2

    return loss
