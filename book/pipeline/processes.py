"""Running other programs so that an interrupt ends them and everything they started."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

MARK = "@pipeline "  # begins a line by which a program we run tells how far it is


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    each_line: Callable[[str], None],
) -> int:
    """Run ``command``, hand over its output line by line and return its exit code.

    The program gets a session of its own: a Ctrl-C reaches this process only, which then
    ends the whole tree, so that no kernel or worker is left behind.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        for line in process.stdout:
            each_line(line.rstrip("\n"))
        return process.wait()
    finally:
        end_tree(process.pid)


def end_tree(pid: int) -> None:
    """End a process and its descendants: first politely, then for good."""
    try:
        root = psutil.Process(pid)
        family = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return
    for process in family:
        _send(process, process.terminate)
    _, alive = psutil.wait_procs(family, timeout=3)
    for process in alive:
        _send(process, process.kill)


def interrupt_on_termination() -> None:
    """Treat a polite request to end (``kill``, a closed terminal) like Ctrl-C.

    Ctrl-C itself is set as well: a program started in the background inherits it ignored.
    """

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


def _send(process: psutil.Process, action: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        action()
