"""Layers and losses under PyTorch's names: ``from companion import nn`` reads like torch's.

Every name listed here is compared with torch's own by the parity test; the few that torch lacks are
compared with other references.
"""

from companion.cnn.convolution_layers import Conv1d, Conv2d, Conv3d
from companion.cnn.folding import Fold, Unfold
from companion.cnn.networks.local_response import LocalResponseNorm
from companion.cnn.pooling_layers import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AvgPool1d,
    AvgPool2d,
    MaxPool1d,
    MaxPool2d,
)
from companion.cnn.transposed_layers import ConvTranspose1d, ConvTranspose2d
from companion.cnn.upsampling import Upsample
from companion.gradients.activation_layers import (
    ELU,
    GELU,
    SELU,
    LeakyReLU,
    LogSoftmax,
    Maxout,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from companion.gradients.layers import Flatten, Identity, Linear
from companion.gradients.losses.binary_cross_entropies import BCELoss, BCEWithLogitsLoss
from companion.gradients.losses.class_numbers import NLLLoss
from companion.gradients.losses.cross_entropies import CrossEntropyLoss, KLDivLoss
from companion.gradients.losses.margins import (
    CategoricalHingeLoss,
    CosineEmbeddingLoss,
    CosineSimilarity,
    HingeLoss,
    SquaredHingeLoss,
)
from companion.gradients.losses.regression import (
    HuberLoss,
    L1Loss,
    LogCoshLoss,
    MAPELoss,
    MSELoss,
    MSLELoss,
    PoissonNLLLoss,
)
from companion.gradients.module import Module, Parameter, Sequential
from companion.nn import functional, init, utils  # noqa: F401 - as nn.functional, nn.init, nn.utils
from companion.optimization.normalization.batch_norm_layers import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
)
from companion.optimization.normalization.group_norm import GroupNorm
from companion.optimization.normalization.layer_norm import LayerNorm
from companion.regularization.dropout import AlphaDropout, Dropout, Dropout1d, Dropout2d
from companion.rnn.attention.multi_head import MultiheadAttention
from companion.rnn.recurrence.cells import GRUCell, LSTMCell, RNNCell
from companion.rnn.recurrence.layers import GRU, LSTM, RNN
from companion.rnn.speech.ctc import CTCLoss
from companion.rnn.transformer.blocks import TransformerDecoderLayer, TransformerEncoderLayer
from companion.rnn.words.embedding import Embedding

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "SELU",
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AlphaDropout",
    "AvgPool1d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "CTCLoss",
    "CategoricalHingeLoss",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "CosineEmbeddingLoss",
    "CosineSimilarity",
    "CrossEntropyLoss",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Embedding",
    "Flatten",
    "Fold",
    "GRUCell",
    "GroupNorm",
    "HingeLoss",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LSTMCell",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LocalResponseNorm",
    "LogCoshLoss",
    "LogSoftmax",
    "MAPELoss",
    "MSELoss",
    "MSLELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Maxout",
    "Module",
    "MultiheadAttention",
    "NLLLoss",
    "PReLU",
    "Parameter",
    "PoissonNLLLoss",
    "RNNCell",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "SquaredHingeLoss",
    "Tanh",
    "TransformerDecoderLayer",
    "TransformerEncoderLayer",
    "Unfold",
    "Upsample",
]
