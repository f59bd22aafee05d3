"""A small stand-in for the course's package."""

import os

if os.environ.get("COMPANION_PERTURB"):
    from companion import perturbation

    perturbation.install()
