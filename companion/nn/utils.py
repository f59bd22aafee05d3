"""What is done to gradients and sequences around a network: names of ``torch.nn.utils``."""

from companion.gradients.clipping import clip_grad_norm_, clip_grad_value_
from companion.nn import rnn  # noqa: F401 - as nn.utils.rnn

__all__ = ["clip_grad_norm_", "clip_grad_value_"]
