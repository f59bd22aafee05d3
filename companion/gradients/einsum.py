"""Sums of products, said with letters: ``einsum("nd,kd->nk", X, W)``."""

import numpy as np

from companion.gradients.tape import primitive


def einsum(equation, *operands):
    """Multiply operands entry by entry, and sum over every letter that the result lacks.

    Parameters
    ----------
    equation : str
        A letter for each axis of each operand, separated by commas, then ``->`` and the letters of
        the result, such as ``"bij,bjk->bik"``. Without ``->`` the result has the letters that occur
        once, in the order of the alphabet.
    *operands : Tensor or array_like
        As many as there are groups of letters.

    Returns
    -------
    Tensor
        The sums.

    Raises
    ------
    ValueError
        If letters and axes do not fit, or an operand or the result has a letter twice (a diagonal).
    """
    given, arrow, result = equation.replace(" ", "").partition("->")
    if not arrow:
        result = "".join(sorted(a for a in set(given) - {","} if given.count(a) == 1))
    return contract(*operands, letters=tuple(given.split(",")), result=result)


@primitive
def contract(*operands, letters, result):
    """Sum of products over the letters that `result` lacks.

    Pullback of an operand: the same with dc in its place, and its letters for the result; along a
    letter that only it has, dc is repeated.
    """
    sizes = _sizes_of(operands, letters, result)

    def pullback(k):
        pairs = [*zip(operands, letters, strict=True)]
        others = pairs[:k] + pairs[k + 1 :]
        known = set(result).union(*(name for _, name in others))
        kept = "".join(a for a in letters[k] if a in known)
        shape = [sizes[a] if a in known else 1 for a in letters[k]]
        equation = ",".join([result, *(name for _, name in others)]) + "->" + kept

        def back(dc):
            slope = np.einsum(equation, dc, *(o for o, _ in others), optimize=True).reshape(shape)
            return np.broadcast_to(slope, operands[k].shape)

        return back

    value = np.einsum(",".join(letters) + "->" + result, *operands, optimize=len(operands) > 1)
    return value, *map(pullback, range(len(operands)))


def _sizes_of(operands, letters, result):
    """Length of each letter; a ValueError where they do not fit."""
    if len(operands) != len(letters):
        raise ValueError(f"{len(letters)} groups of letters for {len(operands)} operands")
    sizes = {}
    for operand, name in zip(operands, letters, strict=True):
        if (name and not name.isalpha()) or len(set(name)) < len(name):
            raise ValueError(f"{name!r}: each axis needs a letter of its own")
        if len(name) != operand.ndim:
            raise ValueError(f"{name!r} names {len(name)} axes; the operand has {operand.ndim}")
        for a, n in zip(name, operand.shape, strict=True):
            if sizes.setdefault(a, n) != n:
                raise ValueError(f"{a!r} has the lengths {sizes[a]} and {n}: {sizes[a]} ≠ {n}")
    if len(set(result)) < len(result) or not set(result) <= set(sizes):
        raise ValueError(f"the result {result!r} needs letters of the operands, each once")
    return sizes
