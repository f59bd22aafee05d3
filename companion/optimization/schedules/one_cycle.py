"""The one-cycle policy: up once, down once, and the momentum the other way round."""

from companion.optimization.schedules.cosine import half_wave
from companion.optimization.schedules.options import between, each, require, whole
from companion.optimization.schedules.scheduler import LRScheduler


class OneCycleLR(LRScheduler):
    """Raise the rate to a maximum, then let it fall far below where it began.

    The momentum, β₁ of Adam, goes the other way: it is small where the rate is large.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set; its own rates do not matter.
    max_lr : float or list of float
        Rate at the top; a list has one a group.
    total_steps : int, optional
        Length of the cycle.
    epochs, steps_per_epoch : int, optional
        Their product is the length, where ``total_steps`` is not given.
    pct_start : float
        Share of the steps on the way up, from 0 to 1.
    anneal_strategy : str
        "cos" along half a cosine, or "linear" along a line.
    cycle_momentum : bool
        Whether to set the momentum, too.
    base_momentum, max_momentum : float or list of float
        Momentum at the top of the rate and at its ends.
    div_factor : float
        The first rate is ``max_lr`` divided by it.
    final_div_factor : float
        The last rate is the first one divided by it.
    three_phase : bool
        Come down as one went up, and only then below the first rate.
    last_epoch : int
        -1 at the start of training.

    Raises
    ------
    ValueError
        If the length is not given, an option is out of its range, the optimizer has no momentum to
        cycle, or the step lies beyond the end.

    Notes
    -----
    Smith and Topin (2017). Without ``three_phase`` in the form of fastai, as in torch. Chapter
    :ref:`schedules_compared`.
    """

    def __init__(
        self,
        optimizer,
        max_lr,
        total_steps=None,
        epochs=None,
        steps_per_epoch=None,
        pct_start=0.3,
        anneal_strategy="cos",
        cycle_momentum=True,
        base_momentum=0.85,
        max_momentum=0.95,
        div_factor=25.0,
        final_div_factor=1e4,
        three_phase=False,
        last_epoch=-1,
    ):
        self.optimizer = optimizer
        self.total_steps = self._length(total_steps, epochs, steps_per_epoch)
        require(
            self,
            pct_start=between(pct_start, 0, 1),
            anneal_strategy=(anneal_strategy, anneal_strategy in ANNEAL, "'cos' or 'linear'"),
            div_factor=(div_factor, div_factor > 0, "a number above 0"),
            final_div_factor=(final_div_factor, final_div_factor > 0, "a number above 0"),
        )
        self.anneal, self.cycle_momentum = ANNEAL[anneal_strategy], cycle_momentum
        self.max_lrs = each(self, optimizer, "max_lr", max_lr)
        self.base_momenta = each(self, optimizer, "base_momentum", base_momentum)
        self.max_momenta = each(self, optimizer, "max_momentum", max_momentum)
        self.first_lrs = [top / div_factor for top in self.max_lrs]
        self.last_lrs = [first / final_div_factor for first in self.first_lrs]
        self.ends = self._ends(pct_start, three_phase)
        self._momentum = self._name_of_momentum() if cycle_momentum else None
        super().__init__(optimizer, last_epoch)

    def _length(self, total_steps, epochs, steps_per_epoch):
        if total_steps is not None:
            require(self, total_steps=whole(total_steps))
            return total_steps
        if epochs is None or steps_per_epoch is None:
            raise ValueError(
                "OneCycleLR: got no length; pass total_steps, or epochs and steps_per_epoch"
            )
        require(self, epochs=whole(epochs), steps_per_epoch=whole(steps_per_epoch))
        return epochs * steps_per_epoch

    def _ends(self, share, three_phase):
        """List the last step of each phase, counted as torch does."""
        up = share * self.total_steps - 1
        return [up, 2 * up, self.total_steps - 1] if three_phase else [up, self.total_steps - 1]

    def _name_of_momentum(self):
        for name in ("betas", "momentum"):
            if name in self.optimizer.defaults:
                return name
        raise ValueError(
            f"OneCycleLR: {type(self.optimizer).__name__} has no momentum to cycle; "
            "pass cycle_momentum=False"
        )

    def _phase(self, t):
        """Tell the phase of step `t`, and which share of it lies behind."""
        if t > self.total_steps:
            raise ValueError(
                f"OneCycleLR: step {t} lies beyond the end of a cycle of {self.total_steps} steps; "
                "make total_steps the number of updates"
            )
        k = next((k for k, end in enumerate(self.ends) if t <= end), len(self.ends) - 1)
        start = self.ends[k - 1] if k else 0
        length = self.ends[k] - start
        return k, min((t - start) / length, 1) if length else 1

    def rates(self, t):
        """Tell the rate of each group at step `t`."""
        k, share = self._phase(t)
        found = []
        for first, top, last in zip(self.first_lrs, self.max_lrs, self.last_lrs, strict=True):
            points = [first, top, first, last] if len(self.ends) == 3 else [first, top, last]
            found.append(self.anneal(*points[k : k + 2], share))
        return found

    def momenta(self, t):
        """Tell the momentum of each group at step `t`.

        Parameters
        ----------
        t : int
            Number of the step, from 0.

        Returns
        -------
        list of float
            One momentum a group.
        """
        k, share = self._phase(t)
        found = []
        for low, high in zip(self.base_momenta, self.max_momenta, strict=True):
            points = [high, low, high, high]
            found.append(self.anneal(*points[k : k + 2], share))
        return found

    def apply(self, t):
        """Set the rates of step `t`, and the momenta."""
        super().apply(t)
        if self.cycle_momentum:
            for group, momentum in zip(self.optimizer.param_groups, self.momenta(t), strict=True):
                betas = self._momentum == "betas"
                value = (momentum, *group["betas"][1:]) if betas else momentum
                group[self._momentum] = value


ANNEAL = {
    "cos": lambda start, end, share: end + (start - end) * half_wave(share),
    "linear": lambda start, end, share: start + (end - start) * share,
}
"""Name → function of start, end and share of the way."""
