"""One child process, seen from the grader: start it, ask it, never wait for it too long.

The code in the child is not trusted. It answers with frames of `companion.exercises.wire` only,
within time limits that the grader keeps; whatever else it does ends the child and raises `Lost`.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from companion.exercises import wire, worker
from companion.exercises.effort import seconds_worked
from companion.exercises.failures import Different, Lost, Raised, Unfinished
from companion.exercises.pipes import FrameReader, FrameWriter, Printed

# One thread each: a grader must be fair on a busy machine, and each OpenBLAS thread reserves
# address space that would count against the memory limit.
THREADS = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
PATIENCE = 6
"""How many times its limit a call may take by the clock while other programs hold it up."""
IDLE = 0.05
"""Who works less than this share of the time does not compute, but waits."""
KEYS = {
    "ready": set(),
    "value": {"value", "changed"},
    "unsendable": {"text"},
    "raised": {"types", "text", "where"},
}


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds for a call and for the start, bytes of memory, output.

    Seconds are of the clock, but for a machine that is busy otherwise (see `PATIENCE`).
    """

    call: float = 10.0
    start: float = 20.0
    memory: int = 4 << 30
    printed: int = 1 << 20


class Child:
    """A process that runs one `Program` and answers calls of its function.

    Parameters
    ----------
    limits : Limits
        Time, memory and output.
    """

    def __init__(self, limits):
        self.limits = limits
        self._number = 0
        self.closed = False
        self._folder = tempfile.TemporaryDirectory(prefix="companion-", ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-u", "-X", "utf8", worker.__file__, str(limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=self._folder.name,
            env=environment(self._folder.name),
            start_new_session=True,
        )
        self._writer = FrameWriter(self.process.stdin)
        self._reader = FrameReader(self.process.stdout)
        self.printed = Printed(self.process.stderr, limits.printed, self._kill)

    def load(self, program):
        """Run the program's statements; its function can be called from then on."""
        parts = {name: sendable(pieces) for name, pieces in program.parts}
        request = {
            "kind": "load",
            "pieces": sendable(program.pieces),
            "function": program.function,
            "parts": parts,
        }
        self._ask(request, self.limits.start, f"the code around {program.function}")

    def call(self, name, args, kwargs):
        """Return the function's value and the positions or names of the inputs it changed.

        Raises
        ------
        Raised, Different, Lost
            In place of a value.
        """
        request = {"kind": "call", "args": list(args), "kwargs": kwargs}
        answer = self._ask(request, self.limits.call, name)
        return answer["value"], tuple(answer["changed"])

    def _ask(self, request, seconds, name):
        self._number += 1
        if self._reader.unasked():
            self.close()
            raise Lost("answered before it was asked")
        self._writer.put(wire.pack({"id": self._number, **request}))
        try:
            frame = self._answer(seconds)
        except queue.Empty:
            self.close()
            reason = f"{name} did not finish within {seconds:g} s: does a loop never end?"
            raise Lost(reason, slow=True) from None
        except wire.BadFrame as error:
            raise self._lost(name, error) from None
        if frame is None:
            raise self._lost(name)
        try:
            answer = checked(wire.unpack(frame), self._number)
        except wire.BadFrame as error:
            raise self._lost(name, error) from None
        self.printed.wait_for(worker.MARK % self._number, 0.5)
        if self.printed.flooded or self.process.poll() is not None:
            raise self._lost(name)
        if answer["kind"] == "unsendable":
            raise Different(f"{name} returned {answer['text']}.")
        if answer["kind"] == "raised":
            last = answer["where"].rpartition("\n")[2]
            stub = answer["types"][0] == "NotImplementedError" and answer["types"][0] in last
            kind = Unfinished if stub else Raised
            raise kind(answer["types"], answer["text"], answer["where"])
        return answer

    def _answer(self, seconds):
        """Return the next frame; raise queue.Empty when the child has had its time.

        A limit is meant for computing. On a busy machine a child gets its turn late: as long as it
        computes, and has not computed for as long as it may, it is waited for.
        """
        start, before = time.monotonic(), seconds_worked(self.process.pid)
        end, deadline = start + PATIENCE * seconds, start + seconds
        while True:
            try:
                return self._reader.get(deadline)
            except queue.Empty:
                now, after = time.monotonic(), seconds_worked(self.process.pid)
                if before is None or after is None or now >= end:
                    raise
                worked = after - before
                if worked < IDLE * (now - start) or worked > 0.8 * seconds:
                    raise
                deadline = min(end, now + seconds - worked)

    def _lost(self, name, error=None):
        """Return why there is no answer, after the process has ended."""
        if error is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
        status = self.process.poll()
        self.close()
        if self.printed.flooded:
            return Lost(f"{name} printed more than {self.limits.printed >> 20} MB")
        if error is not None:
            return Lost(f"{name} wrote into the grader's own connection ({error})")
        if status is None:
            return Lost(f"{name} closed the connection to the grader")
        if status < 0:
            with contextlib.suppress(ValueError):
                status = signal.Signals(-status).name
            hint = {"SIGSEGV": ": is the recursion endless?", "SIGKILL": ": out of memory?"}
            return Lost(f"the process that ran {name} was ended by {status}{hint.get(status, '')}")
        return Lost(f"{name} ended the Python process (exit status {status})")

    def _kill(self):
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    def close(self):
        """End the process and all that it started; may be called twice."""
        if self.closed:
            return
        self.closed = True
        try:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                self.process.terminate()  # the process between us and the worker cleans up first
                self.process.wait(1)
        finally:
            self._kill()
        self.process.wait()
        self.printed.join(0.5)
        self._writer.put(None)
        self._folder.cleanup()


def sendable(pieces):
    """Return pieces of code as lists, as a frame carries them."""
    return [(piece.name, piece.text, list(piece.kept)) for piece in pieces]


def checked(answer, number):
    """Return an answer of the child after its form has been checked."""
    given = answer.get("id") if type(answer) is dict else None
    if type(given) is not int or given != number:
        raise wire.BadFrame("not an answer to the question asked")
    kind = answer.get("kind")
    if type(kind) is not str or set(answer) != {"id", "kind"} | KEYS.get(kind, {"?"}):
        raise wire.BadFrame("an answer of an unknown kind")
    if kind == "value" and not is_list_of(answer["changed"], (int, str)):
        raise wire.BadFrame("changed inputs that are no list")
    if kind == "raised" and not (answer["types"] and is_list_of(answer["types"], (str,))):
        raise wire.BadFrame("an exception without a type")
    if any(type(answer[key]) is not str for key in ("text", "where") if key in answer):
        raise wire.BadFrame("a message that is no text")
    return answer


def is_list_of(value, kinds) -> bool:
    """Whether a decoded value is a list of nothing but these types."""
    return type(value) is list and all(type(item) in kinds for item in value)


def environment(folder):
    """Return the few environment variables a child gets: nothing of the learner's own."""
    inherited = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {
        **{name: os.environ[name] for name in inherited if name in os.environ},
        **{f"{name}_NUM_THREADS": "1" for name in THREADS},
        **dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), str(Path(folder))),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
    }
