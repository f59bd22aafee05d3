"""What happened in a training run, as plain lists that can be plotted and saved."""

import json
from pathlib import Path


class History:
    """Losses and measures of a run.

    Attributes
    ----------
    steps : list of float
        Loss of each mini-batch, in order.
    epochs : dict of list
        Name → one value per epoch: ``loss`` (mean over the epoch's batches), and ``val_…``.
    seconds : float
        Time spent in training, resumed runs included.
    stopped : str
        Why the run ended before its last epoch; empty if it did not.
    """

    def __init__(self):
        self.steps, self.epochs, self.seconds, self.stopped = [], {}, 0.0, ""

    def record(self, **values):
        """Append one value per name at the end of an epoch."""
        for name, value in values.items():
            self.epochs.setdefault(name, []).append(float(value))

    def __getitem__(self, name):
        return self.epochs[name]

    def last(self, name, asking):
        """Return the newest value of a measure, or say what is missing to whom."""
        if name not in self.epochs:
            raise KeyError(
                f"{asking}: no {name!r} in the history, only {sorted(self.epochs)}; "
                "pass validation=(X, y) to fit"
            )
        return self.epochs[name][-1]

    def __len__(self):
        """Return the number of finished epochs."""
        return len(self.epochs.get("loss", ()))

    def __repr__(self):
        last = ", ".join(f"{name} {values[-1]:.4g}" for name, values in self.epochs.items())
        return f"<History: {len(self)} epochs, {len(self.steps)} steps; {last}>"

    def to_dict(self):
        """Return all of it as plain Python values."""
        return dict(vars(self))

    @classmethod
    def from_dict(cls, values):
        """Make a history from what `to_dict` returned."""
        history = cls()
        vars(history).update(values)
        return history

    def save(self, path):
        """Write to a JSON file."""
        Path(path).write_text(json.dumps(self.to_dict()), encoding="utf-8")

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
