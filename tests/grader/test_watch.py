"""``--watch``: re-checks what changed, waits for half-written files, ends cleanly."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from companion.exercises import progress
from companion.exercises.checking import Checking
from companion.exercises.results import report
from companion.exercises.watch import Watch, watch
from companion.exercises.work import check_file, find_work

ANSWER = "return X - X.mean(axis=0)"


@pytest.fixture
def state(course, work):
    return Watch(lambda: find_work(course, work)[1])


def names(changes):
    return [exercise.id for _, exercises, _ in changes[0] for exercise in exercises]


def edit(path, old, new, how="write"):
    """Change a file as editors do: write into it, or put a new file in its place."""
    stub = f"{old}\\n" if old.endswith('"""') else old
    text = path.read_text()
    assert stub in text
    text = text.replace(stub, new, 1)
    if how == "write":
        path.write_text(text)
    else:
        other = path.with_name(".new")
        other.write_text(text)
        os.replace(other, path)


def test_at_first_everything_is_new_and_then_nothing(state):
    assert len(names(state.changes())) == 6
    assert names(state.changes()) == []


@pytest.mark.parametrize("how", ["write", "replace"])
def test_only_what_changed_is_checked(state, work, how):
    state.changes()
    path = work / "toys/lines.ipynb"
    edit(path, "ln x for x > 0.", "ln x, for x > 0.", how)
    assert names(state.changes()) == ["careful-log"]
    edit(path, "import numpy as np", "import numpy as np, math", how)
    assert names(state.changes()) == []  # no stub uses np yet


def test_touching_or_adding_a_plot_checks_nothing(state, work):
    state.changes()
    path = work / "toys/lines.ipynb"
    os.utime(path, (1, 1))
    assert names(state.changes()) == []
    notebook = json.loads(path.read_text())
    notebook["cells"].insert(1, {"cell_type": "code", "source": "plot(centred)"})
    path.write_text(json.dumps(notebook))
    assert names(state.changes()) == []


def test_a_helper_counts_as_well(course, tmp_path):
    path = tmp_path / "lines.py"
    path.write_text("def helper(X): return X\ndef centred(X): return helper(X)\n")
    state = Watch(lambda: find_work(course, path)[1])
    state.changes()
    path.write_text("def helper(X): return X + 1\ndef centred(X): return helper(X)\n")
    assert names(state.changes()) == ["centred"]


def test_a_half_written_notebook_is_told_once_and_waited_for(state, work):
    state.changes()
    path = work / "toys/lines.ipynb"
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    changes, troubles = state.changes()
    assert changes == []
    assert "is not a readable notebook" in troubles[0]
    assert state.changes() == ([], [])
    path.write_text(whole.replace("ln x for", "the ln x for"))
    assert names(state.changes()) == ["careful-log"]


def test_a_file_that_vanishes_and_comes_back(state, work):
    state.changes()
    path = work / "toys/lines.ipynb"
    text = path.read_text()
    path.unlink()
    assert names(state.changes()) == []
    path.write_text(text.replace("ln x for", "the ln x for"))
    assert names(state.changes()) == ["careful-log"]


def test_totals_are_those_of_the_whole_folder(course, work, state):
    checking = Checking(course, work)
    of_all = checking._merged([check_file(*change[:2]) for change in state.changes()[0]])
    edit(work / "toys/lines.ipynb", "ln x for x > 0.", "ln x, for x > 0.")
    changed = [check_file(*change[:2]) for change in state.changes()[0]]
    assert len(changed) == 1
    again = checking._merged(changed)
    assert report(again)["possible"] == report(of_all)["possible"] == 14
    assert [e.id for r in again for e in r.exercises] == [e.id for r in of_all for e in r.exercises]


def test_the_loop_reports_and_goes_on(state, course, work, monkeypatch):
    monkeypatch.setattr("companion.exercises.watch.INTERVAL", 0)
    path = work / "toys/lines.ipynb"
    whole, seen, told = path.read_text(), [], []

    def checked(changes):
        seen.append(names((changes,)))
        path.write_text(whole[:50])

    def trouble(line):
        told.append(line)
        path.write_text(whole.replace("ln x for", "the ln x for"))

    watch(lambda: find_work(course, work)[1], checked, trouble, rounds=3)
    assert len(seen[0]) == 6
    assert seen[1] == ["careful-log"]
    assert len(told) == 1


@pytest.mark.parametrize("after", ["Signed", "Watching", "A careful", "did not finish"])
def test_interrupted_at_any_moment_progress_is_whole(work, after):
    """Interrupt while results are shown, while waiting, and while a submission runs."""
    path = work / "toys/lines.ipynb"
    edit(path, "ln x for x > 0.", "ln x.")
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "companion.cli", "check", str(work), "--watch"],
        # A test run in the background has Ctrl-C ignored, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"},
    )
    if after == "did not finish":
        for line in running.stdout:
            if "Watching" in line:
                break
        loop = "raise NotImplementedError"
        path.write_text(path.read_text().replace(loop, "open('here', 'w')\\n\",\n\"    while 1: 0"))
        # Not a wait for the clock: the next line of output can only be the interrupt's.
        assert any(worker_of(running.pid) for _ in range(1_000_000))
    else:
        for line in running.stdout:
            if after in line:
                break
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, err) == (0, "")
    assert "Stopped; your progress is kept." in out
    assert progress.read(progress.file_for(work)).warning == ""
    assert not worker_of(running.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not tell a child of the death")
def test_a_grader_that_is_killed_takes_the_submission_with_it(work):
    path = work / "toys/lines.py"
    path.write_text("import os\ndef centred(X):\n    os.write(1, b'running')\n    while 1: 0\n")
    running = subprocess.Popen([sys.executable, "-m", "companion.cli", "check", str(path)])
    keeper = first(worker_of(running.pid) for _ in range(1_000_000))
    worker = first(worker_of(keeper) for _ in range(1_000_000))
    running.kill()
    running.wait()
    latest = time.monotonic() + 60
    while not is_gone(worker):
        assert time.monotonic() < latest, "the submission still runs"
        time.sleep(0.01)


def is_gone(pid):
    """Whether a process has ended, collected by its parent or not."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def first(found):
    return int(next(filter(None, found))[0])


def worker_of(pid):
    """The child processes of a process, as the system lists them."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return file.read().split()
    except FileNotFoundError:
        return []
