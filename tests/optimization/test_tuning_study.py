"""The study: what a trial is worth, pruning, several workers on one journal, Optuna missing."""

import math
import os
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pytest
import torch

from companion.optimization.tuning import objective as trials
from companion.optimization.tuning.study import load_optuna, main, open_study

pytestmark = pytest.mark.reads("companion/**/*.py")

MODULE = "companion.optimization.tuning.study"
GOOD = {
    "rate": 0.01,
    "units": 32,
    "batch_size": 32,
    "hidden_layers": 1,
    "decay": 0.5,
    "one_minus_beta1": 0.1,
    "one_minus_beta2": 1e-3,
    "eps": 1e-8,
}


def start(path, *options):
    command = [sys.executable, "-m", MODULE, "--storage", str(path), *options]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def test_two_workers_share_one_study(tmp_path):
    path = tmp_path / "digits.journal"
    study = open_study(path)
    study.enqueue_trial(GOOD)
    workers = [start(path, "--trials", "4", "--epochs", "1") for _ in range(2)]
    said = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert [error for _, error in said] == ["", ""]
    assert sorted(trial.number for trial in study.trials) == list(range(8))
    assert {trial.state.name for trial in study.trials} == {"COMPLETE"}
    whose = [trial.user_attrs["worker"] for trial in study.trials]
    assert len(set(whose)) == 2
    assert [whose.count(name) for name in set(whose)] == [4, 4]
    # Nothing is drawn twice, and the queue was served.
    assert len({trial.params["rate"] for trial in study.trials}) == 8
    assert study.trials[0].params == pytest.approx(GOOD)
    # What a setting is worth depends on the setting alone.
    best = study.best_trial
    assert best.value == min(trial.value for trial in study.trials)
    assert trials.train(**best.params, epochs=1) == pytest.approx(best.value, rel=1e-4)


def test_a_killed_workers_trial_stays_running(tmp_path):
    study = open_study(tmp_path / "lost.journal", "lost")
    worker = start(
        tmp_path / "lost.journal", "--study", "lost", "--trials", "1", "--epochs", "9999999"
    )
    try:
        for _ in range(600):
            if worker.poll() is not None or any(len(t.params) == 8 for t in study.trials):
                break
            time.sleep(0.1)
        time.sleep(0.5)  # it trains now, and holds no lock
    finally:
        worker.kill()
        _, error = worker.communicate()
    assert [t.state.name for t in study.trials] == ["RUNNING"], error
    study.tell(0, state=load_optuna().trial.TrialState.FAIL)
    study.enqueue_trial(study.trials[0].params)
    assert [t.state.name for t in study.trials] == ["FAIL", "WAITING"]


def test_the_command_says_what_the_best_is(tmp_path, capsys):
    path = str(tmp_path / "here.journal")
    main(["--storage", path, "--trials", "2", "--epochs", "1", "--prune"])
    best = open_study(path).best_trial
    line = f"2 trials so far; best loss {best.value:.3f}, trial {best.number}\n"
    assert capsys.readouterr() == (line, "")


def test_a_studys_name_keeps_trials_apart(tmp_path):
    one, other = (open_study(tmp_path / "j", name) for name in ("one", "other"))
    one.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    assert (len(one.trials), len(other.trials)) == (2, 0)
    assert len(open_study(tmp_path / "j", "one").trials) == 2


def test_all_eight_are_asked_for_within_their_ranges():
    optuna = load_optuna()
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    for _ in range(200):
        trial = study.ask()
        assert trials.suggest(trial) == trial.params
        assert set(trial.params) == set(GOOD)
        study.tell(trial, 0.0)
    drawn = {name: [t.params[name] for t in study.trials] for name in GOOD}
    ranges = {
        "rate": (1e-4, 1),
        "units": (8, 128),
        "batch_size": (16, 128),
        "hidden_layers": (1, 3),
        "decay": (0.01, 1),
        "one_minus_beta1": (0.01, 1),
        "one_minus_beta2": (1e-3, 0.1),
        "eps": (1e-10, 1e-6),
    }
    for name, (low, high) in ranges.items():
        assert low <= min(drawn[name]) <= max(drawn[name]) <= high
        if name != "hidden_layers":  # log-uniform: half of them below the geometric mean
            below = np.mean(np.array(drawn[name]) < math.sqrt(low * high))
            assert 0.35 < below < 0.65, name


def test_training_equals_torch():
    from companion.data.batches import Batches
    from companion.gradients.layers import Linear
    from companion.training import manual_seed

    (X, y), (X_dev, y_dev) = trials.data()
    manual_seed(3)
    ours = [Linear(196, 12), Linear(12, 12), Linear(12, 10)]
    layers = [torch.nn.Linear(196, 12), torch.nn.Linear(12, 12), torch.nn.Linear(12, 10)]
    for mine, theirs in zip(ours, layers, strict=True):
        theirs.weight.data = torch.from_numpy(mine.weight.data.copy())
        theirs.bias.data = torch.from_numpy(mine.bias.data.copy())
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02, betas=(0.8, 0.99), eps=1e-7)
    for epoch in range(3):
        optimizer.param_groups[0]["lr"] = 0.02 * 0.1 ** (epoch / 2)
        for X_batch, y_batch in Batches(X, y, batch_size=50, seed=3).epoch(epoch):
            optimizer.zero_grad()
            scores = model(torch.from_numpy(X_batch))
            torch.nn.functional.cross_entropy(scores, torch.from_numpy(y_batch)).backward()
            optimizer.step()
    scores = model(torch.from_numpy(X_dev))
    expected = torch.nn.functional.cross_entropy(scores, torch.from_numpy(y_dev)).item()
    settings = {"rate": 0.02, "units": 12, "batch_size": 50, "hidden_layers": 2, "decay": 0.1}
    settings |= {"one_minus_beta1": 0.2, "one_minus_beta2": 0.01, "eps": 1e-7}
    # 32-bit numbers, 36 updates of Adam.
    assert trials.train(**settings, epochs=3, seed=3) == pytest.approx(expected, rel=1e-3)


def test_good_settings_learn_and_what_diverges_is_capped():
    assert trials.train(**GOOD) < 0.6  # guessing costs log 10 = 2.3
    with np.errstate(all="raise", under="ignore"):
        assert trials.train(**GOOD | {"rate": 1e30}) == trials.DIVERGED
    assert trials.capped(float("nan")) == trials.capped(math.inf) == trials.DIVERGED
    assert trials.capped(0.5) == 0.5


def test_a_poor_trial_is_pruned_and_a_good_one_is_not():
    optuna = load_optuna()
    pruner = optuna.pruners.MedianPruner(n_startup_trials=2)
    study = optuna.create_study(pruner=pruner)
    for rate in (0.002, 0.003, 1e-4, 0.015):
        study.enqueue_trial(GOOD | {"rate": rate})
    study.optimize(partial(trials.objective, report=True, epochs=3), n_trials=4)
    assert [t.state.name for t in study.trials] == ["COMPLETE", "COMPLETE", "PRUNED", "COMPLETE"]
    assert len(study.trials[2].intermediate_values) == 1
    for t in (study.trials[k] for k in (0, 1, 3)):
        assert sorted(t.intermediate_values) == [0, 1, 2]
        assert t.value == t.intermediate_values[2]


def test_without_reports_nothing_is_pruned():
    optuna = load_optuna()
    study = optuna.create_study(pruner=optuna.pruners.ThresholdPruner(upper=0.0))
    study.enqueue_trial(GOOD)
    study.optimize(partial(trials.objective, epochs=1), n_trials=1)
    assert study.trials[0].state.name == "COMPLETE"
    assert not study.trials[0].intermediate_values


def test_the_module_is_light_and_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['optuna'] = None\n"
        f"import {MODULE} as study\n"
        "assert 'torch' not in sys.modules\n"
        "try: study.open_study('x')\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == (
        "searches need Optuna, which is not installed; "
        "run: pip install 'deep-learning-companion[tuning]'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_importing_the_study_does_not_import_optuna():
    code = f"import sys, {MODULE}; print('optuna' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_study_without_trials_says_so(tmp_path, capsys):
    main(["--storage", str(tmp_path / "new.journal"), "--trials", "0"])
    assert capsys.readouterr().out == "0 trials so far, none of them complete\n"


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"garbage{\n", [], "is no journal of a study, or a damaged one (line 1: b'garbage{"),
        (b"no line end", [], "is no journal of a study, or a damaged one (line 1: b'no line end"),
        (b"\xff\xfe\n", [], "is no journal of a study, or a damaged one (line 1: b'\\xff"),
        (b'{"a": 1}\n', [], "is no journal of a study, or a damaged one (line 1: "),
        (b"[1]\n", [], "is no journal of a study, or a damaged one (line 1: "),
        (b'{"op_code":0}\n', [], "is no journal of a study, or a damaged one (KeyError: "),
        (b'{"op_code":0}\n{}\n', [], "is no journal of a study, or a damaged one (line 2: "),
        (b"", ["--trials", "-1"], "--trials cannot be -1"),
        (b"", ["--epochs", "0"], "--epochs cannot be 0"),
        (b"", ["--storage", "none/x.journal"], "No such file or directory: 'none/x.journal'"),
    ],
)
def test_a_study_that_cannot_be_done_is_one_line(tmp_path, capsys, content, options, said):
    path = tmp_path / "a.journal"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as end:
        main(["--storage", str(path), *options])
    assert end.value.code == 2
    assert said in capsys.readouterr().err
    assert path.read_bytes() == content
