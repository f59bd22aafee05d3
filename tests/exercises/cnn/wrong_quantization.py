"""Known wrong answers to the exercises of the chapter on quantization."""

import numpy as np

from companion.exercises import wrong


@wrong("grid-by-hand", fails="test_the_scale")
def grid_and_number():
    """Divides by the number of points."""
    return 1.5 / 16, 6, 10


@wrong("grid-by-hand", fails="test_the_scale")
def grid_and_number():
    """Takes a symmetric grid."""
    return 0.9 / 7, 0, 3


@wrong("grid-by-hand", fails="test_zero_point_and_whole_number")
def grid_and_number():
    """Forgets to add the zero point."""
    return 0.1, 6, 4


@wrong("grid-by-hand", fails="test_zero_point_and_whole_number")
def grid_and_number():
    """Rounds up."""
    return 0.1, 6, 11


@wrong("one-large-weight", fails="test_the_small_weights")
def what_becomes_of_the_others():
    """Thinks that some go up and some go down."""
    return "two values"


@wrong("one-large-weight", fails="test_the_small_weights")
def what_becomes_of_the_others():
    """Thinks of a scale of their own."""
    return "seven values"


@wrong("one-large-weight", fails="test_the_small_weights")
def what_becomes_of_the_others():
    """Answers with a number."""
    return 0


@wrong("two-zero-points", fails="test_the_sums")
def product_with_zero_points(a, za, b, zb):
    """Runs over in 8 bits."""
    return ((a - np.uint8(za)) @ (b - np.uint8(zb))).astype(np.int32)


@wrong("two-zero-points", fails="test_the_sums")
def product_with_zero_points(a, za, b, zb):
    """Forgets the zero point of b."""
    return (a.astype(np.int32) - za) @ b.astype(np.int32)


@wrong("two-zero-points", fails="test_the_sums")
def product_with_zero_points(a, za, b, zb):
    """Takes the product apart and forgets its last term."""
    a, b = a.astype(np.int32), b.astype(np.int32)
    return a @ b - za * b.sum(axis=0) - zb * a.sum(axis=1, keepdims=True)


@wrong("two-zero-points", fails="test_long_sums_and_the_type")
def product_with_zero_points(a, za, b, zb):
    """Computes with real numbers and returns them as whole ones of 64 bits."""
    return ((a.astype(float) - za) @ (b.astype(float) - zb)).astype(np.int64)


@wrong("fold-before", fails="test_the_weights")
def fold_before(W, b, gamma, beta, m, v, eps=1e-5):
    """Folds as if batch norm came behind."""
    factor = gamma / np.sqrt(v + eps)
    return W * factor[:, None], b + W @ (beta - factor * m)


@wrong("fold-before", fails="test_the_weights")
def fold_before(W, b, gamma, beta, m, v, eps=1e-5):
    """Divides by the variance."""
    factor = gamma / (v + eps)
    return W * factor, b + W @ (beta - factor * m)


@wrong("fold-before", fails="test_the_biases")
def fold_before(W, b, gamma, beta, m, v, eps=1e-5):
    """Forgets the old biases."""
    factor = gamma / np.sqrt(v + eps)
    return W * factor, W @ (beta - factor * m)


@wrong("fold-before", fails="test_the_biases")
def fold_before(W, b, gamma, beta, m, v, eps=1e-5):
    """Multiplies the shifts by the new weights."""
    factor = gamma / np.sqrt(v + eps)
    return W * factor, b + (W * factor) @ (beta - factor * m)


@wrong("fold-before", fails="test_another_epsilon")
def fold_before(W, b, gamma, beta, m, v, eps=1e-5):
    """Takes an ε of its own."""
    factor = gamma / np.sqrt(v + 1e-5)
    return W * factor, b + W @ (beta - factor * m)


@wrong("best-scale", fails="test_the_best_of_the_scales")
def best_scale(w, bits, shares):
    """Does not clip."""
    top = 2 ** (bits - 1) - 1
    scales = [share * np.abs(w).max() / top for share in shares]
    return min(scales, key=lambda s: np.sum((s * np.rint(w / s) - w) ** 2))


@wrong("best-scale", fails="test_the_best_of_the_scales")
def best_scale(w, bits, shares):
    """Keeps the largest weight."""
    return np.abs(w).max() / (2 ** (bits - 1) - 1)


@wrong("best-scale", fails="test_other_bits")
def best_scale(w, bits, shares):
    """Always cuts off a lot when bits are few and nothing is known of more."""
    top = 2 ** (min(bits, 4) - 1) - 1
    scales = [share * np.abs(w).max() / top for share in shares]

    def cost(s):
        return np.sum((s * np.rint(w / s).clip(-top, top) - w) ** 2)

    return min(scales, key=cost)


@wrong("best-scale", fails="test_ties_and_order")
def best_scale(w, bits, shares):
    """Takes the last of equally good scales."""
    top = 2 ** (bits - 1) - 1
    scales = [share * np.abs(w).max() / top for share in shares]

    def cost(s):
        return np.sum((s * np.rint(w / s).clip(-top, top) - w) ** 2)

    return min(reversed(scales), key=cost)


@wrong("two-zero-points", fails="test_long_sums_and_the_type")
def product_with_zero_points(a, za, b, zb):
    """Computes in 32-bit floats, which have 24 bits for the digits."""
    return ((a.astype(np.float32) - za) @ (b.astype(np.float32) - zb)).astype(np.int32)
