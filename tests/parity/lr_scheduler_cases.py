"""How the parity test tries each schedule: name → the options, as keywords.

A name in `companion.optim.lr_scheduler` without an entry fails. Functions stand for themselves.
"""

from itertools import product

STEPS = 60


def all_of(**values):
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


def fall(t):
    return 0.95**t


def wave(t):
    return 0.3 + (t % 7) / 7


PLAIN = {
    "LambdaLR": [{"lr_lambda": fall}, {"lr_lambda": [fall, wave]}, {"lr_lambda": (wave, fall)}],
    "MultiplicativeLR": [{"lr_lambda": wave}, {"lr_lambda": [fall, wave]}],
    "StepLR": [{"step_size": 7}, *all_of(step_size=[1, 20, 100], gamma=[0.5, 0.0, 1.1])],
    "MultiStepLR": [
        {"milestones": [5, 20]},
        *all_of(milestones=[[30, 10], [3, 3, 3], [], [0, 59], [80]], gamma=[0.3, 0.0, 2]),
    ],
    "ConstantLR": [{}, *all_of(factor=[0.1, 1.0], total_iters=[1, 12, 80])],
    "LinearLR": [
        {},
        *all_of(start_factor=[1e-3, 0.5, 1.0], end_factor=[0.0, 0.7, 1.0], total_iters=[1, 12, 80]),
    ],
    "ExponentialLR": [{"gamma": gamma} for gamma in (0.95, 0.5, 1.0, 1.1, 0.0)],
    "PolynomialLR": [{}, *all_of(total_iters=[1, 33, 80], power=[0.0, 0.5, 1.0, 2.0, 3.7])],
    "CosineAnnealingLR": [{"T_max": 25}, *all_of(T_max=[1, 2, 7, 50, 90], eta_min=[0.0, 0.02])],
    "CosineAnnealingWarmRestarts": [
        {"T_0": 10},
        *all_of(T_0=[1, 4, 17], T_mult=[1, 2, 3], eta_min=[0, 0.02]),
    ],
    "OneCycleLR": [
        {"max_lr": 0.7, "total_steps": 61},
        {"max_lr": 0.7, "epochs": 13, "steps_per_epoch": 5},
        {"max_lr": [0.5, 2.0], "total_steps": 70, "base_momentum": [0.8, 0.7]},
        {"max_lr": 0.5, "total_steps": 70, "max_momentum": (0.9, 0.99)},
        *all_of(
            max_lr=[1.5],
            total_steps=[61, 100],
            pct_start=[0.0, 0.25, 0.5],
            anneal_strategy=["cos", "linear"],
            cycle_momentum=[False, True],
            div_factor=[25.0, 3],
            final_div_factor=[1e4, 10.0],
            three_phase=[False, True],
        ),
    ],
}
"""Name → options that a scheduler is made with."""

PLATEAU = [
    {},
    *all_of(
        mode=["min", "max"],
        factor=[0.1, 0.7],
        patience=[0, 3],
        threshold=[1e-4, 0.1],
        threshold_mode=["rel", "abs"],
        cooldown=[0, 4],
        min_lr=[0, 1e-3, [0.01, 0.2]],
    ),
    {"eps": 0.05, "patience": 1},
]
"""Options of `ReduceLROnPlateau`, which is told a measure."""

SEQUENCES = [
    ([("LinearLR", {"total_iters": 10}), ("CosineAnnealingLR", {"T_max": 50})], [10]),
    (
        [("ConstantLR", {}), ("ExponentialLR", {"gamma": 0.9}), ("StepLR", {"step_size": 4})],
        [5, 30],
    ),
    ([("CosineAnnealingWarmRestarts", {"T_0": 6}), ("PolynomialLR", {"total_iters": 20})], [25]),
    ([("LinearLR", {}), ("CosineAnnealingWarmRestarts", {"T_0": 6, "T_mult": 2})], [5]),
    ([("LambdaLR", {"lr_lambda": fall}), ("LambdaLR", {"lr_lambda": wave})], [31]),
    ([("MultiplicativeLR", {"lr_lambda": wave}), ("MultiStepLR", {"milestones": [4, 9]})], [7]),
    ([("StepLR", {"step_size": 3})], []),
]
"""Schedules in order, and milestones, for `SequentialLR`."""

BASES = {"LRScheduler"}
"""Names without a rate of their own."""
