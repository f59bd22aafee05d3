"""What layers and cells of a recurrence have in common: names of weights, and what is refused.

Used by `companion.rnn.recurrence.layers`, `cells` and `peephole`.
"""

from companion.rnn.recurrence.rnn_scan import BENDS


def suffix(layer, direction):
    """Return how the name of a weight ends: ``_l0``, and ``_l0_reverse`` for the way back.

    Parameters
    ----------
    layer : int
        From 0 for the lowest.
    direction : int
        0 for the first direction, 1 for the one that reads from the end.

    Returns
    -------
    str
        As in torch.
    """
    return f"_l{layer}{'_reverse' if direction else ''}"


def check_sizes(name, input_size, hidden_size, num_layers=1, dropout=0.0):
    """Refuse sizes of a layer or cell that make no sense.

    Parameters
    ----------
    name : str
        Whose sizes they are; the message begins with it.
    input_size, hidden_size, num_layers : int
        At least 1 each.
    dropout : float
        A share from 0 to 1.

    Raises
    ------
    ValueError
        If one of them is not.
    """
    sizes = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
    for what, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name}: {what}={size}; expected at least 1")
    if not 0 <= dropout <= 1:
        raise ValueError(f"{name}: dropout={dropout}; expected a share from 0 to 1")


def check_bend(name, nonlinearity):
    """Refuse a nonlinearity that a plain recurrence does not have.

    Parameters
    ----------
    name : str
        Who is asked for it; the message begins with it.
    nonlinearity : str
        ``"tanh"`` or ``"relu"``.

    Raises
    ------
    ValueError
        If it is another one.
    """
    if nonlinearity not in BENDS:
        raise ValueError(f"{name}: nonlinearity {nonlinearity!r}; expected one of {sorted(BENDS)}")


def as_pair(name, hx):
    """Return the state of an LSTM as a tuple of two.

    Parameters
    ----------
    name : str
        Who was given it; the message begins with it.
    hx : tuple or list
        State h and cell c.

    Returns
    -------
    tuple
        (h, c).

    Raises
    ------
    ValueError
        If it is no pair; one array of two rows would be taken apart otherwise.
    """
    if not isinstance(hx, (tuple, list)) or len(hx) != 2:
        raise ValueError(f"{name}: the state is a pair (h, c)")
    return tuple(hx)
