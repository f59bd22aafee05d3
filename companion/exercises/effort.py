"""How much a child has worked: seconds of the processor, which other programs do not lengthen."""

import contextlib
import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
GROUP, OWN, OF_CHILDREN = 2, slice(11, 13), slice(13, 15)
"""Places in ``/proc/<pid>/stat`` behind the name of the program."""


def seconds_worked(group):
    """Add up what the processes of a group have worked.

    Parameters
    ----------
    group : int
        Number of the process group.

    Returns
    -------
    float or None
        Seconds of the processor, those of ended children included; None where the system does not
        tell.
    """
    entries = list(Path("/proc").glob("[0-9]*/stat"))
    if not entries:
        return None
    ticks = 0
    for entry in entries:
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = entry.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[GROUP]) == group:
                ticks += sum(map(int, fields[OWN] + fields[OF_CHILDREN]))
    return ticks / TICKS
