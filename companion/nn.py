"""Layers and losses under PyTorch's names: ``from companion import nn`` reads like torch's.

Every name listed here is compared with torch's own by the parity test.
"""

from companion.gradients.layers import Flatten, Identity, Linear, ReLU, Sigmoid, Tanh
from companion.gradients.losses import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, NLLLoss
from companion.gradients.module import Module, Parameter, Sequential

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
