"""Activations and losses as functions, under the names of ``torch.nn.functional``.

Usual import: ``from companion.nn import functional as F``.
"""

from companion.gradients.activations import (
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    maxout,
    prelu,
    relu,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from companion.gradients.cross_entropies import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    NLLLoss,
)
from companion.gradients.losses import as_function

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "elu",
    "gelu",
    "leaky_relu",
    "log_softmax",
    "maxout",
    "nll_loss",
    "prelu",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
]

binary_cross_entropy = as_function(BCELoss, "binary_cross_entropy")
binary_cross_entropy_with_logits = as_function(
    BCEWithLogitsLoss, "binary_cross_entropy_with_logits"
)
cross_entropy = as_function(CrossEntropyLoss, "cross_entropy")
nll_loss = as_function(NLLLoss, "nll_loss")
