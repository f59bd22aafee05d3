"""Networks that are no plain stack: layers side by side, whose results are added or joined.

Each function takes ``nn`` first, ``companion.nn`` or ``torch.nn``, and works with the layers of
that engine.
"""

import sys
from functools import cache

from companion.gradients import shaping
from companion.gradients.tensor import Tensor


def added(nn, *branches):
    """Make a module that sends its input through every branch and adds the results.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    *branches : Module
        Their results have one shape.

    Returns
    -------
    Module
        With the branches as its modules ``0``, ``1``, …

    Notes
    -----
    With ``nn.Identity()`` as one branch this is a shortcut. Derived in the chapter
    :ref:`residual`.
    """
    return _sum_and_cat(nn)[0](*branches)


def joined(nn, *branches):
    """Make a module that sends its input through every branch and joins the channels.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    *branches : Module
        Results (N, Cᵢ, H, W) of one height and width.

    Returns
    -------
    Module
        Maps (N, C, H, W) to (N, ΣCᵢ, H, W); the branches are its modules ``0``, ``1``, …

    Notes
    -----
    Derived in the chapter :ref:`inception`.
    """
    return _sum_and_cat(nn)[1](*branches)


@cache
def _sum_and_cat(nn):
    class Added(nn.Sequential):
        """Sends its input through every branch and adds the results."""

        def forward(self, x):
            """Map x to the sum over the branches."""
            first, *others = [branch(x) for branch in self]
            for other in others:
                if other.shape != first.shape:
                    raise ValueError(
                        f"added: branches give {tuple(first.shape)} and {tuple(other.shape)}; "
                        "project one of them, for example by a 1×1 convolution"
                    )
                first = first + other
            return first

    class Joined(nn.Sequential):
        """Sends its input through every branch and joins the channels."""

        def forward(self, x):
            """Map x (N, C, H, W) to (N, ΣCᵢ, H, W)."""
            parts = [branch(x) for branch in self]
            sizes = {tuple(part.shape[2:]) for part in parts}
            if len(sizes) > 1:
                raise ValueError(f"joined: images of {sorted(sizes)}; expected one size")
            return cat(parts)

    return Added, Joined


def cat(parts, dim=1):
    """Join tensors of either engine along an axis.

    Parameters
    ----------
    parts : sequence of Tensor or torch.Tensor
        Equal in all other axes.
    dim : int
        The axis.

    Returns
    -------
    Tensor or torch.Tensor
        The joined one.
    """
    if isinstance(parts[0], Tensor):
        return shaping.cat(*parts, dim=dim)
    return sys.modules["torch"].cat(parts, dim=dim)
