"""Known wrong answers to the exercises on the page on the speed of a recurrence."""

from companion.exercises import wrong


@wrong("speed-turns", fails="test_two_layers")
def turns(steps):
    """Lets the upper layer wait for the end of the lower."""
    return 2 * steps, steps, 2 * steps


@wrong("speed-turns", fails="test_both_directions")
def turns(steps):
    """One direction after the other."""
    return steps + 1, 2 * steps, 2 * steps


@wrong("speed-turns", fails="test_two_layers_in_both_directions")
def turns(steps):
    """Begins the upper layer too early."""
    return steps + 1, steps, steps + 1


@wrong("speed-turns", fails="test_two_layers_in_both_directions")
def turns(steps):
    """Everything one after the other."""
    return steps + 1, steps, 4 * steps


@wrong("speed-connected", fails="test_windows_longer_than_the_lag")
def connected_share(lag, window):
    """One target too few."""
    return max(0, window - lag - 1) / window


@wrong("speed-connected", fails="test_windows_no_longer_than_the_lag")
def connected_share(lag, window):
    """Gives negative shares."""
    return (window - lag) / window


@wrong("speed-connected", fails="test_windows_longer_than_the_lag")
def connected_share(lag, window):
    """The share that is cut off."""
    return min(lag, window) / window


@wrong("speed-connected", fails="test_windows_longer_than_the_lag")
def connected_share(lag, window):
    """Counts in small windows only."""
    return sum(place >= lag for place in range(min(window, 16))) / window


@wrong("speed-connected", fails="test_windows_longer_than_the_lag")
def connected_share(lag, window):
    """Divides without a remainder."""
    return max(0, window - lag) // window


@wrong("speed-cut", fails="test_with_a_cut")
def cut_derivative(x, w, u, back):
    """Cuts nothing."""
    h = du = 0.0
    for value in x:
        h, du = w * value + u * h, h + u * du
    return du


@wrong("speed-cut", fails="test_with_a_cut")
def cut_derivative(x, w, u, back):
    """Throws the state away at the cut."""
    h = du = 0.0
    for value in x[-back:]:
        h, du = w * value + u * h, h + u * du
    return du


@wrong("speed-cut", fails="test_without_a_cut")
def cut_derivative(x, w, u, back):
    """Takes the state after each step."""
    h = du = 0.0
    for t, value in enumerate(x):
        h = w * value + u * h
        du = h + u * du if t >= len(x) - back else 0.0
    return du


@wrong("speed-cut", fails="test_with_a_cut")
def cut_derivative(x, w, u, back):
    """Cuts one step too early."""
    h = du = 0.0
    for t, value in enumerate(x):
        h, du = w * value + u * h, (h + u * du if t > len(x) - back or back >= len(x) else 0.0)
    return du


@wrong("speed-cut", fails="test_without_a_cut")
def cut_derivative(x, w, u, back):
    """Forgets the factor u."""
    h = du = 0.0
    for t, value in enumerate(x):
        h, du = w * value + u * h, (h + du if t >= len(x) - back else 0.0)
    return du


@wrong("speed-cut", fails="test_without_a_cut")
def cut_derivative(x, w, u, back):
    """The derivative with respect to w."""
    return sum(u**j * x[-1 - j] for j in range(min(back, len(x))))


@wrong("speed-cut", fails="test_without_a_cut")
def cut_derivative(x, w, u, back):
    """Is right for a positive u only."""
    h = du = 0.0
    for t, value in enumerate(x):
        h, du = w * value + abs(u) * h, (h + abs(u) * du if t >= len(x) - back else 0.0)
    return du


@wrong("speed-cut", fails="test_without_a_cut")
def cut_derivative(x, w, u, back):
    """Divides by u, which may be 0."""
    h = [0.0]
    for value in x:
        h.append(w * value + u * h[-1])
    return sum(u ** (j + 1) * h[-2 - j] / u for j in range(min(back, len(x))))


@wrong("speed-cut", fails="test_with_a_cut")
def cut_derivative(x, w, u, back):
    """Goes back four steps at most when something is cut."""
    h = [0.0]
    for value in x:
        h.append(w * value + u * h[-1])
    count = min(back, 4) if back < len(x) else len(x)
    return sum(u**j * h[-2 - j] for j in range(count))


@wrong("speed-cut", fails="test_with_a_cut")
def cut_derivative(x, w, u, back):
    """Takes the inputs before the cut out of the caller's list."""
    h = du = 0.0
    while len(x) > back:
        h = w * x.pop(0) + u * h
    for value in x:
        h, du = w * value + u * h, h + u * du
    return du
