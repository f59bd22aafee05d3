"""The loop: the same numbers in both engines, resumed or not, and clear stops."""

import json
import signal
import subprocess
import sys

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data import toy
from companion.data.batches import Batches
from companion.data.digits import digits
from companion.training import (
    Callback,
    EarlyStopping,
    History,
    NonFiniteLoss,
    Schedule,
    accuracy,
    device,
    engines,
    evaluate,
    fit,
    manual_seed,
    predict,
)

pytestmark = pytest.mark.reads("companion/**/*.py")

ENGINES = {"companion": (nn, optim), "torch": (torch.nn, torch.optim)}


def parts(engine, seed=0, lr=0.1, sizes=(2, 8, 2)):
    nn, optim = ENGINES[engine]
    manual_seed(seed)
    model = nn.Sequential(nn.Linear(*sizes[:2]), nn.Tanh(), nn.Linear(*sizes[1:]))
    return model, nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr=lr)


def data():
    X, y = toy.moons(96, seed=2)
    return X.astype(np.float32), y


def test_two_hundred_losses_equal_torch_on_digits():
    def make(nn):
        layers = nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
        return nn.Sequential(*layers).double()

    d = digits()
    losses, state = {}, make(torch.nn).state_dict()
    for engine, (nn_, optim_) in ENGINES.items():
        model = make(nn_)
        model.load_state_dict(state)
        optimizer = optim_.SGD(model.parameters(), lr=0.1)
        batches = Batches(d.X_train.astype(float), d.y_train, batch_size=20)
        losses[engine] = fit(model, batches, nn_.CrossEntropyLoss(), optimizer).steps
    assert len(losses["companion"]) == 200
    np.testing.assert_allclose(losses["companion"], losses["torch"], rtol=0, atol=1e-8)
    assert losses["companion"][-1] < 0.7 * losses["companion"][0]


def test_digits_are_learned():
    """At least 91 %; a network that learns nothing gets 10 %, a linear one about 87 %."""
    d = digits()
    manual_seed(0)
    layers = nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    model = nn.Sequential(*layers)
    batches = Batches(d.X_train, d.y_train, batch_size=16)
    # A quarter of the rate at which training with such batches becomes unsteady.
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    fit(model, batches, nn.CrossEntropyLoss(), optimizer, epochs=10)
    assert evaluate(model, d.X_test, d.y_test, nn.CrossEntropyLoss())["accuracy"] >= 0.91


@pytest.mark.parametrize("engine", ENGINES)
def test_history_and_measures(engine):
    X, y = data()
    model, loss, optimizer = parts(engine)
    history = fit(model, (X, y), loss, optimizer, epochs=3, validation=(X, y))
    assert len(history) == 3
    assert len(history.steps) == 6  # batches of 64 and 32
    assert history["loss"][0] == pytest.approx(np.average(history.steps[:2], weights=[64, 32]))
    scores = predict(model, X)
    assert scores.shape == (96, 2)
    assert history["val_accuracy"][-1] == np.mean(scores.argmax(1) == y)
    reference = torch.nn.functional.cross_entropy(torch.tensor(scores), torch.tensor(y)).item()
    assert history["val_loss"][-1] == pytest.approx(reference, rel=1e-5)
    assert history.seconds > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_interrupted_run_goes_on_as_if_nothing_had_happened(engine, tmp_path):
    X, y = data()

    class Interrupt(Callback):
        def on_step_end(self, loop):
            if len(loop.history.steps) == 7:
                raise KeyboardInterrupt

    def run(epochs, checkpoint=None, callbacks=()):
        model, loss, optimizer = parts(engine)
        stop = EarlyStopping("val_loss", patience=50)
        return model, fit(
            model,
            Batches(X, y, batch_size=32),
            loss,
            optimizer,
            epochs=epochs,
            validation=(X, y),
            callbacks=[Schedule(lambda epoch: 0.5 / (1 + epoch)), stop, *callbacks],
            checkpoint=checkpoint,
        )

    path = tmp_path / "runs" / "moons.npz"
    whole_model, whole = run(6)
    with pytest.raises(KeyboardInterrupt):
        run(6, path, [Interrupt()])
    resumed_model, resumed = run(6, path, [Callback()])
    assert resumed.steps == whole.steps
    assert resumed.epochs == whole.epochs
    for p, q in zip(whole_model.parameters(), resumed_model.parameters(), strict=True):
        np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())
    _again_model, again = run(6, path, [Callback()])
    assert again.steps == whole.steps  # nothing left to do
    assert [f.name for f in path.parent.iterdir()] == ["moons.npz"]


def test_stateful_torch_optimizer_resumes(tmp_path):
    X, y = data()

    def run(epochs, checkpoint=None):
        model, loss, _ = parts("torch")
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        return fit(model, (X, y), loss, optimizer, epochs=epochs, checkpoint=checkpoint).steps

    path = tmp_path / "adam.npz"
    run(2, path)
    assert run(5, path) == run(5)


def test_killed_at_any_moment_leaves_a_checkpoint_that_loads(tmp_path):
    code = f"""
import sys
from tests.training.test_fit import *
X, y = data()
model, loss, optimizer = parts("companion")
class Tell(Callback):
    def on_epoch_end(self, loop):
        print(loop.epoch, flush=True)
path = {str(tmp_path / "c.npz")!r}
fit(model, (X, y), loss, optimizer, epochs=10**6, callbacks=[Tell()], checkpoint=path)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    for line in child.stdout:
        if int(line) >= 20:
            break
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    model, loss, optimizer = parts("companion")
    X, y = data()
    history = fit(
        model,
        (X, y),
        loss,
        optimizer,
        epochs=1,
        callbacks=[Callback()],
        checkpoint=tmp_path / "c.npz",
    )
    assert len(history) >= 20


@pytest.mark.parametrize("engine", ENGINES)
def test_non_finite_loss_stops_before_it_does_harm(engine):
    X, y = data()
    model, loss, optimizer = parts(engine)
    before = [p.detach().numpy().copy() for p in model.parameters()]
    X = X.copy()
    X[3] = np.nan
    with pytest.raises(NonFiniteLoss, match=r"the loss is nan at epoch 0, step 0; try a smaller"):
        fit(model, Batches(X, y, batch_size=96), loss, optimizer)
    for p, q in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.detach().numpy(), q)


@pytest.mark.parametrize("engine", ENGINES)
def test_early_stopping_restores_the_best_weights(engine):
    X, y = data()
    model, loss, optimizer = parts(engine, lr=0.5)

    class Spoil(Callback):
        def on_epoch_end(self, loop):
            loop.optimizer.param_groups[0]["lr"] = 0.5 if loop.epoch < 5 else -5.0

    stop = EarlyStopping("val_loss", patience=3)
    callbacks = [stop, Spoil()]
    history = fit(model, (X, y), loss, optimizer, epochs=50, validation=(X, y), callbacks=callbacks)
    assert history.stopped == "val_loss has not improved for 3 epochs"
    assert len(history) < 50
    best = min(history["val_loss"])
    assert evaluate(model, X, y, loss)["loss"] == pytest.approx(best, rel=1e-6)
    assert history["val_loss"][-1] > best


def test_early_stopping_without_validation_says_what_to_pass():
    model, loss, optimizer = parts("companion")
    with pytest.raises(KeyError, match=r"pass validation=\(X, y\) to fit"):
        fit(model, data(), loss, optimizer, callbacks=[EarlyStopping()])


def test_schedule_sets_the_rate_of_each_epoch():
    seen = []

    class Look(Callback):
        def on_step_end(self, loop):
            seen.append(loop.optimizer.param_groups[0]["lr"])

    model, loss, optimizer = parts("companion")
    fit(
        model,
        data(),
        loss,
        optimizer,
        epochs=3,
        callbacks=[Schedule(lambda epoch: 1 / (1 + epoch)), Look()],
    )
    assert seen == [1, 1, 1 / 2, 1 / 2, 1 / 3, 1 / 3]


SCHEDULES = {
    "per epoch": (lambda s, o: s.StepLR(o, 2, 0.5), {}),
    "per update": (lambda s, o: s.CosineAnnealingLR(o, 18), {"every": "step"}),
    "milestones": (lambda s, o: s.MultiStepLR(o, [3, 3, 8], 0.5), {"every": "step"}),
    "function": (lambda s, o: lambda t: 0.5 / (1 + t), {"every": "step"}),
    "warm-up": (
        lambda s, o: s.SequentialLR(
            o, [s.LinearLR(o), s.MultiStepLR(o, [2, 5], 0.5)], milestones=[11]
        ),
        {"every": "step"},
    ),
    "one cycle": (lambda s, o: s.OneCycleLR(o, 0.7, total_steps=18), {"every": "step"}),
    "plateau": (
        lambda s, o: s.ReduceLROnPlateau(o, patience=0, factor=0.5, threshold=0.3),
        {"monitor": "val_loss"},
    ),
}


class Rates(Callback):
    """Notes the rate of every update."""

    def __init__(self, stop=None):
        self.seen, self.end = [], stop

    def on_step_end(self, loop):
        self.seen.append(loop.optimizer.param_groups[0]["lr"])
        if len(loop.history.steps) == self.end:
            raise KeyboardInterrupt


def scheduled(engine, kind, rates, checkpoint=None):
    make, options = SCHEDULES[kind]
    X, y = data()
    model, loss, _ = parts(engine)
    optim = ENGINES[engine][1]
    optimizer = optim.SGD(model.parameters(), lr=0.4, momentum=0.5)
    scheduler = make(optim.lr_scheduler, optimizer)
    callbacks = [rates, Schedule(scheduler, **options)]
    batches = Batches(X, y, batch_size=32)
    history = fit(
        model,
        batches,
        loss,
        optimizer,
        epochs=6,
        validation=(X, y),
        callbacks=callbacks,
        checkpoint=checkpoint,
    )
    return model, history, optimizer


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", SCHEDULES)
def test_a_resumed_schedule_goes_on_as_if_nothing_had_happened(engine, kind, tmp_path):
    whole_rates, before, after = Rates(), Rates(stop=11), Rates()
    whole_model, whole, whole_optimizer = scheduled(engine, kind, whole_rates)
    path = tmp_path / "run.npz"
    with pytest.raises(KeyboardInterrupt):
        scheduled(engine, kind, before, path)
    model, resumed, optimizer = scheduled(engine, kind, after, path)
    assert resumed.steps == whole.steps
    assert resumed.epochs == whole.epochs
    assert before.seen[:9] + after.seen == whole_rates.seen  # the fourth epoch was cut off
    assert len(set(whole_rates.seen)) > 2
    for name in ("lr", "momentum"):
        assert optimizer.param_groups[0][name] == whole_optimizer.param_groups[0][name]
    for p, q in zip(whole_model.parameters(), model.parameters(), strict=True):
        np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())


@pytest.mark.parametrize("engine", ENGINES)
def test_schedules_step_when_they_should(engine):
    seen = {}
    for kind in SCHEDULES:
        scheduled(engine, kind, rates := Rates())
        seen[kind] = rates.seen
    t = np.arange(18)
    np.testing.assert_allclose(seen["per epoch"], 0.4 * 0.5 ** (t // 3 // 2))
    np.testing.assert_allclose(seen["per update"], 0.2 * (1 + np.cos(np.pi * t / 18)))
    np.testing.assert_allclose(seen["function"], 0.5 / (1 + t))
    np.testing.assert_allclose(seen["milestones"], 0.4 * 0.5 ** (2.0 * (t >= 3) + (t >= 8)))
    ramp = 0.4 * np.minimum(1, 1 / 3 + 2 / 3 * t / 5)
    stairs = 0.4 * 0.5 ** (1.0 * (t >= 13) + (t >= 16))
    np.testing.assert_allclose(seen["warm-up"], np.where(t < 11, ramp, stairs))


def test_a_plateau_is_told_the_measure():
    told = []

    class Listener:
        def __init__(self, optimizer):
            self.optimizer = optimizer

        def step(self, metrics):
            told.append(metrics)

        def state_dict(self):
            return {}

    model, loss, optimizer = parts("companion")
    listen = Schedule(Listener(optimizer), monitor="val_accuracy")
    history = fit(
        model, data(), loss, optimizer, epochs=3, validation=data(), callbacks=[listen]
    )
    assert told == history["val_accuracy"]
    with pytest.raises(KeyError, match=r"Schedule: no 'val_accuracy' in the history, only \['loss"):
        fit(model, data(), loss, optimizer, callbacks=[listen])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_schedule_that_cannot_work_says_why(engine):
    model, loss, optimizer = parts(engine)
    schedulers = ENGINES[engine][1].lr_scheduler
    plateau = schedulers.ReduceLROnPlateau(optimizer)
    steps = schedulers.StepLR(optimizer, 2)
    for wrong, message in (
        (lambda: Schedule(plateau), "monitor is None with a ReduceLROnPlateau; pass monitor='val"),
        (lambda: Schedule(steps, monitor="loss"), "'loss' with a StepLR; leave monitor out"),
        (lambda: Schedule(abs, monitor="loss"), "leave monitor out"),
        (lambda: Schedule(steps, every="batch"), "every is 'batch'; expected 'epoch' or 'step'"),
        (lambda: Schedule(plateau, "step", "loss"), "'loss' is measured once an epoch"),
    ):
        with pytest.raises(ValueError, match=message):
            wrong()
    other = parts(engine)[2]
    with pytest.raises(ValueError, match="the StepLR changes another optimizer; make it with"):
        fit(model, data(), loss, other, callbacks=[Schedule(steps)])


def test_foreign_checkpoint_is_refused_and_kept(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("precious")
    model, loss, optimizer = parts("companion")
    with pytest.raises(ValueError, match=r"notes.txt is not a checkpoint"):
        fit(model, data(), loss, optimizer, checkpoint=path)
    assert path.read_text() == "precious"


def test_history_survives_a_file(tmp_path):
    model, loss, optimizer = parts("companion")
    history = fit(model, data(), loss, optimizer, epochs=2)
    history.save(tmp_path / "history.json")
    assert vars(History.load(tmp_path / "history.json")) == vars(history)
    assert json.loads((tmp_path / "history.json").read_text())["epochs"]["loss"] == history["loss"]
    assert "2 epochs, 4 steps" in repr(history)


def test_evaluation_leaves_the_mode_and_records_nothing():
    model, _, _ = parts("companion")
    model.train()
    X, _ = data()
    predict(model, X)
    assert model.training
    assert model[0].weight.grad is None


def test_data_from_a_torch_loader():
    X, y = data()
    pairs = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(y))
    loader = torch.utils.data.DataLoader(pairs, batch_size=32)
    for engine in ENGINES:
        model, loss, optimizer = parts(engine)
        history = fit(model, loader, loss, optimizer, epochs=2)
        assert len(history.steps) == 6


def test_accuracy_in_closed_form():
    assert accuracy([[0, 1], [1, 0], [0, 1]], [1, 0, 0]) == pytest.approx(2 / 3)
    assert accuracy([-1.0, 2.0, 3.0, -4.0], [0, 1, 0, 0]) == 0.75
    assert accuracy([[-1.0], [2.0]], [0, 1]) == 1


def test_progress_is_quiet_when_nobody_watches(capfd):
    model, loss, optimizer = parts("companion")
    fit(model, data(), loss, optimizer)
    assert capfd.readouterr().err == ""
    fit(model, data(), loss, optimizer, progress=True)
    assert "epoch" in capfd.readouterr().err


def test_device_is_what_torch_says():
    assert device() == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["own", "torch"])
def test_predict_does_not_wake_layers_that_were_put_into_evaluation(engine):
    """A fresh container is in training, around layers that are not."""
    asleep, awake = engine.BatchNorm1d(3).eval(), engine.BatchNorm1d(3)
    model = engine.Sequential(engine.Sequential(asleep), awake)
    predict(model, np.ones((4, 3), np.float32))
    assert [m.training for m in (model, model[0], asleep, awake)] == [True, True, False, True]
    mean = engines.to_numpy(asleep.running_mean).copy()
    model(engines.adapt(model, np.ones((4, 3), np.float32))[0])
    np.testing.assert_array_equal(engines.to_numpy(asleep.running_mean), mean)
