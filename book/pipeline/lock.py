"""Make ``constraints.txt``: every package of every extra, with its exact version.

pip-tools works in an environment of its own, so that it does not disturb the course's.
Standard library only, like install.py.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_OPTIONS = [
    *("--all-extras", "--strip-extras", "--no-annotate", "--allow-unsafe", "--quiet"),
    *("--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-header"),
]
HEADER = """\
# Every package with the version the course was tested with. Made by `make lock`.
"""


def main() -> int:
    environment = ROOT / "_build" / "lock"
    python = environment / "bin" / "python"
    if not python.exists():
        print("Creating an environment for pip-tools ...", flush=True)
        subprocess.check_call([sys.executable, "-m", "venv", str(environment)])
        subprocess.check_call([str(python), "-m", "pip", "install", "--quiet", "pip-tools>=7.4"])
    draft = environment / "constraints.txt"
    draft.unlink(missing_ok=True)
    if "--upgrade" not in sys.argv[1:]:  # a lock changes no more than it must
        draft.write_bytes((ROOT / "constraints.txt").read_bytes())
    print("Resolving all extras; this takes some minutes ...", flush=True)
    command = [str(python), "-m", "piptools", "compile", *_OPTIONS, *sys.argv[1:]]
    command += ["--output-file", str(draft), str(ROOT / "pyproject.toml")]
    subprocess.check_call(command, cwd=ROOT)
    ready = environment / "ready.txt"
    ready.write_text(tidy(draft.read_text()))
    os.replace(ready, ROOT / "constraints.txt")
    print("constraints.txt is up to date; look at the difference before you commit it.")
    return 0


def tidy(text: str) -> str:
    """The resolver's list without the course itself, pip's own tools and local labels.

    A label such as ``+cpu`` names one build of a version; the version is what we pin.
    """
    versions = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith(("#", "-")) or "@ file" in line:
            continue
        name, _, version = line.partition("==")
        if name in ("pip", "setuptools", "wheel"):
            continue
        versions[name] = re.sub(r"[+][a-z0-9.]+", "", version)
    return HEADER + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


if __name__ == "__main__":
    sys.exit(main())
