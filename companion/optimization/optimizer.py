"""What all optimizers share: groups of parameters, what is remembered of each, saving both."""

import math
from collections.abc import Iterable

import numpy as np

from companion.gradients.tape import Tensor

AT_LEAST_0 = (0, math.inf, "expected a number of at least 0")
BELOW_1 = (0, math.nextafter(1, 0), "expected numbers from 0 to below 1")
LIMITS = {
    "alpha": AT_LEAST_0,
    "betas": BELOW_1,
    "eps": AT_LEAST_0,
    "initial_accumulator_value": AT_LEAST_0,
    "lr": AT_LEAST_0,
    "lr_decay": AT_LEAST_0,
    "momentum": AT_LEAST_0,
    "momentum_decay": AT_LEAST_0,
    "rho": (0, 1, "expected a number from 0 to 1"),
    "weight_decay": AT_LEAST_0,
}
"""Option → smallest and largest value, and what to say about others."""


def is_on(option):
    """Say whether an option, a number or an array of them, is anywhere other than 0."""
    return option.any() if isinstance(option, np.ndarray) else bool(option)


class Optimizer:
    """Base of the optimizers: walks the parameters and keeps what is remembered of each.

    A subclass says which arrays it remembers of a parameter (`buffers`), what they are at first
    (`start`), and how one parameter is moved (`update`).

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update, usually ``model.parameters()``. A dict is a group with options of its own:
        ``{"params": [...], "lr": 0.01}``.
    **defaults
        Options of the groups that do not name them, torch's names. Numbers may be arrays that
        broadcast with the parameters, such as a learning rate for each of many networks
        (`companion.experiments.side_by_side`).

    Attributes
    ----------
    param_groups : list of dict
        ``params`` and the options of each group, which may be changed between steps.
    state : dict
        Parameter → how many updates it had (``step``), and the arrays remembered of it.

    Raises
    ------
    TypeError
        If `params` is a single tensor or holds something else than tensors.
    ValueError
        If there are no parameters, one comes twice, is no leaf or requires no gradient, or an
        option is unknown or out of its range.

    Notes
    -----
    Used first in the chapter :ref:`perceptron`, built in :ref:`descent` and :ref:`momentum`.
    """

    def __init__(self, params, **defaults):
        self.defaults, self.state, self.param_groups = defaults, {}, []
        name = type(self).__name__
        if isinstance(params, Tensor) or not isinstance(params, Iterable):
            raise TypeError(
                f"{name}: params is a {type(params).__name__}; expected parameters in a list, as "
                "from model.parameters(), or dicts of them"
            )
        params = list(params)
        groups = params if params and isinstance(params[0], dict) else [{"params": params}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group):
        """Take in more parameters, with options of their own.

        Parameters
        ----------
        group : dict
            ``params``, and the options that differ from the defaults.
        """
        name = type(self).__name__
        params = group["params"]
        params = [params] if isinstance(params, Tensor) else list(params)
        for number, parameter in enumerate(params):
            self._admit(number, parameter)
        if not params:
            raise ValueError(f"{name}: got no parameters; pass model.parameters()")
        known = [p for other in self.param_groups for p in other["params"]]
        if len({id(p) for p in known + params}) < len(known + params):
            raise ValueError(f"{name}: a parameter comes twice; put each into one group, once")
        unknown = group.keys() - self.defaults.keys() - {"params"}
        if unknown:
            raise ValueError(
                f"{name}: has no option {sorted(unknown)}; it has {sorted(self.defaults)}"
            )
        options = self.defaults | {k: v for k, v in group.items() if k != "params"}
        self.check(**options)
        self.param_groups.append({"params": params, **options})

    def _admit(self, number, parameter):
        """Refuse what no step could ever move."""
        name = f"{type(self).__name__}: parameter {number}"
        if not isinstance(parameter, Tensor):
            raise TypeError(
                f"{name} is a {type(parameter).__name__}, not a tensor; pass model.parameters()"
            )
        if parameter.node is not None:
            raise ValueError(
                f"{name} is the result of {parameter.node.name}, so nothing is learned in it; "
                "pass the tensors it was computed from"
            )
        if not parameter.requires_grad:
            raise ValueError(
                f"{name} requires no gradient, so no step would move it; make it a Parameter, or "
                "leave it out"
            )

    def check(self, **options):
        """Refuse options that are out of range."""
        for option, value in options.items():
            low, high, expected = LIMITS.get(option, (-math.inf, math.inf, ""))
            if not all(low <= v <= high for v in np.ravel(value)):
                raise ValueError(f"{type(self).__name__}: {option} is {value}; {expected}")

    def buffers(self, options):
        """Name the arrays to remember of each parameter, as torch does."""
        return ()

    def start(self, name, x, options):
        """Return the array `name` of parameter values `x` before the first update."""
        return np.zeros_like(x)

    def update(self, x, g, *, t, lr, **remembered):
        """Move the values `x` in place, given their gradient `g`, for the `t`-th time."""
        raise NotImplementedError(f"{type(self).__name__} does not say how to update")

    def step(self):
        """Update each parameter that has a gradient."""
        for group in self.param_groups:
            options = {name: group[name] for name in self.defaults}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._step(parameter, options)

    def _step(self, parameter, options):
        x, g = parameter.data, parameter.grad
        memory = self.state.setdefault(parameter, {"step": 0})
        for name in self.buffers(options):
            if name not in memory:  # at first, or when an option was switched on later
                memory[name] = self.start(name, x, options)
        memory["step"] += 1
        arrays = {name: memory[name] for name in self.buffers(options)}
        options = dict(options)
        if options.pop("maximize"):
            g = -g
        g = self.decay(x, g, **options)
        del options["weight_decay"]
        self.update(x, g, t=memory["step"], **arrays, **options)
        parameter.data = x  # the same array, written to: a graph that still reads it must know

    def decay(self, x, g, *, weight_decay, **options):
        """Return the gradient of the cost with ½λ‖x‖² added: g + λx."""
        return g + weight_decay * x if is_on(weight_decay) else g

    def zero_grad(self):
        """Forget all gradients, so that the next backward starts from nothing."""
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    def state_dict(self):
        """Return a copy of all that `load_state_dict` needs to go on bit for bit.

        Returns
        -------
        dict
            In torch's layout: ``state`` (number of the parameter → what is remembered of it) and
            ``param_groups`` (options; ``params`` are numbers).
        """
        numbers = {id(p): k for k, p in enumerate(self._parameters())}
        return {
            "state": {
                numbers[id(p)]: {
                    name: value if name == "step" else value.copy()
                    for name, value in memory.items()
                }
                for p, memory in self.state.items()
            },
            "param_groups": [
                {**group, "params": [numbers[id(p)] for p in group["params"]]}
                for group in self.param_groups
            ],
        }

    def load_state_dict(self, state):
        """Restore what `state_dict` returned, of this optimizer or of torch's.

        Parameters
        ----------
        state : dict
            ``state`` and ``param_groups``. Options that this optimizer does not have are left out.

        Raises
        ------
        ValueError
            If the groups do not have as many parameters as those here; nothing is loaded then.
        KeyError
            If an array is missing that the options ask for, such as ``max_exp_avg_sq``.
        """
        sizes = [len(group["params"]) for group in state["param_groups"]]
        own = [len(group["params"]) for group in self.param_groups]
        if sizes != own:
            raise ValueError(
                f"{type(self).__name__}.load_state_dict: groups of {sizes} parameters do not fit "
                f"groups of {own}; make the optimizer as it was made when it was saved"
            )
        for group, saved in zip(self.param_groups, state["param_groups"], strict=True):
            # A schedule keeps the rate it started from in the group.
            known = self.defaults.keys() | {"initial_lr"}
            group.update({name: saved[name] for name in known & saved.keys()})
        remembered = [
            (parameter, group, state["state"][k])
            for group, saved in zip(self.param_groups, state["param_groups"], strict=True)
            for parameter, k in zip(group["params"], saved["params"], strict=True)
            if k in state["state"]
        ]
        self.state = {p: self._recall(group, memory) for p, group, memory in remembered}

    def _recall(self, options, memory):
        missing = [name for name in self.buffers(options) if memory.get(name) is None]
        if missing:
            raise KeyError(
                f"{type(self).__name__}.load_state_dict: the state has no {', '.join(missing)}, "
                f"which these options need; it holds {sorted(memory)}: was it saved by another "
                "optimizer?"
            )
        # torch's SGD does not count its steps: where there is a velocity, there was one.
        arrays = {name: np.asarray(memory[name]).copy() for name in self.buffers(options)}
        return {"step": int(memory.get("step", 1)), **arrays}

    def _parameters(self):
        return (p for group in self.param_groups for p in group["params"])
