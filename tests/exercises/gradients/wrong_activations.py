"""Known wrong answers to the exercises of the chapter on activation functions."""

import numpy as np

from companion.exercises import wrong


@wrong("leaky-relu-pullback", fails="test_leak_agrees_with_differences")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Returns the slope and forgets what comes back."""
    return np.where(z > 0, 1.0, alpha)


@wrong("leaky-relu-pullback", fails="test_leak_agrees_with_differences")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Applies the function to the gradient: looks at the sign of da."""
    return np.where(da > 0, da, alpha * da)


@wrong("leaky-relu-pullback", fails="test_leak_agrees_with_differences")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Looks at the sign of the output, which a negative slope loses."""
    a = np.where(z > 0, z, alpha * z)
    return da * np.where(a > 0, 1.0, alpha)


@wrong("leaky-relu-pullback", fails="test_slope_at_the_corner")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Gives the corner to the right branch."""
    return da * np.where(z >= 0, 1.0, alpha)


@wrong("collapse-linear-stack", fails="test_one_layer_does_what_the_stack_does")
def collapse_linear_stack(layers):
    """Keeps the bias of the last layer only."""
    W = layers[0][0]
    for V, _ in layers[1:]:
        W = V @ W
    return W, layers[-1][1]


@wrong("collapse-linear-stack", fails="test_one_layer_does_what_the_stack_does")
def collapse_linear_stack(layers):
    """Adds the biases without sending them through the later layers."""
    W, b = layers[0]
    for V, c in layers[1:]:
        W = V @ W
        b = np.sum(b) + c
    return W, b


@wrong("collapse-linear-stack", fails="test_one_layer_does_what_the_stack_does")
def collapse_linear_stack(layers):
    """Multiplies in the wrong order, which even fits for square matrices."""
    W, b = layers[0]
    for V, c in layers[1:]:
        W, b = (W @ V if W.shape[1] == V.shape[0] and W.shape == V.shape else V @ W), V @ b + c
    return W, b


@wrong("collapse-linear-stack", fails="test_stacks_of_one_and_of_many")
def collapse_linear_stack(layers):
    """Takes the first two layers for granted and the others not at all, beyond three."""
    (W, b), (V, c) = layers[:2]
    W, b = V @ W, V @ b + c
    for U, d in layers[2:3]:
        W, b = U @ W, U @ b + d
    return W, b


@wrong("count-dead-units", fails="test_dead_units_are_counted")
def count_dead_units(X, W, b):
    """Counts units that are inactive for some example."""
    return int(np.sum(np.any(X @ W.T + b <= 0, axis=0)))


@wrong("count-dead-units", fails="test_dead_units_are_counted")
def count_dead_units(X, W, b):
    """Forgets the bias."""
    return int(np.sum(np.all(X @ W.T <= 0, axis=0)))


@wrong("count-dead-units", fails="test_dead_units_are_counted")
def count_dead_units(X, W, b):
    """Counts examples for which the whole layer is silent."""
    return int(np.sum(np.all(X @ W.T + b <= 0, axis=1)))


@wrong("count-dead-units", fails="test_zero_passes_no_gradient")
def count_dead_units(X, W, b):
    """Takes z = 0 for active."""
    return int(np.sum(np.all(X @ W.T + b < 0, axis=0)))


@wrong("maxout-pullback", fails="test_gradient_goes_to_the_largest")
def maxout_pullback(Z, da):
    """Sends the gradient to every sum."""
    return np.repeat(da[:, None], Z.shape[1], axis=1)


@wrong("maxout-pullback", fails="test_gradient_goes_to_the_largest")
def maxout_pullback(Z, da):
    """Takes the largest number of the column, not of the row."""
    dZ = np.zeros(Z.shape)
    columns = np.arange(Z.shape[1])
    dZ[Z.argmax(axis=0), columns] = np.resize(da, Z.shape[1])
    return dZ


@wrong("maxout-pullback", fails="test_gradient_goes_to_the_largest")
def maxout_pullback(Z, da):
    """Multiplies by the value where the slope, 1, belongs."""
    return da[:, None] * Z * (Z == Z.max(axis=1, keepdims=True))


@wrong("maxout-pullback", fails="test_first_of_equals_gets_all")
def maxout_pullback(Z, da):
    """Gives each of several equals the whole gradient."""
    return da[:, None] * (Z == Z.max(axis=1, keepdims=True))


@wrong("hat-from-relus", fails="test_hat_with_equal_sides")
def hat_from_relus(left, centre, right):
    """Takes the new slope for the change of the slope at the centre."""
    up, down = 1 / (centre - left), 1 / (right - centre)
    return np.ones(3), -np.array([left, centre, right]), np.array([up, -down, down])


@wrong("hat-from-relus", fails="test_hat_with_equal_sides")
def hat_from_relus(left, centre, right):
    """Never stops falling."""
    up, down = 1 / (centre - left), 1 / (right - centre)
    return np.ones(3), -np.array([left, centre, right]), np.array([up, -up - down, 0.0])


@wrong("hat-from-relus", fails="test_hat_with_equal_sides")
def hat_from_relus(left, centre, right):
    """Forgets the sign of the bias."""
    up, down = 1 / (centre - left), 1 / (right - centre)
    return np.ones(3), np.array([left, centre, right]), np.array([up, -up - down, down])


@wrong("hat-from-relus", fails="test_hat_with_unequal_sides")
def hat_from_relus(left, centre, right):
    """Takes both sides for equally steep."""
    up = 1 / (centre - left)
    return np.ones(3), -np.array([left, centre, right]), np.array([up, -2 * up, up])


@wrong("count-linear-pieces", fails="test_pieces_of_a_random_network")
def count_linear_pieces(w, b, v, low, high):
    """Counts the bends instead of the pieces."""
    places = [-c / a for a, c, u in zip(w, b, v, strict=True) if a and u]
    return len({round(p, 6) for p in places if low < p < high})


@wrong("count-linear-pieces", fails="test_pieces_of_a_random_network")
def count_linear_pieces(w, b, v, low, high):
    """One piece more than units, wherever they bend."""
    return len(w) + 1


@wrong("count-linear-pieces", fails="test_bends_at_one_place_add_up_and_may_cancel")
def count_linear_pieces(w, b, v, low, high):
    """Counts a place once for every unit that bends there."""
    places = [-c / a for a, c, u in zip(w, b, v, strict=True) if a and u]
    return 1 + sum(low < p < high for p in places)


@wrong("count-linear-pieces", fails="test_bends_at_one_place_add_up_and_may_cancel")
def count_linear_pieces(w, b, v, low, high):
    """Does not notice that bends cancel."""
    places = [-c / a for a, c, u in zip(w, b, v, strict=True) if a and u]
    return 1 + len({round(p, 6) for p in places if low < p < high})


@wrong("count-linear-pieces", fails="test_bends_at_one_place_add_up_and_may_cancel")
def count_linear_pieces(w, b, v, low, high):
    """Lets a unit with negative w change the slope by v w."""
    changes = {}
    for a, c, u in zip(w, b, v, strict=True):
        if a and u and low < -c / a < high:
            place = round(-c / a, 6)
            changes[place] = changes.get(place, 0) + u * a
    return 1 + sum(abs(change) > 1e-9 for change in changes.values())


@wrong("count-linear-pieces", fails="test_units_that_bend_nothing")
def count_linear_pieces(w, b, v, low, high):
    """Counts places on the ends of the interval."""
    changes = {}
    for a, c, u in zip(w, b, v, strict=True):
        if a and low <= -c / a <= high:
            place = round(-c / a, 6)
            changes[place] = changes.get(place, 0) + u * abs(a)
    return 1 + sum(abs(change) > 1e-9 for change in changes.values())


@wrong("count-linear-pieces", fails="test_places_that_differ_by_rounding_are_one")
def count_linear_pieces(w, b, v, low, high):
    """Takes places for the same only if they are equal to the last bit."""
    changes = {}
    for a, c, u in zip(w, b, v, strict=True):
        if a and low < -c / a < high:
            changes[-c / a] = changes.get(-c / a, 0) + u * abs(a)
    return 1 + sum(abs(change) > 1e-9 for change in changes.values())
