"""What one output sees, measured: the pixels at which its gradient is not zero."""

import numpy as np

from companion.gradients.tensor import Tensor


def field_by_gradient(model, shape, at=None, draws=64, seed=0):
    """Find the pixels that one place of the output depends on.

    All weights are positive random numbers meanwhile, so that no two ways from a pixel to the
    output cancel and no ReLU stops one. Maximum pooling lets the largest through only; the pixels
    of many random inputs are united.

    Parameters
    ----------
    model : companion.nn.Module
        Maps ``(N, C, *size)`` to ``(N, O, *out)`` or (N, O). Left as it was.
    shape : tuple of int
        Of one input, ``(C, *size)``.
    at : tuple of int, optional
        Place of the output, as many numbers as it has spatial axes; by default the middle.
    draws : int
        Random inputs.
    seed : int
        Of weights and inputs.

    Returns
    -------
    numpy.ndarray
        ``(*size)`` bool: where the gradient of the channels at that place is not zero.

    Raises
    ------
    ValueError
        If the output has no such place.

    Notes
    -----
    Used in the chapter :ref:`receptive_field`.
    """
    rng = np.random.default_rng([seed, 41])
    x = Tensor(rng.random((draws, *shape)), requires_grad=True)
    training = {id(m): m.training for m in model.modules()}
    kept = [(p, p.data, p.grad) for p in (*model.parameters(), *model.buffers())]
    try:
        model.eval()
        _make_positive(model, rng)
        out = model(x)
        place = tuple(n // 2 for n in out.shape[2:]) if at is None else tuple(at)
        if len(place) != len(out.shape) - 2 or not all(
            0 <= i < n for i, n in zip(place, out.shape[2:], strict=True)
        ):
            raise ValueError(
                f"field_by_gradient: the output is {tuple(out.shape)}; it has no place {place}"
            )
        out[(slice(None), slice(None), *place)].sum().backward()
    finally:
        for p, data, grad in kept:
            p.data, p.grad = data, grad
        for module in model.modules():
            module.training = training[id(module)]
    return (x.grad != 0).any(axis=(0, 1))


def _make_positive(model, rng):
    """Put positive numbers into all weights, about one over the inputs of a unit, in float64."""
    for p in model.parameters():
        inputs = int(np.prod(p.shape[1:]))
        p.data = rng.uniform(0.5, 1.5, p.shape) / max(1, inputs)
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.data = np.zeros(buffer.shape)
        elif name.endswith("running_var"):
            buffer.data = np.ones(buffer.shape)
