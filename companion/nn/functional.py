"""Activations, losses, normalizations and dropout as functions, named as in torch's own module.

Usual import: ``from companion.nn import functional as F``.
"""

from companion.cnn.convolution import conv1d, conv2d, conv3d
from companion.cnn.folding import fold, unfold
from companion.cnn.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool1d,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
)
from companion.cnn.transposed import conv_transpose1d, conv_transpose2d
from companion.cnn.upsampling import interpolate
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
from companion.gradients.losses.base import as_function
from companion.gradients.losses.binary_cross_entropies import BCELoss, BCEWithLogitsLoss
from companion.gradients.losses.class_numbers import NLLLoss
from companion.gradients.losses.cross_entropies import CrossEntropyLoss, KLDivLoss
from companion.gradients.losses.margins import (
    CategoricalHingeLoss,
    CosineEmbeddingLoss,
    HingeLoss,
    SquaredHingeLoss,
    cosine_similarity,
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
from companion.optimization.normalization.batch_norm import batch_norm
from companion.optimization.normalization.group_norm import group_norm
from companion.optimization.normalization.layer_norm import layer_norm
from companion.regularization.dropout import alpha_dropout, dropout, dropout1d, dropout2d
from companion.rnn.attention.scaled_dot_product import scaled_dot_product_attention
from companion.rnn.speech.ctc import ctc_loss
from companion.rnn.words.embedding import embedding

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "alpha_dropout",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_hinge_loss",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "ctc_loss",
    "dropout",
    "dropout1d",
    "dropout2d",
    "elu",
    "embedding",
    "fold",
    "gelu",
    "group_norm",
    "hinge_loss",
    "huber_loss",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "log_cosh_loss",
    "log_softmax",
    "mape_loss",
    "max_pool1d",
    "max_pool2d",
    "maxout",
    "mse_loss",
    "msle_loss",
    "nll_loss",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "scaled_dot_product_attention",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "squared_hinge_loss",
    "tanh",
    "unfold",
]

binary_cross_entropy = as_function(BCELoss, "binary_cross_entropy")
binary_cross_entropy_with_logits = as_function(
    BCEWithLogitsLoss, "binary_cross_entropy_with_logits"
)
categorical_hinge_loss = as_function(CategoricalHingeLoss, "categorical_hinge_loss")
cosine_embedding_loss = as_function(CosineEmbeddingLoss, "cosine_embedding_loss")
cross_entropy = as_function(CrossEntropyLoss, "cross_entropy")
hinge_loss = as_function(HingeLoss, "hinge_loss")
huber_loss = as_function(HuberLoss, "huber_loss")
kl_div = as_function(KLDivLoss, "kl_div")
l1_loss = as_function(L1Loss, "l1_loss")
log_cosh_loss = as_function(LogCoshLoss, "log_cosh_loss")
mape_loss = as_function(MAPELoss, "mape_loss")
mse_loss = as_function(MSELoss, "mse_loss")
msle_loss = as_function(MSLELoss, "msle_loss")
nll_loss = as_function(NLLLoss, "nll_loss")
poisson_nll_loss = as_function(PoissonNLLLoss, "poisson_nll_loss")
squared_hinge_loss = as_function(SquaredHingeLoss, "squared_hinge_loss")
