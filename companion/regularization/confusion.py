"""What is taken for what: the confusion matrix and its largest entries."""

import numpy as np


def confusion_matrix(true, predicted, classes=None):
    """Count how often each class is taken for each.

    Parameters
    ----------
    true, predicted : array_like
        Class numbers from 0, (N,).
    classes : int, optional
        Number of classes; by default one more than the largest number that occurs.

    Returns
    -------
    numpy.ndarray
        (K, K) whole numbers: row i, column j counts the examples of class i predicted as j. The
        diagonal holds the right ones.

    Raises
    ------
    ValueError
        If the two differ in length, or a class is below 0 or not below `classes`.

    Notes
    -----
    Derived in the chapter :ref:`error_analysis`.
    """
    true, predicted = np.asarray(true, dtype=int), np.asarray(predicted, dtype=int)
    if true.shape != predicted.shape or true.ndim != 1:
        raise ValueError(
            f"confusion_matrix: shapes {true.shape} and {predicted.shape}; expected (N,) twice"
        )
    both = np.concatenate([true, predicted])
    classes = int(both.max(initial=-1)) + 1 if classes is None else classes
    if both.size and not (both.min() >= 0 and both.max() < classes):
        raise ValueError(
            f"confusion_matrix: classes go from {both.min()} to {both.max()}; expected 0 to "
            f"{classes - 1}"
        )
    cells = np.bincount(true * classes + predicted, minlength=classes * classes)
    return cells.reshape(classes, classes)


def most_confused(matrix, k=5):
    """Largest entries off the diagonal of a confusion matrix.

    Parameters
    ----------
    matrix : array_like
        (K, K), as `confusion_matrix` returns it.
    k : int
        How many entries at most.

    Returns
    -------
    list of tuple
        (true class, predicted class, count), largest count first, of equals the one that comes
        first row by row. Entries of 0 are left out.

    Raises
    ------
    ValueError
        If the matrix is not square.

    Notes
    -----
    Used first in the chapter :ref:`error_analysis`.
    """
    matrix = np.array(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"most_confused: the matrix has shape {matrix.shape}; expected (K, K)")
    np.fill_diagonal(matrix, 0)
    order = np.argsort(-matrix, axis=None, kind="stable")[:k]
    cells = [np.unravel_index(at, matrix.shape) for at in order]
    return [(int(i), int(j), int(matrix[i, j])) for i, j in cells if matrix[i, j] > 0]
