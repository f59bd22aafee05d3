"""On what a table of speeds was measured."""

import platform
import re
from pathlib import Path

import numpy as np
import torch


def machine(threads):
    """Processor, threads and versions, to be written beside what was measured."""
    return {
        "processor": _processor(),
        "threads": threads,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }


def _processor():
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux
        return platform.processor()
    return re.search(r"model name\s*: (.*)", told)[1]
