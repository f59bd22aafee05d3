"""The walk over the sample inputs that torch ships for its own operations.

Every sample of the operations that we have in common is equal to torch in value and gradient, or
refused for a reason that the table of differences gives.
"""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from companion.gradients import arithmetic, elementwise, reductions, shaping
from companion.gradients.einsum import einsum
from companion.gradients.layers import linear
from companion.gradients.tensor import Tensor
from companion.nn import functional as F

pytestmark = pytest.mark.reads("book/reference/differences.md")

DIFFERENCES = Path(__file__).parents[2] / "book" / "reference" / "differences.md"

# What an error says → the words of the table of differences that give the reason.
REASONS = {
    "keyword argument 'alpha'": "`alpha` of `add` and `sub`",
    "keyword argument 'rounding_mode'": "`rounding_mode` of `div`",
    "keyword argument 'dtype'": "`dtype` of reductions and `softmax`",
    r"row \d+ of target sums to": "| class probabilities as targets | each in [0, 1], each row",
    "target holds .* probabilities lie in": "| class probabilities as targets | each in [0, 1]",
    "weight holds .* at least 0 needed": "| weights of classes | at least 0, or `ValueError`",
    r"batch_norm: expected \(N, C, …\), got \(0,\)": "| `batch_norm` | (N, C, …) with C ≥ 1",
    "keyword argument 'unbiased'": "`unbiased` of `var` and `std`",
    "an integer is required": "`unbiased` of `var` and `std`",
    "each axis needs a letter of its own": "| `einsum` | no letter twice in an operand",
    "pad .* has a negative number": "| `pad` | at least 0",
    "tuple index out of range": "| `cat` | all parts have the same number of axes",
}


def along(reduction):
    """A reduction under torch's names of its options."""

    def call(x, dim=None, keepdim=False, **options):
        options = {name: value for name, value in options.items() if value is not None}
        return reduction(x, axis=dim, keepdims=keepdim, **options)

    return call


def linear_of(x, w, b=None):
    return x @ w.T if b is None else linear(x, w, b)


OURS = {
    **{name: getattr(arithmetic, name) for name in ("add", "sub", "mul", "div", "neg", "pow")},
    "matmul": arithmetic.matmul,
    "__radd__": lambda a, b: b + a,
    "__rsub__": lambda a, b: b - a,
    "__rmul__": lambda a, b: b * a,
    "__rdiv__": lambda a, b: b / a,
    "__rpow__": lambda a, b: b**a,
    "__rmatmul__": lambda a, b: b @ a,
    **{name: along(getattr(reductions, name)) for name in ("sum", "mean", "logsumexp")},
    "amax": along(reductions.max),
    "amin": along(reductions.min),
    **{name: getattr(elementwise, name) for name in ("exp", "log", "sqrt", "abs", "sin", "cos")},
    "maximum": elementwise.maximum,
    "minimum": elementwise.minimum,
    "clamp": Tensor.clip,
    "where": lambda x, condition, y: elementwise.where(condition, x, y),
    **{name: getattr(Tensor, name) for name in ("reshape", "permute", "expand", "flatten")},
    "__getitem__": Tensor.__getitem__,
    "cat": lambda parts, dim=0: shaping.cat(*parts, dim=dim),
    "stack": lambda parts, dim=0: shaping.stack(*parts, dim=dim),
    **{name: getattr(Tensor, name) for name in ("view", "transpose", "squeeze", "unsqueeze")},
    **{name: getattr(Tensor, name) for name in ("masked_fill", "gather", "cumsum")},
    **{name: along(getattr(Tensor, name)) for name in ("var", "std")},
    "flip": lambda x, dims: x.flip(dims),
    "einsum": lambda operands, equation: einsum(equation, *operands),
    "nn.functional.pad": shaping.pad,
    "argmax": lambda x, dim=None, keepdim=False: x.argmax(axis=dim, keepdims=keepdim),
    **{name: getattr(F, name) for name in ("sigmoid", "tanh", "softmax", "log_softmax")},
    "nn.functional.linear": linear_of,
    **{
        f"nn.functional.{name}": getattr(F, name)
        for name in (
            *("relu", "leaky_relu", "prelu", "elu", "selu", "silu", "softplus", "gelu"),
            *("mse_loss", "l1_loss", "huber_loss", "cross_entropy", "nll_loss", "kl_div"),
            *("binary_cross_entropy", "binary_cross_entropy_with_logits", "poisson_nll_loss"),
            *("cosine_similarity", "cosine_embedding_loss"),
            *("batch_norm", "layer_norm", "group_norm"),
        )
    },
}
# The target of these gets no gradient here (table of differences): neither gets it from torch.
WITHOUT_TARGET = re.compile(r"cross_entropy|nll_loss|kl_div|cosine_embedding")


def samples_of(name):
    from torch.testing._internal.common_methods_invocations import op_db

    found = [op for op in op_db if op.name == name]
    assert found, f"torch has no operation {name}"
    torch.manual_seed(0)
    for op in found:
        for sample in op.sample_inputs("cpu", torch.float64, requires_grad=True):
            args, options = list(sample.args), sample.kwargs
            if WITHOUT_TARGET.search(name):
                args[-1:] = [value.detach() for value in args[-1:]]
                options = {k: getattr(v, "detach", lambda v=v: v)() for k, v in options.items()}
            yield op.op, [sample.input, *args], options


def ours_of(value, made):
    """The same input for us; ``made`` gathers pairs of tensors that get gradients."""
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, (list, tuple)):
        return type(value)(ours_of(one, made) for one in value)
    if not isinstance(value, torch.Tensor):
        return value
    if not value.dtype.is_floating_point:
        return value.numpy()
    tensor = Tensor(value.detach().numpy().copy(), requires_grad=value.requires_grad)
    if value.requires_grad:
        made.append((value, tensor))
    return tensor


def gradients(want, got, made):
    """Pairs of gradients for the same random gradient of the result."""
    direction = torch.randn_like(want)
    theirs = torch.autograd.grad(want, [t for t, _ in made], direction, allow_unused=True)
    with np.errstate(all="ignore"):
        got.backward(direction.numpy())
    for (leaf, tensor), gradient in zip(made, theirs, strict=True):
        zero = np.zeros(leaf.shape)
        yield (
            zero if tensor.grad is None else tensor.grad,
            zero if gradient is None else gradient.numpy(),
        )


def answer(operation, args, options):
    """What our operation returns, or the error with which it refuses."""
    try:
        with np.errstate(all="ignore"):
            return operation(*args, **options)
    except (TypeError, ValueError, IndexError) as error:
        return error


def reason_for(error):
    return next((told for words, told in REASONS.items() if re.search(words, str(error))), None)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OURS)
def test_every_sample_is_equal_or_refused_for_a_stated_reason(name):
    compared = 0
    for operation, inputs, options in samples_of(name):
        made = []
        args = [ours_of(value, made) for value in inputs]
        named = {key: ours_of(value, made) for key, value in options.items()}
        want = operation(*inputs, **options)
        got = answer(OURS[name], args, named)
        if isinstance(got, Exception):
            assert reason_for(got), f"{name}{inputs}{options}: {got}"
            continue
        np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
        assert got.shape == tuple(want.shape)
        compared += 1
        if want.requires_grad:
            for ours, theirs in gradients(want, got, made):
                np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    assert compared


@pytest.mark.parametrize("told", REASONS.values())
def test_every_reason_stands_in_the_table_of_differences(told):
    assert told in DIFFERENCES.read_text(encoding="utf-8")
