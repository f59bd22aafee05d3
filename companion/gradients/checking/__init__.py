"""Gradient checking: what a backward pass computed against what can be measured.

Start at ``gradcheck``. It measures with ``finite_differences`` and tells in a ``report``: for each
parameter one of the ``verdicts``, the likely mistake (``gradient_mistakes`` and, for any array,
``mistakes``), and from all of them together the ``places`` to look at first.
"""
