"""Early stopping ends where its rule says, in both engines, with the weights of the best epoch."""

import math

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.training import (
    Callback,
    EarlyStopping,
    NonFiniteLoss,
    Schedule,
    evaluate,
    fit,
    manual_seed,
)

ENGINES = {"companion": (nn, optim), "torch": (torch.nn, torch.optim)}
X = np.array([[1.0], [2.0]], dtype="float32")
Y = np.array([0, 1])


def parts(engine="companion"):
    nn_, optim_ = ENGINES[engine]
    manual_seed(0)
    model = nn_.Linear(1, 2)
    return model, nn_.CrossEntropyLoss(), optim_.SGD(model.parameters(), lr=0.1)


class Says(Callback):
    """Puts given values into the history, in place of what was measured."""

    def __init__(self, values, name="val_loss"):
        self.values, self.name, self.weights = values, name, []

    def on_epoch_end(self, loop):
        loop.history.record(**{self.name: self.values[loop.epoch]})
        self.weights.append(loop.weights())


def run(values, engine="companion", name="val_loss", epochs=None, **options):
    """Train while the measure goes as given; return model, history, and the two callbacks."""
    model, loss, optimizer = parts(engine)
    says, stop = Says(values, name), EarlyStopping(name, **options)
    history = fit(
        model, (X, Y), loss, optimizer, epochs=epochs or len(values), callbacks=[says, stop]
    )
    return model, history, says, stop


def has_weights(model, weights):
    state = model.state_dict()
    return all(np.array_equal(np.asarray(state[name]), weights[name]) for name in weights)


def keras_rule(values, patience, sign=1, delta=0.0, baseline=None, start=0):
    """Epochs run and best epoch, by the lines of keras.callbacks.EarlyStopping."""
    best, best_epoch, wait = math.inf, None, 0
    for epoch, value in enumerate(values):
        if epoch < start:
            continue
        wait += 1
        if sign * value + delta < best:
            best, best_epoch = sign * value, epoch
            if baseline is None or sign * value + delta < sign * baseline:
                wait = 0
        if wait >= patience:
            return epoch + 1, best_epoch
    return len(values), best_epoch


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("patience", [1, 2, 4])
def test_it_stops_after_patience_epochs_with_the_best_weights(engine, patience):
    values = [5, 4, 4.5, 3, 3, 3.5, 3.2, 3.1, 1]
    model, history, says, stop = run(values, engine, patience=patience)
    epochs, best = keras_rule(values, patience)
    assert len(history) == epochs
    assert stop.best_epoch == best
    assert stop.best == values[best]
    assert has_weights(model, says.weights[best])
    assert bool(history.stopped) == (epochs < len(values))


def test_random_runs_end_where_the_rule_of_keras_ends():
    random = np.random.default_rng(4)
    for _ in range(40):
        values = random.integers(0, 12, 12) / 4
        options = {
            "patience": int(random.integers(1, 5)),
            "min_delta": float(random.choice([0, 0.25, 0.5])),
            "baseline": [None, 1.0][random.integers(2)],
            "start_from_epoch": int(random.integers(0, 4)),
        }
        mode = ["min", "max"][random.integers(2)]
        _, history, _, stop = run(values.tolist(), mode=mode, **options)
        patience, delta, baseline, start = options.values()
        sign = 1 if mode == "min" else -1
        expected = keras_rule(values, patience, sign, delta, baseline, start)
        assert (len(history), stop.best_epoch) == expected, (values, mode, options)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_last_weights_stay_if_asked_for(engine):
    values = [3, 1, 2, 2]
    model, _, says, stop = run(values, engine, patience=2, restore_best_weights=False)
    assert stop.best_epoch == 1
    assert stop.weights == {}
    assert has_weights(model, says.weights[3])


@pytest.mark.parametrize(
    ("name", "mode", "best"),
    [
        ("val_accuracy", "auto", 1),
        ("val_loss", "auto", 0),
        ("score", "max", 1),
        ("score", "min", 0),
    ],
)
def test_mode_says_which_way_is_better(name, mode, best):
    # Without validation, fit records a loss alone, so that the names are free.
    *_, stop = run([0.2, 0.9, 0.5], name=name, mode=mode)
    assert stop.best_epoch == best
    assert stop.best == [0.2, 0.9, 0.5][best]


def test_small_gains_do_not_count():
    values = [1.0, 0.95, 0.91, 0.6, 0.7]
    _, history, _, stop = run(values, patience=3, min_delta=0.1)
    assert len(history) == 5
    assert stop.best_epoch == 3
    _, history, _, stop = run(values, patience=2, min_delta=0.1)
    assert len(history) == 3
    assert stop.best_epoch == 0


def test_until_the_baseline_is_beaten_every_epoch_counts():
    assert len(run([5, 4, 3, 2, 1], patience=3, baseline=1.5)[1]) == 3
    assert len(run([5, 1, 3, 2, 1], patience=3, baseline=1.5)[1]) == 5


def test_warm_up_is_not_looked_at():
    model, history, says, stop = run([0, 0, 5, 6, 4, 7, 8], patience=2, start_from_epoch=2)
    assert len(history) == 7
    assert stop.best_epoch == 4
    assert has_weights(model, says.weights[4])
    model, _, says, stop = run([1, 2], start_from_epoch=9)  # over before it looked
    assert stop.best_epoch is None
    assert has_weights(model, says.weights[-1])


def test_infinite_is_bad_but_not_wrong_and_nan_is_an_error():
    _, _, _, stop = run([math.inf, 2, math.inf], patience=5)
    assert stop.best_epoch == 1
    with pytest.raises(NonFiniteLoss, match="val_loss is nan after epoch 1; look for NaN in"):
        run([1.0, math.nan, 0.5])
    with pytest.raises(NonFiniteLoss, match="val_loss is nan after epoch 0"):
        run([math.nan, 1.0], start_from_epoch=1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_resumed_run_goes_on_waiting_and_remembers_the_best(engine, tmp_path):
    values, path = [4, 1, 2, 2, 2, 0.5], tmp_path / "run.npz"

    def part(epochs):
        model, loss, optimizer = parts(engine)
        says, stop = Says(values), EarlyStopping(patience=3)
        callbacks = [says, stop]
        history = fit(
            model, (X, Y), loss, optimizer, epochs=epochs, callbacks=callbacks, checkpoint=path
        )
        return model, history, says, stop

    part(3)
    model, history, _, stop = part(6)
    whole, expected, says, _ = run(values, engine, patience=3)
    assert len(history) == len(expected) == 5
    assert (stop.best, stop.best_epoch, stop.waited) == (1, 1, 3)
    assert has_weights(model, says.weights[1])
    assert has_weights(whole, says.weights[1])
    again, history, *_ = part(9)  # a run that stopped stays stopped
    assert len(history) == 5
    assert has_weights(again, says.weights[1])


def test_a_second_run_does_not_get_the_weights_of_the_first():
    stop = EarlyStopping(patience=9)
    for values, best in (([1, 2], 0), ([9, 8], 1)):
        model, loss, optimizer = parts()
        says = Says(values)
        fit(model, (X, Y), loss, optimizer, epochs=2, callbacks=[says, stop])
        assert stop.best_epoch == best
        assert has_weights(model, says.weights[best])


def test_measured_weights_are_those_that_were_measured():
    model, loss, optimizer = parts()
    callbacks = [EarlyStopping(patience=2), Schedule(lambda epoch: 0.5 if epoch < 4 else -5.0)]
    history = fit(model, (X, Y), loss, optimizer, epochs=9, validation=(X, Y), callbacks=callbacks)
    least = min(history["val_loss"])
    assert least < history["val_loss"][-1]
    assert evaluate(model, X, Y, loss)["loss"] == pytest.approx(least, rel=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"patience": 0}, "patience is 0; at least 1 needed"),
        ({"min_delta": -0.1}, "min_delta is -0.1; at least 0"),
        ({"min_delta": math.nan}, "min_delta is nan"),
        ({"start_from_epoch": -1}, "start_from_epoch is -1"),
        ({"mode": "low"}, "mode is 'low'; choose one of"),
        ({"baseline": math.nan}, "baseline is nan"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        EarlyStopping(**options)
