"""Layers and losses under PyTorch's names: ``from companion import nn`` reads like torch's.

Every name listed here is compared with torch's own by the parity test; the few that torch lacks are
compared with other references.
"""

from companion.gradients.activation_layers import ReLU, Sigmoid, Tanh
from companion.gradients.cross_entropies import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    NLLLoss,
)
from companion.gradients.layers import Flatten, Identity, Linear
from companion.gradients.module import Module, Parameter, Sequential
from companion.nn import functional, init, utils  # noqa: F401 - as nn.functional, nn.init, nn.utils

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "Flatten",
    "Identity",
    "Linear",
    "Module",
    "NLLLoss",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
]
