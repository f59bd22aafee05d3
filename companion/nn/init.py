"""Rules for fresh weights, under the names of ``torch.nn.init``."""

__all__ = []
