"""Low rank: a layer with many weights replaced by two thin ones, from its singular values."""

import numpy as np

from companion.cnn.compressing.surgery import (
    convolution,
    dense,
    kind,
    plain,
    rebuilt,
    steps,
    values,
)


def factors(matrix, rank):
    """Write the best approximation of a rank as a product of two thin matrices.

    Parameters
    ----------
    matrix : array_like
        (M, N).
    rank : int
        From 1 to the smaller of M and N.

    Returns
    -------
    tuple of numpy.ndarray
        A (M, r) and B (r, N); no other matrix of rank r is nearer to `matrix` than A B, in the sum
        of squares. Both carry the square roots of the singular values.

    Raises
    ------
    ValueError
        If the matrix has other axes, or the rank does not fit.

    Notes
    -----
    Eckart and Young (1936). Chapter :ref:`low_rank`.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2:
        raise ValueError(f"factors: {matrix.ndim} axes; expected a matrix (M, N)")
    if not 1 <= rank <= min(matrix.shape):
        raise ValueError(f"factors: rank {rank} of {matrix.shape}; 1 to {min(matrix.shape)} fit")
    U, s, Vt = np.linalg.svd(matrix, full_matrices=False)
    root = np.sqrt(s[:rank])
    return U[:, :rank] * root, root[:, None] * Vt[:rank]


def errors_by_rank(matrix):
    """Say how far the best approximation of each rank is away, without making any.

    Parameters
    ----------
    matrix : array_like
        (M, N), not all 0.

    Returns
    -------
    numpy.ndarray
        (min(M, N),): entry r − 1 is the root of the sum of squares of what rank r misses, divided
        by that of the matrix. The last is 0.

    Raises
    ------
    ValueError
        If the matrix is all 0, or has other axes.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or not np.any(matrix):
        raise ValueError(f"errors_by_rank: shape {matrix.shape}; expected a matrix that is not 0")
    squares = np.linalg.svd(matrix, compute_uv=False) ** 2
    missed = np.append(np.cumsum(squares[::-1])[::-1][1:], 0.0)
    return np.sqrt(missed / squares.sum())


def smallest_rank(matrix, error):
    """Find the smallest rank whose best approximation is near enough.

    Parameters
    ----------
    matrix : array_like
        (M, N), not all 0.
    error : float
        Largest allowed error, as in `errors_by_rank`; from 0 to 1.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    ValueError
        If the error is negative.
    """
    if not error >= 0:
        raise ValueError(f"smallest_rank: error {error}; expected 0 or more")
    return int(np.argmax(errors_by_rank(matrix) <= error)) + 1


def largest_paying_rank(shape):
    """Find the largest rank for which two layers have fewer weights than one.

    Parameters
    ----------
    shape : tuple of int
        (M, N) of the matrix.

    Returns
    -------
    int
        Largest r with r (M + N) < M N; 0 if there is none.
    """
    M, N = shape
    return (M * N - 1) // (M + N)


def split_dense(layer, rank):
    """Replace a dense layer by two: to `rank` numbers, and from them to the outputs.

    Parameters
    ----------
    layer : Linear
        Of either engine, N inputs and M outputs; left as it is.
    rank : int
        Numbers between the two.

    Returns
    -------
    tuple of Linear
        The first without bias, the second with the layer's.

    Raises
    ------
    ValueError
        If the rank does not fit.

    Notes
    -----
    r (M + N) weights in place of M N. Chapter :ref:`low_rank`.
    """
    A, B = factors(values(layer.weight), rank)
    return dense(layer, B, None), dense(layer, A, values(layer.bias))


def split_channels(layer, rank):
    """Replace a convolution by one to `rank` channels and one of a single place.

    Parameters
    ----------
    layer : Conv2d
        Of either engine, weight (O, C, H, W), without groups and dilation; left as it is.
    rank : int
        Channels between the two, at most O and C H W.

    Returns
    -------
    tuple of Conv2d
        Weights (r, C, H, W) and (O, r, 1, 1); the second has the bias.

    Raises
    ------
    ValueError
        If the rank does not fit, or the convolution has groups or dilation.

    Notes
    -----
    Singular values of the kernels as rows, (O, C H W); r (C H W + O) weights in place of O C H W.
    Denton et al. (2014); Zhang et al. (2016). Chapter :ref:`low_rank`.
    """
    plain("split_channels", layer)
    weight = values(layer.weight)
    A, B = factors(weight.reshape(len(weight), -1), rank)
    first = convolution(layer, B.reshape(rank, *weight.shape[1:]), None)
    last = convolution(layer, A[:, :, None, None], values(layer.bias), stride=1, padding=0)
    return first, last


def split_axes(layer, rank):
    """Replace a convolution by one with columns and one with rows as kernels.

    Parameters
    ----------
    layer : Conv2d
        Of either engine, weight (O, C, H, W), without groups and dilation, its padding numbers;
        left as it is.
    rank : int
        Channels between the two, at most C H and O W.

    Returns
    -------
    tuple of Conv2d
        Weights (r, C, H, 1) and (O, r, 1, W); the second has the bias.

    Raises
    ------
    ValueError
        If the rank does not fit, the convolution has groups or dilation, or its padding is a word.

    Notes
    -----
    Singular values of the matrix (C H, O W) of the same weights; r (C H + O W) in place of
    O C H W. Jaderberg, Vedaldi and Zisserman (2014). Chapter :ref:`low_rank`.
    """
    plain("split_axes", layer)
    if isinstance(layer.padding, str):
        raise ValueError(f"split_axes: padding {layer.padding!r}; give it as numbers")
    weight = values(layer.weight)
    out, C, H, W = weight.shape
    A, B = factors(weight.transpose(1, 2, 0, 3).reshape(C * H, out * W), rank)
    down, right = _pair(layer.padding)
    down_step, right_step = _pair(layer.stride)
    columns = np.ascontiguousarray(A.reshape(C, H, rank, 1).transpose(2, 0, 1, 3))
    rows = np.ascontiguousarray(B.reshape(rank, 1, out, W).transpose(2, 0, 1, 3))
    first = convolution(layer, columns, None, stride=(down_step, 1), padding=(down, 0))
    bias = values(layer.bias)
    return first, convolution(layer, rows, bias, stride=(1, right_step), padding=(0, right))


def _pair(number):
    return (number, number) if isinstance(number, int) else tuple(number)


def factorized(model, ranks, how=split_channels):
    """Replace layers of a network by two thin ones each.

    Parameters
    ----------
    model : Sequential
        Of either engine; left as it is.
    ranks : dict
        Name of a dense layer or convolution → rank.
    how : callable
        Splits a convolution: `split_channels` or `split_axes`.

    Returns
    -------
    Sequential
        With the new layers in their places. The others are those of the model itself: copy it
        first if you want to train one of the two.

    Raises
    ------
    KeyError
        If the model has no dense layer or convolution of that name.
    TypeError
        If the model is no `Sequential`.
    """
    layers = steps("factorized", model)
    able = [name for name, layer in layers.items() if kind(layer) in ("Linear", "Conv2d")]
    unknown = sorted(ranks.keys() - set(able))
    if unknown:
        raise KeyError(f"factorized: no layers {unknown}; choose among {able}")
    made = []
    for name, layer in layers.items():
        split = split_dense if kind(layer) == "Linear" else how
        made += split(layer, ranks[name]) if name in ranks else [layer]
    return rebuilt(model, made)
