"""``companion doctor``: what is installed, what is missing, what this machine can do."""

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires, version

from companion.exercises.progress import state_folder

DISTRIBUTION = "deep-learning-companion"
FINE, MISSING, BAD = "fine", "missing", "bad"
CUDA = "import torch; print(torch.cuda.is_available() or torch.backends.mps.is_available())"


def examine(course_folder=None, ask_torch=False):
    """Yield findings: (state, what, details).

    Parameters
    ----------
    course_folder : str, optional
        As for ``--course``.
    ask_torch : bool
        Start torch to see whether it finds a GPU; takes some seconds.
    """
    yield FINE, "Python", f"{platform.python_version()} on {platform.platform(terse=True)}"
    yield from packages()
    yield FINE, "processor", f"{os.cpu_count()} cores{memory()}"
    yield gpu(ask_torch)
    yield course(course_folder)
    yield data()
    yield writable()
    yield limits()
    browser = next((b for b in ("chromium", "google-chrome", "chrome") if shutil.which(b)), None)
    yield (
        (FINE, "browser", browser)
        if browser
        else (MISSING, "browser", "no Chromium found; only the tests of the pages need one")
    )


def packages():
    """Yield a finding for the required packages, and one for each extra."""
    try:
        lines = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        yield BAD, DISTRIBUTION, "not installed: pip install -e ."
        return
    extras = {None: []}
    for line in lines:
        need, _, marker = line.partition(";")
        extra = marker.split("extra ==")[-1].strip().strip("'\"") if "extra ==" in marker else None
        extras.setdefault(extra, []).append(_name(need))
    for extra, names in extras.items():
        names = [name for name in names if name != DISTRIBUTION]
        lacking = [name for name in names if not installed(name)]
        what = f"extra “{extra}”" if extra else "required packages"
        if lacking:
            line = f"pip install -e '.[{extra}]'" if extra else "pip install -e ."
            yield (MISSING if extra else BAD), what, f"without {', '.join(lacking)}: {line}"
        else:
            shown = ", ".join(f"{name} {installed(name)}" for name in names)
            yield FINE, what, shown


def _name(requirement):
    for position, character in enumerate(requirement):
        if not (character.isalnum() or character in "-_."):
            return requirement[:position]
    return requirement


def installed(name):
    """Return the version of a distribution, None when it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def memory() -> str:
    """Return the machine's memory in words, nothing where the system does not tell."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return ""
    return f", {size / 2**30:.0f} GB of memory"


def gpu(ask_torch):
    """Return a finding on torch and the GPU; torch itself is only started when asked for."""
    if not installed("torch"):
        return MISSING, "GPU", "torch is not installed; the NumPy chapters do not need it"
    if not ask_torch:
        card = shutil.which("nvidia-smi")
        seen = "an NVIDIA driver is here" if card else "no NVIDIA driver"
        return FINE, "GPU", f"{seen}; companion doctor --torch asks torch itself"
    done = subprocess.run([sys.executable, "-c", CUDA], capture_output=True, text=True)
    if done.returncode:
        return BAD, "GPU", f"torch does not start: {done.stderr.strip().splitlines()[-1:]}"
    found = done.stdout.strip() == "True"
    return FINE, "GPU", "torch finds one" if found else "torch finds none; the CPU is enough"


def course(folder):
    """Return a finding on the course: where it is and how many exercises it has."""
    from companion.exercises.failures import CompanionError
    from companion.exercises.source import Course

    try:
        found = Course.find(folder)
        count = sum(len(chapter.exercises) for chapter in found.chapters)
    except CompanionError as error:
        return BAD, "course", str(error)
    return FINE, "course", f"{found.root}: {len(found.chapters)} chapters, {count} exercises"


def data():
    """Return a finding on the data the first chapters train on: there, and the right bytes."""
    try:
        from companion.data.digits import digits

        split = digits()
    except ModuleNotFoundError as error:
        return MISSING, "data", str(error)
    except (OSError, ValueError) as error:
        return BAD, "data", str(error)
    return FINE, "data", f"{len(split.y_train) + len(split.y_test)} handwritten digits, as expected"


def writable():
    """Return a finding on the folder progress is kept in."""
    folder = state_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if os.access(there, os.W_OK):
        return FINE, "progress", f"kept in {folder}"
    return BAD, "progress", f"cannot be kept: {there} is not writable"


def limits():
    """Return a finding on what keeps a learner's code within limits here."""
    if os.name != "posix":
        return MISSING, "limits", "time and output only: memory has no limit on this system"
    if sys.platform == "darwin":
        return MISSING, "limits", "time and output; macOS does not enforce one of memory"
    return FINE, "limits", "time, output and memory of a submission"
