"""Known wrong answers to the exercises of the chapter on what a convolutional network sees."""

import numpy as np

from companion.exercises import wrong


@wrong("cam-by-hand", fails="test_grad_cam_of_two_maps")
def cam_by_hand():
    """Forgets the ReLU."""
    return [[0, 3], [-2, 2]]


@wrong("cam-by-hand", fails="test_grad_cam_of_two_maps")
def cam_by_hand():
    """Adds the gradients up."""
    return [[0, 12], [0, 8]]


@wrong("cam-by-hand", fails="test_grad_cam_of_two_maps")
def cam_by_hand():
    """Multiplies place by place."""
    return [[0, 3], [0, 4]]


@wrong("black-image", fails="test_saliency_of_a_black_image")
def saliency_of_black():
    """Thinks of gradient times image."""
    return "all zero"


@wrong("black-image", fails="test_saliency_of_a_black_image")
def saliency_of_black():
    """Guesses."""
    return "the negative"


@wrong("black-image", fails="test_saliency_of_a_black_image")
def saliency_of_black():
    """Answers with a number."""
    return 0


@wrong("scaled-saliency", fails="test_largest_size_among_the_channels")
def scaled_saliency(gradient):
    """Takes the maximum first."""
    maps = np.abs(gradient.max(axis=1))
    largest = maps.max(axis=(1, 2), keepdims=True)
    return maps / np.where(largest == 0, 1, largest)


@wrong("scaled-saliency", fails="test_largest_size_among_the_channels")
def scaled_saliency(gradient):
    """Divides all maps by one number."""
    maps = np.abs(gradient).max(axis=1)
    return maps / maps.max()


@wrong("scaled-saliency", fails="test_largest_size_among_the_channels")
def scaled_saliency(gradient):
    """Averages the channels."""
    maps = np.abs(gradient).mean(axis=1)
    largest = maps.max(axis=(1, 2), keepdims=True)
    return maps / np.where(largest == 0, 1, largest)


@wrong("scaled-saliency", fails="test_a_map_of_zeros")
def scaled_saliency(gradient):
    """Divides zero by zero."""
    maps = np.abs(gradient).max(axis=1)
    return maps / maps.max(axis=(1, 2), keepdims=True)


@wrong("scaled-saliency", fails="test_largest_size_among_the_channels")
def scaled_saliency(gradient):
    """Adds a small number to the divisor."""
    m = np.abs(gradient).max(axis=1)
    return m / (m.max(axis=(1, 2), keepdims=True) + 1e-8)


@wrong("scaled-saliency", fails="test_largest_size_among_the_channels")
def scaled_saliency(gradient):
    """Keeps the divisor away from zero."""
    m = np.abs(gradient).max(axis=1)
    return m / np.maximum(m.max(axis=(1, 2), keepdims=True), 1e-3)


@wrong("for-and-against", fails="test_what_speaks_for_the_class")
def for_and_against(maps, gradients):
    """Does not average the gradients."""
    total = (gradients * maps).sum(axis=1)
    return np.maximum(total, 0), np.maximum(-total, 0)


@wrong("for-and-against", fails="test_what_speaks_for_the_class")
def for_and_against(maps, gradients):
    """Takes positive weights only."""
    weights = gradients.mean(axis=(2, 3), keepdims=True)
    return (
        (np.maximum(weights, 0) * maps).sum(axis=1),
        (np.maximum(-weights, 0) * maps).sum(axis=1),
    )


@wrong("for-and-against", fails="test_what_speaks_for_the_class")
def for_and_against(maps, gradients):
    """Adds the gradients up."""
    total = (gradients.sum(axis=(2, 3), keepdims=True) * maps).sum(axis=1)
    return np.maximum(total, 0), np.maximum(-total, 0)


@wrong("for-and-against", fails="test_what_speaks_against_the_class")
def for_and_against(maps, gradients):
    """Leaves what speaks against negative."""
    total = (gradients.mean(axis=(2, 3), keepdims=True) * maps).sum(axis=1)
    return np.maximum(total, 0), np.minimum(total, 0)


@wrong("for-and-against", fails="test_what_speaks_against_the_class")
def for_and_against(maps, gradients):
    """Weighs the maps in place."""
    w = gradients.mean(axis=(2, 3), keepdims=True)
    maps *= w
    t = maps.sum(1)
    return np.maximum(t, 0), np.maximum(-t, 0)


@wrong("covered-squares", fails="test_fall_of_a_linear_score")
def covered_squares(score, image, side):
    """Turns the sign round."""
    rows, columns = image.shape[0] // side, image.shape[1] // side
    falls = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            copy = image.copy()
            copy[i * side : (i + 1) * side, j * side : (j + 1) * side] = image.mean()
            falls[i, j] = score(copy) - score(image)
    return falls


@wrong("covered-squares", fails="test_fall_of_a_linear_score")
def covered_squares(score, image, side):
    """Leaves the squares before covered."""
    rows, columns = image.shape[0] // side, image.shape[1] // side
    whole, falls, copy = score(image), np.zeros((rows, columns)), image.copy()
    for i in range(rows):
        for j in range(columns):
            copy[i * side : (i + 1) * side, j * side : (j + 1) * side] = image.mean()
            falls[i, j] = whole - score(copy)
    return falls


@wrong("covered-squares", fails="test_fall_of_a_linear_score")
def covered_squares(score, image, side):
    """Covers with black."""
    rows, columns = image.shape[0] // side, image.shape[1] // side
    whole, falls = score(image), np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            copy = image.copy()
            copy[i * side : (i + 1) * side, j * side : (j + 1) * side] = 0
            falls[i, j] = whole - score(copy)
    return falls


@wrong("covered-squares", fails="test_edges_and_the_image")
def covered_squares(score, image, side):
    """Covers a part of a square at the edges as well."""
    H, W = image.shape
    whole, falls = score(image), np.zeros((-(-H // side), -(-W // side)))
    for i in range(falls.shape[0]):
        for j in range(falls.shape[1]):
            copy = image.copy()
            copy[i * side : (i + 1) * side, j * side : (j + 1) * side] = image.mean()
            falls[i, j] = whole - score(copy)
    return falls


@wrong("covered-squares", fails="test_edges_and_the_image")
def covered_squares(score, image, side):
    """Takes the score of the difference for the difference of the scores."""
    rows, columns = image.shape[0] // side, image.shape[1] // side
    falls = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            copy = image.copy()
            copy[i * side : (i + 1) * side, j * side : (j + 1) * side] = image.mean()
            falls[i, j] = score(image - copy)
    return falls


@wrong("background", fails="test_share_of_the_map_and_of_the_pixels")
def looks_at_background(maps, masks):
    """Asks for half of the map."""
    return (maps * masks).sum(axis=(1, 2)) < 0.5 * maps.sum(axis=(1, 2))


@wrong("background", fails="test_share_of_the_map_and_of_the_pixels")
def looks_at_background(maps, masks):
    """Compares in the wrong direction."""
    share = masks.mean(axis=(1, 2)) * maps.sum(axis=(1, 2))
    return (maps * masks).sum(axis=(1, 2)) >= share


@wrong("background", fails="test_share_of_the_map_and_of_the_pixels")
def looks_at_background(maps, masks):
    """Forgets that maps have different sums."""
    return (maps * masks).sum(axis=(1, 2)) < masks.mean(axis=(1, 2))


@wrong("background", fails="test_a_map_that_marks_nothing")
def looks_at_background(maps, masks):
    """Suspects a map of zeros."""
    return (maps * masks).sum(axis=(1, 2)) <= masks.mean(axis=(1, 2)) * maps.sum(axis=(1, 2))


@wrong("background", fails="test_a_map_that_marks_nothing")
def looks_at_background(maps, masks):
    """Suspects an equal share, too."""
    share = (maps * masks).sum((1, 2)) / maps.sum((1, 2))
    return share <= masks.mean((1, 2))
