"""Create ``.venv`` and install the course into it when needed.

Run by the Makefile with the system's Python before anything is installed, so it uses the
standard library only. What is installed is remembered by the *content* of pyproject.toml and
constraints.txt, so a fresh checkout of the same files installs nothing and needs no network.
It has to be read by an older Python too, to say which one is needed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What each Makefile target asks for, and which others that includes.
GROUPS = {"book": ["book"], "lab": ["book", "lab"], "test": ["book", "lab", "test"]}


def main(group):
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is read by older ones too
        version = ".".join(map(str, sys.version_info[:3]))
        return (
            f"This course needs Python 3.11 or newer; {sys.executable} is {version}.\n"
            "Name a newer one, for example: make PYTHON=python3.12 book"
        )
    venv = ROOT / os.environ.get("VENV", ".venv")
    stamp = venv / "installed.json"
    wanted = fingerprint()
    if is_installed(stamp, wanted, group):
        return 0
    python = venv / "bin" / "python"
    if not python.exists():
        say(f"Creating {venv.name} with Python {sys.version.split()[0]} ...")
        if subprocess.call([sys.executable, "-m", "venv", str(venv)]):
            return (
                "The environment could not be created. On Debian and Ubuntu the package "
                "python3-venv has to be installed first."
            )
    extras = ",".join(GROUPS[group])
    say(f"Installing the course with [{extras}]; the first time takes some minutes ...")
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    command += ["-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[{extras}]"]
    if subprocess.call(command):
        return "The packages could not be installed; pip says why above."
    stamp.write_text(json.dumps({"from": wanted, "extras": GROUPS[group]}) + "\n")
    say("Installed.")
    return 0


def is_installed(stamp, wanted, group):
    """Whether the same files have been installed before, with at least these extras."""
    try:
        found = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return False
    return found["from"] == wanted and set(GROUPS[group]) <= set(found["extras"])


def fingerprint():
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
