"""What is done to gradients between backward and step, under the names of ``torch.nn.utils``."""

__all__ = []
