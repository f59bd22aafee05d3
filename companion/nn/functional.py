"""Activations and losses as functions, under the names of ``torch.nn.functional``.

Usual import: ``from companion.nn import functional as F``.
"""

from companion.gradients.activations import relu, sigmoid, softmax, tanh
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
    "nll_loss",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]

binary_cross_entropy = as_function(BCELoss, "binary_cross_entropy")
binary_cross_entropy_with_logits = as_function(
    BCEWithLogitsLoss, "binary_cross_entropy_with_logits"
)
cross_entropy = as_function(CrossEntropyLoss, "cross_entropy")
nll_loss = as_function(NLLLoss, "nll_loss")
