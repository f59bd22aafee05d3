"""A limit is one of computing: a machine that is busy otherwise changes no verdict."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from companion.exercises import child
from companion.exercises.child import Limits
from companion.exercises.effort import seconds_worked

SPIN = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\n"
needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/1"), reason="this system does not tell")


@needs_proc
def test_work_is_counted_by_group_with_that_of_children():
    inner = SPIN.format(0.4)
    code = f"import subprocess, sys\n{SPIN.format(0.3)}"
    code += f"subprocess.run([sys.executable, '-c', {inner!r}])"
    process = subprocess.Popen([sys.executable, "-c", code + "\ninput()"], stdin=subprocess.PIPE,
                               start_new_session=True)  # fmt: skip
    try:
        end = time.monotonic() + 60
        while seconds_worked(process.pid) < 0.65 and time.monotonic() < end:
            time.sleep(0.05)
        assert 0.65 <= seconds_worked(process.pid) < 5
        rest = seconds_worked(process.pid)
        time.sleep(0.3)
        assert seconds_worked(process.pid) - rest < 0.15
    finally:
        process.kill()
        process.communicate()
    assert seconds_worked(process.pid) == 0


@pytest.fixture
def speed(monkeypatch):
    """Let the grader believe that children compute with this share of the time."""

    def believed(share):
        worked = (lambda group: share * time.monotonic()) if share else (lambda group: None)
        monkeypatch.setattr(child, "seconds_worked", worked)

    return believed


SLEEPS = "import time\ndef centred(X):\n    time.sleep(0.9)\n    return X - X.mean(axis=0)"


@pytest.mark.parametrize(
    ("share", "finishes"),
    [(0.3, True), (0.01, False), (1.0, False), (None, False)],
    ids=["held up", "idle", "not held up", "unknown"],
)
def test_who_is_held_up_is_waited_for(grade_code, speed, share, finishes):
    speed(share)
    first = grade_code(SLEEPS, "centred", limits=Limits(call=0.5)).checks[0]
    assert ("did not finish within 0.5 s" in first.message) == (not finishes)


def test_patience_ends(grade_code, speed):
    speed(0.06)
    start = time.monotonic()
    code = "import time\ndef centred(X):\n    time.sleep(60)"
    first = grade_code(code, "centred", limits=Limits(call=0.2)).checks[0]
    assert "did not finish within 0.2 s" in first.message
    assert time.monotonic() - start < 30


@needs_proc
def test_a_process_that_is_stopped_now_and_then_gets_its_time(grade_code, monkeypatch):
    """For a second and a half it gets a fifth of the processor, as on a crowded machine."""
    groups = []

    def noted(group):
        groups.append(group)
        return seconds_worked(group)

    monkeypatch.setattr(child, "seconds_worked", noted)
    finished = threading.Event()

    def hold_up():
        while not finished.is_set():
            for group in groups[-1:]:
                try:
                    os.killpg(group, signal.SIGSTOP)
                    time.sleep(0.08)
                    os.killpg(group, signal.SIGCONT)
                except ProcessLookupError:
                    pass
            time.sleep(0.02)

    holder = threading.Thread(target=hold_up, daemon=True)
    holder.start()
    code = "import time\ndef centred(X):\n    end = time.process_time() + 0.4\n" \
           "    while time.process_time() < end: pass\n    return X - X.mean(axis=0)"  # fmt: skip
    try:
        first = grade_code(code, "centred", limits=Limits(call=1.0, start=60)).checks[0]
    finally:
        finished.set()
        holder.join()
    assert first.status == "passed", first.message
