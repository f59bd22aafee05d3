"""One walk back in time gives all gradients of a recurrence; each input asks for its own."""


def jointly(sweep, count):
    """Make the pullbacks of a primitive whose gradients come out of one sweep.

    Parameters
    ----------
    sweep : callable
        Maps the gradient of the value to a tuple with the gradient of each input.
    count : int
        How many inputs there are.

    Returns
    -------
    list of callable
        A pullback for each. The sweep runs when the first is called and is kept for the others.
    """
    kept = []

    def pullback_of(place):
        def pullback(dy):
            if not kept or kept[0] is not dy:
                kept[:] = dy, sweep(dy)
            return kept[1][place]

        return pullback

    return [pullback_of(place) for place in range(count)]


def check_scan(z, states, w, gates):
    """Refuse projections, first states and weights that do not belong together.

    Parameters
    ----------
    z : numpy.ndarray
        Projected inputs; expected (T, N, gates · H).
    states : dict
        Name → first state; expected (N, H).
    w : numpy.ndarray
        Weights from state to gates; expected (gates · H, H).
    gates : int
        Gates of the unit.

    Raises
    ------
    ValueError
        That names the first misfit.
    """
    hidden = w.shape[-1]
    if w.shape != (gates * hidden, hidden):
        raise ValueError(f"weights {w.shape}; expected ({gates} · H, H)")
    if z.ndim != 3 or z.shape[2] != gates * hidden:
        raise ValueError(f"inputs {z.shape}; expected (T, N, {gates * hidden})")
    if not z.shape[0]:
        raise ValueError("an empty sequence: it needs at least one step")
    for name, state in states.items():
        if state.shape != (z.shape[1], hidden):
            raise ValueError(f"{name} {state.shape}; expected ({z.shape[1]}, {hidden})")
