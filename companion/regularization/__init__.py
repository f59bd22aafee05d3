"""Part III: how networks do well on what they have not seen.

The gap between two errors, on the examples learned from and on others, is what this part measures
and closes. One file is one idea: how error splits into bias and variance, penalties on the weights,
dropout, transforms of the training images, and what the errors of a model say to do next.

``companion.nn`` lists the layers under PyTorch's names; early stopping is a callback of
``companion.training``.
"""
