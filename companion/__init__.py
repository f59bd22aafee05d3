"""The implementations, data and graders behind *Deep Learning: Notes That Run*.

A chapter of the book imports what it teaches from the part of the same name:
``companion.gradients`` belongs to ``book/gradients``. ``companion.nn`` and ``companion.optim`` list
the classes under PyTorch's names; ``companion.training``, ``companion.plots``,
``companion.results`` and ``companion.data`` are what every chapter uses; ``companion.experiments``
runs what chapters measure. Importing the package
imports none of them.
"""

import os

if os.environ.get("COMPANION_PERTURB"):
    from companion import perturbation

    perturbation.install()
