"""Known wrong answers to the exercises on what networks can represent."""

import numpy as np

from companion.exercises import wrong


@wrong("tents-by-hand", fails="test_pieces_of_three_tents")
def tents_by_hand():
    """Counts corners instead of pieces."""
    return 7, 6


@wrong("tents-by-hand", fails="test_pieces_of_three_tents")
def tents_by_hand():
    """Adds two pieces for each tent."""
    return 6, 7


@wrong("tents-by-hand", fails="test_pieces_of_three_tents")
def tents_by_hand():
    """Takes each of the 19 parameters for a unit."""
    return 8, 20


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
