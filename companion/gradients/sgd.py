"""Gradient descent: the plainest optimizer, and what all optimizers share."""


class Optimizer:
    """Base of the optimizers: the parameters and their learning rate.

    Parameters
    ----------
    params : iterable of Parameter
        What to update, usually ``model.parameters()``.
    lr : float
        Learning rate, at least 0.

    Raises
    ------
    ValueError
        If there are no parameters or `lr` is negative.
    """

    def __init__(self, params, lr):
        params = list(params)
        if not params:
            raise ValueError(f"{type(self).__name__}: got no parameters; pass model.parameters()")
        if not lr >= 0:
            raise ValueError(f"{type(self).__name__}: lr is {lr}; expected a number of at least 0")
        self.param_groups = [{"params": params, "lr": lr}]

    def zero_grad(self):
        """Forget all gradients, so that the next backward starts from nothing."""
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    def state_dict(self):
        """Return all that `load_state_dict` needs to go on: the options of each group."""
        options = [
            {name: v for name, v in group.items() if name != "params"}
            for group in self.param_groups
        ]
        return {"param_groups": options}

    def load_state_dict(self, state):
        """Restore what `state_dict` returned."""
        for group, options in zip(self.param_groups, state["param_groups"], strict=True):
            group.update({name: v for name, v in options.items() if name != "params"})


class SGD(Optimizer):
    """Stochastic gradient descent θ ← θ - η dJ/dθ.

    Parameters
    ----------
    params : iterable of Parameter
        What to update.
    lr : float
        Learning rate η.
    """

    def __init__(self, params, lr=1e-3):
        super().__init__(params, lr)

    def step(self):
        """Update each parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.data -= group["lr"] * parameter.grad
