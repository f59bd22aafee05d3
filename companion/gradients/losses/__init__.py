"""The losses, by kind, and what they share.

``base`` holds checks and reductions; ``regression`` the losses for numbers and counts, ``margins``
those for scores and directions, ``class_numbers``, ``cross_entropies`` and
``binary_cross_entropies`` those for classes and probabilities. The page :ref:`choosing_a_loss`
compares them.
"""
