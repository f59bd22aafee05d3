"""Known wrong answers to the exercises of the chapter on style transfer."""

import numpy as np

from companion.exercises import wrong


@wrong("gram-by-hand", fails="test_the_gram_matrix_of_two_maps")
def gram_by_hand():
    """Adds up and forgets the mean."""
    return [[10, 5], [5, 6]]


@wrong("gram-by-hand", fails="test_the_gram_matrix_of_two_maps")
def gram_by_hand():
    """Divides by the channels."""
    return [[5, 2.5], [2.5, 3]]


@wrong("gram-by-hand", fails="test_the_gram_matrix_of_two_maps")
def gram_by_hand():
    """Multiplies the two maps as matrices."""
    return [[2, 1], [6, 3]]


@wrong("mirrored-maps", fails="test_which_cost_stays_zero")
def still_zero():
    """Takes the costs for one another."""
    return "content"


@wrong("mirrored-maps", fails="test_which_cost_stays_zero")
def still_zero():
    """Thinks that a mirrored picture is the same picture."""
    return "both"


@wrong("mirrored-maps", fails="test_which_cost_stays_zero")
def still_zero():
    """Thinks that style has a left and a right."""
    return "neither"


@wrong("masked-gram", fails="test_only_marked_places_count")
def masked_gram(maps, mask):
    """Sets the other places to 0 and averages over all."""
    F = (maps * mask).reshape(len(maps), -1)
    return F @ F.T / mask.size


@wrong("masked-gram", fails="test_only_marked_places_count")
def masked_gram(maps, mask):
    """Does not look at the mask."""
    F = maps.reshape(len(maps), -1)
    return F @ F.T / F.shape[1]


@wrong("masked-gram", fails="test_a_mask_without_a_place")
def masked_gram(maps, mask):
    """Divides by 0 where nothing is marked."""
    F = maps[:, mask]
    with np.errstate(all="ignore"):
        return F @ F.T / F.shape[1]


@wrong("masked-gram", fails="test_only_marked_places_count")
def masked_gram(maps, mask):
    """Writes zeros into the maps it was given."""
    maps[:, ~mask] = 0
    F = maps.reshape(len(maps), -1)
    return F @ F.T / max(mask.sum(), 1)


@wrong("adaptive-norm", fails="test_mean_and_deviation_of_each_channel")
def adaptive_norm(maps, style, eps=1e-5):
    """One mean and one deviation for all channels."""
    return (maps - maps.mean()) / np.sqrt(maps.var() + eps) * style.std() + style.mean()


@wrong("adaptive-norm", fails="test_mean_and_deviation_of_each_channel")
def adaptive_norm(maps, style, eps=1e-5):
    """Divides by the variance."""
    both = {"axis": (1, 2), "keepdims": True}
    scaled = (maps - maps.mean(**both)) / (maps.var(**both) + eps)
    return scaled * style.std(**both) + style.mean(**both)


@wrong("adaptive-norm", fails="test_a_level_channel")
def adaptive_norm(maps, style, eps=1e-5):
    """Forgets that a channel may be level."""
    both = {"axis": (1, 2), "keepdims": True}
    with np.errstate(all="ignore"):
        scaled = (maps - maps.mean(**both)) / maps.std(**both)
    return scaled * style.std(**both) + style.mean(**both)


@wrong("adaptive-norm", fails="test_mean_and_deviation_of_each_channel")
def adaptive_norm(maps, style, eps=1e-5):
    """Gives the deviations, but not the means."""
    both = {"axis": (1, 2), "keepdims": True}
    scaled = (maps - maps.mean(**both)) / np.sqrt(maps.var(**both) + eps)
    return scaled * style.std(**both)


@wrong("covariance-loss", fails="test_the_loss")
def covariance_loss(maps, wanted):
    """Compares Gram matrices: the means stay in."""
    F = maps.reshape(len(maps), -1)
    D = F @ F.T / F.shape[1] - wanted
    return 0.5 * np.sum(D**2), (2 / F.shape[1] * D @ F).reshape(maps.shape)


@wrong("covariance-loss", fails="test_the_loss")
def covariance_loss(maps, wanted):
    """Divides by P - 1."""
    F = maps.reshape(len(maps), -1)
    X, P = F - F.mean(axis=1, keepdims=True), F.shape[1]
    D = X @ X.T / (P - 1) - wanted
    return 0.5 * np.sum(D**2), (2 / (P - 1) * D @ X).reshape(maps.shape)


@wrong("covariance-loss", fails="test_the_gradient_for_the_maps")
def covariance_loss(maps, wanted):
    """Forgets that each product holds two values."""
    F = maps.reshape(len(maps), -1)
    X, P = F - F.mean(axis=1, keepdims=True), F.shape[1]
    D = X @ X.T / P - wanted
    return 0.5 * np.sum(D**2), (D @ X / P).reshape(maps.shape)


@wrong("covariance-loss", fails="test_the_gradient_for_the_maps")
def covariance_loss(maps, wanted):
    """Multiplies by the maps with their means."""
    F = maps.reshape(len(maps), -1)
    X, P = F - F.mean(axis=1, keepdims=True), F.shape[1]
    D = X @ X.T / P - wanted
    return 0.5 * np.sum(D**2), (2 / P * D @ F).reshape(maps.shape)


@wrong("adaptive-norm", fails="test_a_level_channel")
def adaptive_norm(maps, style, eps=1e-5):
    """Adds eps to the variance of the style as well."""
    both = {"axis": (1, 2), "keepdims": True}
    centred = (maps - maps.mean(**both)) / np.sqrt(maps.var(**both) + eps)
    return centred * np.sqrt(style.var(**both) + eps) + style.mean(**both)


@wrong("adaptive-norm", fails="test_a_level_channel")
def adaptive_norm(maps, style, eps=1e-5):
    """Has an eps of its own."""
    both = {"axis": (1, 2), "keepdims": True}
    centred = (maps - maps.mean(**both)) / np.sqrt(maps.var(**both) + 1e-5)
    return centred * style.std(**both) + style.mean(**both)
