"""Tuning: where to look for hyperparameters, and with how much work.

``sampling`` draws on a logarithmic scale; ``boxes`` holds ranges of several hyperparameters, with
grids, random points and smaller boxes for a finer search; ``halving`` stops poor trials early.
``objective`` is a network with eight hyperparameters; ``study`` searches them with Optuna, with as
many workers as one likes: ``python -m companion.optimization.tuning.study --help``.
"""
