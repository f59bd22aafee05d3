"""Normalization: layers that standardize what passes through them.

``normalize`` is the one rule with its pullbacks, ``passes`` how it walks through memory;
``batch_norm``, ``layer_norm`` and ``group_norm`` choose the axes, each as a function and as layers.
"""
