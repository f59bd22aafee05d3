"""What all schedules share: a rate for each step, put into the groups of an optimizer."""

import math

from companion.optimization.schedules.options import groups_of


class LRScheduler:
    """Base of the schedules: counts steps and sets the learning rates that belong to the count.

    A subclass says which factor of the base rate belongs to a step (`factor`), or, where a factor
    is not enough, which rate (`rate`). Both are functions of the number of the step and of nothing
    else, so a schedule can be drawn before it is used and resumed at any step.

    Parameters
    ----------
    optimizer : Optimizer
        Its rates when the schedule is made are the base rates, one a group. They are kept in the
        groups as ``initial_lr``, so that a second schedule begins from them, too.
    last_epoch : int
        Steps that lie behind, less one; -1 at the start of training. What is counted may be epochs
        or updates: whatever `step` is called after.

    Attributes
    ----------
    last_epoch : int
        Number of the present step, from 0.
    base_lrs : list of float
        Base rate of each group.

    Raises
    ------
    TypeError
        If `optimizer` is none.
    KeyError
        If `last_epoch` is not -1 and a group does not know its ``initial_lr``.
    ValueError
        If an option is out of its range, or a rate is negative or not finite.

    Notes
    -----
    Built in the chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, last_epoch=-1):
        groups = groups_of(self, optimizer)
        self.optimizer = optimizer
        self.base_lrs = [self._base(group, last_epoch) for group in groups]
        self.last_epoch = last_epoch
        self.step()

    @property
    def _name(self):
        return type(self).__name__

    def _base(self, group, last_epoch):
        if last_epoch != -1 and "initial_lr" not in group:
            raise KeyError(
                f"{self._name}: last_epoch is {last_epoch}, but a group has no 'initial_lr'; load "
                "the state of the optimizer first, or pass last_epoch=-1"
            )
        return group.setdefault("initial_lr", group["lr"])

    def factor(self, t):
        """Return the factor of the base rates at step `t`."""
        raise NotImplementedError(f"{self._name} does not say which rate belongs to a step")

    def rate(self, base, t):
        """Return the rate of a group with base rate `base` at step `t`."""
        return base * self.factor(t)

    def rates(self, t):
        """Tell the rate of each group at a step, without going there.

        Parameters
        ----------
        t : int
            Number of the step, from 0.

        Returns
        -------
        list of float
            One rate a group.
        """
        return [self.rate(base, t) for base in self.base_lrs]

    def step(self):
        """Go on to the next step: after each update, or after each epoch."""
        self.last_epoch += 1
        self.apply(self.last_epoch)

    def apply(self, t):
        """Set the rates of step `t` in the groups of the optimizer."""
        rates = [self._checked(rate, t) for rate in self.rates(t)]
        if len(rates) != len(self.optimizer.param_groups):
            raise ValueError(
                f"{self._name}: made for {len(rates)} groups of parameters, the optimizer now has "
                f"{len(self.optimizer.param_groups)}; make the schedule after add_param_group"
            )
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate

    def _checked(self, rate, t):
        if not 0 <= rate < math.inf:
            raise ValueError(
                f"{self._name}: the rate at step {t} is {rate}; "
                "expected a finite number of at least 0"
            )
        return rate

    def get_last_lr(self):
        """Return the present rate of each group.

        Returns
        -------
        list of float
            One rate a group.
        """
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self):
        """Return what `load_state_dict` needs: the count, and the base rates.

        Returns
        -------
        dict
            Plain numbers under torch's names. Options and functions are not kept: the schedule is
            made anew as it was made before.
        """
        return {"last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}

    def load_state_dict(self, state):
        """Go back to where `state_dict` was called, of this schedule or of torch's.

        Parameters
        ----------
        state : dict
            ``last_epoch`` and ``base_lrs``; anything else is left aside. The rates of the groups
            are set to those of that step.

        Raises
        ------
        ValueError
            If there are not as many base rates as groups.
        """
        self._restore(state)
        self.apply(self.last_epoch)

    def _restore(self, state):
        bases = list(state["base_lrs"])
        if len(bases) != len(self.base_lrs):
            raise ValueError(
                f"{self._name}.load_state_dict: {len(bases)} base rates do not fit "
                f"{len(self.base_lrs)} groups; make the optimizer as it was when this was saved"
            )
        self.base_lrs, self.last_epoch = bases, int(state["last_epoch"])
