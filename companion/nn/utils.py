"""What is done to gradients between backward and step, under the names of ``torch.nn.utils``."""

from companion.gradients.clipping import clip_grad_norm_, clip_grad_value_

__all__ = ["clip_grad_norm_", "clip_grad_value_"]
