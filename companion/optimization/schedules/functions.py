"""Schedules given by a function: of the step, or from one step to the next."""

from companion.optimization.schedules.options import each
from companion.optimization.schedules.scheduler import LRScheduler


class LambdaLR(LRScheduler):
    """Multiply the base rate by a function of the step.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    lr_lambda : callable or list of callable
        Step, from 0 → factor; a list has one function a group. `companion.optimization.schedules`
        holds the classic ones in ``rules``.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    The function is not part of `state_dict`. Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        self.lr_lambdas = each(self, optimizer, "lr_lambda", lr_lambda)
        super().__init__(optimizer, last_epoch)

    def rates(self, t):
        """Tell the rate of each group at step `t`."""
        return [base * f(t) for base, f in zip(self.base_lrs, self.lr_lambdas, strict=True)]


class MultiplicativeLR(LRScheduler):
    """Multiply the rate of the step before by a function of the step.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    lr_lambda : callable or list of callable
        Step, from 1 → factor of the rate before; a list has one function a group. Called once for
        each step.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    The function is not part of `state_dict`. Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        self.lr_lambdas = each(self, optimizer, "lr_lambda", lr_lambda)
        self._products = [[1.0] for _ in self.lr_lambdas]
        super().__init__(optimizer, last_epoch)

    def rates(self, t):
        """Tell the rate of each group at step `t`."""
        for products, f in zip(self._products, self.lr_lambdas, strict=True):
            while len(products) <= t:
                products.append(products[-1] * f(len(products)))
        return [b * products[t] for b, products in zip(self.base_lrs, self._products, strict=True)]
