"""How the parity test tries each optimizer: name → the values of each option.

All combinations are run against torch. A name in `companion.optim` without an entry fails.
"""

from itertools import product

OPTIONS = {
    "Adadelta": {
        "lr": [1.0, 0.1],
        "rho": [0.9, 0.5],
        "eps": [1e-6, 0.1],
        "weight_decay": [0, 0.1],
        "maximize": [False, True],
    },
    "Adagrad": {
        "lr": [1e-2, 0.5],
        "lr_decay": [0, 0.1],
        "weight_decay": [0, 0.1],
        "initial_accumulator_value": [0, 0.3],
        "eps": [1e-10, 0.1],
        "maximize": [False, True],
    },
    "NAdam": {
        "lr": [2e-3, 0.3],
        "betas": [(0.9, 0.999), (0.5, 0.0)],
        "eps": [1e-8, 0.1],
        "weight_decay": [0, 0.1],
        "momentum_decay": [4e-3, 0.5],
        "decoupled_weight_decay": [False, True],
        "maximize": [False, True],
    },
    "RMSprop": {
        "lr": [1e-2, 0.3],
        "alpha": [0.99, 0.5],
        "eps": [1e-8, 0.1],
        "weight_decay": [0, 0.1],
        "momentum": [0, 0.9],
        "centered": [False, True],
        "maximize": [False, True],
    },
    "SGD": {
        "lr": [0.1, 1.5],
        "momentum": [0, 0.9],
        "dampening": [0, 0.3],
        "weight_decay": [0, 0.1],
        "nesterov": [False, True],
        "maximize": [False, True],
    },
    "Adam": {
        "lr": [1e-3, 0.3],
        "betas": [(0.9, 0.999), (0.5, 0.0)],
        "eps": [1e-8, 0.1],
        "weight_decay": [0, 0.1],
        "amsgrad": [False, True],
        "maximize": [False, True],
    },
    "AdamW": {
        "lr": [1e-3, 0.3],
        "betas": [(0.9, 0.999), (0.5, 0.0)],
        "eps": [1e-8, 0.1],
        "weight_decay": [0, 0.1],
        "amsgrad": [False, True],
        "maximize": [False, True],
    },
}
"""Name → option → values; every argument but ``params`` must be there."""

BASES = {"Optimizer"}
"""Names without updates of their own."""


def _meaningful(name, options):
    nesterov = options.get("nesterov")
    return not nesterov or (options["momentum"] > 0 and not options["dampening"])


CASES = [
    (name, options)
    for name, values in OPTIONS.items()
    for chosen in product(*values.values())
    if _meaningful(name, options := dict(zip(values, chosen, strict=True)))
]
"""(name, options), all combinations that torch allows."""
