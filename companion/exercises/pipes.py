"""Threads on the pipes of a child process, so that the grader itself never waits on a pipe.

Threads and queues, not `select`, because pipes cannot be selected on Windows. Every queue and
buffer has a limit: a child cannot fill the grader's memory.
"""

import contextlib
import os
import queue
import re
import threading
import time

from companion.exercises import wire

KEPT = 64 << 10
_MARK = re.compile(rb"\0companion:\d+\0")


class FrameReader:
    """Reads whole frames; `get` hands them out until a deadline."""

    def __init__(self, file):
        self._file = file
        self._frames = queue.Queue(maxsize=2)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        # A child that fills the queue unasked is not read any further.
        with contextlib.suppress(queue.Full), self._file:
            try:
                while header := self._exactly(wire.HEADER.size):
                    self._frames.put_nowait(header + self._exactly(sum(wire.sizes(header))))
                self._frames.put_nowait(None)
            except (wire.BadFrame, OSError, MemoryError) as error:
                self._frames.put_nowait(error)

    def _exactly(self, size):
        parts, missing = [], size
        while missing and (part := os.read(self._file.fileno(), min(missing, 1 << 20))):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def unasked(self) -> bool:
        """Whether something has arrived that nobody asked for."""
        return not self._frames.empty()

    def get(self, deadline):
        """Return the next frame, None at the end of the pipe; raise queue.Empty when too late."""
        item = self._frames.get(timeout=max(deadline - time.monotonic(), 0.001))
        if isinstance(item, Exception):
            raise wire.BadFrame(str(item))
        return item


class FrameWriter:
    """Writes frames in the background: a child that does not read cannot hold the grader up."""

    def __init__(self, file):
        self._file = file
        self._frames = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        with contextlib.suppress(OSError), self._file:
            while frame := self._frames.get():
                view = memoryview(frame)
                while view:
                    view = view[os.write(self._file.fileno(), view[: 1 << 16]) :]

    def put(self, frame):
        """Hand over a frame; None ends the writing."""
        self._frames.put(frame)


class Printed:
    """Keeps the first 64 KB of what a child prints and calls out when it is far too much."""

    def __init__(self, file, most, too_much):
        self._file = file
        self._most = most
        self._too_much = too_much
        self._news = threading.Condition()
        self._kept = b""
        self._tail = b""
        self._count = 0
        self._ended = False
        self.flooded = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        with contextlib.suppress(OSError), self._file:
            while chunk := os.read(self._file.fileno(), 1 << 16):
                with self._news:
                    self._count += len(chunk)
                    self._kept += chunk[: KEPT - len(self._kept)]
                    self._tail = (self._tail + chunk)[-256:]
                    self._news.notify_all()
                if self._count > self._most and not self.flooded:
                    self.flooded = True
                    self._too_much()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, mark, seconds):
        """Wait until a mark of the worker has been read: all that was printed before is here."""
        with self._news:
            self._news.wait_for(lambda: self._ended or mark in self._tail, seconds)

    def join(self, seconds):
        """Wait for the end of the output."""
        self._thread.join(seconds)

    def take(self) -> str:
        """Return what was printed since the last call, and begin to count anew."""
        with self._news:
            data, cut = _MARK.sub(b"", self._kept), self._count > KEPT
            self._kept, self._count = b"", 0
        text = data.decode("utf-8", "replace")
        return text + "\n… (more was printed)" if cut else text
