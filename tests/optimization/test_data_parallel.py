"""Several processes make the updates of one; a run that is killed goes on as if it had not been.

Nothing here needs a network: the workers meet at a free port of the loopback interface.
"""

import json
import pickle
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion.data.batches import Batches
from companion.optimization.data_parallel import checkpoint, train
from companion.optimization.data_parallel.launch import launch
from companion.optimization.data_parallel.ring import ring_all_reduce
from companion.optimization.data_parallel.sharding import shard

pytestmark = pytest.mark.reads("companion/**/*.py")

TIMEOUT = 300  # of each run, on a machine that is busy with something else

# 131 examples in batches of 33: the parts of two workers differ in length.
OPTIONS = [
    *("--examples", 131, "--batch-size", 33, "--epochs", 3, "--save-every", 4),
    *("--dtype", "float64", "--hidden", 8, "--timeout", TIMEOUT),
]
STEPS = 12


def finished(out):
    return checkpoint.load(out / "checkpoint.pt")


def assert_equal(a, b):
    """Bit for bit, whatever is nested."""
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        for key in a:
            assert_equal(a[key], b[key])
    elif isinstance(a, list):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_equal(one, other)
    elif isinstance(a, torch.Tensor):
        assert torch.equal(a, b)
    else:
        assert a == b


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run of one process, without torch.distributed."""
    out = tmp_path_factory.mktemp("alone")
    train.main([*map(str, OPTIONS), "--out", str(out)])
    return finished(out)


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """The same run by two processes, and how long an update takes."""
    out = tmp_path_factory.mktemp("together")
    done = launch(*OPTIONS, "--out", out, "--measure", 16, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    return finished(out), json.loads((out / "timing.json").read_text(encoding="utf-8"))


# --- the parts of a batch ----------------------------------------------------------------------


@given(st.integers(0, 40), st.integers(1, 9))
def test_parts_hold_each_example_once_and_are_about_equal(size, workers):
    batch = np.random.default_rng(size).permutation(1000)[:size]
    parts = [shard(batch, rank, workers) for rank in range(workers)]
    assert sorted(np.concatenate(parts)) == sorted(batch)
    lengths = [len(part) for part in parts]
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize(("rank", "workers"), [(2, 2), (-1, 2), (0, 0)])
def test_there_is_no_such_worker(rank, workers):
    with pytest.raises(ValueError, match=f"rank is {rank}; with {workers} workers"):
        shard(np.arange(4), rank, workers)


def test_equal_parts_are_those_of_torch_s_sampler():
    from torch.utils.data import DistributedSampler

    examples = list(range(24))
    for rank in range(4):
        sampler = DistributedSampler(examples, num_replicas=4, rank=rank, shuffle=False)
        assert list(shard(examples, rank, 4)) == list(sampler)


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_shares_of_the_workers_add_up_to_the_gradient_of_the_batch(workers):
    """Also where parts differ in length or are empty; no processes needed for that."""
    torch.manual_seed(workers)
    X, y = torch.randn(4, 6, dtype=torch.float64), torch.tensor([0, 2, 1, 2])
    model = torch.nn.Linear(6, 3).double()
    expected = torch.nn.functional.cross_entropy(model(X), y)
    expected.backward()
    wanted = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    parts = [shard(np.arange(4), rank, workers) for rank in range(workers)]
    shares = [train.backward(model, X[part], y[part], 4, workers) for part in parts]
    assert sum(shares) == pytest.approx(expected.item(), abs=1e-14)
    for p, gradient in zip(model.parameters(), wanted, strict=True):
        torch.testing.assert_close(p.grad / workers, gradient, rtol=0, atol=1e-14)


# --- the ring ----------------------------------------------------------------------------------


@given(st.integers(1, 7), st.integers(0, 30), st.integers(0, 2**20))
def test_each_worker_gets_the_sum(workers, length, seed):
    vectors = np.random.default_rng(seed).normal(size=(workers, length))
    kept = vectors.copy()
    sums, sent = ring_all_reduce(vectors)
    np.testing.assert_array_equal(vectors, kept)
    for held in sums:
        np.testing.assert_allclose(held, vectors.sum(axis=0), rtol=0, atol=1e-13)
        np.testing.assert_array_equal(held, sums[0])  # the same bits everywhere
    assert sent.sum() == 2 * (workers - 1) * length


@pytest.mark.parametrize("workers", [1, 2, 4, 8])
def test_what_is_sent_in_closed_form(workers):
    _, sent = ring_all_reduce(np.ones((workers, 24 * workers)))
    np.testing.assert_array_equal(sent, 2 * (workers - 1) * 24)


@pytest.mark.parametrize("vectors", [[], [np.ones(3), np.ones(4)], [np.ones((2, 2))]])
def test_vectors_must_fit(vectors):
    with pytest.raises(ValueError, match="expected at least one vector, all of one length"):
        ring_all_reduce(vectors)


# --- two processes -----------------------------------------------------------------------------


def test_gradients_of_two_processes_equal_those_of_one(alone, together):
    run, _ = together
    assert run["gradients"].keys() == alone["gradients"].keys()
    for name, gradient in alone["gradients"].items():
        assert gradient.abs().max() > 1e-3
        torch.testing.assert_close(run["gradients"][name], gradient, rtol=0, atol=1e-12)


def test_weights_and_losses_of_two_processes_equal_those_of_one(alone, together):
    run, _ = together
    assert run["step"] == alone["step"] == len(run["losses"]) == STEPS
    for name, weights in alone["model"].items():
        assert weights.dtype == torch.float64
        torch.testing.assert_close(run["model"][name], weights, rtol=0, atol=1e-10)
    np.testing.assert_allclose(run["losses"], alone["losses"], rtol=0, atol=1e-10)


def test_losses_are_those_of_plain_torch(alone):
    """One process by the program equals a loop that knows nothing of parts and checkpoints."""
    X, y = train._examples(131, torch.float64)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(196, 8), torch.nn.ReLU(), torch.nn.Linear(8, 10))
    model, losses = model.double(), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    batches = Batches(X.numpy(), y.numpy(), batch_size=33)
    for inputs, labels in (batch for epoch in range(3) for batch in batches.epoch(epoch)):
        scores = model(torch.from_numpy(inputs))
        loss = torch.nn.functional.cross_entropy(scores, torch.from_numpy(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    np.testing.assert_allclose(alone["losses"], losses, rtol=0, atol=1e-10)


def test_timing_has_a_row_for_each_network_and_size(together):
    _, rows = together
    assert [(row["hidden"], row["batch"]) for row in rows] == [(64, 16), (512, 16)]
    for row in rows:
        h = row["hidden"]
        assert row["parameters"] == 197 * h + (h + 1) * h + (h + 1) * 10
        assert all(row[name] > 0 for name in ("alone", "compute", "reduce", "both"))


KILL = ["--kill-rank", 1, "--kill-step", 6]  # one worker dies before update 6


def test_a_killed_run_ends_bit_for_bit_as_the_uninterrupted_one(together, tmp_path):
    """torchrun starts both workers anew, and they go on from update 4."""
    done = launch(*OPTIONS, *KILL, "--out", tmp_path, restarts=1, timeout=TIMEOUT)
    assert "exitcode: -9" in done.stderr  # SIGKILL
    assert done.returncode == 0, done.stderr
    run, (uninterrupted, _) = finished(tmp_path), together
    assert run.pop("lives") == [0, 4]
    assert run.pop("seconds") > 0
    expected = {k: v for k, v in uninterrupted.items() if k not in ("lives", "seconds")}
    assert_equal(run, expected)
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint.pt"]  # no drafts


def test_what_two_workers_left_one_can_finish(alone, tmp_path):
    """Without restarts the run ends with an error; the checkpoint is whole, for any number."""
    done = launch(*OPTIONS, *KILL, "--out", tmp_path, timeout=TIMEOUT)
    assert done.returncode != 0
    assert "exitcode: -9" in done.stderr
    assert finished(tmp_path)["step"] == 4
    train.main([*map(str, OPTIONS), "--out", str(tmp_path)])
    run = finished(tmp_path)
    assert run["lives"] == [0, 4]
    assert run["step"] == len(run["losses"]) == STEPS
    for name, weights in alone["model"].items():
        torch.testing.assert_close(run["model"][name], weights, rtol=0, atol=1e-10)
    np.testing.assert_allclose(run["losses"], alone["losses"], rtol=0, atol=1e-10)


def test_one_process_goes_on_bit_for_bit(alone, tmp_path):
    arguments = [*map(str, OPTIONS), "--out", str(tmp_path)]
    train.main([*arguments, "--epochs", "1"])
    train.main(arguments)
    run = finished(tmp_path)
    assert run.pop("lives") == [0, STEPS // 3]
    assert run.pop("seconds") > 0
    assert_equal(run, {k: v for k, v in alone.items() if k not in ("lives", "seconds")})


def gone(pid, seconds=TIMEOUT):
    """Whether a process ends within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True  # it has ended; nobody has asked how
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False


def read_when_there(path, seconds=TIMEOUT):
    """Return the number in a file that another process is about to write."""
    end = time.monotonic() + seconds
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < end, f"{path.name} was never written"
        time.sleep(0.05)
    return int(path.read_text())


def test_a_run_that_takes_too_long_is_ended_with_its_workers(tmp_path, monkeypatch):
    (tmp_path / "sleeper.py").write_text(
        "import os, pathlib, time\n"
        f"pathlib.Path({str(tmp_path)!r}, os.environ['RANK']).write_text(str(os.getpid()))\n"
        "time.sleep(600)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    pids = []

    def until_both_are_there(agent, timeout):
        pids.extend(read_when_there(tmp_path / rank) for rank in "01")
        raise subprocess.TimeoutExpired(agent.args, timeout)

    monkeypatch.setattr(subprocess.Popen, "communicate", until_both_are_there)
    with pytest.raises(subprocess.TimeoutExpired):
        launch(module="sleeper", timeout=1)
    assert len(pids) == 2
    assert all(map(gone, pids))


def test_a_worker_leaves_when_its_agent_is_gone(tmp_path):
    """The agent is killed, so it cannot say goodbye."""
    worker = (
        "import os, pathlib, time; from companion.optimization.data_parallel import train; "
        "train._leave_with_the_agent(); "
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())); time.sleep(600)"
    )
    agent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {worker!r}])"
    with subprocess.Popen([sys.executable, "-c", agent]) as process:
        pid = read_when_there(tmp_path / "pid")
        process.kill()
    assert gone(pid)


def test_torch_is_imported_only_where_it_is_needed():
    code = (
        "import sys; from companion.optimization.data_parallel import launch, ring, sharding; "
        "import companion.optim; print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- the checkpoint ----------------------------------------------------------------------------


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "folder" / "state.pt"
    assert checkpoint.load(path) is None
    checkpoint.save(path, {"step": 1})

    def full_disk(state, file):
        file.write(b"half a")
        raise OSError("no space left")

    monkeypatch.setattr(torch, "save", full_disk)
    with pytest.raises(OSError, match="no space left"):
        checkpoint.save(path, {"step": 2})
    assert checkpoint.load(path) == {"step": 1}
    assert [p.name for p in path.parent.iterdir()] == ["state.pt"]


class Malicious:
    def __reduce__(self):
        return (print, ("this must not run",))


def test_a_file_that_brings_code_is_refused(tmp_path, capsys):
    torch.save({"step": Malicious()}, tmp_path / "state.pt")
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        checkpoint.load(tmp_path / "state.pt")
    assert "must not run" not in capsys.readouterr().out
